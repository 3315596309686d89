package dev.sharedregion.fuzz;

import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;

/** An open object of the library, or one that was open, with what is known of it. */
record Held(AutoCloseable object, State state) {
    static Held of(AutoCloseable object) {
        return new Held(
                object,
                object instanceof SharedRegion region
                        ? new State(region.access(), region.size())
                        : new State(null, 0));
    }

    /** A guard fails to close if something was written to its lock's region. It gives the lock up all the same. */
    void close() throws Exception {
        state.closing = true;
        try {
            object.close();
        } catch (SharedMemoryException e) {
            if (!(object instanceof SharedLock.Guard) || e.reason() != Reason.CORRUPT) {
                throw e;
            }
        }
        state.closed = true;
    }
}
