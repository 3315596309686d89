package dev.sharedregion;

import com.sun.jna.Pointer;

/**
 * Who holds the two places of a pair, of which each belongs to at most one process, and only while that lives, however it
 * ends. Safe for use by several threads.
 */
abstract class Places {
    private static final int PID_SHIFT = 32;

    final PairBlock block;

    Places(PairBlock block) {
        this.block = block;
    }

    /** Takes a place for this process; false if a living process, maybe this one, holds it. */
    abstract boolean take(Side side);

    /** Whether a living process holds the place. For the peer's, or one that this process has not taken. */
    abstract boolean isHeld(Side side);

    /** Windows: a handle of the process that holds the place, to wait for its end; null if there is none to be had. */
    abstract Pointer process(Side side);

    /**
     * Has the end of the process that holds the place tell itself, by its {@linkplain #process handle} or by a call. Called
     * before each long sleep.
     *
     * @param onEnd makes the wait look up. It may be called too often, and a moment before the place is free.
     * @return false if the end may not be told, so that the next sleep has to be short
     */
    abstract boolean watch(Side side, Runnable onEnd);

    /** Gives up a place that this process has taken. */
    abstract void giveUp(Side side);

    /** Frees what looking took. */
    abstract void close();

    /** How messages call the process that holds a place. */
    final String holder(Side side) {
        long owner = block.owner(side);
        return owner == 0 ? "another process" : "process " + pid(owner) + (owner == self() ? " (this one)" : "");
    }

    /** What the owner field says when it is this process. */
    abstract long self();

    static int pid() {
        return (int) ProcessHandle.current().pid();
    }

    static int pid(long owner) {
        return (int) (owner >>> PID_SHIFT);
    }

    /** The owner field of a process: beside its id what tells that from another one of the same id. */
    static long owner(int pid, int which) {
        return (long) pid << PID_SHIFT | Integer.toUnsignedLong(which);
    }
}
