package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Trust;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Opens the three objects of a pair for one side, in the order that {@code src/docs/handshake.md} gives. */
public final class PairOpener {
    /** How long a server waits for an event to go, or for the place of the client that has it to be taken. */
    private static final long EVENT_IN_USE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OperatingSystem os;
    private final PairRequest request;
    private final PairBlock.Maker maker;
    private final Side side;
    private final Operation operation;

    private PairOpener(OperatingSystem os, PairRequest request, PairBlock.Maker maker, Side side) {
        this.os = os;
        this.request = request;
        this.maker = maker;
        this.side = side;
        this.operation = new Operation(side == Side.WRITING ? "create" : "open", request.name().pair());
    }

    /** The server's side. */
    public static PairSide create(OperatingSystem os, PairRequest request) {
        return create(os, request, PairBlock::new);
    }

    /** The server's side, with a block of a kind of its own. */
    public static PairSide create(OperatingSystem os, PairRequest request, PairBlock.Maker maker) {
        return new PairOpener(os, request, maker, Side.WRITING).create();
    }

    /** The client's side. */
    public static PairSide open(OperatingSystem os, PairRequest request) {
        return open(os, request, PairBlock::new);
    }

    /** The client's side, with a block of a kind of its own. */
    public static PairSide open(OperatingSystem os, PairRequest request, PairBlock.Maker maker) {
        return new PairOpener(os, request, maker, Side.READING).open();
    }

    /** The place first, so that a client that finds the events finds the server there. */
    private PairSide create() {
        try (PairObjects objects = new PairObjects(side)) {
            objects.block = part(() -> PairBlock.open(os, request, Trust.ownWith(request.rights()), maker));
            take(objects);
            // The client looks for the other one first: once it finds that, both are there.
            objects.mine = createEvent(Side.WRITING, objects.block);
            objects.peers = createEvent(Side.READING, objects.block);
            return objects.handOver(new PairSide(request, objects));
        }
    }

    /**
     * The block and the place before the events. A server's successor that finds the events finds the client there, however
     * long the client is held up. And while the client has the block, its events can be no other block's.
     */
    private PairSide open() {
        try (PairObjects objects = new PairObjects(side)) {
            objects.block = clientsBlock();
            take(objects);
            objects.mine = clientsEvent(Side.READING);
            objects.peers = clientsEvent(Side.WRITING);
            return objects.handOver(new PairSide(request, objects));
        }
    }

    /** Opens the block; makes it only beside the event of a server that knows no block. */
    private PairBlock clientsBlock() {
        PairBlock there = part(() -> PairBlock.openExisting(os, request.name(), maker));
        if (there != null) {
            return there;
        }
        // Only looked at: a server's successor would refuse an event that is held without the client's place.
        clientsEvent(Side.READING).close();
        return part(() -> PairBlock.open(os, request, Trust.ANYONE, maker));
    }

    private EventHandle clientsEvent(Side of) {
        try {
            return openEvent(of, Trust.ANYONE);
        } catch (Failure e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw ofPart(e);
            }
            throw operation.failure(
                    Reason.NOT_FOUND,
                    "there is no such pair (" + e.errorName()
                            + "). Start its server first, or check the Local\\ or Global\\ prefix.",
                    e.errorCode(),
                    e.errorName());
        }
    }

    /** Opens or creates an object of the pair. */
    private <T> T part(Supplier<T> open) {
        try {
            return open.get();
        } catch (Failure e) {
            throw ofPart(e);
        }
    }

    /** The failure of an object of the pair. The message begins with the pair, because the user gave that name only. */
    private Failure ofPart(Failure e) {
        String message = e.getMessage();
        return operation.failure(
                e.reason(),
                Character.toLowerCase(message.charAt(0)) + message.substring(1),
                e.errorCode(),
                e.errorName());
    }

    private void take(PairObjects objects) {
        objects.taken = objects.block.slot(side).take();
        if (!objects.taken) {
            boolean server = side == Side.WRITING;
            throw operation.failure(
                    server ? Reason.ALREADY_EXISTS : Reason.IN_USE,
                    objects.block.slot(side).holder() + " is its " + side.label
                            + " side, and a pair has only one. Close it there, "
                            + (server ? "open the pair instead to be the reading side, " : "") + "or choose another name.");
        }
    }

    private EventHandle openEvent(Side of, Trust trust) {
        EventHandle event = os.openEvent(request.event(of), false, trust);
        if (!event.isKnownToResetManually()) {
            return event;
        }
        event.close();
        throw new Operation("use", request.event(of).event() + " in a pair").failure(
                Reason.WRONG_KIND,
                "it is a manual-reset event, which would release each side again and again. Have its "
                        + "creator make it an auto-reset event.");
    }

    /**
     * Creates the event of a side. Opens the one that is there if the options allow it, or if a client that uses this
     * library has its place, whether it is registered yet or not. One that is there without a client may be about to go:
     * the system closes what a process that was ended had open one after the other.
     */
    private EventHandle createEvent(Side of, PairBlock block) {
        Backoff backoff = Backoff.upTo(EVENT_IN_USE_NANOS);
        while (true) {
            try {
                if (request.existingEvents() || block.slot(Side.READING).isHeld()) {
                    return openEvent(of, Trust.ownWith(request.rights()));
                }
            } catch (Failure e) {
                if (e.reason() != Reason.NOT_FOUND) {
                    throw ofPart(e);
                }
            }
            try {
                return os.createEvent(request.event(of), new EventRequest(false, false, request.rights()));
            } catch (Failure e) {
                if (e.reason() != Reason.ALREADY_EXISTS) {
                    throw ofPart(e);
                }
                if (!backoff.pause()) {
                    throw operation.failure(
                            Reason.ALREADY_EXISTS,
                            request.event(of).event() + " exists, and no client that uses this library has it open. If the "
                                    + "client is a program that uses only the events, allow that with "
                                    + "PairOptions.existingEvents(). If that program is a server, open the pair "
                                    + "instead, or choose another name.",
                            e.errorCode(),
                            e.errorName());
                }
            }
        }
    }
}
