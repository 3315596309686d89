package dev.sharedregion.internal.message;

import java.util.function.BooleanSupplier;

/** A lane as its receiver reads it. For one thread at a time. */
public abstract class IncomingLane {
    final Lane lane;
    final Assembly assembly;

    /** Whether the begin of a message was handed over as a part, and neither its end nor that it is aborted. */
    boolean partsOpen;

    /** Whether all parts of that message were handed over so far. */
    boolean partsWanted;

    /** @param longestAssembled the longest message in parts that is assembled */
    IncomingLane(Lane lane, int longestAssembled) {
        this.lane = lane;
        this.assembly = new Assembly(lane.what, longestAssembled);
    }

    /**
     * Hands over records until so many have counted, or there are no more, or the receiver stops. At most a ring full
     * of them, so that this ends while a sender goes on with parts that do not count.
     */
    public abstract int poll(LaneReader.Sink sink, int limit, BooleanSupplier stopped);

    /** Whether there is no record that was not handed over. */
    abstract boolean isEmpty();

    /** Whether a message in parts has begun. */
    final boolean isOpen() {
        return assembly.isOpen() || partsOpen;
    }

    /** Closes what is open. */
    void close() {}
}
