package dev.sharedregion;

/**
 * How a {@link NamedEvent} is created. Immutable, and so safe to share between threads: each method returns a changed
 * copy.
 */
public final class EventOptions {
    private static final EventOptions AUTO = new EventOptions(false, false);
    private static final EventOptions MANUAL = new EventOptions(true, false);

    final boolean manualReset;
    final boolean initiallySet;

    private EventOptions(boolean manualReset, boolean initiallySet) {
        this.manualReset = manualReset;
        this.initiallySet = initiallySet;
    }

    /**
     * An event that is unset again once it has released one waiter. Initially unset.
     *
     * @return the options
     */
    public static EventOptions autoReset() {
        return AUTO;
    }

    /**
     * An event that, once set, releases every waiter until it is reset. Initially unset.
     *
     * @return the options
     */
    public static EventOptions manualReset() {
        return MANUAL;
    }

    /**
     * Has the event set when it is created.
     *
     * @return a copy with this set
     */
    public EventOptions initiallySet() {
        return new EventOptions(manualReset, true);
    }
}
