package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.InterruptHook;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.jvm.UseCount;
import dev.sharedregion.internal.os.Failure.Reason;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An open event of the operating system. Every call is made between {@link #enter} and {@link #leave}, so that closing
 * the event frees nothing that a call still needs. (A pair's events know no calls but those of the pair, which sees to
 * it that none is under way when it closes them.)
 */
public abstract class EventHandle implements AutoCloseable {
    /** Whether this call created the event. */
    public final boolean created;

    private final UseCount uses = new UseCount();
    private volatile boolean cancelled;

    /** The threads that wait in steps. Guarded by itself. */
    private final List<Thread> parked = new ArrayList<>();

    protected EventHandle(boolean created) {
        this.created = created;
    }

    /** Begins a call; false if the event is closed. */
    public final boolean enter() {
        return uses.enter();
    }

    /** Ends a call. */
    public final void leave() {
        uses.leave();
    }

    public final boolean isClosed() {
        return uses.isClosed();
    }

    /** Ends the waits that are running, and all later ones, as if their time were up. */
    public final void cancel() {
        cancelled = true;
        try {
            cancelWaits();
            PendingErrors.rethrowIfMemory();
        } finally {
            synchronized (parked) {
                parked.forEach(LockSupport::unpark);
            }
        }
    }

    /** Has {@link #cancel} unpark the thread, which waits in steps. */
    final void addParked(Thread thread) {
        synchronized (parked) {
            parked.add(thread);
        }
    }

    final void removeParked(Thread thread) {
        synchronized (parked) {
            parked.remove(thread);
        }
    }

    public final boolean isCancelled() {
        return cancelled;
    }

    /**
     * Ends the waits that are under way, and frees the event, so that its name is free. The calls under way end soon,
     * because the waits have just been ended. Does nothing when called again. The thread that closes the event frees
     * it, not the last call: in that call an {@link InternalError} can come at any moment, if the event's memory has
     * vanished.
     */
    @Override
    public final void close() {
        if (!uses.close()) {
            return;
        }
        try {
            cancel();
        } finally {
            Backoff backoff = Backoff.endless();
            while (!uses.isOver()) {
                backoff.pause();
            }
            free();
        }
    }

    /**
     * Returns the reset mode and whether the event is set, as far as that can be told without a change, for messages.
     * Within a call.
     */
    public String state() {
        return "";
    }

    /**
     * Returns true if the event is known to be a manual-reset event. Windows does not report this for an opened one.
     */
    public boolean isKnownToResetManually() {
        return false;
    }

    /**
     * Returns this event, or closes it and fails if it is known to be a manual-reset event.
     *
     * @param name of this event
     * @param what the object that it is a part of, in messages: {@code lock}
     */
    public final EventHandle refusingManualReset(ObjectName name, String what) {
        if (!isKnownToResetManually()) {
            return this;
        }
        close();
        throw new Operation("use", name.event() + " in a " + what).failure(
                Reason.WRONG_KIND,
                "it is a manual-reset event, which would wake each waiter again and again. Have its creator make it "
                        + "an auto-reset event.");
    }

    public abstract void set();

    public abstract void reset();

    /**
     * Waits until the event is set. Takes the signal if it is an auto-reset event. A platform thread sleeps in the
     * system. A virtual thread waits in steps ({@link EventWaits}), so that it does not hold its carrier.
     *
     * @param process a process whose end ends the wait, too, or null
     * @return false if the deadline passed, the waits were cancelled, or the process ended before
     * @throws InterruptedException if the thread is interrupted meanwhile; no signal is taken then
     */
    public abstract boolean await(long deadline, ProcessEnd process) throws InterruptedException;

    /** Returns a new wait in steps, for the current thread. The end of the process, if it is not null, ends it, too. */
    protected abstract EventWait newWait(ProcessEnd process);

    /** Takes the signal of an auto-reset event, if it is set. Returns true if it was set. */
    public abstract boolean poll();

    /**
     * Takes everything that was left for waiters that have died. The caller must know that no thread waits for the
     * event or sets it now.
     */
    public abstract void clear();

    /**
     * Makes a wait that is running, or the next one, return as if its time were up. For a handle with one waiting
     * thread.
     */
    public void nudge() {}

    /** Makes every wait that sleeps in the system check its state; {@link #isCancelled} is already true. */
    public abstract void cancelWaits();

    public abstract void free();

    /**
     * Returns a hook that wakes a wait because of an interrupt. This may come late, so it counts as a call, and does
     * nothing once the event is closed.
     *
     * @param ring makes the wait check its state
     */
    protected final InterruptHook onInterrupt(Runnable ring) {
        return new InterruptHook() {
            @Override
            public Selector wakeup() {
                StackSpace.require();
                if (EventHandle.this.enter()) {
                    try {
                        ring.run();
                    } finally {
                        EventHandle.this.leave();
                    }
                }
                return this;
            }
        };
    }
}
