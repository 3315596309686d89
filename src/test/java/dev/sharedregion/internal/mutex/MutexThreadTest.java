package dev.sharedregion.internal.mutex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.os.Failure;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** How callers, and the thread that acquires for them, hand over a mutex. No system takes part. */
@Timeout(60)
class MutexThreadTest {
    private final MemoryMutex handle = new MemoryMutex();
    private final MutexThread mutex = new MutexThread(handle, "mutex \"x\"");

    @AfterEach
    void nothingIsLeft() throws Exception {
        mutex.close();
        assertTrue(handle.isClosed());
        mutex.close();
    }

    private static long in(long millis) {
        return Deadline.after(Duration.ofMillis(millis));
    }

    private static <T> FutureTask<T> beside(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "beside");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private FutureTask<Boolean> acquireAndRelease() {
        return beside(() -> {
            MutexThread.Claim claim = mutex.acquire(Deadline.never());
            mutex.release(claim);
            return claim.isAbandoned();
        });
    }

    private static Throwable failure(FutureTask<?> task) throws InterruptedException {
        return assertThrows(ExecutionException.class, task::get).getCause();
    }

    @Test
    void freeMutexIsAcquiredHoweverShortTheTimeout() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            MutexThread.Claim claim = mutex.acquire(in(0));
            assertNotNull(claim, "round " + i);
            mutex.release(claim);
            assertFalse(handle.isTaken());
        }
    }

    @Test
    void timeoutLeavesNothingBehind() throws Exception {
        for (int millis : new int[] {0, 1, 20}) {
            handle.takeElsewhere();
            assertNull(mutex.acquire(in(millis)));
            handle.awaitNobodyWaiting();
            handle.releaseElsewhere();
            handle.awaitFree();
        }
    }

    @Test
    void interruptLeavesNothingBehind() throws Exception {
        handle.takeElsewhere();
        FutureTask<Boolean> waiting = new FutureTask<>(() -> mutex.acquire(Deadline.never()) != null);
        Thread thread = new Thread(waiting);
        thread.start();
        handle.awaitWaiting();
        thread.interrupt();
        assertInstanceOf(InterruptedException.class, failure(waiting));
        handle.awaitNobodyWaiting();
        handle.releaseElsewhere();
        assertFalse(handle.isTaken());
    }

    /** The thread has the mutex by then, and the system has told it that the mutex was abandoned. */
    @Test
    void mutexForACallerThatHasLeftIsReleasedAndTheNextOneIsTold() throws Exception {
        handle.takeElsewhere();
        CountDownLatch left = new CountDownLatch(1);
        Thread[] caller = new Thread[1];
        handle.onAcquired(() -> {
            caller[0].interrupt();
            try {
                left.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        FutureTask<Boolean> waiting = new FutureTask<>(() -> mutex.acquire(Deadline.never()) != null);
        caller[0] = new Thread(waiting);
        caller[0].start();
        handle.awaitWaiting();
        handle.abandonElsewhere();
        assertInstanceOf(InterruptedException.class, failure(waiting));
        handle.onAcquired(() -> {});
        left.countDown();
        handle.awaitFree();
        MutexThread.Claim next = mutex.acquire(Deadline.never());
        assertTrue(next.isAbandoned());
        mutex.release(next);
        MutexThread.Claim afterNext = mutex.acquire(Deadline.never());
        assertFalse(afterNext.isAbandoned());
        mutex.release(afterNext);
    }

    @Test
    void callersGetItInTurnAndTheOtherProgramInBetween() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<FutureTask<Void>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(beside(() -> {
                for (int turn = 0; turn < 200; turn++) {
                    MutexThread.Claim claim = mutex.acquire(Deadline.never());
                    assertEquals(1, inside.incrementAndGet());
                    inside.decrementAndGet();
                    mutex.release(claim);
                }
                return null;
            }));
        }
        for (int turn = 0; turn < 50; turn++) {
            handle.takeElsewhere();
            assertEquals(1, inside.incrementAndGet());
            inside.decrementAndGet();
            handle.releaseElsewhere();
        }
        for (FutureTask<Void> each : callers) {
            each.get();
        }
    }

    @Test
    void failedReleaseIsReportedAndCanBeRepeated() throws Exception {
        MutexThread.Claim claim = mutex.acquire(Deadline.never());
        handle.failNextRelease(new Failure(Failure.Reason.SYSTEM_ERROR, "no", 7, ""));
        assertEquals(7, assertThrows(Failure.class, () -> mutex.release(claim)).errorCode());
        assertTrue(mutex.isHeldBy(claim));
        assertTrue(handle.isTaken());
        mutex.release(claim);
        mutex.release(claim);
        assertFalse(handle.isTaken());
    }

    @Test
    void droppedHoldThatCannotBeReleasedIsAbandoned() throws Exception {
        MutexThread.Claim claim = mutex.acquire(Deadline.never());
        Thread first = handle.owner();
        FutureTask<Boolean> waiting = acquireAndRelease();
        handle.failNextRelease(new Failure(Failure.Reason.SYSTEM_ERROR, "no", 7, ""));
        mutex.drop(claim);
        first.join();
        try {
            waiting.get();
        } catch (ExecutionException e) {
            // It was told, because it waited by then.
            assertEquals(7, assertInstanceOf(Failure.class, e.getCause()).errorCode());
            assertTrue(acquireAndRelease().get());
        }
        assertNotSame(first, handle.owner());
        assertFalse(handle.isTaken());
    }

    @Test
    void droppedHoldIsReleased() throws Exception {
        mutex.drop(mutex.acquire(Deadline.never()));
        assertFalse(acquireAndRelease().get());
    }

    @Test
    void failedWaitIsReportedToOneCaller() throws Exception {
        handle.takeElsewhere();
        FutureTask<Boolean> waiting = acquireAndRelease();
        handle.awaitWaiting();
        handle.failNextWait(new Failure(Failure.Reason.SYSTEM_ERROR, "no", 7, ""));
        assertEquals(7, assertInstanceOf(Failure.class, failure(waiting)).errorCode());
        FutureTask<Boolean> next = acquireAndRelease();
        handle.awaitWaiting();
        handle.releaseElsewhere();
        next.get();
    }

    @Test
    void secondClaimOfOneThreadIsRefused() throws Exception {
        MutexThread.Claim claim = mutex.acquire(Deadline.never());
        for (long deadline : new long[] {in(0), Deadline.never()}) {
            String message = assertThrows(IllegalStateException.class, () -> mutex.acquire(deadline)).getMessage();
            assertTrue(message.contains("\"x\"") && message.contains("reentrant"), message);
        }
        assertNull(beside(() -> mutex.acquire(in(5))).get());
        FutureTask<Boolean> waiting = acquireAndRelease();
        beside(() -> {
            mutex.release(claim);
            return null;
        }).get();
        waiting.get();
        mutex.release(mutex.acquire(in(0)));
    }

    @Test
    void closeEndsWaitsAndKeepsTheHold() throws Exception {
        MutexThread.Claim claim = mutex.acquire(Deadline.never());
        Thread thread = handle.owner();
        FutureTask<Boolean> waiting = acquireAndRelease();
        mutex.close();
        assertInstanceOf(IllegalStateException.class, failure(waiting));
        assertThrows(IllegalStateException.class, () -> mutex.acquire(in(0)));
        assertTrue(handle.isTaken());
        assertFalse(handle.isClosed());
        mutex.release(claim);
        assertFalse(handle.isTaken());
        assertTrue(handle.isClosed());
        thread.join();
    }

    @Test
    void closeEndsAWaitForTheOtherProgram() throws Exception {
        handle.takeElsewhere();
        FutureTask<Boolean> waiting = acquireAndRelease();
        handle.awaitWaiting();
        mutex.close();
        assertTrue(handle.isClosed());
        assertInstanceOf(IllegalStateException.class, failure(waiting));
    }

    /** More of them than there are carriers. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void waitingVirtualThreadsLeaveTheirCarriers() throws Exception {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        handle.takeElsewhere();
        List<FutureTask<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            FutureTask<Void> task = new FutureTask<>(() -> {
                mutex.release(mutex.acquire(Deadline.never()));
                return null;
            });
            waiting.add(task);
            start.invoke(null, task);
        }
        handle.awaitWaiting();
        FutureTask<Integer> other = new FutureTask<>(() -> 1);
        start.invoke(null, other);
        assertEquals(1, other.get());
        handle.releaseElsewhere();
        for (FutureTask<Void> each : waiting) {
            each.get();
        }
    }
}
