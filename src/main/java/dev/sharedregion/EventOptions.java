package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.Rights;
import java.util.Objects;

/**
 * The options for creating a {@link NamedEvent}. Options are immutable and can be shared between threads: each method
 * returns a changed copy.
 */
public final class EventOptions {
    final EventRequest request;

    private EventOptions(boolean manualReset, boolean initiallySet, Rights rights) {
        this.request = new EventRequest(manualReset, initiallySet, rights);
    }

    /**
     * Returns options for an auto-reset event: it is reset as soon as it has released one waiting thread. It is not
     * set at first.
     *
     * @return the options
     */
    public static EventOptions autoReset() {
        StackSpace.require();
        return new EventOptions(false, false, Rights.OWNER_ONLY);
    }

    /**
     * Returns options for a manual-reset event: while it is set, it releases every waiting thread. It is not set at
     * first.
     *
     * @return the options
     */
    public static EventOptions manualReset() {
        StackSpace.require();
        return new EventOptions(true, false, Rights.OWNER_ONLY);
    }

    /**
     * Sets the event when it is created.
     *
     * @return a copy with this option
     */
    public EventOptions initiallySet() {
        return new EventOptions(request.manualReset(), true, request.rights());
    }

    /**
     * Sets who may open the event. Without this option, {@link Permissions#ownerOnly()} applies.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public EventOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new EventOptions(request.manualReset(), request.initiallySet(), newPermissions.rights);
    }
}
