package dev.sharedregion.internal.telemetry;

import com.sun.jna.Pointer;
import java.util.function.Predicate;

/**
 * How to tell a living producer from a dead one.
 *
 * @param staleNanos how long a living producer may leave its data unchanged
 * @param alive the producer's own word that it is alive, or null
 * @param paused the producer's own word that it is paused, or null
 */
public record Liveness(long staleNanos, Predicate<Pointer> alive, Predicate<Pointer> paused) {
    boolean isAlive(SourceMemory memory) {
        return alive == null || test(alive, memory);
    }

    boolean isPaused(SourceMemory memory) {
        return paused != null && test(paused, memory);
    }

    /** The user's test may rely on a size that the producer does not keep to. */
    private static boolean test(Predicate<Pointer> test, SourceMemory memory) {
        try {
            return test.test(memory.lend());
        } catch (IndexOutOfBoundsException e) {
            throw memory.tooSmall("a test of the options reads beyond them");
        }
    }
}
