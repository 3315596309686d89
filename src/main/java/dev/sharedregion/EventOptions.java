package dev.sharedregion;

import dev.sharedregion.internal.os.EventRequest;
import java.util.Objects;

/**
 * The options for creating a {@link NamedEvent}. Options are immutable and can be shared between threads: each method
 * returns a changed copy.
 */
public final class EventOptions {
    private final boolean manualReset;
    private final boolean initiallySet;
    private final Permissions permissions;

    private EventOptions(boolean manualReset, boolean initiallySet, Permissions permissions) {
        this.manualReset = manualReset;
        this.initiallySet = initiallySet;
        this.permissions = permissions;
    }

    /**
     * Returns options for an auto-reset event: it is reset as soon as it has released one waiting thread. It is not
     * set at first.
     *
     * @return the options
     */
    public static EventOptions autoReset() {
        return new EventOptions(false, false, Permissions.ownerOnly());
    }

    /**
     * Returns options for a manual-reset event: while it is set, it releases every waiting thread. It is not set at
     * first.
     *
     * @return the options
     */
    public static EventOptions manualReset() {
        return new EventOptions(true, false, Permissions.ownerOnly());
    }

    /**
     * Sets the event when it is created.
     *
     * @return a copy with this option
     */
    public EventOptions initiallySet() {
        return new EventOptions(manualReset, true, permissions);
    }

    /**
     * Sets who may open the event. Without this option, {@link Permissions#ownerOnly()} applies.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public EventOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new EventOptions(manualReset, initiallySet, newPermissions);
    }

    EventRequest request() {
        return new EventRequest(manualReset, initiallySet, permissions.rights);
    }
}
