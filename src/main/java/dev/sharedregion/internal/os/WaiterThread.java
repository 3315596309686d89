package dev.sharedregion.internal.os;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/**
 * A platform thread that sleeps in the system for many waits at once, and unparks each waiting thread when what it
 * waits for has come. This class knows the waits. A subclass knows how the system sleeps for several of them.
 *
 * <p>Nothing that a peer does, and no full heap, ends the thread. Reading memory that has vanished throws an
 * {@link InternalError}, which can come later than the read. Each change of a slot is therefore one that can be
 * repeated: {@link #recover} may find it half done.
 */
public abstract class WaiterThread implements Runnable {
    /** The longest sleep: memory can vanish, and then nobody can wake the thread. */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a thread without waits stays, except in tests. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The pause after a failure, which may last. */
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * How long the thread stays awake after it has woken a wait: the woken thread often registers its next wait soon,
     * and then needs not wake this thread.
     */
    private static final long LINGER_NANOS = TimeUnit.MICROSECONDS.toNanos(30);

    /** After so many times in vain in a row, staying awake does not pay any more. */
    private static final int MOST_MISSES = 8;

    /** Then one of so many times tries again; a power of two. */
    private static final int RETRY = 64;

    private final Registration[] slots;

    /** How long this thread stays without waits. */
    private final long idleNanos;

    /** Registrations that have ended, and whose threads are to be unparked. For this thread. */
    private final Registration[] ended;

    /** How many waits have been taken over. Changed with the lock held. */
    private volatile int added;

    private int misses;
    private int skipped;

    /** Whether other threads have room for so many waits. Set before the thread starts. */
    private IntPredicate hasRoomElsewhere = waits -> false;

    /** When the thread last asked that. */
    private long askedAt = System.nanoTime();

    /** Whether the thread sleeps, or is about to, and nobody has kicked it. Guarded by this. */
    private boolean asleep;

    /** Guarded by this. */
    private boolean over;

    private long idleSince = System.nanoTime();

    /** When the next sleep ends. */
    private long until;

    /** For this many waits. */
    protected WaiterThread(int capacity) {
        this(capacity, IDLE_NANOS);
    }

    WaiterThread(int capacity, long idleNanos) {
        this.idleNanos = idleNanos;
        slots = new Registration[capacity];
        ended = new Registration[capacity];
    }

    /** Makes ready to sleep for these waits; some slots are null. Called with the lock held. */
    protected abstract void prepare(Registration[] slots);

    /**
     * Sleeps until one of the prepared waits is to be woken, or {@link #kick} was called after {@link #prepare}, or it
     * is so late. (See {@link dev.sharedregion.internal.jvm.Deadline}.)
     */
    protected abstract void sleep(long until);

    /** Returns true if the last sleep has ended because of the wait in this slot, or the wait is to look again. */
    protected abstract boolean isSignalled(int slot);

    /** Ends the sleep. Called with the lock held. */
    protected abstract void kick();

    /** Frees what the system holds for the thread, which has ended or was never started. */
    protected abstract void free();

    /** Takes a wait over. Returns false if there is no room, or the thread ends. */
    final synchronized boolean add(Registration wait) {
        int slot = over ? -1 : freeSlot();
        if (slot < 0) {
            return false;
        }
        wait.enter(this, slot);
        slots[slot] = wait;
        added++;
        kickIfAsleep();
        return true;
    }

    /** Has the waits move to other threads when these have room for so many waits. Before the thread starts. */
    final void moveIf(IntPredicate hasRoomElsewhere) {
        this.hasRoomElsewhere = hasRoomElsewhere;
    }

    /** For how many more waits there is room. */
    final synchronized int room() {
        int room = 0;
        for (int slot = 0; slot < slots.length && !over; slot++) {
            room += slots[slot] == null ? 1 : 0;
        }
        return room;
    }

    final synchronized boolean hasEnded() {
        return over;
    }

