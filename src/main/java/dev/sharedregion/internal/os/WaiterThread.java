package dev.sharedregion.internal.os;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

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
    protected static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a thread without waits stays. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The pause after a failure, which may last. */
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Registration[] slots;

    /** Whether the thread sleeps, or is about to, and nobody has kicked it. Guarded by this. */
    private boolean asleep;

    /** Guarded by this. */
    private boolean ended;

    private long idleSince = System.nanoTime();

    /** For this many waits. */
    protected WaiterThread(int capacity) {
        slots = new Registration[capacity];
    }

    /** Makes ready to sleep for these waits; some slots are null. Called with the lock held. */
    protected abstract void prepare(Registration[] slots);

    /**
     * Sleeps until one of the prepared waits is to be woken, or {@link #kick} was called after {@link #prepare}, or
     * {@link #LONGEST_SLEEP_NANOS} have passed.
     */
    protected abstract void sleep();

    /** Returns true if the last sleep has ended because of the wait in this slot, or the wait is to look again. */
    protected abstract boolean isSignalled(int slot);

    /** Ends the sleep. Called with the lock held. */
    protected abstract void kick();

    /** Frees what the system holds for the thread, which has ended or was never started. */
    protected abstract void free();

    /** Takes a wait over. Returns false if there is no room, or the thread ends. */
    final synchronized boolean add(Registration wait) {
        int slot = ended ? -1 : freeSlot();
        if (slot < 0) {
            return false;
        }
        wait.enter(this, slot);
        slots[slot] = wait;
        kickIfAsleep();
        return true;
    }

    final synchronized boolean hasEnded() {
        return ended;
    }

    /**
     * Begins to end a registration. The thread may sleep for it now. If not, the registration ends at once.
     */
    final synchronized void leave(Registration wait) {
        if (slots[wait.slot] != wait) {
            wait.end(Registration.LEFT);
        } else if (wait.prepared) {
            wait.leaves = true;
            kickIfAsleep();
        } else {
            remove(wait.slot, Registration.LEFT);
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
            asleep = false;
            kick();
        }
    }

    @Override
    public final void run() {
        while (!hasEnded()) {
            try {
                if (beginSleep()) {
                    sleep();
                    wakeSignalled();
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
        for (Registration wait : slots) {
            if (wait != null) {
                wait.prepared = true;
                idleSince = now;
            }
        }
        if (now - idleSince >= IDLE_NANOS) {
            ended = true;
            return false;
        }
        asleep = true;
        prepare(slots);
        return true;
    }

    private synchronized void wakeSignalled() {
        asleep = false;
        for (int slot = 0; slot < slots.length; slot++) {
            Registration wait = slots[slot];
            if (wait != null && wait.prepared) {
                if (isSignalled(slot)) {
                    remove(slot, Registration.SIGNALLED);
                } else if (wait.leaves) {
                    remove(slot, Registration.LEFT);
                } else {
                    wait.prepared = false;
                }
            }
        }
    }

    /** After this the waiting thread may free the memory or the handle that it waited for. */
    private void remove(int slot, int result) {
        slots[slot].end(result);
        slots[slot] = null;
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
            LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
        } catch (Throwable e) {
            // The waits that are left have failed again. The next round comes here again.
        }
    }
}
