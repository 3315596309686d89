package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.SafetyNet;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.lock.LockHandle;
import dev.sharedregion.internal.lock.LockOpener;
import dev.sharedregion.internal.lock.LockRequest;
import dev.sharedregion.internal.lock.LockSteps;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;

/**
 * A named lock that at most one thread of all processes holds at a time.
 *
 * <pre>{@code
 * try (SharedLock lock = SharedLock.openOrCreate("table")) {
 *     try (SharedLock.Guard guard = lock.lock()) {
 *         if (guard.abandoned()) {
 *             repair(region); // the last holder died in the middle
 *             guard.markConsistent();
 *         }
 *         update(region);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Objects.</b> The lock {@code x} consists of the region {@code x.lock} and of the auto-reset event
 * {@code x.unlocked}. Their names, with these suffixes, follow the rules of {@link SharedRegion}. Programs in C use
 * the same lock with {@code sharedregion_lock.h}. Locking and unlocking take no system call, unless another process
 * has the lock or waits for it.
 *
 * <p><b>When a holder dies.</b> If a process ends while it has the lock, the next holder gets the lock within 100
 * milliseconds, and its guard is {@linkplain Guard#abandoned() abandoned}: what the lock protects may be half
 * written. A holder that is only stopped, by a debugger or a signal, keeps the lock. On Windows the system may not let
 * this process open the process of another user. That process then counts as alive while its process id is in use.
 *
 * <p><b>Threads.</b> The lock belongs to a guard, not to a thread. Any thread may close a guard, and a virtual thread
 * may change its carrier while it has one. The lock is not reentrant: a thread that waits for a lock that it holds gets
 * an {@link IllegalStateException}, even if it holds the lock through another {@code SharedLock} of the same name.
 * Waiting threads get the lock in no particular order. What a holder writes is visible to the next holder.
 *
 * <p><b>Close.</b> {@link #close()} ends the waits of other threads with {@link IllegalStateException}. After it, every
 * method except {@link #close()}, {@link #name()} and {@code toString()} throws {@link IllegalStateException}. A guard
 * that is open stays valid, and has the lock until it is closed. If a {@code SharedLock} and its guards become
 * unreachable, the garbage collector closes it. A guard that was not closed then counts as one whose process has died.
 *
 * <p><b>When another program overwrites the lock.</b> Any process that may open the region {@code x.lock} can write to
 * it. Two holders may then have the lock at once, or none may get it, but every call returns: a wait at its timeout
 * at the latest. A call that finds the content wrong fails with a {@link SharedMemoryException} whose reason is {@code
 * CORRUPT}: every call that locks, and {@link Guard#close()}, which also gives the lock up in this process.
 */
public final class SharedLock implements AutoCloseable {
    private final LockHandle handle;
    private final Cleaner.Cleanable cleanable;

    private SharedLock(LockHandle handle) {
        this.handle = handle;
        this.cleanable = SafetyNet.CLEANER.register(this, handle::abandon);
    }

    /**
     * Opens the lock of this name, or creates it, for processes of the same user.
     *
     * @param name the name of the lock
     * @return the lock, which this call does not acquire
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #openOrCreate(String, Permissions)}
     */
    public static SharedLock openOrCreate(String name) {
        StackSpace.require();
        return openOrCreate(name, Permissions.ownerOnly());
    }

    /**
     * Opens the lock of this name, or creates it. The permissions apply to those of its two objects that this call
     * creates. Users of a lock write to its region, so {@link Permissions#ownerAndReaders()} lets other users lock.
     *
     * @param name the name of the lock
     * @param permissions who may use the lock
     * @return the lock, which this call does not acquire
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code TOO_MANY_OPEN} if the lock is open 255 times in all processes;
     *     {@code WRONG_KIND} if the region {@code x.lock} is not a lock's, or the event {@code x.unlocked} is known
     *     to be a manual-reset event; {@code UNSUPPORTED} if the lock is of another version; {@code CORRUPT} if another
     *     program is overwriting it; otherwise as {@link SharedRegion#openOrCreate(String, long, RegionOptions)} and
     *     {@link NamedEvent#openOrCreate(String, EventOptions)}
     */
    public static SharedLock openOrCreate(String name, Permissions permissions) {
        StackSpace.require();
        Objects.requireNonNull(permissions, "permissions");
        LockRequest request = new LockRequest(ObjectName.of(name), permissions.rights.forTurns());
        LockHandle handle = SharedMemoryException.translating(() -> LockOpener.open(ThisSystem.get(), request));
        try {
            return new SharedLock(handle);
        } catch (RuntimeException | Error e) {
            handle.close();
            throw e;
        }
    }

