package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Collected;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks, between the threads of this process and between processes. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedLockTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final String name = TestNames.unique();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final SharedLock lock = SharedLock.openOrCreate(name);
    private volatile Thread lastWaiter;

    @AfterEach
    void end() throws Exception {
        lock.close();
        others.shutdownNow();
        assertTrue(others.awaitTermination(1, TimeUnit.MINUTES), "a thread hangs");
        if (Platform.isLinux()) {
            for (String suffix : List.of(".lock", ".unlocked")) {
                assertFalse(Files.exists(Path.of("/dev/shm", name + suffix)), suffix);
            }
        }
    }

    /** Another process, which answers. */
    private Peer ask(String language) throws Exception {
        if (language.equals("C")) {
            Peer peer = Peer.start(List.of(Tools.cPeer("lock").toString(), "ask", name));
            peer.expect("ready");
            return peer;
        }
        Peer peer = Peer.java(PeerProgram.class);
        answer(peer, "openLock " + name, "ok");
        return peer;
    }

    private static void answer(Peer peer, String command, String expected) {
        peer.send(command);
        peer.expect(expected);
    }

    /** A thread that waits, and has begun to. */
    private Future<SharedLock.Guard> waiting(SharedLock of) throws InterruptedException {
        lastWaiter = null;
        Future<SharedLock.Guard> guard = others.submit(() -> {
            lastWaiter = Thread.currentThread();
            return of.lock();
        });
        while (lastWaiter == null) {
            Thread.sleep(1);
        }
        Thread.sleep(30);
        assertFalse(guard.isDone());
        return guard;
    }

    @Test
    void oneAtATime() throws Exception {
        int[] count = new int[1];
        AtomicInteger inside = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SharedLock mine = i % 2 == 0 ? lock : SharedLock.openOrCreate(name);
            all.add(others.submit(() -> {
                for (int turn = 0; turn < 5_000; turn++) {
                    try (SharedLock.Guard guard = mine.lock()) {
                        assertEquals(1, inside.incrementAndGet());
                        assertFalse(guard.abandoned());
                        count[0]++;
                        inside.decrementAndGet();
                    }
                }
                if (mine != lock) {
                    mine.close();
                }
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        assertEquals(20_000, count[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java", "C"})
    void processesExcludeOneAnother(String language) throws Exception {
        try (Peer peer = ask(language)) {
            answer(peer, "acquire 1000", "OK");
            assertTrue(lock.toString().contains("held by process " + peer.pid()), lock::toString);
            assertNull(lock.tryLock());
            assertNull(lock.tryLock(SHORT));
            Future<SharedLock.Guard> waiting = waiting(lock);
            answer(peer, "release", "OK");
            try (SharedLock.Guard guard = waiting.get()) {
                assertFalse(guard.abandoned());
                answer(peer, "acquire 0", "TIMED_OUT");
                answer(peer, "acquire 20", "TIMED_OUT");
            }
            answer(peer, "acquire 0", "OK");
            peer.closeInput();
            assertEquals(0, peer.exitStatus());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java", "C"})
    void theNextHolderIsToldOfADeath(String language) throws Exception {
        try (Peer peer = ask(language);
                Peer next = ask(language)) {
            answer(peer, "acquire 1000", "OK");
            Future<SharedLock.Guard> waiting = waiting(lock);
            peer.kill();
            try (SharedLock.Guard guard = waiting.get()) {
                assertTrue(guard.abandoned());
            }
            // Nobody has repaired it.
            answer(next, "acquire 1000", "OK");
            answer(next, "abandoned", "true");
            answer(next, "release", "OK");
            try (SharedLock.Guard guard = lock.lock()) {
                assertTrue(guard.abandoned());
                guard.markConsistent();
                assertFalse(guard.abandoned());
            }
            answer(next, "acquire 1000", "OK");
            answer(next, "abandoned", "false");
            next.kill();
            // As one that does not wait.
            SharedLock.Guard guard = null;
            for (long giveUp = System.nanoTime() + LONG.toNanos(); guard == null && System.nanoTime() < giveUp; ) {
                guard = lock.tryLock();
            }
            assertTrue(guard.abandoned());
            guard.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Java", "C"})
    void aSuccessorInTheSamePlaceFreesTheLock(String language) throws Exception {
        lock.close();
        try (SharedRegion block = keepBlock(language)) {
            try (SharedLock successor = SharedLock.openOrCreate(name);
                    SharedLock.Guard guard = successor.tryLock()) {
                assertTrue(guard.abandoned());
                assertEquals(1, block.pointer().getLong(128) & 0xff, "the same place");
            }
        }
    }

    /** The block of a lock whose only user has died as the holder. */
    private SharedRegion keepBlock(String language) throws Exception {
        try (Peer peer = ask(language)) {
            answer(peer, "acquire 0", "OK");
            SharedRegion block = SharedRegion.open(name + ".lock");
            peer.kill();
            return block;
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aStoppedHolderKeepsTheLock() throws Exception {
        try (Peer peer = ask("C")) {
            answer(peer, "acquire 1000", "OK");
            peer.signal("STOP");
            assertNull(lock.tryLock(Duration.ofMillis(600)));
            Future<SharedLock.Guard> waiting = waiting(lock);
            peer.signal("CONT");
            answer(peer, "abandoned", "false");
            assertFalse(waiting.isDone());
            answer(peer, "release", "OK");
            assertFalse(waiting.get().abandoned());
            waiting.get().close();
        }
    }

    @Test
    void aThreadThatHasTheLockIsTold() throws Exception {
        try (SharedLock.Guard guard = lock.lock();
                SharedLock same = SharedLock.openOrCreate(name)) {
            for (SharedLock each : List.of(lock, same)) {
                IllegalStateException e = assertThrows(IllegalStateException.class, each::lock);
                assertTrue(e.getMessage().contains(Thread.currentThread().getName()), e::getMessage);
                assertThrows(IllegalStateException.class, () -> each.tryLock(LONG));
                assertNull(each.tryLock());
                assertTrue(each.toString().contains("thread \"" + Thread.currentThread().getName()), each::toString);
            }
            // Another thread is not.
            assertNull(others.submit(() -> lock.tryLock(SHORT)).get());
            assertNull(others.submit(() -> same.tryLock(SHORT)).get());
        }
        lock.lock().close();
    }

    @Test
    void anyThreadClosesAGuardAndOnlyOnce() throws Exception {
        SharedLock.Guard first = lock.lock();
        others.submit(first::close).get();
        try (SharedLock.Guard second = lock.tryLock()) {
            assertNotNull(second);
            first.close();
            assertTrue(first.toString().endsWith("(closed)"), first::toString);
            assertThrows(IllegalStateException.class, first::markConsistent);
            assertNull(others.submit(() -> lock.tryLock()).get());
        }
    }

    /** Often, so that each thread comes to lock in the way of one that is mostly alone. */
    @Test
    void eachThreadIsToldThatItHasTheLock() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 3; round++) {
                for (ExecutorService each : List.of(one, other)) {
                    each.submit(() -> {
                                for (int turn = 0; turn < 1_000; turn++) {
                                    try (SharedLock.Guard guard = lock.lock()) {
                                        assertThrows(IllegalStateException.class, lock::lock);
                                        assertFalse(guard.abandoned());
                                    }
                                }
                                return null;
                            })
                            .get();
                }
            }
            SharedLock.Guard guard = one.submit(() -> lock.lock()).get();
            assertNull(other.submit(() -> lock.tryLock(SHORT)).get());
            other.submit(guard::close).get();
            other.submit(() -> {
                        lock.lock().close();
                        return null;
                    })
                    .get();
        } finally {
            one.shutdown();
            other.shutdown();
        }
    }

    @Test
    void twoThreadsCloseAGuardAtOnce() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        SharedLock.Guard[] guard = new SharedLock.Guard[1];
        int all = 20_000;
        Future<?> other = others.submit(() -> {
            for (int round = 1; round <= all; round++) {
                while (rounds.get() < round) {
                    Thread.onSpinWait();
                }
                guard[0].close();
                rounds.set(-round);
            }
        });
        for (int round = 1; round <= all; round++) {
            guard[0] = lock.lock();
            rounds.set(round);
            guard[0].close();
            try (SharedLock.Guard next = lock.tryLock()) {
                // A late close of the last guard does not release this one.
                assertNotNull(next);
                while (rounds.get() != -round && !other.isDone()) {
                    Thread.onSpinWait();
                }
                assertThrows(IllegalStateException.class, lock::lock);
            }
        }
        other.get();
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        try (SharedLock.Guard guard = lock.lock()) {
            assertNotNull(guard);
            // One in front, which waits for the word, and one behind it.
            Future<SharedLock.Guard> front = waiting(lock);
            Thread frontThread = lastWaiter;
            Future<SharedLock.Guard> behind = waiting(lock);
            lastWaiter.interrupt();
            assertInterrupted(behind);
            frontThread.interrupt();
            assertInterrupted(front);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, lock::lock);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> lock.tryLock(LONG));
        }
        lock.lock().close();
    }

    private static void assertInterrupted(Future<SharedLock.Guard> waiting) {
        Throwable e = assertThrows(ExecutionException.class, waiting::get).getCause();
        assertTrue(e instanceof InterruptedException, e::toString);
    }

    @Test
    void closeEndsWaitsAndLeavesAnOpenGuard() throws Exception {
        SharedLock.Guard guard = lock.lock();
        List<Future<SharedLock.Guard>> waiting = List.of(waiting(lock), waiting(lock), waiting(lock));
        lock.close();
        for (Future<SharedLock.Guard> each : waiting) {
            Throwable e = assertThrows(ExecutionException.class, each::get).getCause();
            assertTrue(e instanceof IllegalStateException, e::toString);
        }
        assertThrows(IllegalStateException.class, lock::lock);
        assertThrows(IllegalStateException.class, lock::tryLock);
        assertThrows(IllegalStateException.class, () -> lock.tryLock(LONG));
        lock.close();
        assertEquals(name, lock.name());
        try (SharedLock same = SharedLock.openOrCreate(name)) {
            assertNull(same.tryLock());
            Future<SharedLock.Guard> next = waiting(same);
            guard.close();
            assertFalse(next.get().abandoned());
            next.get().close();
        }
        assertEquals("lock \"" + name + "\" (closed)", lock.toString());
    }

    /** Close, while others lock and unlock, leaves the lock free and its objects given back. */
    @Test
    void closeRacesWithCalls() throws Exception {
        for (int round = 0; round < 200; round++) {
            SharedLock racing = SharedLock.openOrCreate(name);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(others.submit(() -> {
                    try {
                        while (true) {
                            racing.lock().close();
                        }
                    } catch (IllegalStateException e) {
                        return null;
                    }
                }));
            }
            Thread.sleep(1);
            racing.close();
            for (Future<?> each : all) {
                each.get();
            }
            try (SharedLock.Guard guard = lock.tryLock(LONG)) {
                assertFalse(guard.abandoned());
            }
        }
    }

    @Test
    void theLimitOfPlacesIsTold() {
        List<SharedLock> all = new ArrayList<>();
        try {
            for (int i = 1; i < 255; i++) {
                all.add(SharedLock.openOrCreate(name));
            }
            SharedMemoryException e =
                    Reasons.assertReason(Reason.TOO_MANY_OPEN, () -> SharedLock.openOrCreate(name));
            assertTrue(e.getMessage().contains(name) && e.getMessage().contains("255"), e::getMessage);
            all.remove(100).close();
            all.add(SharedLock.openOrCreate(name));
        } finally {
            all.forEach(SharedLock::close);
        }
    }

    @Test
    void theCollectorClosesADroppedLock() throws Exception {
        lock.close();
        SharedLock.openOrCreate(name);
        Collected.awaitGone(name + ".lock");
    }

    @Test
    @SuppressWarnings("try") // The guard is dropped.
    void aDroppedGuardCountsAsADeadHolder() throws Exception {
        SharedLock.openOrCreate(name).lock();
        boolean abandoned = false;
        long giveUp = System.nanoTime() + LONG.toNanos();
        while (!abandoned && System.nanoTime() < giveUp) {
            System.gc();
            Thread.sleep(10);
            try (SharedLock.Guard guard = lock.tryLock()) {
                abandoned = guard != null && guard.abandoned();
            }
        }
        assertTrue(abandoned, "the collector does not close it");
        // The place is free before the rest is closed, which the class that follows must not count as its own.
        lock.close();
        while (Platform.isLinux() && Files.exists(Path.of("/dev/shm", name + ".lock"))) {
            assertTrue(System.nanoTime() < giveUp, "the collector does not close all of it");
            Thread.sleep(10);
        }
    }

    @Test
    void anotherProgramsObjectsAreRefused() {
        String other = TestNames.unique();
        try (SharedRegion region = SharedRegion.create(other + ".lock", 40_000)) {
            region.pointer().setLong(0, 1);
            SharedMemoryException e = Reasons.assertReason(Reason.WRONG_KIND, () -> SharedLock.openOrCreate(other));
            assertTrue(e.getMessage().startsWith("Cannot open lock \"" + other + "\": "), e::getMessage);
            region.pointer().write(0, "SRLock".getBytes(), 0, 6);
            region.pointer().setShort(6, (short) 9);
            Reasons.assertReason(Reason.UNSUPPORTED, () -> SharedLock.openOrCreate(other));
        }
        if (Platform.isLinux()) {
            try (NamedEvent event = NamedEvent.create(other + ".unlocked", EventOptions.manualReset())) {
                assertNotNull(event);
                Reasons.assertReason(Reason.WRONG_KIND, () -> SharedLock.openOrCreate(other));
            }
        }
    }
}
