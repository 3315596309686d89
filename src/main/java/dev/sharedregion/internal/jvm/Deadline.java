package dev.sharedregion.internal.jvm;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The moments at which waits give up: values of {@link System#nanoTime}, plain numbers so that a wait need not
 * allocate.
 */
public final class Deadline {
    /**
     * Longer waits are shortened to 146 years: half the range of the clock, so that differences cannot overflow. A
     * number, because a class without an initializer can be used first where the stack ends.
     */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    private Deadline() {}

    /** The deadline of a wait without a timeout. */
    public static long never() {
        return System.nanoTime() + LONGEST_NANOS;
    }

    /**
     * The deadline after {@code timeout}. With zero the deadline has already passed, so that a wait with it only
     * polls.
     */
    public static long after(Duration timeout) {
        check(timeout);
        return System.nanoTime() + nanos(timeout);
    }

    /** Fails if {@link #after} would. */
    public static void check(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "The timeout is negative: " + timeout + ". Give Duration.ZERO to poll, or a positive duration.");
        }
    }

    /** The nanoseconds of a duration that is not negative, at most 146 years. */
    public static long nanos(Duration duration) {
        return duration.toSeconds() >= TimeUnit.NANOSECONDS.toSeconds(LONGEST_NANOS)
                ? LONGEST_NANOS
                : duration.toNanos();
    }

    /** The remaining time in nanoseconds; 0 after the deadline. */
    public static long remainingNanos(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }

    public static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    public static boolean hasPassed(long deadline) {
        return remainingNanos(deadline) == 0;
    }

    /** Ends a wait before its deadline if its thread has been interrupted, and clears the thread's interrupt status. */
    public static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