    /**
     * Waits until this thread has the lock.
     *
     * @return the guard, whose {@link Guard#close()} releases the lock
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IllegalStateException if this thread has the lock already, or if this object is closed before or during
     *     the wait
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the lock
     */
    public Guard lock() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Guard guard = new Guard(this);
        if (!tryAcquire(guard)) {
            acquire(guard, Deadline.never());
        }
        return guard;
    }

    // The guard is made before the lock is acquired, so that nothing has to be made, or called, after.

    private boolean tryAcquire(Guard guard) {
        guard.acquired = handle.tryAcquire(guard.thread);
        return guard.acquired != LockSteps.NOT_ACQUIRED;
    }

    private boolean acquire(Guard guard, long deadline) throws InterruptedException {
        try {
            guard.acquired = handle.acquire(guard.thread, deadline);
            return guard.acquired != LockSteps.NOT_ACQUIRED;
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not take a lock for dropped while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes the lock if it is free, or if its holder has died. Does not wait. Repeated calls notice a holder's death
     * within 25 milliseconds.
     *
     * @return the guard, or null if the lock is not free
     * @throws IllegalStateException if this object is closed
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the lock
     */
    public Guard tryLock() {
        Guard guard = new Guard(this);
        return tryAcquire(guard) || poll(guard) ? guard : null;
    }

    private boolean poll(Guard guard) {
        try {
            guard.acquired = handle.poll(guard.thread);
            return guard.acquired != LockSteps.NOT_ACQUIRED;
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits until this thread has the lock or the timeout has passed.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries without waiting; a longer time than 146
     *     years means 146 years
     * @return the guard, or null if the timeout passed first; {@code toString()} then tells who has the lock
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #lock()}
     * @throws SharedMemoryException as {@link #lock()}
     */
    public Guard tryLock(Duration timeout) throws InterruptedException {
        long deadline = Deadline.after(timeout);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Guard guard = new Guard(this);
        return tryAcquire(guard) || acquire(guard, deadline) ? guard : null;
    }

    /**
     * Returns the name, exactly as it was given.
     *
     * @return the name
     */
    public String name() {
        return handle.name();
    }

    /**
     * Closes the lock in this object, and ends the waits of other threads for it. An open guard keeps the lock until
     * the guard is closed. Further calls do nothing.
     */
    @Override
    public void close() {
        StackSpace.require();
        try {
            // Here, and not in the midst of the close.
            PendingErrors.rethrowIfMemory();
        } finally {
            closeHandle();
        }
    }

    private void closeHandle() {
        try {
            handle.close();
        } finally {
            // Otherwise a guard has the lock. If it is dropped, the collector is to find that out.
            if (handle.isGivenBack()) {
                cleanable.clean();
            }
        }
    }

    /**
     * Returns the name and who has the lock, for messages: the process, and the thread if it is one of this process.
     * The holder may have ended: only a call that locks detects that.
     */
    @Override
    public String toString() {
        StackSpace.require();
        return handle.toString();
    }

    /** The ownership of a {@link SharedLock} until {@link #close()}. Any thread may use it. */
    public static final class Guard implements AutoCloseable {
        private static final VarHandle CLOSED;
        private static final VarHandle BEATEN;

        static {
            try {
                CLOSED = MethodHandles.lookup().findVarHandle(Guard.class, "closedByOther", boolean.class);
                BEATEN = MethodHandles.lookup().findVarHandle(Guard.class, "beaten", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /** A lock that can be reached from here is not taken for dropped. */
        private final SharedLock lock;

        private final Thread thread = Thread.currentThread();

        /** What acquiring the lock has returned. */
        private long acquired;

        private volatile boolean consistent;

        /** By the thread that acquired the lock, which needs no atomic change for it: of two closes the word decides. */
        private boolean closedByHolder;

        /** By any other thread. */
        private volatile boolean closedByOther;

        /** Whether one of the two has found the ownership over. */
        private volatile boolean beaten;

        private Guard(SharedLock lock) {
            this.lock = lock;
        }

        /**
         * Returns true if a holder died while it had the lock, and no holder has called {@link #markConsistent()}
         * since: treat what the lock protects as half written. Works after close, too.
         *
         * @return true until {@link #markConsistent()} is called on this guard
         */
        public boolean abandoned() {
            return LockHandle.isAbandoned(acquired) && !consistent;
        }

        /**
         * Says that what the lock protects is whole again. The next guards are then not {@linkplain #abandoned()
         * abandoned}. Without this call they stay abandoned.
         *
         * @throws IllegalStateException if this guard is closed
         */
        public void markConsistent() {
            if (isClosed()) {
                throw new IllegalStateException("The guard of " + lock.handle.what() + " is closed.");
            }
            consistent = true;
        }

        /**
         * Releases the lock. Further calls do nothing.
         *
         * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the lock, so that another
         *     process may have had the lock, too
         */
        @Override
        public void close() {
            boolean isHolder = Thread.currentThread() == thread;
            if (!beginClose(isHolder)) {
                return;
            }
            long released;
            boolean done = false;
            try {
                released = lock.handle.release(acquired, consistent);
                done = true;
            } finally {
                // Fields and no call, because the stack may be full.
                if (!done && isHolder) {
                    closedByHolder = false;
                } else if (!done) {
                    closedByOther = false;
                }
            }
            try {
                if (released != LockSteps.NOT_ACQUIRED || !isReleasedByOther(isHolder)) {
                    lock.handle.afterRelease(released);
                }
            } catch (Failure e) {
                throw SharedMemoryException.of(e);
            } finally {
                // The collector must not take the guard for dropped while it is closed.
                Reference.reachabilityFence(lock);
            }
        }

        private boolean isClosed() {
            return closedByHolder || closedByOther;
        }

        /**
         * Whether this call is the first of the thread that acquired the lock, or the first of all others. The first goes
         * on even if another thread has begun: when it returns, this thread does not have the lock any more.
         */
        private boolean beginClose(boolean isHolder) {
            if (closedByHolder || !isHolder && !CLOSED.compareAndSet(this, false, true)) {
                return false;
            }
            if (isHolder) {
                closedByHolder = true;
            }
            return true;
        }

        /**
         * Whether another thread's close has released the lock, and not another program. It began before it changed the
         * word, so it is seen here. If both closes find that they have not done it, the second one tells.
         */
        private boolean isReleasedByOther(boolean isHolder) {
            return (isHolder ? closedByOther : closedByHolder) && BEATEN.compareAndSet(this, false, true);
        }

        /** Returns the lock's name and whether this guard has the lock, for messages. */
        @Override
        public String toString() {
            StackSpace.require();
            return "guard of " + lock.handle.what() + (isClosed() ? " (closed)" : "");
        }
    }
}
