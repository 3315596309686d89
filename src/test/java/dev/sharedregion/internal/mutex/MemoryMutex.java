package dev.sharedregion.internal.mutex;

import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.MutexHandle;

/** A mutex of this process that behaves as one of Win32: it belongs to a thread, and a thread that ends abandons it. */
final class MemoryMutex implements MutexHandle {
    private Thread owner;
    private boolean rung;
    private boolean waiting;
    private boolean closed;
    private Failure nextWait;
    private Failure nextRelease;

    /** Runs in a wait that has acquired the mutex, before the wait returns. */
    private volatile Runnable onAcquired = () -> {};

    void onAcquired(Runnable action) {
        onAcquired = action;
    }

    synchronized void failNextWait(Failure failure) {
        nextWait = failure;
    }

    synchronized void failNextRelease(Failure failure) {
        nextRelease = failure;
    }

    /** Another program's thread acquires the mutex, and the test releases it for that thread. */
    synchronized void takeElsewhere() throws InterruptedException {
        while (isTaken()) {
            wait(10);
        }
        owner = new Thread();
    }

    synchronized void releaseElsewhere() {
        owner = null;
        notifyAll();
    }

    /** The thread that had the mutex elsewhere ends. */
    synchronized void abandonElsewhere() throws InterruptedException {
        owner = new Thread(() -> {});
        owner.start();
        owner.join();
        notifyAll();
    }

    synchronized void awaitFree() throws InterruptedException {
        while (isTaken()) {
            wait(10);
        }
    }

    synchronized void awaitWaiting() throws InterruptedException {
        while (!waiting) {
            wait();
        }
    }

    synchronized void awaitNobodyWaiting() throws InterruptedException {
        while (waiting) {
            wait();
        }
    }

    synchronized boolean isTaken() {
        return owner != null;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized Thread owner() {
        return owner;
    }

    @Override
    public synchronized Outcome poll() {
        check();
        if (owner == null) {
            owner = Thread.currentThread();
            return Outcome.ACQUIRED;
        }
        // The threads of other programs were never started.
        if (owner.getState() == Thread.State.TERMINATED) {
            owner = Thread.currentThread();
            return Outcome.ABANDONED;
        }
        return Outcome.NOT_ACQUIRED;
    }

    @Override
    public Outcome await() {
        Outcome outcome = awaitRing();
        if (outcome != Outcome.NOT_ACQUIRED) {
            onAcquired.run();
        }
        return outcome;
    }

    private synchronized Outcome awaitRing() {
        waiting = true;
        notifyAll();
        try {
            while (true) {
                if (nextWait != null) {
                    Failure failure = nextWait;
                    nextWait = null;
                    throw failure;
                }
                Outcome outcome = poll();
                if (outcome != Outcome.NOT_ACQUIRED || rung) {
                    rung = false;
                    return outcome;
                }
                wait(10);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            waiting = false;
            notifyAll();
        }
    }

    @Override
    public synchronized void release() {
        check();
        if (nextRelease != null) {
            Failure failure = nextRelease;
            nextRelease = null;
            throw failure;
        }
        if (owner != Thread.currentThread()) {
            throw new IllegalStateException("released by a thread that is not the owner");
        }
        owner = null;
        notifyAll();
    }

    @Override
    public synchronized void ring() {
        check();
        rung = true;
        notifyAll();
    }

    @Override
    public synchronized void close() {
        check();
        closed = true;
        notifyAll();
    }

    private void check() {
        if (closed) {
            throw new IllegalStateException("used after close");
        }
    }
}
