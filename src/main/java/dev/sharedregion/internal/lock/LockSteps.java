package dev.sharedregion.internal.lock;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.OwnerSlot;
import java.util.concurrent.TimeUnit;

/**
 * How one place acquires and releases the lock. {@code src/docs/lock.md} has the steps of the protocol, under the names
 * of the methods, and why they are safe. For one call at a time.
 */
public final class LockSteps {
    /** What a step returns that has not acquired the lock; otherwise it returns the word that names this place. */
    public static final long NOT_ACQUIRED = 0;

    private static final long FIRST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** How often a lock that is tried in vain looks whether the owner lives. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** How often an honest process never starts a step over. */
    private static final int MOST_TRIES = 1_000;

    private final String what;
    private final LockBlock block;
    private final EventHandle event;
    private final int place;
    private final Runnable nudge;
    private final LockSpin spin = new LockSpin();
    private long looked = System.nanoTime() - LOOK_NANOS;

    LockSteps(String what, LockObjects objects) {
        this.what = what;
        this.block = objects.block;
        this.event = objects.event;
        this.place = objects.place;
        this.nudge = event::nudge;
    }

    /** Acquires the lock if it is free. What a thread without contention needs, and no more. */
    long tryAcquire() {
        long word = block.word();
        return LockWord.isFree(word) ? change(word, LockWord.owned(word, place)) : NOT_ACQUIRED;
    }

    private long change(long from, long to) {
        return block.changeWord(from, to) ? to : NOT_ACQUIRED;
    }

    /** Acquires the lock if it is free, or if its owner has died. */
    long poll() {
        long acquired = tryAcquire();
        if (acquired != NOT_ACQUIRED) {
            return acquired;
        }
        long word = block.word();
        return LockWord.isFree(word) ? NOT_ACQUIRED : lookAtOwner(word);
    }

    /**
     * Waits until the lock is acquired.
     *
     * @return {@link #NOT_ACQUIRED} if the deadline passed, or waiting was cancelled, before
     */
    long acquire(long deadline) throws InterruptedException {
        long acquired = spin(deadline);
        long sleep = FIRST_SLEEP_NANOS;
        for (int tries = 0; acquired == NOT_ACQUIRED; tries++) {
            long word = block.word();
            if (LockWord.isFree(word)) {
                acquired = change(word, LockWord.withWaiters(LockWord.owned(word, place)));
            } else if (announce(word)) {
                word = LockWord.withWaiters(word);
                acquired = lookAtOwner(word);
                if (acquired == NOT_ACQUIRED) {
                    if (isOver(deadline)) {
                        return NOT_ACQUIRED;
                    }
                    sleep = sleep(word, sleep, deadline);
                }
            }
            if (acquired == NOT_ACQUIRED && tries > MOST_TRIES && isOver(deadline)) {
                return NOT_ACQUIRED;
            }
        }
        return acquired;
    }

    /** Tries again and again for a bounded time. */
    private long spin(long deadline) {
        long acquired = tryAcquire();
        spin.begin(deadline);
        while (acquired == NOT_ACQUIRED && spin.pause()) {
            acquired = tryAcquire();
        }
        return acquired;
    }

    /** Has the end of this ownership set the event; false if the word is another by now. */
    private boolean announce(long word) {
        return LockWord.hasWaiters(word) || block.changeWord(word, LockWord.withWaiters(word));
    }

    /** Whether another thread of this process has the lock, in this place. */
    private boolean isMine(long word) {
        return LockWord.owner(word) == place;
    }

    /** Takes the lock over if its owner has died, and the last look was not just now. */
    private long lookAtOwner(long word) {
        long now = System.nanoTime();
        if (isMine(word) || now - looked < LOOK_NANOS) {
            return NOT_ACQUIRED;
        }
        looked = now;
        return block.slot(LockWord.owner(word)).isHeld() ? NOT_ACQUIRED : takeOver(word);
    }

    /** Takes the lock over from an owner that was found dead after this word was read. */
    private long takeOver(long word) {
        return change(word, LockWord.takenOver(word, place));
    }

    /** Whether a wait is to leave. */
    private boolean isOver(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return event.isCancelled() || Deadline.hasPassed(deadline);
    }

    /** Sleeps until the event is set, the owner ends, or this time is over. Returns the limit of the next sleep. */
    private long sleep(long word, long longest, long deadline) throws InterruptedException {
        long clock = System.nanoTime();
        long until = deadline - clock < longest ? deadline : clock + longest;
        OwnerSlot owner = isMine(word) ? null : block.slot(LockWord.owner(word));
        // To ask for the system's report takes calls, so only a long wait does.
        if (owner != null && longest == LONGEST_SLEEP_NANOS) {
            owner.watch(nudge);
        }
        if (!event.await(until, owner == null ? null : owner.holdersEnd())) {
            looked -= LOOK_NANOS;
        }
        // Woken early, so the lock may soon be free, or the owner may be about to lose its place.
        return System.nanoTime() - until < 0 ? FIRST_SLEEP_NANOS : Math.min(4 * longest, LONGEST_SLEEP_NANOS);
    }

    /**
     * Ends an ownership.
     *
     * @param acquired the word as it was acquired
     * @param consistent whether what the lock protects is whole
     * @return the word as it was before, which tells whether to {@link #wake} a waiter; or {@link #NOT_ACQUIRED} if the
     *     word says that this ownership is over
     */
    long release(long acquired, boolean consistent) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            long word = block.word();
            if (!LockWord.isSameOwnership(word, acquired)) {
                return NOT_ACQUIRED;
            }
            long next = LockWord.released(word, consistent);
            if (LockWord.hasWaiters(word) ? endAwaited(word, next) : block.changeWord(word, next)) {
                return word;
            }
        }
        return NOT_ACQUIRED;
    }

    /** Ends an ownership with waiters, and if that succeeds, keeps the event open for {@link #wake}. */
    private boolean endAwaited(long word, long next) {
        // Before the change: from then on this thread has to wake a waiter.
        StackSpace.require();
        if (!event.enter()) {
            // Another thread has released it, so that the lock object could be closed.
            return false;
        }
        boolean done = false;
        try {
            done = block.changeWord(word, next);
            return done;
        } finally {
            if (!done) {
                event.leave();
            }
        }
    }

    /** Wakes a waiter, after a release that was awaited. */
    void wake() {
        try {
            event.set();
        } finally {
            event.leave();
        }
    }

    /** Frees the lock of a process that died as its owner, and had this place. */
    void settlePredecessor() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            long word = block.word();
            if (LockWord.owner(word) != place) {
                return;
            }
            if (block.changeWord(word, LockWord.settled(word))) {
                if (LockWord.hasWaiters(word)) {
                    event.set();
                }
                return;
            }
        }
        throw corrupt();
    }

    /** The failure for a block that has what no program of the library writes to it. */
    Failure corrupt() {
        // The content may be wrong because the memory has vanished. That error must not come later.
        PendingErrors.rethrow();
        return new Failure(
                Reason.CORRUPT,
                "The " + what + " cannot be used: another program has overwritten its block, and the lock may have had "
                        + "two holders. Close it in all processes, and open it again.");
    }
}
