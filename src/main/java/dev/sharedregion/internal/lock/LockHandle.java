package dev.sharedregion.internal.lock;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.jvm.UseCount;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.ProcessFence;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One open lock object of this process: its threads share it, and one of them may close it while others use it. Threads
 * that find the lock free acquire it by the word alone, as other processes do. Of those that wait, one at a time waits
 * for other processes, and the others wait for it: on a semaphore, because no thread owns that, and because it parks
 * virtual threads.
 */
public final class LockHandle {
    private static final VarHandle ENTERING;

    static {
        try {
            ENTERING = MethodHandles.lookup().findVarHandle(LockHandle.class, "entering", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The lock objects of this process. */
    private static final Set<LockHandle> ALL = ConcurrentHashMap.newKeySet();

    /** More permits than there are threads. */
    private static final int ALL_THREADS = 1 << 30;

    /** How long a close waits for a thread that has acquired the lock and not said so yet. That takes nanoseconds. */
    private static final long UNKNOWN_HOLDER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How many tries without a bias come before one. Many, because to end another thread's takes a fence. */
    private static final int TRIES_BEFORE_BIAS = 256;

    final LockSteps steps;
    private final ObjectName name;
    private final String what;
    private final LockObjects objects;
    private final LockBlock block;
    private final int place;

    /** Lets one waiting thread at a time into the protocol. */
    private final Semaphore front = new Semaphore(1);

    /** The calls that wait, and close. */
    private final UseCount uses = new UseCount();

    private final AtomicBoolean givenBack = new AtomicBoolean();
    private volatile boolean closed;

    /** Whether this is closed, and no thread tries the word or waits, and none will. */
    private volatile boolean quiet;

    /** Null if the system has none. Then there is never a bias. */
    private final ProcessFence fence;

    /** Null while no thread has it. Written by the thread that is entering, when it has acquired the lock. */
    private volatile LockBias bias;

    /** By the thread that is entering. */
    private int triesBeforeBias = TRIES_BEFORE_BIAS;

    /** What the bias had acquired when {@link #triesBeforeBias} began. By the thread that is entering. */
    private long biasUsed;

    /** The thread that tries the word at this moment without a bias, or null. Plain writes, which cost nothing. */
    private Thread entering;

    /**
     * The word, as it was acquired the last time without a bias. It tells of the current ownership if the word in the
     * block is still of the same one.
     */
    private volatile long held;

    /**
     * The word of the ownership whose release has begun last. Another program may write that word to the block again. A
     * plain field, because a volatile write would cost as much as the change of the word.
     */
    private long released;

    /** The thread that has acquired {@link #held}. Written before that, by the holder alone. */
    private WeakReference<Thread> holder = new WeakReference<>(null);

    /** Takes the objects over, if it succeeds. */
    public LockHandle(LockRequest request, LockObjects objects, ProcessFence fence) {
        this.name = request.name();
        this.what = request.what();
        this.objects = objects;
        this.block = objects.block;
        this.place = objects.place;
        this.fence = fence;
        this.steps = new LockSteps(what, objects);
    }

    /** Makes the lock object known to the others of this process. */
    LockHandle register() {
        ALL.add(this);
        return this;
    }

    public String name() {
        return name.toString();
    }

    /** The description of the lock in messages. */
    public String what() {
        return what;
    }

    // Neither acquiring nor releasing without contention requires stack, because that would take longer than both. So
    // from the change of the lock's word on they only write to fields, and call nothing.

    /**
     * Acquires the lock if it is free.
     *
     * @param thread this thread
     * @return the word, or {@link LockSteps#NOT_ACQUIRED}, also if this is closed
     */
    public long tryAcquire(Thread thread) {
        LockBias now = bias;
        return now != null && now.isOfThisThread() && !now.isRevoked()
                ? tryAcquireBiased(now)
                : tryAcquireUnbiased(thread);
    }

    /** By the thread that has the bias, so that the change of the word is the only atomic one. */
    private long tryAcquireBiased(LockBias own) {
        try {
            long acquired = own.enter() ? steps.tryAcquire() : LockSteps.NOT_ACQUIRED;
            if (acquired != LockSteps.NOT_ACQUIRED) {
                own.acquired = acquired;
            }
            return acquired;
        } finally {
            own.inside = false;
        }
    }

    private long tryAcquireUnbiased(Thread thread) {
        WeakReference<Thread> self = reference(thread);
        if (!ENTERING.compareAndSet(this, null, thread)) {
            return LockSteps.NOT_ACQUIRED;
        }
        try {
            // After the compare-and-swap: a close that is not seen here waits for this thread.
            if (closed) {
                return LockSteps.NOT_ACQUIRED;
            }
            LockBias next = nextBias();
            long acquired = steps.tryAcquire();
            if (acquired != LockSteps.NOT_ACQUIRED) {
                holder = self;
                held = acquired;
                if (next != null) {
                    bias = next;
                }
            }
            return acquired;
        } finally {
            entering = null;
        }
    }

    /** Made before the lock is acquired. */
    private WeakReference<Thread> reference(Thread thread) {
        WeakReference<Thread> last = holder;
        return last.refersTo(thread) ? last : new WeakReference<>(thread);
    }

    /**
     * A bias for this thread if the tries without one were many, and no thread has used a bias meanwhile. It begins when
     * the lock is acquired: until then the last bias may tell who has the lock.
     */
    private LockBias nextBias() {
        if (fence == null || --triesBeforeBias > 0) {
            return null;
        }
        StackSpace.require();
        triesBeforeBias = TRIES_BEFORE_BIAS;
        LockBias last = bias;
        if (last != null) {
            long used = last.acquired;
            if (used != biasUsed && !last.isRevoked()) {
                biasUsed = used;
                return null;
            }
            last.revoke(fence);
        }
        biasUsed = 0;
        return new LockBias();
    }

    /** Acquires the lock if it is free, or if its owner has died. As {@link #tryAcquire}. */
    public long poll(Thread thread) {
        StackSpace.require();
        enter();
        try {
            // If another thread is waiting, the lock is not free.
            return front.tryAcquire() ? inFront(thread, steps::poll) : LockSteps.NOT_ACQUIRED;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            uses.leave();
        }
    }

    /** Waits until the lock is acquired, or the deadline has passed. As {@link #tryAcquire}. */
    public long acquire(Thread thread, long deadline) throws InterruptedException {
        StackSpace.require();
        enter();
        try {
            if (isHeldBy(thread)) {
                throw new IllegalStateException("The thread \"" + thread.getName() + "\" has " + what
                        + " already, and a lock is not reentrant. Close its guard first.");
            }
            return front.tryAcquire(Deadline.remainingNanos(deadline), TimeUnit.NANOSECONDS)
                    ? inFront(thread, () -> steps.acquire(deadline))
                    : LockSteps.NOT_ACQUIRED;
        } finally {
            uses.leave();
        }
    }

    private interface Step {
        long run() throws InterruptedException;
    }

    /** Runs a step as the one thread in front. */
    private long inFront(Thread thread, Step step) throws InterruptedException {
        try {
            checkOpen();
            WeakReference<Thread> self = reference(thread);
            long acquired = step.run();
            if (acquired != LockSteps.NOT_ACQUIRED) {
                holder = self;
                held = acquired;
            } else {
                // Here, and not when this ends its use of the lock.
                PendingErrors.rethrowIfMemory();
                checkOpen();
            }
            return acquired;
        } finally {
            front.release();
        }
    }

    /**
     * Releases the lock, and leaves the rest to {@link #afterRelease}. If two threads release the same ownership, one
     * of them does it. If it fails, nothing is done.
     *
     * @param acquired what acquiring it has returned
     * @param consistent whether what the lock protects is whole
     * @return the word as it was, or {@link LockSteps#NOT_ACQUIRED} if it is not of this ownership
     */
    public long release(long acquired, boolean consistent) {
        boolean done = false;
        try {
            // Before the change of the word: a close that does not see this is seen after the change.
            released = acquired;
            long word = steps.release(acquired, consistent);
            done = true;
            return word;
        } finally {
            if (!done) {
                released = LockSteps.NOT_ACQUIRED;
            }
        }
    }

    /** Wakes a waiter if there is one, and fails if nothing was released. */
    public void afterRelease(long word) {
        if (LockWord.hasWaiters(word) || word == LockSteps.NOT_ACQUIRED || quiet) {
            finishRelease(word);
        }
    }

    private void finishRelease(long word) {
        try {
            if (LockWord.hasWaiters(word)) {
                steps.wake();
            }
        } finally {
            if (quiet) {
                giveBackUnlessHeld();
            }
        }
        if (word == LockSteps.NOT_ACQUIRED) {
            throw steps.corrupt();
        }
    }

    /** Whether an owner had died before this was acquired, and none has repaired since what the lock protects. */
    public static boolean isAbandoned(long acquired) {
        return LockWord.isInconsistent(acquired);
    }

    /** Whether this thread has the lock, by this lock object or another one of this process. */
    private boolean isHeldBy(Thread thread) {
        return holderHere(block.word()) == thread;
    }

    /** The thread of this process that has the lock in a word, or null. */
    private Thread holderHere(long word) {
        int owner = LockWord.owner(word);
        if (owner == place) {
            return holderOf(word);
        }
        if (owner != 0 && block.owner(owner) == block.owner(place)) {
            for (LockHandle other : ALL) {
                if (other.place == owner && other.name.isSameWithoutNamespace(name)) {
                    return other.holderOf(word);
                }
            }
        }
        return null;
    }

    /** The thread that has acquired a word here, or null if none has, or that thread is gone. */
    private Thread holderOf(long word) {
        LockBias now = bias;
        if (now != null && LockWord.isSameOwnership(now.acquired, word)) {
            return now.get();
        }
        // In this order: the thread is not that of an earlier ownership.
        return LockWord.isSameOwnership(held, word) ? holder.get() : null;
    }

    /** Whether a guard of this has the lock in a word. */
    private boolean isHeld(long word) {
        LockBias now = bias;
        return LockWord.owner(word) == place
                && !LockWord.isSameOwnership(released, word)
                && (LockWord.isSameOwnership(held, word)
                        || now != null && LockWord.isSameOwnership(now.acquired, word));
    }

    private void enter() {
        if (!uses.enter()) {
            throw closed();
        }
    }

    public void checkOpen() {
        if (closed) {
            throw closed();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("The " + what + " is closed.");
    }

    /**
     * Ends the waits under way, and gives everything back, unless a thread has the lock: then its release does. Does
     * nothing when called again.
     */
    public void close() {
        if (!uses.close()) {
            return;
        }
        closed = true;
        try {
            objects.event.cancel();
        } finally {
            front.release(ALL_THREADS);
            awaitQuiet();
            giveBackUnlessHeld();
        }
    }

    /** Waits until no thread tries the word or waits. None begins to, because this is closed. */
    private void awaitQuiet() {
        Backoff backoff = Backoff.endless();
        while (!uses.isOver() || ENTERING.getAcquire(this) != null) {
            backoff.pause();
        }
        // Only now: a thread that was entering may have taken a bias.
        if (bias != null) {
            bias.revoke(fence);
        }
        quiet = true;
    }

    /**
     * As {@link #close}, when no guard can be reached any more: a holder that has dropped its guard counts as one that
     * has died.
     */
    public void abandon() {
        close();
        giveBack();
    }

    /** Whether everything has been given back, so that nothing is left to abandon. */
    public boolean isGivenBack() {
        return givenBack.get();
    }

    /** Gives the objects back, or leaves that to the release of the guard that has the lock. */
    private void giveBackUnlessHeld() {
        boolean held = true;
        try {
            held = isHeldOrSoon();
        } catch (InternalError e) {
            // The memory has vanished, and the lock with it.
            held = false;
            throw e;
        } finally {
            if (!held) {
                giveBack();
            }
        }
    }

    private boolean isHeldOrSoon() {
        Backoff backoff = Backoff.upTo(UNKNOWN_HOLDER_NANOS);
        long word = block.word();
        // A thread that has just acquired the lock says so in a moment, and one that releases it soon has changed the
        // word, unless another program has put this place into the word.
        while (LockWord.owner(word) == place && !isHeld(word) && backoff.pause()) {
            word = block.word();
        }
        boolean held = isHeld(word);
        PendingErrors.rethrowIfMemory();
        return held;
    }

    private void giveBack() {
        if (givenBack.compareAndSet(false, true)) {
            ALL.remove(this);
            try {
                objects.close();
            } catch (Failure e) {
                // Everything has been tried by then. The others find the place given up, or this process ended.
            }
        }
    }

    @Override
    public String toString() {
        return what + " (" + (givenBack.get() ? "closed" : (closed ? "closed, " : "") + holderText()) + ")";
    }

    private String holderText() {
        long word = block.word();
        int owner = LockWord.owner(word);
        if (owner == 0) {
            return "free";
        }
        Thread thread = holderHere(word);
        return thread != null
                ? "held by this process, thread \"" + thread.getName() + "\""
                : "held by " + block.holder(owner);
    }
}
