package dev.sharedregion.internal.os;

import java.util.concurrent.locks.LockSupport;

/**
 * One wait of the current thread that a {@link WaiterThread} sleeps for. It ends once: when it is signalled, when
 * its time is up, when the waiter thread cannot sleep for it, or when the waiting thread {@linkplain #leave leaves}. A
 * subclass has what the system is to wait for.
 */
public abstract class Registration {
    /**
     * There was nothing when the waiting thread left, when its time was up, or when another waiter thread is better.
     */
    static final int LEFT = 1;

    /** What it waits for has come, or the wait has to look. */
    static final int SIGNALLED = 2;

    /** The wait has to look, because the waiter thread has failed. Nothing was taken for it. */
    static final int WOKEN = 3;

    /** When the waiter thread ends it. */
    final long deadline;

    private final Thread thread = Thread.currentThread();
    private WaiterThread waiter;
    private volatile int result;

    // Guarded by the waiter thread's lock.
    int slot;
    boolean prepared;
    boolean leaves;

    protected Registration(long deadline) {
        this.deadline = deadline;
    }

    void enter(WaiterThread waiter, int slot) {
        this.waiter = waiter;
        this.slot = slot;
    }

    /** Ends it. Further calls do nothing. */
    void end(int result) {
        if (this.result == 0) {
            this.result = result;
        }
    }

    void unpark() {
        LockSupport.unpark(thread);
    }

    /** Whether it has ended: the waiter thread does not sleep for it any more. */
    public final boolean isDone() {
        return result != 0;
    }

    /** Whether it was signalled; on Windows an auto-reset event's signal was taken for it. Once it is done. */
    public final boolean isSignalled() {
        return result == SIGNALLED;
    }

    /** Whether it was ended by the waiter thread. Once it is done. */
    public final boolean isWoken() {
        return result != LEFT;
    }

    /** Begins to end it. */
    final void leave() {
        if (waiter == null) {
            end(LEFT);
        } else {
            waiter.leave(this);
        }
    }

    /** Waits until it has ended. The thread's interrupt status stays as it is. */
    final void awaitDone() {
        boolean interrupted = false;
        while (!isDone()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
