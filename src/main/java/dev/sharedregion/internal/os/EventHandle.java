package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.InterruptHook;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.jvm.UseCount;
import java.nio.channels.Selector;

/**
 * An open event of the operating system. Every call is made between {@link #enter} and {@link #leave}, so that closing the
 * event frees nothing that a call still needs. (A pair's events know no calls but those of the pair, which sees to it that none
 * is under way when it closes them.)
 */
public abstract class EventHandle {
    private final UseCount uses = new UseCount();
    private volatile boolean cancelled;

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

    /** Ends the waits that are under way, and all that begin later, as if their time were up. */
    public final void cancel() {
        cancelled = true;
        cancelWaits();
    }

    public final boolean isCancelled() {
        return cancelled;
    }

    /**
     * Ends the waits that are under way, and frees the event, so that its name is free. The calls under way end soon, because the
     * waits have just been ended. Does nothing when called again. The thread that closes the event frees it, not the last call:
     * in that call an {@link InternalError} can come at any moment, if the event's memory has vanished.
     */
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

    /** Whether it is known not to reset by itself; Windows does not tell. */
    public boolean isKnownToResetManually() {
        return false;
    }

    public abstract void set();

    public abstract void reset();

    /**
     * Waits until the event is set, and takes the signal out of it if it resets by itself.
     *
     * @param process a process whose end ends the wait, too, or null
     * @return false if the deadline passed, the waits were cancelled, or the process ended before
     * @throws InterruptedException if the thread is interrupted meanwhile; no signal is taken then
     */
    public abstract boolean await(long deadline, ProcessEnd process) throws InterruptedException;

    /** Takes the signal out, if the event is set and resets by itself, and tells whether it was. */
    public abstract boolean poll();

    /** Takes all out that was left for waiters that are dead; for who knows that nobody waits now, or sets it. */
    public abstract void clear();

    /** Has a wait that is under way, or the next one, return as if its time were up. For a handle with one waiter. */
    public void nudge() {}

    /** Makes every wait under way look up; by now {@link #isCancelled} is true. */
    public abstract void cancelWaits();

    public abstract void free();

    /** Rings for an interrupt; as that may come late, it counts as a call, and is left out once the event is closed. */
    public abstract class OnInterrupt extends InterruptHook {
        /** Makes the wait look up. */
        protected abstract void ring();

        @Override
        public final Selector wakeup() {
            StackSpace.require();
            if (EventHandle.this.enter()) {
                try {
                    ring();
                } finally {
                    EventHandle.this.leave();
                }
            }
            return this;
        }
    }
}
