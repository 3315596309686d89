package dev.sharedregion;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.jvm.VirtualThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A wait as a future. A thread of its own waits: a virtual one where the JDK has them. So the actions that depend on
 * the future keep no other wait from ending.
 */
final class AwaitFuture extends CompletableFuture<Void> {
    private static final String THREAD_NAME = "sharedregion-await";

    /** What the thread waits for. */
    interface Wait {
        /** Waits. If this throws, nothing was taken. */
        void await() throws InterruptedException;

        /** Gives back what was taken, if that is possible: the future was completed by another thread before. */
        void giveBack();
    }

    // How far the wait is.
    private static final int NEW = 0;
    private static final int WAITING = 1;

    /** It took nothing, and does not take anything any more. */
    private static final int GIVEN_UP = 2;

    private final Wait wait;
    private final AtomicInteger state = new AtomicInteger(NEW);

    /** The thread, once the state is WAITING. */
    private volatile Thread thread;

    private AwaitFuture(Wait wait) {
        this.wait = wait;
    }

    /** Starts the wait. */
    static AwaitFuture start(Wait wait) {
        AwaitFuture future = new AwaitFuture(wait);
        future.whenComplete((nothing, failure) -> future.endWait());
        VirtualThreads.start(future::run, THREAD_NAME);
        return future;
    }

    private void run() {
        thread = Thread.currentThread();
        if (!state.compareAndSet(NEW, WAITING)) {
            return;
        }
        try {
            // A thread that has completed the future before the state was WAITING has not interrupted this one.
            if (!isDone()) {
                wait.await();
                if (!complete(null)) {
                    wait.giveBack();
                }
            }
        } catch (InterruptedException e) {
            state.set(GIVEN_UP);
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    /** Interrupts the wait, unless the waiting thread itself has completed the future. */
    private void endWait() {
        if (state.get() == WAITING && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    /** Ends the wait first: if the wait was faster, the future is completed as usual. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        StackSpace.require();
        if (!isDone() && !state.compareAndSet(NEW, GIVEN_UP)) {
            endWait();
            Backoff backoff = Backoff.endless();
            while (!isDone() && state.get() != GIVEN_UP) {
                backoff.pause();
            }
        }
        return super.cancel(mayInterruptIfRunning);
    }
}
