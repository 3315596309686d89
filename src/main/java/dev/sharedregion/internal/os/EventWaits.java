package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.Deadline;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits in steps: for one event by a virtual thread, and for any of many events by any thread. */
public final class EventWaits {
    /** How often to look where no waiter thread can be started. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final EventHandle[] events;
    private final EventWait[] waits;
    private final long deadline;

    /** The order in which the waits are looked at: from the first on, each time so many further. */
    private final int first;

    private final int stride;

    private EventWaits(EventHandle[] events, EventWait[] waits, long deadline) {
        this.events = events;
        this.waits = waits;
        this.deadline = deadline;
        // Another order for each call, so that events that are set all the time keep no other event from being found.
        this.first = waits.length == 1 ? 0 : ThreadLocalRandom.current().nextInt(waits.length);
        this.stride = waits.length == 1 ? 1 : coprime(waits.length);
    }

    /** Waits as {@link EventHandle#await} says, without holding the carrier of a virtual thread. */
    public static boolean await(EventHandle event, EventWait wait, long deadline) throws InterruptedException {
        return new EventWaits(new EventHandle[] {event}, new EventWait[] {wait}, deadline).await() == 0;
    }

    /**
     * Waits until one of the events is set, and takes its signal if it is an auto-reset event. Each event is within a
     * call.
     *
     * @return the event's index, or -1 if the deadline passed or the waits for one of the events were cancelled before
     * @throws InterruptedException if the thread is interrupted meanwhile; no signal is taken then
     */
    public static int awaitAny(EventHandle[] events, long deadline) throws InterruptedException {
        EventWait[] waits = new EventWait[events.length];
        for (int i = 0; i < waits.length; i++) {
            waits[i] = events[i].newWait(null);
        }
        return new EventWaits(events, waits, deadline).await();
    }

    private static int coprime(int count) {
        int stride;
        do {
            stride = 1 + ThreadLocalRandom.current().nextInt(count);
        } while (greatestDivisor(stride, count) != 1);
        return stride;
    }

    private static int greatestDivisor(int a, int b) {
        return b == 0 ? a : greatestDivisor(b, a % b);
    }

    private int await() throws InterruptedException {
        int entered = 0;
        try {
            for (; entered < events.length; entered++) {
                events[entered].addParked(Thread.currentThread());
            }
            int found;
            while ((found = take()) < 0) {
                if (isOver()) {
                    return takeLast();
                }
                park(register());
            }
            return found;
        } finally {
            end(entered);
        }
    }

    /** Returns the index of the first event that has something for this wait, and takes it; -1 if none has. */
    private int take() {
        long index = first;
        for (int looks = 0; looks < waits.length; looks++) {
            if (waits[(int) index].take()) {
                return (int) index;
            }
            index = (index + stride) % waits.length;
        }
        return -1;
    }

    /** Whether the wait is to leave. */
    private boolean isOver() {
        if (Thread.currentThread().isInterrupted() || Deadline.hasPassed(deadline)) {
            return true;
        }
        for (int i = 0; i < waits.length; i++) {
            if (events[i].isCancelled() || waits[i].isOver()) {
                return true;
            }
        }
        return false;
    }

    /** Ends the registrations, and looks a last time: a set may have counted this wait as released meanwhile. */
    private int takeLast() throws InterruptedException {
        leave();
        int found = take();
        if (found < 0 && Thread.interrupted()) {
            throw new InterruptedException();
        }
        return found;
    }

    /** Returns false if not all waits are registered. */
    private boolean register() {
        boolean registered = true;
        for (EventWait wait : waits) {
            registered &= wait.register(deadline);
        }
        return registered;
    }

    private void park(boolean registered) {
        if (registered) {
            // The waiter thread looks at the time, too: that is cheaper than a timer for each wait.
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, Math.min(Deadline.remainingNanos(deadline), POLL_NANOS));
        }
    }

    private void leave() {
        for (EventWait wait : waits) {
            wait.leave();
        }
        for (EventWait wait : waits) {
            wait.awaitLeft();
        }
    }

    /** Leaves nothing behind, whatever has happened. */
    private void end(int entered) {
        try {
            leave();
        } catch (InternalError e) {
            // Memory has vanished, and the JVM tells of an access to it only now. The registrations must end before
            // the events may be freed.
            leave();
            throw e;
        } finally {
            for (int i = 0; i < entered; i++) {
                events[i].removeParked(Thread.currentThread());
            }
            giveBack();
        }
    }

    /**
     * Gives back what has come for the other events, as far as that is possible: this process may lack the right to
     * set one, or its memory may have vanished. That is no failure of this wait.
     */
    private void giveBack() {
        for (EventWait wait : waits) {
            try {
                wait.giveBack();
            } catch (Failure | InternalError e) {
                // The others get theirs.
            }
        }
    }
}
