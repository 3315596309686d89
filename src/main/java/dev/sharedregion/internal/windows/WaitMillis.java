package dev.sharedregion.internal.windows;

import dev.sharedregion.internal.jvm.Deadline;
import java.util.concurrent.TimeUnit;

/** The times that the system's waits take. */
final class WaitMillis {
    /** The longest that one call waits, 24 days. */
    private static final int LONGEST = Integer.MAX_VALUE;

    private WaitMillis() {}

    /** Returns the remaining time, rounded up, so that a wait never ends too early. */
    static int until(long deadline) {
        long nanos = Deadline.remainingNanos(deadline);
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos) + (nanos % 1_000_000 == 0 ? 0 : 1);
        return (int) Math.min(millis, LONGEST);
    }
}
