package dev.sharedregion.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.internal.jvm.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Waiter threads whose system is a semaphore, and what they do when that fails. */
class WaiterThreadTest {
    private static final int CAPACITY = 3;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Waits that have come. */
    private final Map<Registration, Boolean> come = new ConcurrentHashMap<>();

    private static final List<Waiter> ALL = Collections.synchronizedList(new ArrayList<>());

    private long idleNanos = IDLE_NANOS;
    private final List<Waiter> started = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final WaiterThreads threads = new WaiterThreads(() -> {
        Waiter waiter = new Waiter();
        started.add(waiter);
        ALL.add(waiter);
        return waiter;
    });

    /** Other tests count threads of that name. */
    @AfterAll
    static void awaitEnd() throws InterruptedException {
        for (Waiter each : ALL) {
            while (!each.freed) {
                Thread.sleep(10);
            }
        }
    }

    private static final class Wait extends Registration {
        Wait(long deadline) {
            super(deadline);
        }
    }

    private final class Waiter extends WaiterThread {
        final Semaphore wake = new Semaphore(0);
        volatile boolean freed;
        volatile List<Registration> sleepsFor = List.of();
        private Registration[] slots;

        Waiter() {
            super(CAPACITY, idleNanos);
        }

        @Override
        protected void prepare(Registration[] slots) {
            this.slots = slots;
            sleepsFor = Arrays.asList(slots.clone());
        }

        @Override
        protected void sleep(long until) {
            try {
                wake.tryAcquire(Deadline.remainingNanos(until), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new InternalError("as memory that has vanished");
            }
        }

        @Override
        protected boolean isSignalled(int slot) {
            return come.containsKey(slots[slot]);
        }

        @Override
        protected void kick() {
            wake.release();
        }

        @Override
        protected void free() {
            freed = true;
        }
    }

    private Wait add() {
        return add(Deadline.never());
    }

    private Wait add(long deadline) {
        Wait wait = new Wait(deadline);
        assertTrue(threads.add(wait));
        return wait;
    }

    private void signal(Registration wait) {
        come.put(wait, true);
        started.forEach(waiter -> waiter.wake.release());
    }

    @Test
    void theOneThatIsSignalledEndsAndTheOthersStay() {
        Wait first = add();
        Wait second = add();
        signal(second);
        second.awaitDone();
        assertTrue(second.isSignalled());
        assertFalse(first.isDone());
        first.leave();
        first.awaitDone();
        assertFalse(first.isWoken());
        assertEquals(1, started.size());
    }

    @Test
    void oneThatLeavesAndWasSignalledTellsSo() {
        Wait wait = add();
        while (!started.get(0).sleepsFor.contains(wait)) {
            Thread.onSpinWait();
        }
        come.put(wait, true);
        wait.leave();
        wait.awaitDone();
        assertTrue(wait.isSignalled());
    }

    @Test
    void anotherThreadIsStartedOnlyWhenTheOthersAreFull() {
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i < 2 * CAPACITY; i++) {
            waits.add(add());
            assertEquals(1 + i / CAPACITY, started.size());
        }
        waits.get(1).leave();
        waits.get(1).awaitDone();
        waits.add(add());
        assertEquals(2, started.size());
        waits.forEach(Registration::leave);
        waits.forEach(Registration::awaitDone);
    }

    @Test
    void theLastWaitsOfAThreadMoveToOthers() {
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i < CAPACITY + 1; i++) {
            waits.add(add());
        }
        Wait last = waits.remove(CAPACITY);
        waits.remove(0).leave();
        last.awaitDone();
        assertFalse(last.isWoken());
        Wait again = add();
        assertTrue(started.get(0).sleepsFor.contains(again) || started.get(0).room() == 0);
        again.leave();
        waits.forEach(Registration::leave);
    }

    @Test
    void aWaitEndsAtItsDeadline() {
        long start = System.nanoTime();
        Wait wait = add(Deadline.after(Duration.ofMillis(30)));
        wait.awaitDone();
        assertFalse(wait.isWoken());
        assertTrue(System.nanoTime() - start >= 30_000_000);
    }

    @Test
    void aFailureHasAllWaitsLookAndEndsNoThread() {
        idleNanos = TimeUnit.SECONDS.toNanos(5);
        Wait first = add();
        Wait second = add();
        failures.set(5);
        started.get(0).wake.release();
        first.awaitDone();
        second.awaitDone();
        assertTrue(first.isWoken() && !first.isSignalled());
        failures.set(0);
        // The last failure must not come after the next wait.
        Semaphore wake = started.get(0).wake;
        while (wake.availablePermits() > 0 || !wake.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
        Wait next = add();
        signal(next);
        next.awaitDone();
        assertTrue(next.isSignalled());
        assertEquals(1, started.size());
    }

    @Test
    void aThreadWithoutWaitsEnds() throws InterruptedException {
        Wait wait = add();
        wait.leave();
        wait.awaitDone();
        while (!started.get(0).freed) {
            Thread.sleep(10);
        }
        Wait next = add();
        assertEquals(2, started.size());
        next.leave();
        next.awaitDone();
    }

    @Test
    void whereNoThreadCanBeStartedThereIsNone() {
        for (Throwable refused : List.of(new OutOfMemoryError("unable to create native thread"),
                new Failure(Failure.Reason.SYSTEM_ERROR, "no handle"))) {
            WaiterThreads none = new WaiterThreads(() -> {
                if (refused instanceof Failure failure) {
                    throw failure;
                }
                throw (Error) refused;
            });
            assertFalse(none.add(new Wait(Deadline.never())));
        }
    }

    /** An event that no waiter thread sleeps for is looked at again and again. */
    @Test
    void aWaitWithoutAWaiterThreadPolls() throws InterruptedException {
        WaiterThreads none = new WaiterThreads(() -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        AtomicInteger looks = new AtomicInteger();
        EventWait wait = new EventWait(none) {
            @Override
            protected boolean takeNow(Registration ended) {
                return looks.incrementAndGet() == 5;
            }

            @Override
            protected Registration newRegistration(long deadline) {
                return new Wait(deadline);
            }

            @Override
            protected void giveBack(Registration ended) {}
        };
        assertTrue(EventWaits.await(new NoEvent(), wait, Deadline.never()));
        assertEquals(5, looks.get());
    }

    /** Only the wait counts. */
    private static final class NoEvent extends EventHandle {
        NoEvent() {
            super(true);
        }

        @Override
        public void set() {}

        @Override
        public void reset() {}

        @Override
        public boolean await(long deadline, ProcessEnd process) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected EventWait newWait(ProcessEnd process) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean poll() {
            return false;
        }

        @Override
        public void clear() {}

        @Override
        public void cancelWaits() {}

        @Override
        public void free() {}
    }
}
