package dev.sharedregion;

import dev.sharedregion.SharedMemoryException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One side of a pair in this process: what it holds of the system, where the alternation stands for its threads, and how it
 * is closed while they use it. The handshake itself knows one call at a time; this sees to it that there is no other.
 */
final class PairSide {
    /** How long a server waits for an event to go, or for the place of the client that has it to be taken. */
    private static final long EVENT_IN_USE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(PairSide.class, "turn", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Where the alternation stands. Numbers, as the turn is to cost no more than a compare-and-swap of one.
    /** This side may use the region, and signals when it is done. */
    static final int MINE = 0;

    /** As MINE, and an action of this side is running, after which it signals. */
    static final int ACTING = 1;

    /** The other side may. */
    private static final int PEERS = 2;

    /** The other side may, and a thread of this side waits until it is done. */
    private static final int AWAITED = 3;

    /** A thread of this side is handing the turn over. */
    private static final int SIGNALLING = 4;

    /** As MINE, and a thread of this side looks whether the other side is there. */
    private static final int LOOKING = 5;

    final Side side;
    private final String name;
    private final String what;
    private final PairBlock block;
    private final EventHandle myEvent;
    private final EventHandle peersEvent;
    private final Handshake handshake;
    private final Object closing = new Object();
    private volatile int turn;
    private volatile boolean closed;

    /** Takes block, place and events over, if it succeeds. */
    PairSide(
            ObjectName name, Side side, PairBlock block, EventHandle myEvent, EventHandle peersEvent, PairOptions options) {
        this.name = name.toString();
        this.what = Backend.pair(name);
        this.side = side;
        this.block = block;
        this.myEvent = myEvent;
        this.peersEvent = peersEvent;
        this.handshake = new Handshake(what, side, block, myEvent, peersEvent, options);
        handshake.register();
        turn = side == Side.WRITING && handshake.holdsTurn() ? MINE : PEERS;
    }

    /** The server's side: the place first, so that a client that finds the events finds the server there. */
    static PairSide create(ObjectName name, PairOptions options) {
        return create(name, options, PairBlock::new);
    }

    static PairSide create(ObjectName name, PairOptions options, PairBlock.Maker maker) {
        PairBlock block =
                part(cannotCreate(name), () -> PairBlock.open(name, options.permissions, options.permissions, maker));
        EventHandle read = null;
        EventHandle written = null;
        boolean taken = false;
        try {
            taken = take(block, name, Side.WRITING);
            // The client looks for the other one first: once it finds that, both are there.
            read = createEvent(name, Side.WRITING, block, options);
            written = createEvent(name, Side.READING, block, options);
            return new PairSide(name, Side.WRITING, block, read, written, options);
        } catch (RuntimeException | Error e) {
            giveBackAfter(e, block, taken ? Side.WRITING : null, written, read);
            throw e;
        }
    }

    /**
     * The client's side: the block and the place before the events. A server's successor that finds the events finds the
     * client there, however long the client is held up. And while the client has the block, its events can be no other
     * block's.
     */
    static PairSide open(ObjectName name, PairOptions options) {
        return open(name, options, PairBlock::new);
    }

    static PairSide open(ObjectName name, PairOptions options, PairBlock.Maker maker) {
        PairBlock block = clientsBlock(name, options, maker);
        EventHandle written = null;
        EventHandle read = null;
        boolean taken = false;
        try {
            taken = take(block, name, Side.READING);
            written = clientsEvent(name, Side.READING);
            read = clientsEvent(name, Side.WRITING);
            return new PairSide(name, Side.READING, block, written, read, options);
        } catch (RuntimeException | Error e) {
            giveBackAfter(e, block, taken ? Side.READING : null, read, written);
            throw e;
        }
    }

    /** Opens the block; makes it only beside the event of a server that knows no block. */
    private static PairBlock clientsBlock(ObjectName name, PairOptions options, PairBlock.Maker maker) {
        PairBlock there = part(cannotOpen(name), () -> PairBlock.openExisting(name, maker));
        if (there != null) {
            return there;
        }
        // Only looked at: a server's successor would refuse an event that is held without the client's place.
        clientsEvent(name, Side.READING).close();
        return part(cannotOpen(name), () -> PairBlock.open(name, options.permissions, null, maker));
    }

    private static EventHandle clientsEvent(ObjectName name, Side side) {
        try {
            return openEvent(name, side, null);
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw ofPart(cannotOpen(name), e);
            }
            throw new SharedMemoryException(
                    Reason.NOT_FOUND,
                    cannotOpen(name) + ": there is none (" + e.errorName() + "). Start its server first, or check the "
                            + "Local\\ or Global\\ prefix.",
                    e.errorCode(),
                    e.errorName());
        }
    }

    private static String cannotCreate(ObjectName name) {
        return "Cannot create " + Backend.pair(name);
    }

    private static String cannotOpen(ObjectName name) {
        return "Cannot open " + Backend.pair(name);
    }

    /** Opens or creates an object of the pair. */
    private static <T> T part(String failed, Supplier<T> open) {
        try {
            return open.get();
        } catch (SharedMemoryException e) {
            throw ofPart(failed, e);
        }
    }

