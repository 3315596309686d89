package dev.sharedregion.kills;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The pauses of a worker, so that kills meet it at every step: asleep, or awake on its processor. */
final class RandomPause {
    private RandomPause() {}

    /** Sleeps or spins for a random time up to this one; does nothing if it is zero. */
    static void upTo(long longestNanos) {
        if (longestNanos == 0) {
            return;
        }
        long pause = ThreadLocalRandom.current().nextLong(longestNanos + 1);
        if (ThreadLocalRandom.current().nextBoolean()) {
            LockSupport.parkNanos(pause);
            return;
        }
        for (long until = System.nanoTime() + pause; System.nanoTime() - until < 0; ) {
            Thread.onSpinWait();
        }
    }
}
