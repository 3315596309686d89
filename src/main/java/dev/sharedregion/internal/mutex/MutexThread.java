package dev.sharedregion.internal.mutex;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.NeutralThread;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.MutexHandle;
import dev.sharedregion.internal.os.MutexHandle.Outcome;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Acquires and releases a mutex of the system for any thread. The system gives the mutex to a thread, so one platform
 * thread makes these calls. The callers park, which a virtual thread does without its carrier. They get the mutex in
 * the order in which they asked for it. The platform thread starts with the first claim, and ends when the mutex is
 * closed and no claim has it.
 */
public final class MutexThread implements Runnable {
    private static final String THREAD_NAME = "sharedregion-mutex";
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What the thread does next. */
    private enum Next {
        LOOK,
        SLEEP,
        END
    }

    private final MutexHandle handle;
    private final String what;

    /** Guards all fields that change, except those that only the thread uses. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The thread may have something to do. */
    private final Condition work = lock.newCondition();

    /** A release has succeeded or failed, or the handle is closed. */
    private final Condition settled = lock.newCondition();

    private final ArrayDeque<Claim> waiting = new ArrayDeque<>();

    /** The thread, or null while there is none. */
    private Thread thread;

    /** The claim that has the mutex, or null. */
    private Claim holder;

    /** Whether the holder gives the mutex back. */
    private boolean releasing;

    /** Whether another program had the mutex, and the thread waits for it in the system, for claims that wait. */
    private boolean sleeping;

    private boolean closed;

    /** Whether the handle is closed. */
    private boolean ended;

    // Only the thread uses these, so it can note without the lock, and without memory, that it has the mutex.
    private boolean owned;
    private boolean abandoned;
    private Throwable failed;

    /** One caller's part: it waits for the mutex, then has it, then gives it back. */
    public static final class Claim {
        private final Thread caller = Thread.currentThread();
        private final long deadline;
        private final Condition answered;
        private boolean waits = true;

        /** Whether the mutex has been found in use since this claim was made. Without that no time is up. */
        private boolean tried;

        private boolean abandoned;

        /** Whether nobody is left who could release the mutex again if that fails. */
        private boolean dropped;

        private Throwable failure;

        private Claim(long deadline, Condition answered) {
            this.deadline = deadline;
            this.answered = answered;
        }

        /** Returns true if the last owner ended while it had the mutex. */
        public boolean isAbandoned() {
            return abandoned;
        }

        private void answer() {
            waits = false;
            answered.signal();
        }

        /** Notes that the mutex is in use. Returns true if the claim's time is up. */
        private boolean isOver() {
            if (!tried) {
                tried = true;
                answered.signal();
            }
            if (Deadline.hasPassed(deadline)) {
                answer();
            }
            return !waits;
        }
    }

    /**
     * Creates the object, which owns the handle from now on.
     *
     * @param what the description of the mutex in messages
     */
    public MutexThread(MutexHandle handle, String what) {
        this.handle = handle;
        this.what = what;
    }

    /**
     * Waits for the mutex.
     *
     * @return null if the deadline passed before
     * @throws InterruptedException if this thread was interrupted before it had the mutex
     * @throws IllegalStateException if the mutex is closed, or this thread has it
     * @throws Failure if the system refuses
     */
    public Claim acquire(long deadline) throws InterruptedException {
        Claim claim = new Claim(deadline, lock.newCondition());
        lock.lock();
        try {
            check(claim.caller);
            start();
            claim.tried = sleeping || holder != null;
            waiting.add(claim);
            work.signal();
            try {
                awaitAnswer(claim);
            } catch (InterruptedException e) {
                if (claim.waits) {
                    throw e;
                }
                // The answer came first.
                Thread.currentThread().interrupt();
            } finally {
                withdraw(claim);
            }
            rethrow(claim.failure);
            if (holder != claim && closed) {
                throw closed();
            }
            return holder == claim ? claim : null;
        } finally {
            lock.unlock();
        }
    }

