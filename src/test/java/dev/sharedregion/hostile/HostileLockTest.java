package dev.sharedregion.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.lock.LockLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that writes anything to a lock's block: every call ends, in time, and nothing is left behind. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileLockTest {
    private static final int MILLIS = Sizes.of("sharedregion.hostileLockMillis", 500, 10_000);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final long SLACK_MILLIS = 20_000;

    private final String name = TestNames.unique();
    private final SharedLock lock = SharedLock.openOrCreate(name);
    private final SharedRegion block = SharedRegion.open(name + ".lock");

    @AfterEach
    void nothingIsLeft() {
        lock.close();
        block.close();
        Reasons.assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".lock"));
    }

    private void write(long word) {
        block.pointer().setLong(LockLayout.WORD, word);
    }

    @Test
    void anOwnerThatNobodyIsHasDied() {
        write(77);
        try (SharedLock.Guard guard = lock.tryLock()) {
            assertTrue(guard.abandoned());
        }
    }

    @Test
    void aLivingOwnerIsWaitedForUntilTheTimeIsUp() throws Exception {
        try (SharedLock other = SharedLock.openOrCreate(name)) {
            for (int place = 1; place <= 2; place++) {
                write(place);
                assertNull(lock.tryLock());
                assertNull(lock.tryLock(SHORT));
                assertNull(other.tryLock(SHORT));
            }
        }
    }

    @Test
    void aReleaseOfAnothersLockIsTold() throws Exception {
        for (long word : new long[] {0, 2, 77, -1, LockLayout.WORD_GENERATION | 1}) {
            SharedLock.Guard guard = lock.lock();
            write(word);
            SharedMemoryException e = Reasons.assertReason(Reason.CORRUPT, guard::close);
            assertTrue(e.getMessage().contains(name), e::getMessage);
            guard.close();
            write(0);
        }
    }

    @Test
    void aGuardOfAClosedLockIsGivenBack() throws Exception {
        SharedLock same = SharedLock.openOrCreate(name);
        SharedLock.Guard guard = same.lock();
        same.close();
        write(1 << 20);
        Reasons.assertReason(Reason.CORRUPT, guard::close);
        assertTrue(same.toString().endsWith("(closed)"), same::toString);
    }

    /** With and without a bias, which comes with many tries. */
    @Test
    void anOldWordDoesNotHoldAClosedLock() throws Exception {
        for (int rounds : new int[] {1, 1_000}) {
            try (SharedLock other = SharedLock.openOrCreate(name)) {
                long word = 0;
                for (int round = 0; round < rounds; round++) {
                    try (SharedLock.Guard guard = other.lock()) {
                        word = block.pointer().getLong(LockLayout.WORD);
                    }
                }
                write(word);
                other.close();
                assertTrue(other.toString().endsWith("(closed)"), other::toString);
            }
            write(0);
        }
    }

    @Test
    void theHeaderAnswersTheSame() throws Exception {
        try (Peer peer = Peer.start(List.of(Tools.cPeer("lock").toString(), "ask", name))) {
            peer.expect("ready");
            for (String[] each : new String[][] {
                {"77", "acquire 50", "OK"}, {"0", "release", "CORRUPT"}, {"1", "acquire 50", "TIMED_OUT"},
                {"2", "acquire 0", "TIMED_OUT"}, {"2", "acquire 50", "TIMED_OUT"}, {"0", "acquire 50", "OK"},
                {"" + (1 << 10 | 2), "release", "CORRUPT"}, {"0", "acquire 0", "OK"}, {"2", "release", "OK"}
            }) {
                write(Long.parseLong(each[0]));
                peer.send(each[1]);
                peer.expect(each[2]);
            }
        }
    }

    @Test
    void callsEndWhileTheBlockChanges() throws Exception {
        ExecutorService others = Executors.newCachedThreadPool();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
        SplittableRandom random = new SplittableRandom();
        try {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                SplittableRandom own = random.split();
                callers.add(others.submit(() -> {
                    while (System.nanoTime() - end < 0) {
                        useOnce(own);
                    }
                    return null;
                }));
            }
            while (System.nanoTime() - end < 0) {
                overwrite(random);
            }
            for (Future<?> each : callers) {
                each.get(SLACK_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            others.shutdownNow();
        }
    }

    private void overwrite(SplittableRandom random) {
        long word = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(1 << 12);
        int place = LockLayout.FIRST_PLACE + random.nextInt(4) * LockLayout.PLACE_SIZE;
        switch (random.nextInt(4)) {
            case 0 -> block.pointer().setLong(place, random.nextInt(2) == 0 ? random.nextLong() : 0);
            case 1 -> write(0);
            default -> write(word);
        }
        if (random.nextInt(8) == 0) {
            Thread.yield();
        }
    }

    private void useOnce(SplittableRandom random) throws InterruptedException {
        long start = System.nanoTime();
        try (SharedLock own = random.nextInt(4) == 0 ? SharedLock.openOrCreate(name) : null) {
            SharedLock used = own == null ? lock : own;
            Duration timeout = Duration.ofMillis(random.nextInt(5));
            try (SharedLock.Guard guard = random.nextBoolean() ? used.tryLock() : used.tryLock(timeout)) {
                assertFalse(used.toString().isEmpty());
                if (guard != null && random.nextBoolean()) {
                    guard.markConsistent();
                }
            }
        } catch (SharedMemoryException e) {
            assertTrue(e.reason() == Reason.CORRUPT || e.reason() == Reason.TOO_MANY_OPEN, e::toString);
        } catch (IllegalStateException e) {
            // The block names this thread, which has released the lock, as its holder.
            assertTrue(e.getMessage().contains("reentrant"), e::getMessage);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertEquals(0, millis / SLACK_MILLIS, () -> "a call took " + millis + " ms");
    }
}
