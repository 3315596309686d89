package dev.sharedregion;

import java.time.Duration;
import java.util.Objects;

/** The moment at which a wait gives up, on the monotonic clock. */
final class Deadline {
    /** Never. */
    static final Deadline NEVER = new Deadline(0, true);

    /** Longer waits than 146 years are cut to it: half the clock's range, so that differences cannot overflow. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final long nanoTime;
    private final boolean never;

    private Deadline(long nanoTime, boolean never) {
        this.nanoTime = nanoTime;
        this.never = never;
    }

    /** The deadline that lies {@code timeout} ahead; zero has passed already, so that a wait with it only polls. */
    static Deadline after(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "The timeout is negative: " + timeout + ". Give Duration.ZERO to poll, or a positive duration.");
        }
        Duration wait = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
        return new Deadline(System.nanoTime() + wait.toNanos(), false);
    }

    boolean isNever() {
        return never;
    }

    /** What is left, in nanoseconds; 0 once it has passed, {@link Long#MAX_VALUE} if it never does. */
    long remainingNanos() {
        return never ? Long.MAX_VALUE : Math.max(0, nanoTime - System.nanoTime());
    }

    boolean hasPassed() {
        return remainingNanos() == 0;
    }
}