    private void check(Thread caller) {
        if (closed) {
            throw closed();
        }
        if (holder != null && !releasing && holder.caller == caller) {
            throw new IllegalStateException("This thread has the " + what + " already, and the mutex is not reentrant. "
                    + "Close its guard first.");
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("The " + what + " is closed.");
    }

    private void start() {
        if (thread == null) {
            Thread created = NeutralThread.of(this, THREAD_NAME);
            created.setDaemon(true);
            created.start();
            thread = created;
        }
    }

    private static void awaitAnswer(Claim claim) throws InterruptedException {
        while (claim.waits) {
            long nanos = Deadline.remainingNanos(claim.deadline);
            if (!claim.tried) {
                claim.answered.await();
            } else if (nanos > 0) {
                claim.answered.awaitNanos(nanos);
            } else {
                return;
            }
        }
    }

    /** Takes back a claim that waits. A mutex that the thread gets for no claim is released at once. */
    private void withdraw(Claim claim) {
        if (claim.waits) {
            claim.waits = false;
            waiting.remove(claim);
            if (waiting.isEmpty()) {
                stopSleeping();
            }
        }
    }

    private void stopSleeping() {
        if (sleeping) {
            // From now on a new claim has not been tried, whether the thread has woken up by then or not.
            sleeping = false;
            handle.ring();
        }
    }

    /** The caller's own exception, because the stack trace of the thread tells it nothing. */
    private static void rethrow(Throwable failure) {
        if (failure instanceof Failure f) {
            throw new Failure(f.reason(), f.getMessage(), f.errorCode(), f.errorName());
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /**
     * Releases the mutex, and returns when it is released. Does nothing if the claim does not have it.
     *
     * @throws Failure if the system refuses; the claim then still has the mutex
     */
    public void release(Claim claim) {
        lock.lock();
        try {
            if (holder == claim) {
                claim.failure = null;
                releasing = true;
                work.signal();
            }
            while (holder == claim && releasing) {
                settled.awaitUninterruptibly();
            }
            rethrow(claim.failure);
            while (closed && holder == null && !ended) {
                settled.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the mutex released if the claim has it, and does not wait for that. For the cleaner. */
    public void drop(Claim claim) {
        lock.lock();
        try {
            if (holder == claim) {
                claim.dropped = true;
                releasing = true;
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns true if the claim has the mutex. */
    public boolean isHeldBy(Claim claim) {
        lock.lock();
        try {
            return holder == claim;
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #abandon}, and if no claim has the mutex, returns when the handle is closed. */
    public void close() {
        lock.lock();
        try {
            abandon();
            while (holder == null && !ended) {
                settled.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits. A claim that has the mutex keeps it. Further calls do nothing. For the cleaner. */
    public void abandon() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            waiting.forEach(Claim::answer);
            waiting.clear();
            if (thread == null) {
                free();
            } else {
                stopSleeping();
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void free() {
        handle.close();
        ended = true;
        settled.signalAll();
    }

    @Override
    public void run() {
        Next next = Next.LOOK;
        while (next != Next.END) {
            try {
                if (next == Next.SLEEP) {
                    next = Next.LOOK;
                    sleep();
                }
                next = look();
            } catch (Throwable e) {
                // The heap can be full for a moment. The fields say what is to be done.
                Backoff.park(PAUSE_NANOS);
            }
        }
    }

    private void sleep() {
        try {
            note(handle.await());
        } catch (Failure | Error e) {
            failed = e;
        }
    }

    private void note(Outcome outcome) {
        if (outcome != Outcome.NOT_ACQUIRED) {
            owned = true;
            // Kept until a claim is told: the system tells it only once.
            abandoned |= outcome == Outcome.ABANDONED;
        }
    }

    private Next look() {
        lock.lock();
        try {
            sleeping = false;
            if (failed != null) {
                failFirst();
            }
            if (owned && holder == null) {
                return grant();
            }
            if (releasing) {
                return giveBack();
            }
            if (holder == null && closed) {
                free();
                return Next.END;
            }
            if (holder == null && !waiting.isEmpty()) {
                return poll();
            }
            work.awaitUninterruptibly();
            return Next.LOOK;
        } finally {
            lock.unlock();
        }
    }

    /** Tells the first claim only: the next one makes an attempt of its own. */
    private void failFirst() {
        Claim first = waiting.poll();
        if (first != null) {
            first.failure = failed;
            first.answer();
        }
        failed = null;
    }

    /** With the lock, so that a claim is not told of an attempt that was made before it came. */
    private Next poll() {
        try {
            note(handle.poll());
        } catch (Failure | Error e) {
            failed = e;
            return Next.LOOK;
        }
        if (owned) {
            return grant();
        }
        waiting.removeIf(Claim::isOver);
        sleeping = !waiting.isEmpty();
        return sleeping ? Next.SLEEP : Next.LOOK;
    }

    private Next grant() {
        Claim next = waiting.poll();
        if (next == null) {
            return giveBack();
        }
        holder = next;
        next.abandoned = abandoned;
        abandoned = false;
        next.answer();
        waiting.removeIf(Claim::isOver);
        return Next.LOOK;
    }

    private Next giveBack() {
        try {
            handle.release();
        } catch (Failure | Error e) {
            return notGivenBack(e);
        }
        owned = false;
        releasing = false;
        holder = null;
        settled.signalAll();
        return Next.LOOK;
    }

    private Next notGivenBack(Throwable e) {
        releasing = false;
        settled.signalAll();
        if (holder != null && !holder.dropped) {
            holder.failure = e;
            return Next.LOOK;
        }
        // Nobody would release it again. The system releases the mutex, as abandoned, when this thread ends.
        owned = false;
        holder = null;
        thread = null;
        while (!waiting.isEmpty()) {
            failed = e;
            failFirst();
        }
        if (closed) {
            free();
        }
        return Next.END;
    }
}
