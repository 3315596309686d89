package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.SafetyNet;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.mutex.MutexThread;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;

/**
 * A Win32 mutex that another program has created, to take turns with that program. For example, HWiNFO guards its
 * shared memory by the mutex {@code Global\HWiNFO_SM2_MUTEX}. This class opens mutexes and never creates one. Between
 * programs that use this library, use {@link SharedLock} instead: it works on both systems, and without contention it
 * takes no system call.
 *
 * <pre>{@code
 * try (NamedMutex mutex = NamedMutex.open("Global\\HWiNFO_SM2_MUTEX");
 *         NamedMutex.Guard guard = mutex.acquire()) {
 *     copy(region); // the other program does not write now
 * }
 * }</pre>
 *
 * <p><b>Systems.</b> Windows only. Linux has no named mutex that programs of other vendors could share. There {@code
 * open} throws {@link SharedMemoryException} with the reason {@code UNSUPPORTED}.
 *
 * <p><b>Names and rights.</b> Names are as described in {@link SharedRegion}. On Windows a mutex shares one namespace
 * with regions and events. A name in {@code Global\} is the same in all sessions. The library asks for the right {@code
 * SYNCHRONIZE} only, with which a process can acquire and release a mutex. A program that runs elevated often does not
 * grant even this right to other processes: then run this process elevated, too.
 *
 * <p><b>Threads.</b> All methods may be called from any thread, including a virtual one. The mutex belongs to a {@link
 * Guard} and not to a thread: any thread may close the guard. Windows itself gives a mutex to a thread. The library
 * therefore acquires and releases it on a platform thread of its own, one for each {@code NamedMutex}. That daemon
 * thread is named {@code sharedregion-mutex}. It starts when the mutex is first acquired and ends with this object. A
 * waiting thread is parked: a virtual thread leaves its carrier to others. Threads that wait through one {@code
 * NamedMutex} get the mutex in the order in which they came. The mutex is released after each guard, so that the other
 * program can acquire it.
 *
 * <p>The mutex is not reentrant. A thread that acquires it while a guard that it has acquired through the same {@code
 * NamedMutex} is open gets an {@link IllegalStateException}. Two {@code NamedMutex} objects of one name exclude each
 * other, as two programs do: a thread that holds the mutex through one object and waits for it through the other waits
 * for ever.
 *
 * <p><b>Memory.</b> What a thread writes to shared memory before it closes a guard is visible to the next owner of the
 * mutex in any process.
 *
 * <p><b>Close.</b> {@link #close()} ends the waits of other threads with {@link IllegalStateException}. After it, every
 * method except {@link #close()}, {@link #name()} and {@code toString()} throws {@link IllegalStateException}. An open
 * guard stays valid, and has the mutex until the guard is closed. If a {@code NamedMutex} or a guard becomes
 * unreachable without being closed, the garbage collector closes it, so that the other program does not wait for ever.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/sync/mutex-objects">Mutex Objects (Win32)</a>
 */
public final class NamedMutex implements AutoCloseable {
    private final ObjectName name;
    private final MutexThread mutex;
    private final Cleaner.Cleanable cleanable;

    private NamedMutex(ObjectName name, MutexThread mutex) {
        this.name = name;
        this.mutex = mutex;
        this.cleanable = SafetyNet.CLEANER.register(this, mutex::abandon);
    }

    /**
     * Opens an existing mutex. Does not acquire it.
     *
     * @param name the name of the mutex
     * @return the mutex
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if no mutex has this name; {@code WRONG_KIND} if the name
     *     belongs to another kind of object; {@code ACCESS_DENIED} if the mutex does not grant {@code SYNCHRONIZE} to
     *     this process; {@code UNSUPPORTED} on Linux
     */
    public static NamedMutex open(String name) {
        StackSpace.require();
        ObjectName checked = ObjectName.of(name);
        return Opening.of(() -> new MutexThread(ThisSystem.get().openMutex(checked), checked.mutex()),
                MutexThread::abandon, mutex -> new NamedMutex(checked, mutex));
    }

