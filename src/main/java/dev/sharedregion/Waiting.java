package dev.sharedregion;

import dev.sharedregion.SharedMemoryException.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what no system tells of, by looking again and again. */
final class Waiting {
    static final long LONGEST_PAUSE_MILLIS = 20;

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Waiting() {}

    /** Opens an object as soon as it is there, or fails with {@code NOT_FOUND} when the time has passed. */
    static <T> T untilFound(Duration timeout, Supplier<T> open) throws InterruptedException {
        long deadline = Deadline.after(timeout);
        for (long pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                return open.get();
            } catch (SharedMemoryException e) {
                if (e.reason() != Reason.NOT_FOUND || Deadline.hasPassed(deadline)) {
                    throw e;
                }
            }
            Thread.sleep(Math.min(pause, Deadline.remainingNanos(deadline) / 1_000_000 + 1));
        }
    }

    /**
     * Lets another thread or process finish what takes it microseconds. A loop of these is bounded by time: how long one takes
     * is the system's matter. The thread's interrupt status stays as it is.
     */
    static void pause() {
        Backend.current().pause(PAUSE_NANOS);
    }

    /** Lets another process finish what takes it milliseconds. The thread's interrupt status stays as it is. */
    static void rest() {
        park(REST_NANOS);
    }

    /** Sleeps, in a thread that is interrupted, too. */
    static void park(long nanos) {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(nanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
