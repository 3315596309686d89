package dev.sharedregion.internal.jvm;

import java.util.concurrent.TimeUnit;

/**
 * How long a wait may spin: no time while spins have long been in vain, and longer than usual while that ends the waits
 * that the usual time does not. For one thread at a time.
 */
public final class SpinTime {
    /** After this many spins in vain in a row, spinning does not pay any more. */
    private static final int MOST_MISSES = 8;

    /** Then one of so many waits tries again; a power of two. */
    private static final int RETRY = 64;

    /**
     * After this many waits that the usual spin did not end, spins are longer, to find out whether that ends them. How
     * long a wait takes does not tell that, as most of it may be the sleep and the wake-up of either side.
     */
    private static final int FEWEST_WAITS = 8;

    /** Each time that longer spins were in vain doubles that number, up to this one: the peer may need the processor. */
    private static final int MOST_WAITS = 1024;

    /** So many longer spins in vain in a row are chance: something else had the peer's processor. */
    private static final int FORGIVEN = 1;

    /** The longest spin of a virtual thread. It holds the carrier, which the peer may need. */
    private static final long LONGEST_VIRTUAL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final long usualNanos;
    private final long longestNanos;

    /** One of the two. */
    private long spinNanos;

    private int misses;
    private int skipped;

    /** Waits that the usual spin did not end; how many make spins longer. */
    private int waits;

    private int neededWaits = FEWEST_WAITS;

    /** @param nanos the longest spin */
    public SpinTime(long nanos) {
        this(nanos, nanos);
    }

    /**
     * @param usual the longest spin, unless waits take longer
     * @param longest the longest spin if that ends waits that the usual one does not
     */
    public SpinTime(long usual, long longest) {
        // With one processor the peer cannot move while this side spins.
        boolean spins = Runtime.getRuntime().availableProcessors() > 1;
        usualNanos = spins ? usual : 0;
        longestNanos = spins ? longest : 0;
        spinNanos = usualNanos;
    }

    /** How long a spin may take now, in nanoseconds: 0 if it does not pay. */
    public long nanos() {
        if (!pays() && (++skipped & RETRY - 1) != 0) {
            return 0;
        }
        return VirtualThreads.isCurrent() ? Math.min(spinNanos, LONGEST_VIRTUAL_NANOS) : spinNanos;
    }

    /** Whether spinning has not long been in vain. */
    public boolean pays() {
        return usualNanos > 0 && misses < MOST_MISSES;
    }

    /** For between two looks. Without that, the looks keep the word's cache line from the side that is to write it. */
    public static void pause(int count) {
        for (int pause = 0; pause < count; pause++) {
            Thread.onSpinWait();
        }
    }

    /** Notes that a spin has ended as it should. */
    public void hit() {
        misses = 0;
    }

    /** Notes that a spin was in vain. */
    public void missed() {
        misses++;
        if (spinNanos > usualNanos && misses > FORGIVEN) {
            spinNanos = usualNanos;
            neededWaits = Math.min(2 * neededWaits, MOST_WAITS);
        }
    }

    /** Notes how long a wait took, with or without a spin, until it ended as it should. */
    public void waited(long nanos) {
        if (nanos <= usualNanos || usualNanos == longestNanos) {
            return;
        }
        if (spinNanos == usualNanos) {
            if (++waits >= neededWaits) {
                waits = 0;
                misses = 0;
                spinNanos = longestNanos;
            }
        } else if (nanos <= longestNanos) {
            neededWaits = FEWEST_WAITS;
        }
    }
}
