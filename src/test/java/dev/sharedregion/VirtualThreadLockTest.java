package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sharedregion.helpers.TestNames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Locks of virtual threads, which change their carriers while they have them. By reflection, because of JDK 17. */
@EnabledForJreRange(min = JRE.JAVA_21)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class VirtualThreadLockTest {
    private static final int THREADS = 100;
    private static final int TURNS = 10;

    private final SharedLock lock = SharedLock.openOrCreate(TestNames.unique());
    private ExecutorService virtual;

    @BeforeEach
    void start() throws ReflectiveOperationException {
        virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    @AfterEach
    void end() {
        virtual.shutdownNow();
        lock.close();
    }

    @Test
    void oneAtATimeAcrossCarriers() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        int[] count = new int[1];
        List<Future<?>> all = new ArrayList<>();
        try (SharedLock other = SharedLock.openOrCreate(lock.name())) {
            for (int i = 0; i < THREADS; i++) {
                SharedLock mine = i % 10 == 0 ? other : lock;
                all.add(virtual.submit(() -> {
                    for (int turn = 0; turn < TURNS; turn++) {
                        try (SharedLock.Guard guard = mine.lock()) {
                            assertEquals(1, inside.incrementAndGet());
                            assertFalse(guard.abandoned());
                            // It leaves its carrier here.
                            Thread.sleep(0, turn % 4 == 0 ? 100_000 : 0);
                            count[0]++;
                            inside.decrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertEquals(THREADS * TURNS, count[0]);
    }

    @Test
    void aGuardOutlivesItsThread() throws Exception {
        SharedLock.Guard guard = virtual.submit(() -> lock.lock()).get();
        assertEquals(null, virtual.submit(() -> lock.tryLock()).get());
        Future<?> next = virtual.submit(() -> {
            lock.lock().close();
            return null;
        });
        virtual.submit(guard::close).get();
        next.get();
    }
}
