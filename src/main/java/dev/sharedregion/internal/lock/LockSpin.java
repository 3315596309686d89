package dev.sharedregion.internal.lock;

import java.util.concurrent.TimeUnit;

/**
 * The pauses of a wait that looks again and again before it announces itself. Each is longer than the one before,
 * because the looks take the word's cache line from the owner. For one thread at a time.
 */
public final class LockSpin {
    private static final long SHORTEST_PAUSE_NANOS = 100;
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(8);

    /** As long as a wait of a pair spins by default: about the time that a sleep and its wake-up take. */
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** Waits that follow one another so soon have longer first pauses, so that each owner does many sections. */
    private static final long SOON_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    // With one processor the owner cannot go on while this thread spins.
    private final boolean possible = Runtime.getRuntime().availableProcessors() > 1;

    private long firstPause = SHORTEST_PAUSE_NANOS;
    private long pause;
    private long now = System.nanoTime();
    private long end;

    LockSpin() {}

    /** Begins a spin, which ends at the deadline at the latest. */
    void begin(long deadline) {
        long last = now;
        now = System.nanoTime();
        firstPause = now - last < SOON_NANOS ? longer(firstPause) : SHORTEST_PAUSE_NANOS;
        pause = firstPause;
        end = deadline - now < SPIN_NANOS ? deadline : now + SPIN_NANOS;
    }

    private static long longer(long pause) {
        return Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }

    /** Returns false, without a pause, if the spin is over. */
    boolean pause() {
        if (!possible || now - end >= 0) {
            return false;
        }
        long until = now + pause;
        do {
            Thread.onSpinWait();
            now = System.nanoTime();
        } while (now - until < 0);
        pause = longer(pause);
        return true;
    }
}
