package dev.sharedregion.internal.lock;

import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Trust;

/** Opens the objects of a lock, in the order that {@code src/docs/lock.md} gives. */
public final class LockOpener {
    private final OperatingSystem os;
    private final LockRequest request;
    private final Operation operation;

    private LockOpener(OperatingSystem os, LockRequest request) {
        this.os = os;
        this.request = request;
        this.operation = new Operation("open", request.what());
    }

    /** Opens a lock, or creates what is not there. */
    public static LockHandle open(OperatingSystem os, LockRequest request) {
        return new LockOpener(os, request).open();
    }

    private LockHandle open() {
        try (ScopeGuard<LockObjects> guard = new ScopeGuard<>(LockObjects::close)) {
            LockObjects objects = guard.hold(new LockObjects());
            objects.block = operation.onPart(() -> LockBlock.open(os, request));
            objects.event = operation.onPart(this::openEvent);
            takePlace(objects);
            LockHandle handle = new LockHandle(request, objects, os.processFence());
            handle.steps.settlePredecessor();
            return guard.dismiss(handle.register());
        }
    }

    private EventHandle openEvent() {
        return os.openOrCreateEvent(
                        request.event(),
                        new EventRequest(false, false, request.rights()),
                        new Trust(request.rights()))
                .refusingManualReset(request.event(), "lock");
    }

    private void takePlace(LockObjects objects) {
        for (int place = 1; place <= LockLayout.PLACES; place++) {
            if (objects.block.slot(place).take()) {
                objects.place = place;
                return;
            }
        }
        throw operation.failure(
                Reason.TOO_MANY_OPEN,
                "it is open " + LockLayout.PLACES + " times, in this and other processes, and takes no more. Close "
                        + "those that are not needed, or let the threads of a process share one SharedLock.");
    }
}
