package dev.sharedregion;

import dev.sharedregion.internal.jvm.ScopeGuard;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Opens an object of the system, and makes the library's object for it. */
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
}
