package dev.sharedregion.internal.os;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.internal.jvm.Backoff;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Field;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Close waits a moment if too many closed regions wait for the garbage collector. */
class BacklogTest {
    /** More than any limit that other tests have raised. */
    private static final long TOO_MUCH = Long.MAX_VALUE / 4;

    /** How long a close waits at most, after a collection. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void interruptedThreadWaitsWithoutBusyLoop() throws ReflectiveOperationException {
        Field limit = Backlog.class.getDeclaredField("limitBytes");
        limit.setAccessible(true);
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
