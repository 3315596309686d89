package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.Backoff;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mappings of closed regions that wait for the collector, because a pointer or buffer over them may still be in use.
 * The system bounds how many mappings a process has (Linux: {@code vm.max_map_count}, 65530), and a JVM that can get no
 * more dies; Windows still charges their memory; and the collector knows of neither. So it is called when many wait, as
 * the JDK does for direct buffers, and those who close wait a moment for it.
 */
public final class Backlog {
    private static final long FIRST_LIMIT = 2_000;
    private static final long FIRST_LIMIT_BYTES = 1L << 30;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MOST_RETRIES = 3;

    private static final AtomicLong MAPPINGS = new AtomicLong();
    private static final AtomicLong BYTES = new AtomicLong();

    /** Raised when a collection finds most of them in use, so that the next one has something to do. */
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

    /** Returns at once unless too many wait. */
    public static void await() {
        if (isFull()) {
            collect();
        }
    }

    /** Whether a call that has just failed for want of memory may succeed now, after some of it was collected. */
    public static boolean mayRetry(int attempt) {
        if (attempt == MOST_RETRIES || MAPPINGS.get() == 0) {
            return false;
        }
        System.gc();
        Backoff.park(TimeUnit.MILLISECONDS.toNanos(20L << attempt));
        return true;
    }

    private static boolean isFull() {
        return MAPPINGS.get() > limit || BYTES.get() > limitBytes;
    }

    private static synchronized void collect() {
        if (!isFull()) {
            return;
        }
        System.gc();
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (isFull() && System.nanoTime() - giveUp < 0) {
            Backoff.park(TimeUnit.MILLISECONDS.toNanos(1));
        }
        limit = Math.max(FIRST_LIMIT, 2 * MAPPINGS.get());
        limitBytes = Math.max(FIRST_LIMIT_BYTES, 2 * BYTES.get());
    }
}
