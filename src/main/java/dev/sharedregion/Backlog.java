package dev.sharedregion;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The mappings of closed regions that wait for the collector, because a pointer or buffer over them may still be in use.
 * The system bounds how many mappings a process has (Linux: {@code vm.max_map_count}, 65530), and a JVM that can get no
 * more dies; the collector does not know of that bound. So it is called when many wait, as the JDK does for direct
 * buffers, and those who close wait a moment for it.
 */
final class Backlog {
    private static final long FIRST_LIMIT = 2_000;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final AtomicLong WAITING = new AtomicLong();

    /** Raised when a collection finds most of them in use, so that the next one has something to do. */
    private static volatile long limit = FIRST_LIMIT;

    private Backlog() {}

    static void added() {
        WAITING.incrementAndGet();
    }

    static void removed() {
        WAITING.decrementAndGet();
    }

    /** Returns at once unless too many wait. */
    static void await() {
        if (WAITING.get() > limit) {
            collect();
        }
    }

    private static synchronized void collect() {
        long before = WAITING.get();
        if (before <= limit) {
            return;
        }
        System.gc();
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (WAITING.get() > before / 2 && System.nanoTime() - giveUp < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        limit = Math.max(FIRST_LIMIT, 2 * WAITING.get());
    }
}
