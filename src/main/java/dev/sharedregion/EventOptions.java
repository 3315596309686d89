package dev.sharedregion;

import dev.sharedregion.internal.os.EventRequest;
import java.util.Objects;

/**
 * How a {@link NamedEvent} is created. Immutable, and so safe to share between threads: each method returns a changed
 * copy.
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
     * An event that is unset again once it has released one waiter. Initially unset.
     *
     * @return the options
     */
    public static EventOptions autoReset() {
        return new EventOptions(false, false, Permissions.ownerOnly());
    }

    /**
     * An event that, once set, releases every waiter until it is reset. Initially unset.
     *
     * @return the options
     */
    public static EventOptions manualReset() {
        return new EventOptions(true, false, Permissions.ownerOnly());
    }

    /**
     * Has the event set when it is created.
     *
     * @return a copy with this set
     */
    public EventOptions initiallySet() {
        return new EventOptions(manualReset, true, permissions);
    }

    /**
     * Who may open the event; without it, {@link Permissions#ownerOnly()}.
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
