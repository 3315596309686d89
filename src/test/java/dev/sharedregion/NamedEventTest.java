package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.linux.LibC;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NamedEventTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int ROUNDS_ASLEEP = Platform.isLinux() ? 200 : 3;

    private final String name = TestNames.unique();

    /** A thread that runs one call. */
    private static final class Waiter<T> extends FutureTask<T> {
        final Thread thread;
        private final CompletableFuture<Integer> id = new CompletableFuture<>();

        Waiter(Callable<T> call) {
            super(call);
            thread = new Thread(() -> {
                id.complete(Platform.isLinux() ? LibraryC.gettid() : 0);
                run();
            });
            thread.setDaemon(true);
            thread.start();
        }

        Throwable failure() throws InterruptedException {
            try {
                throw new AssertionError("no failure but " + get());
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }

        /** Waits until the thread sleeps in the system. Windows does not say so: there it is given ample time to. */
        Waiter<T> asleep() throws Exception {
            if (!Platform.isLinux()) {
                id.get();
                Thread.sleep(300);
                return this;
            }
            // The number of the system call and its arguments: a futex between processes, FUTEX_WAIT.
            Path call = Path.of("/proc/self/task/" + id.get() + "/syscall");
            while (!Files.readString(call).matches(LibC.SYS_FUTEX + " 0x\\p{XDigit}+ 0x0 (?s).*")) {
                Thread.sleep(1);
            }
            return this;
        }
    }

    private static final class LibraryC {
        static {
            Native.register(LibraryC.class, Platform.C_LIBRARY_NAME);
        }

        static native int gettid();
    }

    @Test
    void createdTellsWhetherOpenOrCreateCreated() throws InterruptedException {
        try (NamedEvent created = NamedEvent.openOrCreate(name, EventOptions.autoReset().initiallySet());
                NamedEvent opened = NamedEvent.openOrCreate(name)) {
            assertTrue(created.created());
            assertFalse(opened.created());
            assertTrue(opened.await(Duration.ZERO), "the existing event stays as it is");
            opened.set();
            assertTrue(created.await(LONG));
            created.close();
            assertTrue(created.created());
            try (NamedEvent another = NamedEvent.open(name)) {
                assertFalse(another.created());
            }
        }
    }

    @Test
    void oneOfManyOpenOrCreateCallsCreates() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<Waiter<NamedEvent>> openers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                openers.add(new Waiter<>(() -> NamedEvent.openOrCreate(name)));
            }
            int created = 0;
            List<NamedEvent> events = new ArrayList<>();
            for (Waiter<NamedEvent> opener : openers) {
                events.add(opener.get());
            }
            for (NamedEvent event : events) {
                created += event.created() ? 1 : 0;
                event.close();
            }
            assertEquals(1, created);
        }
    }

    @Test
    void toStringShowsKindAndState() throws InterruptedException {
        NamedEvent event = NamedEvent.create(name, EventOptions.manualReset());
        try (NamedEvent opened = NamedEvent.open(name)) {
            boolean linux = Platform.isLinux();
            String text = "event \"" + name + "\"";
            assertEquals(text + (linux ? " (manual-reset, not set)" : " (manual-reset)"), event.toString());
            event.set();
            assertEquals(linux ? text + " (manual-reset, set)" : text, opened.toString());
            assertTrue(opened.await(Duration.ZERO));
            event.close();
            assertEquals(text + " (closed)", event.toString());
        }
        try (NamedEvent set = NamedEvent.create(name, EventOptions.autoReset().initiallySet())) {
            assertTrue(set.toString().contains("auto-reset"), set.toString());
            assertTrue(set.await(Duration.ZERO), "its text has taken the signal");
        }
    }

    @Test
    void autoResetEventReleasesOneWait() throws InterruptedException {
        try (NamedEvent event = NamedEvent.create(name)) {
            assertFalse(event.await(Duration.ZERO));
            event.set();
            assertTrue(event.await(Duration.ZERO));
            assertFalse(event.await(Duration.ZERO));
            event.set();
            event.set();
            assertTrue(event.await(LONG));
            assertFalse(event.await(Duration.ofMillis(5)));
        }
    }

    @Test
    void manualResetEventReleasesAllWaitsUntilReset() throws InterruptedException {
        try (NamedEvent event = NamedEvent.create(name, EventOptions.manualReset())) {
            assertFalse(event.await(Duration.ZERO));
            event.set();
            event.await();
            assertTrue(event.await(LONG));
            assertTrue(event.await(Duration.ZERO));
            event.reset();
            assertFalse(event.await(Duration.ZERO));
        }
    }

    @Test
    void initialStateIsThatOfTheOptions() throws InterruptedException {
        try (NamedEvent auto = NamedEvent.create(name + "a", EventOptions.autoReset().initiallySet());
                NamedEvent manual = NamedEvent.create(name + "m", EventOptions.manualReset().initiallySet())) {
            assertTrue(auto.await(Duration.ZERO));
            assertFalse(auto.await(Duration.ZERO));
            assertTrue(manual.await(Duration.ZERO));
            assertTrue(manual.await(Duration.ZERO));
        }
    }

    @Test
    void resetClearsTheSignal() throws InterruptedException {
        try (NamedEvent event = NamedEvent.create(name)) {
            event.set();
            event.reset();
            assertFalse(event.await(Duration.ZERO));
        }
    }

    @Test
    void creatorChoosesTheKindOfReset() throws InterruptedException {
        try (NamedEvent event = NamedEvent.create(name, EventOptions.manualReset());
                NamedEvent opened = NamedEvent.open(name)) {
            event.set();
            assertTrue(opened.await(Duration.ZERO));
            assertTrue(opened.await(Duration.ZERO));
            opened.reset();
            assertFalse(event.await(Duration.ZERO));
        }
    }

    @Test
    void eachSetReleasesExactlyOneOfTwoWaiters() throws Exception {
        try (NamedEvent event = NamedEvent.create(name);
                NamedEvent other = NamedEvent.open(name)) {
            BlockingQueue<Integer> released = new LinkedBlockingQueue<>();
            List<Waiter<Boolean>> waiters = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int number = i;
                NamedEvent each = i == 0 ? event : other;
                waiters.add(new Waiter<>(() -> {
                    boolean set = each.await(LONG);
                    released.add(number);
                    return set;
                }));
            }
            for (Waiter<Boolean> waiter : waiters) {
                waiter.asleep();
            }
            event.set();
            int first = released.take();
            assertTrue(waiters.get(first).get());
            // Had the set let both go, the second would be here by now.
            assertEquals(null, released.poll(100, TimeUnit.MILLISECONDS));
            other.set();
            assertEquals(1 - first, released.take());
            assertTrue(waiters.get(1 - first).get());
            assertFalse(event.await(Duration.ZERO));
        }
    }

    @Test
    void setReleasesASleeperWhateverCallFollows() throws Exception {
        for (int round = 0; round < ROUNDS_ASLEEP; round++) {
            try (NamedEvent manual = NamedEvent.create(name + "m", EventOptions.manualReset());
                    NamedEvent auto = NamedEvent.create(name + "a");
                    NamedEvent twice = NamedEvent.create(name + "t")) {
                List<Waiter<Boolean>> waiters = new ArrayList<>();
                for (NamedEvent event : List.of(manual, manual, auto, twice, twice)) {
                    waiters.add(new Waiter<>(() -> event.await(LONG)));
                }
                for (Waiter<Boolean> waiter : waiters) {
                    waiter.asleep();
                }
                manual.set();
                manual.reset();
                auto.set();
                auto.reset();
                twice.set();
                twice.set();
                for (Waiter<Boolean> waiter : waiters) {
                    assertTrue(waiter.get());
                }
                for (NamedEvent event : List.of(manual, auto, twice)) {
                    assertFalse(event.await(Duration.ZERO), "none is left set");
                }
            }
        }
    }

    @Test
    void otherWaitersCannotTakeASleepersRelease() throws Exception {
        for (int round = 0; round < ROUNDS_ASLEEP; round++) {
            try (NamedEvent event = NamedEvent.create(name)) {
                Waiter<Boolean> sleeper = new Waiter<>(() -> event.await(LONG)).asleep();
                event.set();
                assertFalse(event.await(Duration.ZERO), "the sleeper has it");
                assertTrue(sleeper.get());

                Waiter<Boolean> next = new Waiter<>(() -> event.await(LONG)).asleep();
                event.set();
                event.set();
                assertTrue(next.get());
                event.reset();
                assertFalse(event.await(Duration.ZERO), "the second set was taken back");
            }
        }
    }

    @Test
    void lateInterruptDoesNotAccessAClosedEvent() {
        int rounds = Sizes.of("sharedregion.lateInterrupts", 500, 15_000);
        try (Peer interrupted = Peer.java(LateInterrupts.class, name, "" + rounds)) {
            interrupted.expect("survived");
            assertEquals(0, interrupted.exitStatus(), interrupted.errors());
        }
    }

    /** In a JVM of its own: a touch of freed memory would end that, and not this one. */
    static final class LateInterrupts {
        public static void main(String[] arguments) throws InterruptedException {
            int rounds = Integer.parseInt(arguments[1]);
            Thread waiter = Thread.currentThread();
            for (int i = 0; i < 4; i++) {
                Thread interrupter = new Thread(() -> {
                    while (true) {
                        waiter.interrupt();
                    }
                });
                interrupter.setDaemon(true);
                interrupter.start();
            }
            for (int round = 0; round < rounds; round++) {
                NamedEvent event = NamedEvent.create(arguments[0]);
                try {
                    event.await();
                } catch (InterruptedException e) {
                    // That is what this is about.
                }
                event.close();
            }
            System.out.println("survived");
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void eachOfManySetsReleasesExactlyOneWaiter() throws Exception {
        int threads = 4;
        int sets = 2_000;
        try (NamedEvent event = NamedEvent.create(name);
                NamedEvent taken = NamedEvent.create(name + "t")) {
            CountDownLatch done = new CountDownLatch(1);
            List<Waiter<Integer>> waiters = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                waiters.add(new Waiter<>(() -> {
                    int count = 0;
                    while (done.getCount() > 0) {
                        if (event.await(Duration.ofMillis(20))) {
                            count++;
                            taken.set();
                        }
                    }
                    return count;
                }));
            }
            for (int i = 0; i < sets; i++) {
                event.set();
                assertTrue(taken.await(LONG), "lost wake-up");
            }
            done.countDown();
            int total = 0;
            for (Waiter<Integer> waiter : waiters) {
                total += waiter.get();
            }
            assertEquals(sets, total);
        }
    }

    @Test
    void waitDoesNotEndBeforeItsTimeout() throws InterruptedException {
        try (NamedEvent event = NamedEvent.create(name)) {
            for (long nanos : new long[] {1, 1_000_000, 15_500_000, 60_000_001}) {
                long start = System.nanoTime();
                assertFalse(event.await(Duration.ofNanos(nanos)));
                assertTrue(System.nanoTime() - start >= nanos, "it gave up before its time");
            }
        }
    }

    @Test
    void longestTimeoutWaitsForEver() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            for (Duration timeout :
                    List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(25), Duration.ofDays(50))) {
                Waiter<Boolean> waiter = new Waiter<>(() -> event.await(timeout)).asleep();
                assertFalse(waiter.isDone());
                event.set();
                assertTrue(waiter.get());
            }
        }
    }

    @Test
    void interruptEndsAWaitAndTakesNoSignal() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            Waiter<Boolean> bounded = new Waiter<>(() -> event.await(LONG)).asleep();
            Waiter<Void> unbounded = new Waiter<Void>(() -> {
                        event.await();
                        return null;
                    })
                    .asleep();
            bounded.thread.interrupt();
            assertInstanceOf(InterruptedException.class, bounded.failure());
            assertFalse(unbounded.isDone(), "an interrupt is for one thread");
            unbounded.thread.interrupt();
            assertInstanceOf(InterruptedException.class, unbounded.failure());
            event.set();
            assertTrue(event.await(Duration.ZERO), "the signal after it is there");
        }
    }

    @Test
    void interruptedThreadDoesNotWait() throws InterruptedException {
        try (NamedEvent event = NamedEvent.create(name)) {
            event.set();
            for (Duration timeout : List.of(Duration.ZERO, LONG)) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> event.await(timeout));
                assertFalse(Thread.currentThread().isInterrupted());
            }
            assertTrue(event.await(Duration.ZERO), "and takes no signal");
        }
    }

    @Test
    void interruptAtAnyMomentLosesNoInterruptAndNoSignal() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            for (int round = 0; round < 500; round++) {
                CountDownLatch ready = new CountDownLatch(1);
                Waiter<Void> waiter = new Waiter<>(() -> {
                    ready.countDown();
                    event.await();
                    return null;
                });
                ready.await();
                for (int spin = 0; spin < round * 10; spin++) {
                    Thread.onSpinWait();
                }
                waiter.thread.interrupt();
                assertInstanceOf(InterruptedException.class, waiter.failure());
            }
            assertFalse(event.await(Duration.ZERO));
        }
    }

    @Test
    void closeEndsAWait() throws Exception {
        for (int round = 0; round < 100; round++) {
            NamedEvent event = NamedEvent.create(name);
            Waiter<Boolean> waiter = new Waiter<>(() -> event.await(LONG));
            if (round == 0) {
                waiter.asleep();
            }
            event.close();
            assertInstanceOf(IllegalStateException.class, waiter.failure());
            assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name));
        }
    }

    @Test
    void everyUseAfterCloseThrows() {
        NamedEvent event = NamedEvent.create(name);
        event.close();
        event.close();
        assertThrows(IllegalStateException.class, event::set);
        assertThrows(IllegalStateException.class, event::reset);
        assertThrows(IllegalStateException.class, event::await);
        assertThrows(IllegalStateException.class, () -> event.await(Duration.ZERO));
        assertEquals(name, event.name());
        assertTrue(event.toString().contains("closed"));
    }

    @Test
    void waitOnlyEventCannotBeChanged() throws InterruptedException {
        try (NamedEvent event = NamedEvent.create(name);
                NamedEvent waiter = NamedEvent.open(name, EventAccess.WAIT_ONLY)) {
            assertThrows(UnsupportedOperationException.class, waiter::set);
            assertThrows(UnsupportedOperationException.class, waiter::reset);
            assertFalse(event.await(Duration.ZERO));
            event.set();
            assertTrue(waiter.await(LONG));
        }
    }

    @Test
    void createFailsIfTheNameExistsAndOpenIfItDoesNot() throws InterruptedException {
        assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name));
        assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name, Duration.ofMillis(5), EventAccess.FULL));
        try (NamedEvent event = NamedEvent.create(name)) {
            assertReason(
                    Reason.ALREADY_EXISTS,
                    () -> NamedEvent.create(name, EventOptions.manualReset().initiallySet()));
            assertFalse(event.await(Duration.ZERO), "it is untouched");
            NamedEvent.open(name, LONG).close();
            NamedEvent.open(name, LONG, EventAccess.WAIT_ONLY).close();
        }
        NamedEvent.create(name).close();
    }

    @Test
    void regionAndAnEventCannotHaveTheSameName() {
        try (SharedRegion region = SharedRegion.create(name, 64)) {
            assertReason(Reason.WRONG_KIND, () -> NamedEvent.create(name));
            assertReason(Reason.WRONG_KIND, () -> NamedEvent.open(name));
            assertEquals(0, region.pointer().getLong(0));
        }
        try (NamedEvent event = NamedEvent.create(name)) {
            assertReason(Reason.WRONG_KIND, () -> SharedRegion.create(name, 64));
            assertReason(Reason.WRONG_KIND, () -> SharedRegion.open(name));
            assertReason(Reason.WRONG_KIND, () -> SharedRegion.open(name, RegionOptions.readOnly()));
            assertReason(Reason.WRONG_KIND, () -> SharedRegion.openOrCreate(name, 64));
            event.set();
        }
    }

    @Test
    void wrongArgumentsAreRefused() {
        try (NamedEvent event = NamedEvent.create(name)) {
            assertThrows(IllegalArgumentException.class, () -> event.await(Duration.ofNanos(-1)));
            assertThrows(NullPointerException.class, () -> event.await((Duration) null));
            assertThrows(NullPointerException.class, () -> NamedEvent.create(name + "x", null));
            assertThrows(NullPointerException.class, () -> NamedEvent.open(name, (EventAccess) null));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> NamedEvent.open(name, Duration.ofSeconds(-1), EventAccess.FULL));
        }
    }
}
