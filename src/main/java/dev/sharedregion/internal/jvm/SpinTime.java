package dev.sharedregion.internal.jvm;

import java.util.concurrent.TimeUnit;

/** How long a wait may spin: no time while spins have long been in vain. For one thread at a time. */
public final class SpinTime {
    /** After this many spins in vain in a row, spinning does not pay any more. */
    private static final int MOST_MISSES = 8;

    /** Then one of so many waits tries again; a power of two. */
    private static final int RETRY = 64;

    /** The longest spin of a virtual thread. It holds the carrier, which the peer may need. */
    private static final long LONGEST_VIRTUAL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final long longestNanos;
    private int misses;
    private int skipped;

    /** @param nanos the longest spin */
    public SpinTime(long nanos) {
        // With one processor the peer cannot move while this side spins.
        longestNanos = Runtime.getRuntime().availableProcessors() > 1 ? nanos : 0;
    }

    /** How long a spin may take now, in nanoseconds: 0 if it does not pay. */
    public long nanos() {
        if (!pays() && (++skipped & RETRY - 1) != 0) {
            return 0;
        }
        return VirtualThreads.isCurrent() ? Math.min(longestNanos, LONGEST_VIRTUAL_NANOS) : longestNanos;
    }

    /** Whether spinning has not long been in vain. */
    public boolean pays() {
        return longestNanos > 0 && misses < MOST_MISSES;
    }

    /** Notes that a spin has ended as it should. */
    public void hit() {
        misses = 0;
    }

    /** Notes that a spin was in vain. */
    public void missed() {
        misses++;
    }
}
