package dev.sharedregion.internal.message;

import java.util.concurrent.TimeUnit;

/**
 * How soon to look at a tail again. A look takes the tail's cache line from the sender, and reading a record that was
 * just written may take the next one's lines, too. So a receiver that is close behind its sender slows it down. This
 * leaves time between the looks as long as more bytes come by that, or as many. If the sender waits for what the
 * receiver does with its messages, fewer come, and the looks follow each other again. For one thread at a time.
 */
final class LookPace {
    private static final long LONGEST_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long SHORTEST_NANOS = 250;

    /** After so many looks the time between them is chosen anew. */
    private static final int LOOKS = 32;

    /** If looks find fewer bytes, on average, most of them find nothing. */
    private static final int LEAST = 64;

    /** As many bytes as keep the two sides apart. */
    private static final int ENOUGH = 1 << 16;

    /** Enough of a small ring, whose sender has to wait otherwise. */
    private static final int PART_OF_RING = 8;

    /** How often not to try a longer time after one that was too long. */
    private static final int REST = 64;

    private final long enough;

    /** The time from one look to the next. */
    private long gap;

    private long lastLook = System.nanoTime();

    /** The looks since the last choice, and what they have found. */
    private int looks;

    private long bytes;
    private long begin;

    /** Bytes in a microsecond, before the last choice. */
    private double lastRate;

    private int rest;

    LookPace(int capacity) {
        enough = Math.min(ENOUGH, capacity / PART_OF_RING);
    }

    /**
     * Spins until the next look is due: 20 microseconds at most.
     *
     * @param found how many bytes the last look has found
     */
    void await(long found) {
        bytes += found;
        if (++looks == LOOKS) {
            choose(System.nanoTime());
        }
        if (gap != 0) {
            while (System.nanoTime() - lastLook < gap) {
                Thread.onSpinWait();
            }
            lastLook = System.nanoTime();
        }
    }

    private void choose(long now) {
        double rate = bytes * 1_000.0 / (now - begin);
        if (bytes < LOOKS * LEAST) {
            shorten();
        } else if (bytes > LOOKS * enough) {
            gap -= gap / 4;
        } else if (gap != 0 && rate < lastRate * 0.9) {
            shorten();
            rest = REST;
        } else if (rest > 0) {
            rest--;
        } else {
            gap = Math.min(Math.max(2 * gap, SHORTEST_NANOS), LONGEST_NANOS);
        }
        lastRate = rate;
        looks = 0;
        bytes = 0;
        begin = now;
    }

    private void shorten() {
        gap = gap <= SHORTEST_NANOS ? 0 : gap / 2;
    }
}
