package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.Backoff;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mappings of closed regions that wait for the garbage collector, because a pointer or buffer over them may still
 * be in use. The system limits the number of mappings of a process (Linux: {@code vm.max_map_count}, 65530). A JVM
 * that reaches this limit dies. Windows still charges the memory of these mappings. The garbage collector knows
 * neither of these facts. When many mappings wait, this class therefore calls the garbage collector, as the JDK does
 * for direct buffers, and lets the closing thread wait while mappings are freed.
 */
public final class Backlog {
    private static final long FIRST_LIMIT = 2_000;
    private static final long FIRST_LIMIT_BYTES = 1L << 30;
    private static final int MOST_RETRIES = 3;

    /** How long a closing thread waits for the next mapping to be freed. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final AtomicLong MAPPINGS = new AtomicLong();
    private static final AtomicLong BYTES = new AtomicLong();

    /** Raised when a garbage collection finds most of them in use, so that the next one has more to free. */
    private static volatile long limit = FIRST_LIMIT;

    private static volatile long limitBytes = FIRST_LIMIT_BYTES;

    private Backlog() {}

    public static void added(long bytes) {
        MAPPINGS.incrementAndGet();
        BYTES.addAndGet(bytes);
    }

    public static void removed(long bytes) {
        MAPPINGS.decrementAndGet();
        BYTES.addAndGet(-bytes);
    }

    /** Returns at once, unless too many mappings wait. */
    public static void await() {
        if (isFull()) {
            collect();
        }
    }

    /**
     * Returns true if a call that has just failed for lack of memory may succeed now, because some mappings were
     * freed.
     */
    public static boolean mayRetry(int attempt) {
        if (attempt == MOST_RETRIES || MAPPINGS.get() == 0) {
            return false;
        }
        System.gc();
        Backoff.park(TimeUnit.MILLISECONDS.toNanos(20L << attempt));
        return true;
    }

    private static boolean isFull() {
        return isOver(limit, limitBytes);
    }

    private static boolean isOver(long mappings, long bytes) {
        return MAPPINGS.get() > mappings || BYTES.get() > bytes;
    }

    private static synchronized void collect() {
        if (!isFull()) {
            return;
        }
        System.gc();
        // One thread frees what the collection has found, one mapping after the other. What is left while that goes on
        // says nothing of what is in use, and must not raise the limits.
        long least = Long.MAX_VALUE;
        long giveUp = 0;
        do {
            long now = MAPPINGS.get();
            if (now < least) {
                least = now;
                giveUp = System.nanoTime() + PATIENCE_NANOS;
            }
            Backoff.park(TimeUnit.MILLISECONDS.toNanos(1));
        } while (isOver(limit / 2, limitBytes / 2) && System.nanoTime() - giveUp < 0);
        limit = Math.max(FIRST_LIMIT, 2 * MAPPINGS.get());
        limitBytes = Math.max(FIRST_LIMIT_BYTES, 2 * BYTES.get());
    }
}
