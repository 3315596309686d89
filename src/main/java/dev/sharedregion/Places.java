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

    /** Gives up a place that this process has taken. */
    abstract void giveUp(Side side);

    /** Frees what looking took. */
    abstract void close();

    /** How messages call the process that holds a place. */
    final String holder(Side side) {
        int pid = (int) (block.owner(side) >>> PID_SHIFT);
        if (pid == 0) {
            return "another process";
        }
        return "process " + pid + (pid == pid() ? ", this one or one of the same id in another container," : "");
    }

    static int pid() {
        return (int) ProcessHandle.current().pid();
    }

    static int pid(long owner) {
        return (int) (owner >>> PID_SHIFT);
    }

    static long owner(int pid, int startTime) {
        return (long) pid << PID_SHIFT | Integer.toUnsignedLong(startTime);
    }
}