    /**
     * Begins to end a registration. The thread may sleep for it now. If not, the registration ends at once.
     */
    final synchronized void leave(Registration wait) {
        if (slots[wait.slot] != wait) {
            wait.end(Registration.LEFT);
        } else if (wait.prepared) {
            wait.leaves = true;
            try {
                kickIfAsleep();
            } catch (Failure e) {
                // Then the registration ends with this sleep, which is not long.
            }
        } else {
            wait.end(Registration.LEFT);
            slots[wait.slot] = null;
        }
    }

    private int freeSlot() {
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] == null) {
                return slot;
            }
        }
        return -1;
    }

    private void kickIfAsleep() {
        if (asleep) {
            kick();
            asleep = false;
        }
    }

    @Override
    public final void run() {
        while (!hasEnded()) {
            try {
                if (beginSleep()) {
                    sleep(until);
                    int before = added;
                    boolean woken = endSignalled();
                    unparkEnded();
                    if (woken) {
                        linger(before);
                    } else {
                        moveWaits();
                    }
                }
            } catch (Throwable e) {
                recover();
            }
        }
        free();
    }

    /** Returns false if the thread is not needed any more. */
    private synchronized boolean beginSleep() {
        long now = System.nanoTime();
        until = now + Math.min(LONGEST_SLEEP_NANOS, idleNanos);
        for (Registration wait : slots) {
            if (wait != null) {
                wait.prepared = true;
                idleSince = now;
                until = Math.min(until - now, wait.deadline - now) + now;
            }
        }
        if (now - idleSince >= idleNanos) {
            over = true;
            return false;
        }
        asleep = true;
        prepare(slots);
        return true;
    }

    /** Returns whether any wait was woken. */
    private synchronized boolean endSignalled() {
        asleep = false;
        boolean woken = false;
        long now = System.nanoTime();
        for (int slot = 0; slot < slots.length; slot++) {
            Registration wait = slots[slot];
            if (wait != null && wait.prepared) {
                if (isSignalled(slot)) {
                    remove(slot, Registration.SIGNALLED);
                    woken = true;
                } else if (wait.leaves || wait.deadline - now <= 0) {
                    remove(slot, Registration.LEFT);
                } else {
                    wait.prepared = false;
                }
            }
        }
        return woken;
    }

    /**
     * Has all waits register anew if other threads have room for them, so that this one can end. Not often, because
     * the waits have to be woken.
     */
    private void moveWaits() {
        long now = System.nanoTime();
        if (now - askedAt < LONGEST_SLEEP_NANOS) {
            return;
        }
        askedAt = now;
        if (hasRoomElsewhere.test(slots.length - room())) {
            synchronized (this) {
                for (int slot = 0; slot < slots.length; slot++) {
                    if (slots[slot] != null) {
                        remove(slot, Registration.LEFT);
                    }
                }
            }
            unparkEnded();
        }
    }

    /** Stays awake for a moment, or until a wait is added. */
    private void linger(int before) {
        if (misses >= MOST_MISSES && (++skipped & RETRY - 1) != 0) {
            return;
        }
        long start = System.nanoTime();
        while (added == before) {
            if (System.nanoTime() - start >= LINGER_NANOS) {
                misses++;
                return;
            }
            Thread.yield();
        }
        misses = 0;
    }

    /** After this the waiting thread may free the memory or the handle that it waited for. */
    private void remove(int slot, int result) {
        ended[slot] = slots[slot];
        slots[slot].end(result);
        slots[slot] = null;
    }

    /** Without the lock, which the threads soon want. */
    private void unparkEnded() {
        for (int slot = 0; slot < ended.length; slot++) {
            if (ended[slot] != null) {
                ended[slot].unpark();
                ended[slot] = null;
            }
        }
    }

    /** Has all waits look again, after a failure that one of them may have caused. */
    private void recover() {
        try {
            synchronized (this) {
                asleep = false;
                for (int slot = 0; slot < slots.length; slot++) {
                    if (slots[slot] != null) {
                        remove(slot, Registration.WOKEN);
                    }
                }
            }
            unparkEnded();
            LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
        } catch (Throwable e) {
            // The waits that are left have failed again. The next round comes here again.
        }
    }
}