    /** The failure of an object of the pair; the message begins with the pair, as the user gave that name only. */
    private static SharedMemoryException ofPart(String failed, SharedMemoryException e) {
        String message = e.getMessage();
        return new SharedMemoryException(
                e.reason(),
                failed + ": " + Character.toLowerCase(message.charAt(0)) + message.substring(1),
                e.errorCode(),
                e.errorName());
    }

    private static boolean take(PairBlock block, ObjectName name, Side side) {
        if (block.places().take(side)) {
            return true;
        }
        boolean server = side == Side.WRITING;
        throw new SharedMemoryException(
                server ? Reason.ALREADY_EXISTS : Reason.IN_USE,
                (server ? cannotCreate(name) : cannotOpen(name)) + ": " + block.places().holder(side)
                        + " is its " + side.label + " side, and there can be one only. Close it there, "
                        + (server ? "open the pair instead to be the reading side, " : "") + "or choose another name.");
    }

    private static EventHandle openEvent(ObjectName name, Side side, Permissions meant) {
        EventHandle event = Backend.current().openEvent(name.part(side.event), EventAccess.FULL, meant);
        if (!event.isKnownToResetManually()) {
            return event;
        }
        event.close();
        throw new SharedMemoryException(
                Reason.WRONG_KIND,
                "Cannot use " + Backend.event(name.part(side.event)) + " in a pair: it resets manually, and would let each "
                        + "side go again and again. Have its creator make it an auto-reset event.");
    }

    /**
     * Creates the event of a side. Opens the one that is there if the options allow it, or if a client that uses this
     * library has its place, whether it is registered yet or not. One that is there without a client may be about to go:
     * the system closes what a process that was ended had open one after the other.
     */
    private static EventHandle createEvent(ObjectName name, Side side, PairBlock block, PairOptions options) {
        ObjectName event = name.part(side.event);
        long giveUp = System.nanoTime() + EVENT_IN_USE_NANOS;
        while (true) {
            try {
                if (options.existingEvents || block.places().isHeld(Side.READING)) {
                    return openEvent(name, side, options.permissions);
                }
            } catch (SharedMemoryException e) {
                if (e.reason() != Reason.NOT_FOUND) {
                    throw ofPart(cannotCreate(name), e);
                }
            }
            try {
                return Backend.current().createEvent(event, EventOptions.autoReset().permissions(options.permissions));
            } catch (SharedMemoryException e) {
                if (e.reason() != Reason.ALREADY_EXISTS) {
                    throw ofPart(cannotCreate(name), e);
                }
                if (System.nanoTime() - giveUp >= 0) {
                    throw new SharedMemoryException(
                            Reason.ALREADY_EXISTS,
                            cannotCreate(name) + ": " + Backend.event(event)
                                    + " exists, and no client that uses this library has it. If a program that knows only "
                                    + "the events is the client, allow that with PairOptions.existingEvents(); if it is a "
                                    + "server, open the pair instead, or choose another name.",
                            e.errorCode(),
                            e.errorName());
                }
            }
            Waiting.rest();
        }
    }

    /** As {@link #giveBack}; the failure that led to it stays the one that is told. */
    private static void giveBackAfter(
            Throwable failure, PairBlock block, Side taken, EventHandle first, EventHandle second) {
        try {
            giveBack(block, taken, first, second);
        } catch (SharedMemoryException e) {
            failure.addSuppressed(e);
        }
    }

    /** The events before the place: {@link #createEvent} relies on that. All of it, also where a part fails, for memory that has vanished. */
    private static void giveBack(PairBlock block, Side taken, EventHandle first, EventHandle second) {
        try {
            close(first);
        } finally {
            try {
                close(second);
            } finally {
                try {
                    giveUp(block, taken);
                } finally {
                    block.close();
                }
            }
        }
    }

    private static void close(EventHandle event) {
        if (event != null) {
            event.close();
        }
    }

    private static void giveUp(PairBlock block, Side taken) {
        if (taken != null) {
            block.places().giveUp(taken);
        }
    }

    String name() {
        return name;
    }

    boolean hasTurn() {
        int now = turn;
        return now == MINE || now == ACTING || now == LOOKING;
    }

    // Each finally here writes to fields, and calls nothing: the stack may be full (StackSpace). It tests a local variable,
    // as a catch may have to load the class of its exception first.

    /** Hands the turn over. */
    void signal(int from) {
        if (!TURN.compareAndSet(this, from, SIGNALLING)) {
            checkOpen();
            throw outOfTurn();
        }
        boolean done = false;
        try {
            // After the change, which close waits for if it has not been seen here.
            checkOpen();
            handshake.signal();
            TURN.setRelease(this, PEERS);
            done = true;
        } finally {
            if (!done) {
                turn = handshake.unfinished ? PEERS : from;
            }
        }
    }

