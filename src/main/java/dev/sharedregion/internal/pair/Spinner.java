package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.jvm.VirtualThreads;
import java.util.concurrent.TimeUnit;

/** Polls a pair's turn for a bounded time, unless that has long been in vain. For one thread at a time. */
public final class Spinner {
    /** How often to look between two looks at the clock. */
    private static final int LOOKS = 64;

    /** After this many spins in vain in a row, spinning does not pay any more. */
    private static final int MOST_MISSES = 8;

    /** Then one of so many waits tries again; a power of two. */
    private static final int RETRY = 64;

    /** The longest spin of a virtual thread. It holds the carrier, which the peer may need. */
    private static final long LONGEST_VIRTUAL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final PairBlock block;
    private final long longestNanos;
    private int misses;
    private int skipped;

    Spinner(PairBlock block, long spinNanos) {
        this.block = block;
        // With one processor the peer cannot move while this side spins.
        longestNanos = Runtime.getRuntime().availableProcessors() > 1 ? spinNanos : 0;
    }

    /** How long a spin may take now, in nanoseconds: 0 if it does not pay. */
    long nanos() {
        if (!pays() && (++skipped & RETRY - 1) != 0) {
            return 0;
        }
        return VirtualThreads.isCurrent() ? Math.min(longestNanos, LONGEST_VIRTUAL_NANOS) : longestNanos;
    }

    /** Whether spinning has not long been in vain. */
    boolean pays() {
        return longestNanos > 0 && misses < MOST_MISSES;
    }

    /** Looks for a moment, without a look at the clock; true if the turn is another by now. */
    boolean look(long turn) {
        for (int i = 0; i < LOOKS; i++) {
            if (block.turn() != turn) {
                misses = 0;
                return true;
            }
            pause();
        }
        return false;
    }

    /** Without pauses, the looks keep the turn's cache line from the peer, which is about to write to it. */
    private static void pause() {
        Thread.onSpinWait();
        Thread.onSpinWait();
        Thread.onSpinWait();
    }

    /** Notes that a spin was in vain. */
    void missed() {
        misses++;
    }
}
