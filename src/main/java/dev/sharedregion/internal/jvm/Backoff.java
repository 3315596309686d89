package dev.sharedregion.internal.jvm;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The pauses of a loop that polls for a change that no system reports. The first pauses yield the processor: the
 * change usually takes another thread or process microseconds, and the shortest sleep of Windows can take 15.6 ms.
 * Later pauses get longer with the time that has passed. For one thread.
 */
public final class Backoff {
    private static final long YIELDING_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_SLEEP_MILLIS = 20;

    /** Where the machine is so busy that a pause takes long, the time alone is no measure. */
    private static final int FEWEST_PAUSES = 50;

    private final long start = System.nanoTime();
    private final long limit;
    private int pausesLeft;

    private Backoff(long limit, int fewestPauses) {
        this.limit = limit;
        this.pausesLeft = fewestPauses;
    }

    /** Pauses that end after this time, but not before there were some. No pauses if the time is zero. */
    public static Backoff upTo(long nanos) {
        return new Backoff(nanos, nanos == 0 ? 0 : FEWEST_PAUSES);
    }

    /** Pauses that end at this {@linkplain Deadline deadline}. */
    public static Backoff until(long deadline) {
        return new Backoff(Deadline.remainingNanos(deadline), 0);
    }

    /** Pauses without an end. */
    public static Backoff endless() {
        return new Backoff(Long.MAX_VALUE, 0);
    }

    /**
     * Pauses for at most a millisecond. The thread's interrupt status stays as it is.
     *
     * @return false, without a pause, if the time is over
     */
    public boolean pause() {
        long spent = System.nanoTime() - start;
        if (spent >= limit && pausesLeft <= 0) {
            return false;
        }
        pausesLeft--;
        if (spent < YIELDING_NANOS) {
            Thread.yield();
        } else {
            park(Math.min(Math.max(spent / 4, SHORTEST_PAUSE_NANOS), LONGEST_PAUSE_NANOS));
        }
        return true;
    }

    /**
     * Pauses for at most 20 milliseconds.
     *
     * @return false, without a pause, if the time is over
     */
    public boolean sleep() throws InterruptedException {
        long spent = System.nanoTime() - start;
        if (spent >= limit) {
            return false;
        }
        long millis = Math.min(TimeUnit.NANOSECONDS.toMillis(spent) + 1, LONGEST_SLEEP_MILLIS);
        Thread.sleep(Math.min(millis, TimeUnit.NANOSECONDS.toMillis(limit - spent) + 1));
        return true;
    }

    /** Parks the thread for this time, also if it is interrupted. Its interrupt status stays as it is. */
    public static void park(long nanos) {
        boolean interrupted = Thread.interrupted();
        long end = System.nanoTime() + nanos;
        // The first park can return at once: an interrupt leaves a permit behind, even after its status is cleared.
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
