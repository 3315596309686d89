package dev.sharedregion;

import dev.sharedregion.SharedMemoryException.Reason;
import java.time.Duration;
import java.util.function.Supplier;

/** Waits for objects to come into being, of which no system tells: it looks again and again. */
final class Waiting {
    private static final long LONGEST_PAUSE_MILLIS = 20;

    private Waiting() {}

    /** Opens an object as soon as it is there, or fails with {@code NOT_FOUND} when the time has passed. */
    static <T> T untilFound(Duration timeout, Supplier<T> open) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        for (long pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                return open.get();
            } catch (SharedMemoryException e) {
                if (e.reason() != Reason.NOT_FOUND || deadline.hasPassed()) {
                    throw e;
                }
            }
            Thread.sleep(Math.min(pause, deadline.remainingNanos() / 1_000_000 + 1));
        }
    }
}
