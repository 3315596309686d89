package dev.sharedregion.internal.request;

import dev.sharedregion.internal.jvm.Deadline;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Has one of several threads poll, and the others wait until what they want has come or it is their turn. A thread that
 * is alone polls without more than one atomic change.
 */
final class PollTurn {
    /** What the thread whose turn it is does. */
    @FunctionalInterface
    interface Step {
        /** Polls, and waits at most until a deadline. Ends if the thread is interrupted. */
        void until(long deadline) throws InterruptedException;
    }

    private final AtomicReference<Thread> poller = new AtomicReference<>();

    /** The threads that wait for the turn, or for what the poller gets. */
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    /**
     * Polls, or waits, until a condition holds or the deadline has passed. Who makes the condition hold unparks the
     * thread.
     */
    void await(BooleanSupplier condition, long deadline, Step step) throws InterruptedException {
        Thread me = Thread.currentThread();
        boolean queued = false;
        try {
            while (!condition.getAsBoolean()) {
                if (poller.compareAndSet(null, me)) {
                    lead(condition, deadline, step);
                    return;
                }
                Deadline.checkInterrupt();
                if (Deadline.hasPassed(deadline)) {
                    return;
                }
                if (!queued) {
                    // And once more: the poller may have left before it could see this thread.
                    queued = waiting.add(me);
                } else {
                    LockSupport.parkNanos(this, Deadline.remainingNanos(deadline));
                }
            }
        } finally {
            if (queued) {
                waiting.remove(me);
            }
            passOn();
        }
    }

    private void lead(BooleanSupplier condition, long deadline, Step step) throws InterruptedException {
        try {
            boolean passed = false;
            // The first step without a look at the clock, which takes as long.
            while (!condition.getAsBoolean() && !passed) {
                step.until(deadline);
                passed = !condition.getAsBoolean() && Deadline.hasPassed(deadline);
            }
        } finally {
            poller.set(null);
        }
    }

    /** A thread that leaves may have been woken to poll. So each one that leaves wakes another one. */
    private void passOn() {
        Thread next = poller.get() == null ? waiting.peek() : null;
        if (next != null) {
            LockSupport.unpark(next);
        }
    }
}
