package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

/**
 * Tells sleeps that an event has ended from those that have ended by themselves, after 100 ms: of the first, many take
 * less than that, however busy the machine is.
 */
public final class Wakes {
    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    private int all;
    private int early;

    /** Counts a sleep that has ended now, and began shortly before this time of {@link System#nanoTime()}. */
    public void add(long start) {
        all++;
        early += System.nanoTime() - start < SHORT_NANOS ? 1 : 0;
    }

    public void assertByEvent() {
        assertTrue(early >= all / 4, () -> early + " of " + all + " sleeps ended early");
    }
}
