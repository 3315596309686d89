package dev.sharedregion;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import java.time.Duration;
import java.util.function.Supplier;

/** Waits until an object exists. No system reports this event, so the name is polled. */
final class Waiting {
    private Waiting() {}

    /** Opens an object as soon as it exists, or fails with {@code NOT_FOUND} after the timeout. */
    static <T> T untilFound(Duration timeout, Supplier<T> open) throws InterruptedException {
        Backoff backoff = Backoff.until(Deadline.after(timeout));
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                return open.get();
            } catch (SharedMemoryException e) {
                if (e.reason() != Reason.NOT_FOUND || !backoff.sleep()) {
                    throw e;
                }
            }
        }
    }
}
