package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.helpers.WaiterThreadCount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits for any of several events. {@link VirtualThreadsTest} has the same in virtual threads. */
class AwaitAnyTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int MANY = 1_000;

    /** How many waits a waiter thread has, at least, before the next one is started. */
    private static final int WAITS_PER_THREAD = Platform.isWindows() ? 63 : 100;

    private final String name = TestNames.unique();
    private final List<NamedEvent> events = new ArrayList<>();
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        others.shutdownNow();
        events.forEach(NamedEvent::close);
    }

    private NamedEvent[] create(int count) {
        for (int i = 0; i < count; i++) {
            events.add(NamedEvent.create(name + "-" + i));
        }
        return events.toArray(NamedEvent[]::new);
    }

    private Future<Integer> inAnotherThread(Duration timeout, NamedEvent... all) {
        return others.submit(() -> NamedEvent.awaitAny(timeout, all));
    }

    /** Waits until there is a waiter thread, and gives it time to sleep. */
    private static void awaitAsleep() throws InterruptedException {
        while (WaiterThreadCount.now() == 0) {
            Thread.sleep(1);
        }
        Thread.sleep(50);
    }

    @Test
    void theOneThatIsSetIsReturnedAndTheOthersKeepTheirs() throws Exception {
        NamedEvent[] all = create(5);
        all[3].set();
        assertEquals(3, NamedEvent.awaitAny(LONG, all));
        assertEquals(-1, NamedEvent.awaitAny(Duration.ZERO, all), "its signal was taken");
        assertEquals(-1, NamedEvent.awaitAny(Duration.ofMillis(20), all));
        all[1].set();
        all[4].set();
        int first = NamedEvent.awaitAny(LONG, all);
        assertTrue(first == 1 || first == 4, "it was " + first);
        assertEquals(5 - first, NamedEvent.awaitAny(Duration.ZERO, all), "the other one keeps its signal");
    }

    @Test
    void aWaitThatSleepsIsReleased() throws Exception {
        NamedEvent[] all = create(3);
        for (int i = 0; i < all.length; i++) {
            Future<Integer> waiter = inAnotherThread(LONG, all);
            awaitAsleep();
            assertFalse(waiter.isDone());
            all[i].set();
            assertEquals(i, waiter.get());
            assertEquals(-1, NamedEvent.awaitAny(Duration.ZERO, all));
        }
    }

    @Test
    void aManualResetEventStaysSet() throws Exception {
        NamedEvent auto = create(1)[0];
        NamedEvent manual = NamedEvent.create(name + "-m", EventOptions.manualReset());
        events.add(manual);
        Future<Integer> waiter = inAnotherThread(LONG, auto, manual);
        awaitAsleep();
        manual.set();
        assertEquals(1, waiter.get());
        assertEquals(1, NamedEvent.awaitAny(Duration.ZERO, auto, manual));
        manual.reset();
        assertEquals(-1, NamedEvent.awaitAny(Duration.ZERO, auto, manual));
    }

    @Test
    void thousandsOfEventsTakeFewThreads() throws Exception {
        NamedEvent[] all = create(MANY);
        for (int i : new int[] {0, 500, MANY - 1}) {
            Future<Integer> waiter = inAnotherThread(LONG, all);
            awaitAsleep();
            Thread.sleep(200);
            long threads = WaiterThreadCount.now();
            assertTrue(threads <= 1 + MANY / WAITS_PER_THREAD, threads + " threads for " + MANY + " waits");
            all[i].set();
            assertEquals(i, waiter.get());
        }
    }

    /** Half of the events are set all the time. */
    @Test
    void noEventStarves() throws Exception {
        NamedEvent[] all = create(20);
        int[] returned = new int[all.length];
        for (int round = 0; round < 2_000; round++) {
            for (int i = 0; i < all.length; i += 2) {
                all[i].set();
            }
            returned[NamedEvent.awaitAny(LONG, all)]++;
        }
        for (int i = 0; i < all.length; i += 2) {
            assertTrue(returned[i] >= 20, "event " + i + " was returned " + returned[i] + " times of 2,000");
        }
    }

    /** Each set is returned by one wait, or is still there afterwards. */
    @Test
    void nothingIsLostOrComesTwice() throws Exception {
        NamedEvent[] all = create(8);
        NamedEvent taken = NamedEvent.create(name + "-taken");
        events.add(taken);
        int sets = Sizes.of("sharedregion.awaitAny", 700, 50_000);
        AtomicInteger found = new AtomicInteger();
        List<Future<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiters.add(others.submit(() -> {
                while (found.get() < sets) {
                    if (NamedEvent.awaitAny(Duration.ofMillis(20), all) >= 0) {
                        found.incrementAndGet();
                        taken.set();
                    }
                }
                return null;
            }));
        }
        for (int set = 0; set < sets; set++) {
            all[set % all.length].set();
            assertTrue(taken.await(LONG), "lost wake-up");
        }
        for (Future<Void> waiter : waiters) {
            waiter.get();
        }
        assertEquals(sets, found.get());
        assertEquals(-1, NamedEvent.awaitAny(Duration.ZERO, all));
    }

    /** Many events are set at once, so that signals have come for a wait that returns another event. */
    @Test
    void whatIsNotReturnedIsGivenBack() throws Exception {
        NamedEvent[] all = create(6);
        for (int round = 0; round < Sizes.of("sharedregion.givenBack", 100, 20_000); round++) {
            Future<Integer> waiter = inAnotherThread(LONG, all);
            Thread.yield();
            for (NamedEvent each : all) {
                each.set();
            }
            int first = waiter.get();
            for (int i = 0; i < all.length; i++) {
                assertEquals(
                        i != first, all[i].await(Duration.ZERO), "event " + i + ", and " + first + " was returned");
            }
        }
    }

    @Test
    void setsByAProgramInCReleaseIt() throws Exception {
        NamedEvent[] all = create(200);
        try (Peer setter = Peer.start(List.of(Tools.cPeer("setter").toString()))) {
            for (int i : new int[] {7, 199, 7}) {
                Future<Integer> waiter = inAnotherThread(LONG, all);
                awaitAsleep();
                setter.send(all[i].name());
                setter.expect("set");
                assertEquals(i, waiter.get());
            }
        }
    }

    @Test
    void anInterruptEndsItAndTakesNoSignal() throws Exception {
        NamedEvent[] all = create(3);
        for (int round = 0; round < 200; round++) {
            Thread[] thread = new Thread[1];
            Future<Integer> waiter = others.submit(() -> {
                thread[0] = Thread.currentThread();
                return NamedEvent.awaitAny(LONG, all);
            });
            if (round == 0) {
                awaitAsleep();
            }
            while (thread[0] == null) {
                Thread.onSpinWait();
            }
            thread[0].interrupt();
            ExecutionException e = assertThrows(ExecutionException.class, waiter::get);
            assertInstanceOf(InterruptedException.class, e.getCause());
        }
        all[2].set();
        assertEquals(2, NamedEvent.awaitAny(Duration.ZERO, all));
    }

    @Test
    void aCloseOfOneEndsItAndNamesThatOne() throws Exception {
        NamedEvent[] all = create(3);
        Future<Integer> waiter = inAnotherThread(LONG, all);
        awaitAsleep();
        all[1].close();
        ExecutionException e = assertThrows(ExecutionException.class, waiter::get);
        assertInstanceOf(IllegalStateException.class, e.getCause());
        assertTrue(e.getCause().getMessage().contains(all[1].name()), e.getCause().getMessage());
        assertThrows(IllegalStateException.class, () -> NamedEvent.awaitAny(LONG, all));
        all[0].close();
        all[2].close();
    }

    @Test
    void itEndsNoSoonerThanItsTime() throws InterruptedException {
        NamedEvent[] all = create(2);
        for (long nanos : new long[] {1, 1_000_000, 60_000_001}) {
            long start = System.nanoTime();
            assertEquals(-1, NamedEvent.awaitAny(Duration.ofNanos(nanos), all));
            assertTrue(System.nanoTime() - start >= nanos, "it gave up before its time");
        }
    }

    /** Two objects of one event are two handles of it. */
    @Test
    void anEventMayBeOpenTwice() throws Exception {
        NamedEvent first = create(1)[0];
        NamedEvent second = NamedEvent.open(first.name());
        events.add(second);
        Future<Integer> waiter = inAnotherThread(LONG, first, second);
        awaitAsleep();
        first.set();
        int index = waiter.get();
        assertTrue(index == 0 || index == 1);
        assertFalse(first.await(Duration.ZERO), "one set releases one wait");
    }
}
