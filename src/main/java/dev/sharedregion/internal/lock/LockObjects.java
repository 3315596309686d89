package dev.sharedregion.internal.lock;

import dev.sharedregion.internal.os.EventHandle;

/**
 * What one lock object has open. The opener closes it if it fails, and the lock object gives it back otherwise. Made
 * before the first object is opened, so that it takes no memory to give back the open ones.
 */
public final class LockObjects implements AutoCloseable {
    /** Null until it is open. */
    public LockBlock block;

    /** The event that the waiters of all processes wait on; null until it is open. */
    public EventHandle event;

    /** The place that this lock object has, or 0. */
    public int place;

    /** Gives all of them back, even if one fails because its memory has vanished. */
    @Override
    public void close() {
        LockBlock first = block;
        EventHandle second = event;
        try (first; second) {
            // Before both are closed, in the reverse order.
            if (place != 0) {
                first.slot(place).giveUp();
            }
        }
    }
}
