package dev.sharedregion.internal.os;

/**
 * A wait for one event in steps, for a thread that must not sleep in a system call: it looks, registers with a
 * {@linkplain WaiterThread waiter thread}, parks, and looks again. For one thread. Between the first registration and
 * {@link #awaitLeft} the event must stay open.
 */
public abstract class EventWait {
    private final WaiterThreads waiters;
    private Registration registration;

    protected EventWait(WaiterThreads waiters) {
        this.waiters = waiters;
    }

    /**
     * Takes what the event has for this wait. A registered wait is not looked at: the waiter thread would have noticed
     * a change, and while it sleeps for the wait, a set may count the wait as released.
     *
     * @return true if the event was set: the wait is over
     */
    public final boolean take() {
        if (registration == null) {
            return takeNow(null);
        }
        if (!registration.isDone()) {
            return false;
        }
        Registration ended = registration;
        registration = null;
        return takeNow(ended);
    }

    /**
     * Looks at the event.
     *
     * @param ended the registration that ended since the last look, or null
     */
    protected abstract boolean takeNow(Registration ended);

    /** Returns a new registration. Its sleep ends if the event has changed since the last look, and at the deadline. */
    protected abstract Registration newRegistration(long deadline);

    /** Gives back what came for the registration, because the wait ends without it. */
    protected abstract void giveBack(Registration ended);

    /** Whether the wait has to end for a reason of the system's, as if its time were up. */
    public boolean isOver() {
        return false;
    }

    /**
     * Registers the wait, until the deadline, if it is not registered.
     *
     * @return false if no waiter thread can be had: then the thread has to look again soon
     */
    public boolean register(long deadline) {
        if (registration != null) {
            return true;
        }
        // Before a waiter thread has it: whatever fails then, leave() ends it.
        registration = newRegistration(deadline);
        if (!waiters.add(registration)) {
            registration = null;
        }
        return registration != null;
    }

    /** Begins to end the registration. */
    public void leave() {
        if (registration != null) {
            registration.leave();
        }
    }

    /** Waits until the waiter thread does not sleep for this wait any more. Then {@link #take} looks again. */
    public void awaitLeft() {
        if (registration != null) {
            registration.awaitDone();
        }
    }

    /** Gives back what has come for the wait since it looked last. After {@link #awaitLeft}. */
    final void giveBack() {
        if (registration != null) {
            Registration ended = registration;
            registration = null;
            giveBack(ended);
        }
    }
}
