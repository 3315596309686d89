package dev.sharedregion;

import dev.sharedregion.SharedMemoryException.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what no system tells of, by looking again and again. */
final class Waiting {
    static final long LONGEST_PAUSE_MILLIS = 20;

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

    /** Lets another thread or process finish what takes it a moment; an interrupt is for those who wait longer than this. */
    static void pause() {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
