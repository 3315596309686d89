package dev.sharedregion.internal.telemetry;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.mutex.MutexThread;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import java.util.concurrent.TimeUnit;

/**
 * The producer holds a mutex while it writes. The reader holds it for one attempt by another rule. Where the mutex
 * cannot be had, that rule is all there is.
 */
public final class MutexGuarded implements CopyProtocol {
    /** How long the producer may write. It waits as long for the reader, at the most, if all readers are like this. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OperatingSystem system;
    private final ObjectName name;
    private final CopyProtocol otherwise;
    private final long longestWaitNanos;

    /** Null while the mutex cannot be opened. */
    private MutexThread mutex;

    private long nextOpening = System.nanoTime();

    public MutexGuarded(OperatingSystem system, ObjectName name, CopyProtocol otherwise) {
        this(system, name, otherwise, LONGEST_WAIT_NANOS);
    }

    MutexGuarded(OperatingSystem system, ObjectName name, CopyProtocol otherwise, long longestWaitNanos) {
        this.system = system;
        this.name = name;
        this.otherwise = otherwise;
        this.longestWaitNanos = longestWaitNanos;
    }

    @Override
    public Attempt attempt(SourceMemory memory, Copies copies) {
        MutexThread.Claim claim = acquire();
        if (claim == null) {
            return otherwise.attempt(memory, copies);
        }
        try {
            Attempt attempt = otherwise.attempt(memory, copies);
            if (!claim.isAbandoned()) {
                return attempt;
            }
            // The producer has ended while it wrote. What is there is never delivered.
            if (attempt == Attempt.NEW) {
                copies.accept();
            }
            return Attempt.TORN;
        } finally {
            release(claim);
        }
    }

    /** Looking, many times a second, must not make the producer wait. */
    @Override
    public CopyProtocol forLooking() {
        return otherwise.forLooking();
    }

    /** Returns null if the mutex cannot be had now. An interrupt is left for the caller of the reader. */
    private MutexThread.Claim acquire() {
        boolean interrupted = Thread.interrupted();
        try {
            open();
            return mutex == null ? null : mutex.acquire(System.nanoTime() + longestWaitNanos);
        } catch (Failure e) {
            closeMutex();
            return null;
        } catch (InterruptedException e) {
            interrupted = true;
            return null;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void open() {
        if (mutex == null && Deadline.hasPassed(nextOpening)) {
            nextOpening = System.nanoTime() + REOPEN_NANOS;
            mutex = new MutexThread(system.openMutex(name), name.mutex());
        }
    }

    private void release(MutexThread.Claim claim) {
        try {
            mutex.release(claim);
        } catch (Failure e) {
            // Nobody could try again, except by ending the thread, which gives the mutex back as abandoned.
            mutex.drop(claim);
            closeMutex();
        }
    }

    private void closeMutex() {
        if (mutex != null) {
            mutex.close();
            mutex = null;
        }
    }

    @Override
    public void close() {
        closeMutex();
        otherwise.close();
    }
}
