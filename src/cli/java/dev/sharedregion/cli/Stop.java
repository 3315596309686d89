package dev.sharedregion.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When a verb that goes on is to end: by Ctrl-C, or after a time. The JVM waits for the verb's own end, so that nothing
 * is left half done. The verb closes this when it has printed its last line.
 */
final class Stop implements AutoCloseable {
    /** A verb that hangs, as on a terminal that is held, must not keep the process. */
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch asked;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "stop");
    private final boolean ends;
    private final long deadline;

    /**
     * Begins to wait for Ctrl-C.
     *
     * @param asked counted down by Ctrl-C
     * @param seconds the time after which the verb ends without it; null if it does not
     */
    Stop(CountDownLatch asked, Double seconds) {
        this.asked = asked;
        ends = seconds != null;
        deadline = System.nanoTime() + (ends ? (long) (seconds * 1e9) : 0);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end() {
        asked.countDown();
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns true if the verb is to end. */
    boolean isDue() {
        return asked.getCount() == 0 || ends && System.nanoTime() - deadline >= 0;
    }

    /** Waits for a time, or until the verb is to end. Returns true if the verb is to end. */
    boolean await(long time, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(time);
        long most = ends ? Math.min(nanos, deadline - System.nanoTime()) : nanos;
        asked.await(most, TimeUnit.NANOSECONDS);
        return isDue();
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook has what it waits for.
        }
    }
}
