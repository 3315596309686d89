package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.memory.BlockKind.Maker;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Trust;
import java.util.concurrent.TimeUnit;

/** Opens the three objects of a pair for one side, in the order that {@code src/docs/handshake.md} gives. */
public final class PairOpener {
    /** How long a server waits for an event to go, or for the place of the client that has it to be taken. */
    private static final long EVENT_IN_USE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String EVENT_IN_USE =
            " exists, and no client that uses this library has it open. If the client is a program that uses only the "
                    + "events, allow that with PairOptions.existingEvents(). If that program is a server, open the "
                    + "pair instead, or choose another name.";

    private final OperatingSystem os;
    private final PairRequest request;
    private final Side side;
    private final Maker<PairBlock> maker;

    private PairOpener(OperatingSystem os, PairRequest request, Side side, Maker<PairBlock> maker) {
        this.os = os;
        this.request = request;
        this.side = side;
        this.maker = maker;
    }

    /** Opens a pair for one side; the server creates what is not there. */
    public static PairSide open(OperatingSystem os, PairRequest request, Side side, Maker<PairBlock> maker) {
        return new PairOpener(os, request, side, maker).open();
    }

    /**
     * Opens the block and takes the place before the events. So a client that finds the events finds the server
     * there, and a server's successor that finds the events finds the client there, however long the client is held
     * up. And while a client has the block open, the events cannot belong to another block.
     */
    private PairSide open() {
        try (ScopeGuard<PairObjects> guard = new ScopeGuard<>(PairObjects::close)) {
            PairObjects objects = guard.hold(new PairObjects(side));
            try {
                objects.block = isServer()
                        ? PairBlock.open(os, request, new Trust(request.rights()), maker)
                        : clientsBlock();
                takePlace(objects);
                // Each side begins with its own event. So a client that finds its event finds the server's, too.
                objects.mine = event(side, objects.block);
                objects.peers = event(side.peer(), objects.block);
            } catch (Failure e) {
                throw new Operation(isServer() ? "create" : "open", request.name().pair()).failure(e);
            }
            return guard.dismiss(new PairSide(request, objects, os.processFence()));
        }
    }

    private boolean isServer() {
        return side == Side.WRITING;
    }

    private EventHandle event(Side of, PairBlock block) {
        return isServer() ? createEvent(of, block) : clientsEvent(of);
    }

    /** Opens the block. Creates it only for a server that knows no block, whose event is there. */
    private PairBlock clientsBlock() {
        PairBlock there = PairBlock.openExisting(os, request.name(), maker);
        if (there != null) {
            return there;
        }
        // Not kept, because a server's successor would refuse an event that is open while the client's place is free.
        clientsEvent(Side.READING).close();
        return PairBlock.open(os, request, Trust.ANYONE, maker);
    }

    private EventHandle clientsEvent(Side of) {
        try {
            return openEvent(of, Trust.ANYONE);
        } catch (Failure e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
            throw failure(e, "there is no such pair (" + e.errorName()
                    + "). Start its server first, or check the Local\\ or Global\\ prefix.");
        }
    }

    private static Failure failure(Failure cause, String message) {
        return new Failure(cause.reason(), message, cause.errorCode(), cause.errorName());
    }

    private void takePlace(PairObjects objects) {
        objects.taken = objects.block.slot(side).take();
        if (!objects.taken) {
            String why = objects.block.slot(side).holder() + " is its " + side.label + " side, and a pair has only "
                    + "one. Close it there, " + (isServer() ? "open the pair instead to be the reading side, " : "")
                    + "or choose another name.";
            throw new Failure(isServer() ? Reason.ALREADY_EXISTS : Reason.IN_USE, why);
        }
    }

    private EventHandle openEvent(Side of, Trust trust) {
        return os.openEvent(request.event(of), false, trust).refusingManualReset(request.event(of), "pair");
    }

    /**
     * Creates the event of a side. Opens an existing event if the options allow it, or if a client that uses this
     * library has its place, registered or not. An event that exists without a client may be about to go: the system
     * closes the objects of a process that has ended one after the other.
     */
    private EventHandle createEvent(Side of, PairBlock block) {
        Backoff backoff = Backoff.upTo(EVENT_IN_USE_NANOS);
        while (true) {
            try {
                if (request.existingEvents() || block.slot(Side.READING).isHeld()) {
                    return openEvent(of, new Trust(request.rights()));
                }
            } catch (Failure e) {
                if (e.reason() != Reason.NOT_FOUND) {
                    throw e;
                }
            }
            try {
                return os.createEvent(request.event(of), new EventRequest(false, false, request.rights()));
            } catch (Failure e) {
                if (e.reason() != Reason.ALREADY_EXISTS) {
                    throw e;
                }
                if (!backoff.pause()) {
                    throw failure(e, request.event(of).event() + EVENT_IN_USE);
                }
            }
        }
    }
}
