package dev.sharedregion.internal.jvm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets an object be closed while other threads are using it: counts the calls under way, and refuses new ones after
 * close. The closing thread frees the object once no use is left.
 */
public final class UseCount {
    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger state = new AtomicInteger();

    /** Begins a use; false if the object is closed. */
    public boolean enter() {
        int uses;
        do {
            uses = state.get();
            if (uses < 0) {
                return false;
            }
        } while (!state.compareAndSet(uses, uses + 1));
        return true;
    }

    /** Ends a use. */
    public void leave() {
        state.decrementAndGet();
    }

    /**
     * Uses the object.
     *
     * @param closed what to do instead if it is closed
     */
    public <T> T during(Supplier<T> use, Supplier<T> closed) {
        if (!enter()) {
            return closed.get();
        }
        try {
            T result = use.get();
            // Here, and not in the call that ends the use, which may then not be made.
            PendingErrors.rethrowIfMemory();
            return result;
        } finally {
            leave();
        }
    }

    /** Whether the object is closed, and no use is left. */
    public boolean isOver() {
        return state.get() == CLOSED;
    }

    /** Closes the object; false if it was closed before. */
    public boolean close() {
        int uses;
        do {
            uses = state.get();
            if (uses < 0) {
                return false;
            }
        } while (!state.compareAndSet(uses, uses | CLOSED));
        return true;
    }

    public boolean isClosed() {
        return state.get() < 0;
    }
}
