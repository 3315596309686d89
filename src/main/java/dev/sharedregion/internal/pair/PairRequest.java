package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Rights;

/**
 * A pair to create or open.
 *
 * @param events the names of its events
 * @param spinNanos how long a wait polls the turn before it sleeps, or {@link #DEFAULT_SPIN}
 * @param existingEvents whether a server may use events that exist
 * @param rights who may be the other side
 */
public record PairRequest(ObjectName name, Events events, long spinNanos, boolean existingEvents, Rights rights) {
    /** Of {@code spinNanos}: 50 microseconds, or 250 while turns take longer than 50. */
    public static final long DEFAULT_SPIN = -1;

    /** The names of a pair's events. */
    public record Events(ObjectName written, ObjectName read) {
        /** Those of a pair of this name that was given no others. */
        public static Events of(ObjectName pair) {
            // The shorter one first: what is too long for it is told by Linux's limit, as it is for the block.
            ObjectName read = pair.part(Side.WRITING.event);
            return new Events(pair.part(Side.READING.event), read);
        }
    }

    /** The name of the event that a side waits on. */
    ObjectName event(Side side) {
        return side == Side.WRITING ? events.read() : events.written();
    }
}
