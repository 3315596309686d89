package dev.sharedregion;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.ScopeGuard;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** How the library opens an object of the system, and makes its own for it. */
final class Opening {
    private Opening() {}

    /**
     * Opens an object and hands it to its owner. If there is not enough memory for the owner, closes the object again.
     *
     * @throws SharedMemoryException if the object cannot be opened
     */
    static <H, T> T of(Supplier<H> open, Consumer<H> close, Function<H, T> owner) {
        try (ScopeGuard<H> guard = new ScopeGuard<>(close)) {
            return guard.dismiss(owner.apply(guard.hold(SharedMemoryException.translating(open))));
        }
    }

    /**
     * Opens an object as soon as it exists, or fails with {@code NOT_FOUND} after the timeout. No system reports that
     * it exists, so the name is polled.
     */
    static <T> T whenFound(Duration timeout, Supplier<T> open) throws InterruptedException {
        Backoff backoff = Backoff.until(Deadline.after(timeout));
        while (true) {
            Deadline.checkInterrupt();
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