    /**
     * Opens an existing mutex. If it does not exist yet, waits until another program creates it. Does not acquire it.
     *
     * @param name the name of the mutex
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once
     * @return the mutex
     * @throws InterruptedException if the thread is interrupted before the mutex is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String)}; {@code NOT_FOUND} only after the timeout
     */
    public static NamedMutex open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return Opening.whenFound(timeout, () -> open(name));
    }

    /**
     * Waits until this process has the mutex.
     *
     * @return the guard, whose {@link Guard#close()} releases the mutex
     * @throws InterruptedException if the thread is interrupted before or during the wait; the mutex is then not
     *     acquired
     * @throws IllegalStateException if this object is closed before or during the wait, or if this thread has acquired
     *     a guard of this object that is still open
     * @throws SharedMemoryException if the system refuses
     */
    public Guard acquire() throws InterruptedException {
        return acquire(Deadline.never());
    }

    /**
     * Waits until this process has the mutex or the timeout has passed. A mutex that is free is acquired, however short
     * the timeout is.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries without waiting; a longer time than 146
     *     years means 146 years
     * @return the guard, or null if the timeout passed first
     * @throws InterruptedException as {@link #acquire()}
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #acquire()}, also with {@link Duration#ZERO}
     * @throws SharedMemoryException as {@link #acquire()}
     */
    public Guard tryAcquire(Duration timeout) throws InterruptedException {
        return acquire(Deadline.after(timeout));
    }

    private Guard acquire(long deadline) throws InterruptedException {
        StackSpace.require();
        Deadline.checkInterrupt();
        try (ScopeGuard<MutexThread.Claim> guard = new ScopeGuard<>(mutex::drop)) {
            MutexThread.Claim claim = guard.hold(mutex.acquire(deadline));
            return guard.dismiss(claim == null ? null : new Guard(mutex, claim, name.mutex()));
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not take a mutex for dropped while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns the name, exactly as it was given.
     *
     * @return the name
     */
    public String name() {
        return name.toString();
    }

    /**
     * Closes the mutex and ends the waits of other threads. An open {@link Guard} stays valid. The handle is closed and
     * the thread ends when the guard is closed, or at once if no guard is open. Further calls do nothing.
     */
    @Override
    public void close() {
        StackSpace.require();
        try {
            mutex.close();
        } finally {
            cleanable.clean();
        }
    }

    /** Returns the name and whether this object is closed, for messages. */
    @Override
    public String toString() {
        StackSpace.require();
        return name.mutex() + (mutex.isClosed() ? " (closed)" : "");
    }

    /** The ownership of a {@link NamedMutex} until {@link #close()}. Any thread may use it. */
    public static final class Guard implements AutoCloseable {
        private final MutexThread mutex;
        private final MutexThread.Claim claim;
        private final String what;
        private final Cleaner.Cleanable cleanable;

        private Guard(MutexThread mutex, MutexThread.Claim claim, String what) {
            this.mutex = mutex;
            this.claim = claim;
            this.what = what;
            this.cleanable = SafetyNet.CLEANER.register(this, () -> mutex.drop(claim));
        }

        /**
         * Returns true if the previous owner of the mutex ended while it had the mutex ({@code WAIT_ABANDONED}): treat
         * what the mutex protects as half written. The owner is a thread: it or its process has ended. Windows reports
         * this once, to the next owner only. Works after close, too.
         *
         * @return true if the mutex was abandoned before this guard
         */
        public boolean abandoned() {
            return claim.isAbandoned();
        }

        /**
         * Releases the mutex, and returns when it is released. Further calls do nothing.
         *
         * @throws SharedMemoryException if the system refuses; this object then still has the mutex, and the call can
         *     be repeated
         */
        @Override
        public void close() {
            StackSpace.require();
            try {
                mutex.release(claim);
                cleanable.clean();
            } catch (Failure e) {
                throw SharedMemoryException.of(e);
            } finally {
                // The cleaner must not take the guard for dropped while it is closed.
                Reference.reachabilityFence(this);
            }
        }

        /** Returns the mutex's name and whether this guard is closed, for messages. */
        @Override
        public String toString() {
            StackSpace.require();
            return "guard of " + what + (mutex.isHeldBy(claim) ? "" : " (closed)");
        }
    }
}
