package dev.sharedregion.helpers;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A call in a virtual thread, which JDK 21 and newer have. The tests are compiled for JDK 17. */
public final class VirtualThread<T> {
    public static final int FIRST_JDK = 21;

    private static final long PATIENCE_SECONDS = 120;

    private final FutureTask<T> task;
    private final Thread thread;

    private VirtualThread(Callable<T> call) {
        task = new FutureTask<>(call);
        try {
            thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    public static <T> VirtualThread<T> start(Callable<T> call) {
        return new VirtualThread<>(call);
    }

    /** Its result; fails if it does not end. */
    public T get() throws Exception {
        return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    public boolean isDone() {
        return task.isDone();
    }

    public void interrupt() {
        thread.interrupt();
    }

    /** Waits until it is parked. */
    public VirtualThread<T> parked() throws InterruptedException {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        return this;
    }
}
