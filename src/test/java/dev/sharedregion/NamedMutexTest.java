package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mutex of another program, which {@code mutex_windows.c} is. */
class NamedMutexTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(30);

    private final String name = TestNames.unique();

    @Test
    @EnabledOnOs(OS.LINUX)
    void linuxHasNone() {
        for (String each : List.of(name, "Global\\" + name)) {
            String message = assertReason(Reason.UNSUPPORTED, () -> NamedMutex.open(each)).getMessage();
            assertTrue(message.contains(each) && message.contains("SharedLock"), message);
            assertReason(Reason.UNSUPPORTED, () -> NamedMutex.open(each, LONG));
        }
    }

    /** With the other program. */
    @Nested
    @EnabledOnOs(OS.WINDOWS)
    class OnWindows {
        private Peer otherProgram(String... options) throws Exception {
            return otherProgramWith(name, options);
        }

        private static Peer otherProgramWith(String mutex, String... options) throws Exception {
            List<String> command = new ArrayList<>(List.of(Tools.cPeer("mutex").toString(), mutex));
            command.addAll(List.of(options));
            Peer peer = Peer.start(command);
            peer.expect("ready");
            return peer;
        }

        private static void ask(Peer peer, String line, String answer) {
            peer.send(line);
            peer.expect(answer);
        }

        /** A thread that runs one call. */
        private static <T> FutureTask<T> beside(Callable<T> call) {
            FutureTask<T> task = new FutureTask<>(call);
            Thread thread = new Thread(task, "beside");
            thread.setDaemon(true);
            thread.start();
            return task;
        }

        private static Throwable failure(FutureTask<?> task) throws InterruptedException {
            return assertThrows(ExecutionException.class, task::get).getCause();
        }

        /** Ample time for a thread to wait in the system, which does not tell. */
        private static void letItSleep() throws InterruptedException {
            Thread.sleep(300);
        }

        private static long mutexThreads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(each -> each.getName().equals("sharedregion-mutex"))
                    .count();
        }

        @Test
        void holdExcludesTheOtherProgram() throws Exception {
            try (Peer other = otherProgram();
                    NamedMutex mutex = NamedMutex.open(name)) {
                assertEquals(name, mutex.name());
                ask(other, "try", "held");
                assertNull(mutex.tryAcquire(Duration.ZERO));
                assertNull(mutex.tryAcquire(SHORT));
                ask(other, "release", "released");
                NamedMutex.Guard hold = mutex.acquire();
                assertFalse(hold.abandoned());
                assertTrue(hold.toString().contains(name) && !hold.toString().contains("closed"), hold::toString);
                ask(other, "try", "busy");
                hold.close();
                hold.close();
                assertTrue(hold.toString().endsWith("(closed)"), hold::toString);
                ask(other, "try", "held");
                ask(other, "release", "released");
                hold.close();
                ask(other, "try", "held");
            }
        }

        @Test
        void everyIncrementOfBothProgramsCounts() throws Exception {
            int each = 300;
            try (Peer other = otherProgram();
                    SharedRegion region = SharedRegion.create(name + "-r", 4096);
                    NamedMutex mutex = NamedMutex.open(name)) {
                other.send("count " + region.name() + " " + each);
                List<FutureTask<Void>> threads = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    threads.add(beside(() -> {
                        for (int n = 0; n < each; n++) {
                            try (NamedMutex.Guard hold = mutex.acquire()) {
                                assertFalse(hold.abandoned());
                                int before = region.pointer().getInt(0);
                                Thread.yield();
                                region.pointer().setInt(0, before + 1);
                            }
                        }
                        return null;
                    }));
                }
                for (FutureTask<Void> thread : threads) {
                    thread.get();
                }
                other.expect("counted");
                assertEquals(3 * each, region.pointer().getInt(0));
            }
        }

        @Test
        void ownerThatIsKilledAbandonsIt() throws Exception {
            try (Peer other = otherProgram("held");
                    NamedMutex mutex = NamedMutex.open(name)) {
                FutureTask<NamedMutex.Guard> waiting = beside(mutex::acquire);
                letItSleep();
                other.kill();
                try (NamedMutex.Guard hold = waiting.get()) {
                    assertTrue(hold.abandoned());
                }
                try (NamedMutex.Guard next = mutex.acquire()) {
                    assertFalse(next.abandoned());
                }
            }
        }

        @Test
        void timeoutAndInterruptLeaveNothingBehind() throws Exception {
            try (Peer other = otherProgram("held");
                    NamedMutex mutex = NamedMutex.open(name)) {
                assertNull(mutex.tryAcquire(SHORT));
                CountDownLatch started = new CountDownLatch(1);
                Thread[] waiter = new Thread[1];
                FutureTask<NamedMutex.Guard> waiting = beside(() -> {
                    waiter[0] = Thread.currentThread();
                    started.countDown();
                    return mutex.acquire();
                });
                started.await();
                letItSleep();
                waiter[0].interrupt();
                assertInstanceOf(InterruptedException.class, failure(waiting));
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, mutex::acquire);
                ask(other, "release", "released");
                ask(other, "hold", "held");
                ask(other, "release", "released");
                try (NamedMutex.Guard hold = mutex.tryAcquire(Duration.ZERO)) {
                    assertNotNull(hold);
                }
            }
        }

        @Test
        void freeMutexIsAcquiredHoweverShortTheTimeout() throws Exception {
            try (Peer other = otherProgram();
                    NamedMutex mutex = NamedMutex.open(name)) {
                for (int i = 0; i < 200; i++) {
                    try (NamedMutex.Guard hold = mutex.tryAcquire(i % 2 == 0 ? Duration.ZERO : Duration.ofNanos(1))) {
                        assertNotNull(hold, "round " + i);
                    }
                }
                ask(other, "try", "held");
            }
        }

        @Test
        void wrongTimeoutsAreRefused() throws Exception {
            try (Peer other = otherProgram();
                    NamedMutex mutex = NamedMutex.open(name)) {
                String message = assertThrows(
                                IllegalArgumentException.class, () -> mutex.tryAcquire(Duration.ofMillis(-5)))
                        .getMessage();
                assertTrue(message.contains("PT-0.005S"), message);
                assertThrows(NullPointerException.class, () -> mutex.tryAcquire(null));
                ask(other, "try", "held");
            }
        }

        @Test
        void closeEndsWaits() throws Exception {
            try (Peer other = otherProgram("held")) {
                NamedMutex mutex = NamedMutex.open(name);
                FutureTask<NamedMutex.Guard> waiting = beside(mutex::acquire);
                FutureTask<NamedMutex.Guard> inTime = beside(() -> mutex.tryAcquire(LONG));
                letItSleep();
                mutex.close();
                mutex.close();
                for (FutureTask<NamedMutex.Guard> each : List.of(waiting, inTime)) {
                    String message = assertInstanceOf(IllegalStateException.class, failure(each)).getMessage();
                    assertTrue(message.contains(name) && message.contains("closed"), message);
                }
                assertThrows(IllegalStateException.class, mutex::acquire);
                assertThrows(IllegalStateException.class, () -> mutex.tryAcquire(Duration.ZERO));
                assertEquals(name, mutex.name());
                assertTrue(mutex.toString().endsWith("(closed)"), mutex::toString);
                ask(other, "release", "released");
                ask(other, "hold", "held");
            }
        }

        @Test
        void holdOutlivesItsMutexAndTheThreadEndsWithIt() throws Exception {
            try (Peer other = otherProgram()) {
                NamedMutex mutex = NamedMutex.open(name);
                NamedMutex.Guard hold = mutex.acquire();
                assertTrue(mutexThreads() > 0);
                mutex.close();
                ask(other, "try", "busy");
                hold.close();
                ask(other, "try", "held");
                other.kill();
                // The name goes with the last handle.
                assertReason(Reason.NOT_FOUND, () -> NamedMutex.open(name));
                while (mutexThreads() > 0) {
                    Thread.sleep(1);
                }
            }
        }

        @Test
        void anyThreadMayCloseAHold() throws Exception {
            try (Peer other = otherProgram();
                    NamedMutex mutex = NamedMutex.open(name)) {
                // The thread that has acquired it ends.
                NamedMutex.Guard hold = beside(mutex::acquire).get();
                ask(other, "try", "busy");
                hold.close();
                ask(other, "try", "held");
            }
        }

        @Test
        void threadThatHasItIsRefusedAndOthersWait() throws Exception {
            try (Peer other = otherProgram();
                    NamedMutex mutex = NamedMutex.open(name);
                    NamedMutex.Guard hold = mutex.acquire()) {
                String message = assertThrows(IllegalStateException.class, mutex::acquire).getMessage();
                assertTrue(message.contains(name) && message.contains("not reentrant"), message);
                assertThrows(IllegalStateException.class, () -> mutex.tryAcquire(Duration.ZERO));
                FutureTask<NamedMutex.Guard> waiting = beside(mutex::acquire);
                assertNull(beside(() -> mutex.tryAcquire(SHORT)).get());
                ask(other, "try", "busy");
                hold.close();
                waiting.get().close();
                ask(other, "try", "held");
            }
        }

        @Test
        void twoObjectsOfOneNameExcludeEachOther() throws Exception {
            try (Peer other = otherProgram();
                    NamedMutex first = NamedMutex.open(name);
                    NamedMutex second = NamedMutex.open(name)) {
                NamedMutex.Guard hold = first.acquire();
                assertNull(second.tryAcquire(SHORT));
                hold.close();
                try (NamedMutex.Guard next = second.tryAcquire(LONG)) {
                    assertNotNull(next);
                    ask(other, "try", "busy");
                }
            }
        }

        @Test
        void droppedObjectsLetTheOtherProgramIn() throws Exception {
            try (Peer other = otherProgram()) {
                assertFalse(NamedMutex.open(name).acquire().abandoned());
                String answer = "busy";
                while (answer.equals("busy")) {
                    System.gc();
                    Thread.sleep(10);
                    other.send("try");
                    answer = other.nextLine();
                }
                assertEquals("held", answer);
                while (mutexThreads() > 0) {
                    System.gc();
                    Thread.sleep(10);
                }
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"Local\\", "Global\\"})
        void prefixesAreThoseOfWindows(String prefix) throws Exception {
            try (Peer other = otherProgramWith(prefix + name, "held");
                    NamedMutex mutex = NamedMutex.open(prefix + name)) {
                assertNull(mutex.tryAcquire(Duration.ZERO));
                ask(other, "release", "released");
                mutex.tryAcquire(LONG).close();
            }
        }

        @Test
        void openWaitsUntilItExists() throws Exception {
            FutureTask<NamedMutex> opening = beside(() -> NamedMutex.open(name, LONG));
            letItSleep();
            try (Peer other = otherProgram();
                    NamedMutex mutex = opening.get()) {
                mutex.acquire().close();
                ask(other, "try", "held");
            }
        }

        @Test
        void otherObjectsAreRefused() throws Exception {
            assertReason(Reason.NOT_FOUND, () -> NamedMutex.open(name));
            assertReason(Reason.NOT_FOUND, () -> NamedMutex.open(name, SHORT));
            try (NamedEvent event = NamedEvent.create(name + "-e");
                    SharedRegion region = SharedRegion.create(name + "-r", 1);
                    Peer other = otherProgram()) {
                assertReason(Reason.WRONG_KIND, () -> NamedMutex.open(event.name()));
                assertReason(Reason.WRONG_KIND, () -> NamedMutex.open(region.name()));
                assertReason(Reason.WRONG_KIND, () -> NamedEvent.open(name));
                assertReason(Reason.WRONG_KIND, () -> SharedRegion.open(name));
                ask(other, "try", "held");
            }
        }
    }
}
