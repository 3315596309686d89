package dev.sharedregion.internal.telemetry;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.OperatingSystem;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An open reader. The calls of several threads take turns, and the lock is free while a thread sleeps. It is no
 * monitor: a virtual thread that waits for a monitor holds its carrier.
 */
public final class TelemetryHandle implements AutoCloseable {
    /** A set and a reset of the event can come between two sleeps, so no sleep on it is longer. */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final OperatingSystem system;
    private final String what;
    private final Wakeups wakeups;

    /** Guards all that changes. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition closing = lock.newCondition();
    private final Snapshots snapshots;

    /** The events on which threads sleep. */
    private final List<EventHandle> sleepingOn = new ArrayList<>(1);

    private volatile boolean closed;

    public TelemetryHandle(OperatingSystem system, TelemetryRequest request) {
        this.system = system;
        this.what = request.name().region();
        this.wakeups = request.wakeups();
        this.snapshots = new Snapshots(system, request);
    }

    /** Copies into a buffer that has been checked. */
    public Outcome read(ByteBuffer copy) {
        lock.lock();
        try {
            checkOpen();
            Outcome outcome = snapshots.read(copy);
            // Code of the user may have closed it.
            checkOpen();
            return outcome;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for something newer than the last copy.
     *
     * @return false if the deadline has passed
     */
    public boolean await(long deadline) throws InterruptedException {
        Deadline.checkInterrupt();
        NewDataEvent event = new NewDataEvent(system, wakeups.event());
        lock.lock();
        try {
            while (true) {
                checkOpen();
                if (snapshots.isNewer()) {
                    return true;
                }
                if (Deadline.hasPassed(deadline)) {
                    return false;
                }
                pause(event, deadline);
            }
        } finally {
            lock.unlock();
            event.close();
        }
    }

    private void pause(NewDataEvent event, long deadline) throws InterruptedException {
        EventHandle handle = event.next();
        if (handle == null) {
            closing.awaitNanos(Math.min(wakeups.pollNanos(), Deadline.remainingNanos(deadline)));
            return;
        }
        sleepingOn.add(handle);
        lock.unlock();
        try {
            long nanos = Math.min(LONGEST_SLEEP_NANOS, Deadline.remainingNanos(deadline));
            event.await(System.nanoTime() + nanos);
        } finally {
            lock.lock();
            sleepingOn.remove(handle);
        }
    }

    public Failure problem() {
        lock.lock();
        try {
            checkOpen();
            return snapshots.problem();
        } finally {
            lock.unlock();
        }
    }

    public int length() {
        lock.lock();
        try {
            checkOpen();
            return snapshots.length();
        } finally {
            lock.unlock();
        }
    }

    public String state() {
        lock.lock();
        try {
            return closed ? "closed" : snapshots.state();
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        return closed;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The reader of " + what + " is closed.");
        }
    }

    /** Ends the waits of other threads. Further calls do nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                closing.signalAll();
                sleepingOn.forEach(EventHandle::cancel);
                snapshots.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
