package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.os.EventHandle;

/**
 * The objects of a pair that one side has open. Closed by the opener if it fails, and by the side otherwise. Made before the first
 * object is opened, so that no memory is needed to give back what is open.
 */
public final class PairObjects implements AutoCloseable {
    public final Side side;

    /** Null until it is open. */
    public PairBlock block;

    /** Whether this process has the side's place. */
    public boolean taken;

    /** The event that this side waits on; null until it is open. */
    public EventHandle mine;

    /** The event that the peer waits on; null until it is open. */
    public EventHandle peers;

    private boolean handedOver;

    public PairObjects(Side side) {
        this.side = side;
    }

    /** Leaves the objects to the side. */
    PairSide handOver(PairSide owner) {
        handedOver = true;
        return owner;
    }

    /** Gives the objects back, unless they belong to a side. */
    @Override
    public void close() {
        if (!handedOver) {
            giveBack();
        }
    }

    /**
     * Gives the objects back, the events before the place: a server that opens the pair relies on that. Gives all of them back,
     * even if one fails because its memory has vanished.
     */
    void giveBack() {
        try {
            close(peers);
        } finally {
            try {
                close(mine);
            } finally {
                leaveBlock();
            }
        }
    }

    private static void close(EventHandle event) {
        if (event != null) {
            event.close();
        }
    }

    private void leaveBlock() {
        if (block == null) {
            return;
        }
        try {
            if (taken) {
                block.slot(side).giveUp();
            }
        } finally {
            block.close();
        }
    }
}
