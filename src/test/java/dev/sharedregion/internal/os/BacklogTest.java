package dev.sharedregion.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.internal.jvm.Backoff;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Field;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Close waits if too many closed regions wait for the garbage collector. */
class BacklogTest {
    /** More than any limit that other tests have raised. */
    private static final long TOO_MUCH = Long.MAX_VALUE / 4;

    /** How long a close waits after a collection, if nothing is freed. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static Field limit(String name) throws ReflectiveOperationException {
        Field limit = Backlog.class.getDeclaredField(name);
        limit.setAccessible(true);
        return limit;
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void interruptedThreadWaitsWithoutBusyLoop() throws ReflectiveOperationException {
        Field limit = limit("limitBytes");
        long limitBefore = limit.getLong(null);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Backlog.added(TOO_MUCH);
        try {
            Thread.currentThread().interrupt();
            long processorTime = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            Backlog.await();
            long elapsed = System.nanoTime() - start;
            processorTime = threads.getCurrentThreadCpuTime() - processorTime;
            assertTrue(Thread.interrupted(), "the interrupt is lost");
            assertTrue(elapsed >= PATIENCE_NANOS, "it waited only " + elapsed + " ns");
            // Not compared with what elapsed: the collection is a part of that, and may be the longest.
            assertTrue(
                    processorTime < PATIENCE_NANOS / 2, processorTime + " ns of the processor in " + elapsed + " ns");
        } finally {
            Thread.interrupted();
            Backlog.removed(TOO_MUCH);
            limit.setLong(null, limitBefore);
        }
    }

    /** The mappings that a collection has found are freed by another thread, which takes time. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void limitStaysWhereAllIsFreed() throws Exception {
        Field limit = limit("limit");
        long limitBefore = limit.getLong(null);
        long first = 2_000;
        int mappings = 3_000;
        limit.setLong(null, first);
        Thread freeing = new Thread(() -> {
            for (int i = 0; i < mappings; i++) {
                Backoff.park(TimeUnit.MICROSECONDS.toNanos(50));
                Backlog.removed(1);
            }
        });
        try {
            for (int i = 0; i < mappings; i++) {
                Backlog.added(1);
            }
            freeing.start();
            Backlog.await();
            assertEquals(first, limit.getLong(null));
        } finally {
            freeing.join();
            limit.setLong(null, limitBefore);
        }
    }

    /** Each of them, though an interrupt makes the next call of LockSupport return at once. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void interruptDoesNotShortenPauses() {
        long pause = TimeUnit.MILLISECONDS.toNanos(5);
        Thread.currentThread().interrupt();
        try {
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                Backoff.park(pause);
                long elapsed = System.nanoTime() - start;
                assertTrue(elapsed >= pause, "the pause " + i + " lasted only " + elapsed + " ns");
                assertTrue(Thread.currentThread().isInterrupted(), "the interrupt is lost");
            }
        } finally {
            Thread.interrupted();
        }
    }
}
