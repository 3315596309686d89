package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.os.EventHandle;

/**
 * The objects of a pair that one side has open. The opener closes them if it fails, and the side gives them back
 * otherwise. Made before the first object is opened, so that it takes no memory to give back the open ones.
 */
public final class PairObjects implements AutoCloseable {
    final Side side;

    /** Null until it is open. */
    public PairBlock block;

    /** Whether this process has the side's place. */
    public boolean taken;

    /** The event that this side waits on; null until it is open. */
    public EventHandle mine;

    /** The event that the peer waits on; null until it is open. */
    public EventHandle peers;

    public PairObjects(Side side) {
        this.side = side;
    }

    /**
     * Gives the objects back, the events before the place, because a server that opens the pair relies on that. Gives
     * all of them back, even if one fails because its memory has vanished.
     */
    @Override
    public void close() {
        EventHandle first = peers;
        EventHandle second = mine;
        try (second; first) {
            // Closes those that are open, in the reverse order.
        } finally {
            leaveBlock();
        }
    }

    private void leaveBlock() {
        PairBlock left = block;
        try (left) {
            if (taken) {
                left.slot(side).giveUp();
            }
        }
    }
}
