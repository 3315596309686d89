package dev.sharedregion.internal.jvm;

import java.lang.ref.Cleaner;

/** Closes what an object has open: when the object is closed, or has become unreachable. */
public final class Closer {
    private final Runnable close;
    private final Cleaner.Cleanable cleanable;

    /**
     * Begins to look for the object's end.
     *
     * @param close does nothing when it runs again, and does not refer to the object
     */
    public Closer(Object object, Runnable close) {
        this.close = close;
        this.cleanable = SafetyNet.CLEANER.register(object, close);
    }

    /** Closes it, once the calls under way have ended. Further calls do nothing. */
    public void close() {
        StackSpace.require();
        try {
            // Here, and not in the midst of the close, of which a part would be left out.
            PendingErrors.rethrowIfMemory();
        } finally {
            closeNow();
        }
    }

    /** Not by the cleaner alone: of two threads that close, its second returns before the first has begun. */
    private void closeNow() {
        try {
            close.run();
        } finally {
            cleanable.clean();
        }
    }
}
