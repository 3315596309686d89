package dev.sharedregion.internal.jvm;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets an object be closed while other threads are using it: counts the calls under way, refuses new ones after close,
 * and tells who is the last to leave, whose part it is to free the object.
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

    /** Ends a use; true if the object is closed and this was the last one. */
    public boolean leave() {
        return state.decrementAndGet() == CLOSED;
    }

    /** Closes the object and begins a last use; false, with no use begun, if it was closed before. */
    public boolean close() {
        int uses;
        do {
            uses = state.get();
            if (uses < 0) {
                return false;
            }
        } while (!state.compareAndSet(uses, (uses + 1) | CLOSED));
        return true;
    }

    public boolean isClosed() {
        return state.get() < 0;
    }
}