    /** Waits for the turn; false if the deadline passed before. */
    boolean await(long deadline) throws InterruptedException {
        if (!TURN.compareAndSet(this, PEERS, AWAITED)) {
            checkOpen();
            throw outOfTurn();
        }
        int next = PEERS;
        boolean done = false;
        try {
            checkOpen();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (handshake.await(deadline)) {
                next = MINE;
            } else {
                checkOpen();
            }
            TURN.setRelease(this, next);
            done = true;
            return next == MINE;
        } finally {
            if (!done) {
                turn = next;
            }
        }
    }

    /**
     * Waits for the turn if need be, runs the action, and hands the turn over, or keeps it if the action fails; false if the
     * deadline passed before.
     */
    boolean act(Runnable action, long deadline) throws InterruptedException {
        if (!beginAction(deadline)) {
            return false;
        }
        boolean done = false;
        try {
            action.run();
            signal(ACTING);
            done = true;
            return true;
        } finally {
            if (!done && turn == ACTING) {
                turn = MINE;
            }
        }
    }

    /** As {@link #act(Runnable, long)}, without a deadline. */
    <T> T act(Supplier<T> action) throws InterruptedException {
        beginAction(Deadline.never());
        boolean done = false;
        try {
            T result = action.get();
            signal(ACTING);
            done = true;
            return result;
        } finally {
            if (!done && turn == ACTING) {
                turn = MINE;
            }
        }
    }

    /** Waits for the turn if need be, and takes it for an action of this thread alone; false if the deadline passed. */
    private boolean beginAction(long deadline) throws InterruptedException {
        // Before the action runs, and not only when it is signalled.
        checkOpen();
        if (turn == PEERS && !await(deadline)) {
            return false;
        }
        if (!TURN.compareAndSet(this, MINE, ACTING)) {
            throw outOfTurn();
        }
        return true;
    }

    /**
     * Waits until there is a registered peer that lives, or the turn has come.
     *
     * @return false if the deadline passed before
     */
    boolean awaitPeer(long deadline) throws InterruptedException {
        for (long pause = 1; ; pause = Math.min(2 * pause, Waiting.LONGEST_PAUSE_MILLIS)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (isPeerThere()) {
                return true;
            }
            long nanos = Deadline.remainingNanos(deadline);
            if (nanos == 0) {
                return false;
            }
            Thread.sleep(Math.min(pause, nanos / 1_000_000 + 1));
        }
    }

    private boolean isPeerThere() throws InterruptedException {
        int before = turn;
        if (before != MINE && before != PEERS || !TURN.compareAndSet(this, before, before == MINE ? LOOKING : AWAITED)) {
            checkOpen();
            throw outOfTurn();
        }
        int next = before;
        try {
            checkOpen();
            if (block.isPresent(side.peer())) {
                return true;
            }
            if (before == PEERS && handshake.await(System.nanoTime())) {
                next = MINE;
                return true;
            }
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.PEER_DIED && e.reason() != Reason.CLOSED) {
                throw e;
            }
        } finally {
            turn = next;
        }
        return false;
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The " + what + " is closed.");
        }
    }

    /** The error for a call that is for the other side. */
    IllegalStateException wrongSide(String call, Side wanted) {
        checkOpen();
        // Who had it last, maybe: to look whether it lives is for the thread that waits.
        String holder = PairBlock.isRegistered(block.state(wanted)) ? ", which is " + block.places().holder(wanted) : "";
        return new IllegalStateException(call + " is for the " + wanted.label + " side" + holder + "; this is the "
                + side.label + " side of " + what + ".");
    }

    private IllegalStateException outOfTurn() {
        String why = switch (turn) {
            case MINE -> "it is its turn already: " + (side == Side.WRITING ? "write" : "read") + " and signal first";
            case ACTING -> "an action of it is running, and signals when it returns";
            case PEERS -> "it is the other side's turn: wait for it first";
            case SIGNALLING -> "another of its threads hands the turn over";
            case LOOKING -> "another of its threads looks for the peer";
            default -> "another of its threads waits for the turn";
        };
        return new IllegalStateException("The " + side.label + " side of " + what + " is out of turn: " + why + ".");
    }

    /**
     * Ends the calls under way, leaves the place, and gives everything back. Does nothing when called again, or before
     * another thread's close is done.
     */
    void close() {
        synchronized (closing) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            myEvent.cancel();
        } finally {
            awaitCallers();
            try {
                handshake.leave();
            } catch (SharedMemoryException e) {
                // The peer finds the place given up, as that of a side that died; nobody here has any use for the reason.
            } finally {
                giveBackQuietly();
            }
        }
    }

    /** All has been tried by then, and who closes can do nothing about it. */
    private void giveBackQuietly() {
        try {
            giveBack(block, side, peersEvent, myEvent);
        } catch (SharedMemoryException e) {
            // The peer finds the place given up, or this process ended.
        }
    }

    /** They see that it is closed, or have begun before, and end soon. */
    private void awaitCallers() {
        while (turn >= AWAITED) {
            Waiting.pause();
        }
    }

    /** What it is; for messages. */
    @Override
    public String toString() {
        return what + " (" + side.label + (closed ? " side, closed)" : " side)");
    }
}
