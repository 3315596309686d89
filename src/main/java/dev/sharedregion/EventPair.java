package dev.sharedregion;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A handshake of two named events by which a server, the writing side, and a client, the reading side, take turns on a
 * {@link SharedRegion} in strict alternation: the server writes and signals <i>written</i>, the client reads and signals
 * <i>read</i>, and so on.
 *
 * <pre>{@code
 * server:  pair.write(() -> region.pointer().setInt(0, 42));
 * client:  int answer = pair.read(() -> region.pointer().getInt(0));
 * }</pre>
 *
 * <p>The pair {@code x} owns two auto-reset events, {@code x.written} and {@code x.read}, both initially unset. A program
 * that knows nothing but those is a full peer, on either side. The names follow the rules of {@link SharedRegion}, the
 * suffixes included. The server may write its first turn before a client has come, and the client finds it.
 *
 * <p>A call out of turn, such as signalling written twice, is an {@link IllegalStateException} and changes nothing.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread, but a side has one turn at a time: while one
 * thread waits, or runs its action, the calls of another are out of turn. {@link #close()} ends a wait that is under way,
 * and every use after it, {@link #close()}, {@link #name()} and {@code toString()} apart, with
 * {@link IllegalStateException}.
 */
public final class EventPair implements AutoCloseable {
    private static final String WRITTEN = ".written";
    private static final String READ = ".read";

    private enum Side {
        WRITING("writing"),
        READING("reading");

        final String label;

        Side(String label) {
            this.label = label;
        }
    }

    /** Where the alternation stands, as this side knows it. */
    private enum Turn {
        /** This side may use the region, and signals when it is done. */
        MINE,
        /** As MINE, and an action of this side is running, after which it signals. */
        ACTING,
        /** The other side may. */
        PEERS,
        /** The other side may, and a thread of this side waits until it is done. */
        AWAITED
    }

    private final String name;
    private final Side side;
    private final NamedEvent mySignal;
    private final NamedEvent peersSignal;
    private final AtomicReference<Turn> turn;

    private EventPair(ObjectName name, Side side, NamedEvent mySignal, NamedEvent peersSignal) {
        this.name = name.toString();
        this.side = side;
        this.mySignal = mySignal;
        this.peersSignal = peersSignal;
        this.turn = new AtomicReference<>(side == Side.WRITING ? Turn.MINE : Turn.PEERS);
    }

    /**
     * Creates a pair and becomes its writing side, whose turn is first.
     *
     * @param name the pair's name
     * @return the pair
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if there is a pair of this name, because another server has
     *     it or a client of an earlier one still does; otherwise as {@link NamedEvent#create(String)}
     */
    public static EventPair create(String name) {
        ObjectName pair = ObjectName.of(name);
        // The client looks for the other one first: once it finds that, both are there.
        NamedEvent read = NamedEvent.create(pair.part(READ), EventOptions.autoReset());
        try {
            NamedEvent written = NamedEvent.create(pair.part(WRITTEN), EventOptions.autoReset());
            return new EventPair(pair, Side.WRITING, written, read);
        } catch (RuntimeException | Error e) {
            read.close();
            throw e;
        }
    }

    /**
     * Opens a pair that a server has created and becomes its reading side.
     *
     * @param name the pair's name
     * @return the pair
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is none; otherwise as {@link NamedEvent#open(String)}
     */
    public static EventPair open(String name) {
        ObjectName pair = ObjectName.of(name);
        NamedEvent written = NamedEvent.open(pair.part(WRITTEN), EventAccess.FULL);
        try {
            NamedEvent read = NamedEvent.open(pair.part(READ), EventAccess.FULL);
            return new EventPair(pair, Side.READING, read, written);
        } catch (RuntimeException | Error e) {
            written.close();
            throw e;
        }
    }

    /**
     * Opens a pair and becomes its reading side, and waits for the server if it has not created the pair yet.
     *
     * @param name the pair's name
     * @param timeout how long to wait; {@link Duration#ZERO} tries once. The name is looked for every few milliseconds,
     *     at most 20 apart
     * @return the pair
     * @throws InterruptedException if the thread is interrupted before the pair is open
     * @throws IllegalArgumentException if the name is not valid or the timeout negative
     * @throws SharedMemoryException as {@link #open(String)}; {@code NOT_FOUND} only when the time has passed
     */
    public static EventPair open(String name, Duration timeout) throws InterruptedException {
        return Waiting.untilFound(timeout, () -> open(name));
    }

    /**
     * Server: says that it has written, and so hands the turn to the client.
     *
     * @throws IllegalStateException if it is not this side's turn, if this is the reading side, or after close
     */
    public void signalWritten() {
        checkSide(Side.WRITING, "signalWritten");
        signal(Turn.MINE);
    }

    /**
     * Server: waits until the client has read.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the turn stays the client's
     * @throws IllegalStateException if nothing was written since the last read, if another thread waits already, if this
     *     is the reading side, or if the pair is closed here, before or meanwhile
     */
    public void awaitRead() throws InterruptedException {
        checkSide(Side.WRITING, "awaitRead");
        awaitTurn(Deadline.NEVER);
    }

    /**
     * Server: waits until the client has read, but no longer than this.
     *
     * @param timeout how long; {@link Duration#ZERO} looks without waiting
     * @return true if the client has read, so that the turn is the server's; false if the time passed before
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the turn stays the client's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitRead()}
     */
    public boolean awaitRead(Duration timeout) throws InterruptedException {
        checkSide(Side.WRITING, "awaitRead");
        return awaitTurn(Deadline.after(timeout));
    }

    /**
     * Client: waits until the server has written.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the turn stays the server's
     * @throws IllegalStateException if what was written has not been signalled as read, if another thread waits already,
     *     if this is the writing side, or if the pair is closed here, before or meanwhile
     */
    public void awaitWritten() throws InterruptedException {
        checkSide(Side.READING, "awaitWritten");
        awaitTurn(Deadline.NEVER);
    }

    /**
     * Client: waits until the server has written, but no longer than this.
     *
     * @param timeout how long; {@link Duration#ZERO} looks without waiting
     * @return true if the server has written, so that the turn is the client's; false if the time passed before
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the turn stays the server's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitWritten()}
     */
    public boolean awaitWritten(Duration timeout) throws InterruptedException {
        checkSide(Side.READING, "awaitWritten");
        return awaitTurn(Deadline.after(timeout));
    }

    /**
     * Client: says that it has read, and so hands the turn to the server.
     *
     * @throws IllegalStateException if it is not this side's turn, if this is the writing side, or after close
     */
    public void signalRead() {
        checkSide(Side.READING, "signalRead");
        signal(Turn.MINE);
    }

    /**
     * Server: a whole turn. Waits until the client has read what was written before, if anything was, runs the action,
     * and signals. An action that throws leaves the turn with the server: nothing is signalled, and the next call runs
     * at once.
     *
     * @param action writes to the region; must not signal
     * @throws InterruptedException if the thread is interrupted while it waits; the action has not run
     * @throws IllegalStateException as {@link #awaitRead()} and {@link #signalWritten()}
     */
    public void write(Runnable action) throws InterruptedException {
        checkSide(Side.WRITING, "write");
        takeTurn(action, Deadline.NEVER);
    }

    /**
     * Server: a whole turn, as {@link #write(Runnable)}, unless the client takes longer than this.
     *
     * @param action writes to the region; must not signal
     * @param timeout how long to wait for the client; {@link Duration#ZERO} looks without waiting
     * @return true if the turn was taken; false if the time passed before, and the action has not run
     * @throws InterruptedException if the thread is interrupted while it waits; the action has not run
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitRead()} and {@link #signalWritten()}
     */
    public boolean write(Runnable action, Duration timeout) throws InterruptedException {
        checkSide(Side.WRITING, "write");
        return takeTurn(action, Deadline.after(timeout));
    }

    /**
     * Client: a whole turn. Waits until the server has written, runs the action, and signals. An action that throws
     * leaves the turn with the client: nothing is signalled, and the next call runs at once, on what was written.
     *
     * @param action reads from the region; must not signal
     * @throws InterruptedException if the thread is interrupted while it waits; the action has not run
     * @throws IllegalStateException as {@link #awaitWritten()} and {@link #signalRead()}
     */
    public void read(Runnable action) throws InterruptedException {
        checkSide(Side.READING, "read");
        takeTurn(action, Deadline.NEVER);
    }

    /**
     * Client: a whole turn, as {@link #read(Runnable)}, with a result.
     *
     * @param <T> the type of the result
     * @param action reads from the region; must not signal
     * @return what the action returned
     * @throws InterruptedException if the thread is interrupted while it waits; the action has not run
     * @throws IllegalStateException as {@link #awaitWritten()} and {@link #signalRead()}
     */
    public <T> T read(Supplier<T> action) throws InterruptedException {
        checkSide(Side.READING, "read");
        Objects.requireNonNull(action, "action");
        beginAction(Deadline.NEVER);
        T result = null;
        boolean done = false;
        try {
            result = action.get();
            done = true;
        } finally {
            endAction(done);
        }
        return result;
    }

    /**
     * Client: a whole turn, as {@link #read(Runnable)}, unless the server takes longer than this.
     *
     * @param action reads from the region; must not signal
     * @param timeout how long to wait for the server; {@link Duration#ZERO} looks without waiting
     * @return true if the turn was taken; false if the time passed before, and the action has not run
     * @throws InterruptedException if the thread is interrupted while it waits; the action has not run
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitWritten()} and {@link #signalRead()}
     */
    public boolean read(Runnable action, Duration timeout) throws InterruptedException {
        checkSide(Side.READING, "read");
        return takeTurn(action, Deadline.after(timeout));
    }

    /**
     * The name, as it was given.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** Gives the two events back. Harmless when called again. */
    @Override
    public void close() {
        try {
            mySignal.close();
        } finally {
            peersSignal.close();
        }
    }

    /** What it is; for messages. */
    @Override
    public String toString() {
        return "pair \"" + name + "\" (" + side.label + " side)";
    }

    private boolean takeTurn(Runnable action, Deadline deadline) throws InterruptedException {
        Objects.requireNonNull(action, "action");
        if (!beginAction(deadline)) {
            return false;
        }
        boolean done = false;
        try {
            action.run();
            done = true;
        } finally {
            endAction(done);
        }
        return true;
    }

    /** Waits for the turn if need be, and takes it for an action of this thread alone. */
    private boolean beginAction(Deadline deadline) throws InterruptedException {
        // Before the action runs, and not only when it is signalled.
        mySignal.checkOpen();
        if (turn.get() == Turn.PEERS && !awaitTurn(deadline)) {
            return false;
        }
        if (!turn.compareAndSet(Turn.MINE, Turn.ACTING)) {
            throw outOfTurn();
        }
        return true;
    }

    private void endAction(boolean done) {
        if (done) {
            signal(Turn.ACTING);
        } else {
            turn.set(Turn.MINE);
        }
    }

    private boolean awaitTurn(Deadline deadline) throws InterruptedException {
        if (!turn.compareAndSet(Turn.PEERS, Turn.AWAITED)) {
            throw outOfTurn();
        }
        Turn next = Turn.PEERS;
        try {
            boolean signalled = peersSignal.await(deadline);
            next = signalled ? Turn.MINE : Turn.PEERS;
            return signalled;
        } finally {
            turn.set(next);
        }
    }

    private void signal(Turn from) {
        mySignal.checkOpen();
        if (!turn.compareAndSet(from, Turn.PEERS)) {
            throw outOfTurn();
        }
        boolean signalled = false;
        try {
            mySignal.set();
            signalled = true;
        } finally {
            if (!signalled) {
                turn.set(Turn.MINE);
            }
        }
    }

    private void checkSide(Side wanted, String call) {
        if (side != wanted) {
            throw new IllegalStateException(call + " is for the " + wanted.label + " side; this is the " + side.label
                    + " side of pair \"" + name + "\".");
        }
    }

    private IllegalStateException outOfTurn() {
        String why = switch (turn.get()) {
            case MINE -> "it is its turn already: " + (side == Side.WRITING ? "write" : "read") + " and signal first";
            case ACTING -> "an action of it is running, and signals when it returns";
            case PEERS -> "it is the other side's turn: wait for it first";
            case AWAITED -> "another of its threads waits for the turn";
        };
        return new IllegalStateException(
                "The " + side.label + " side of pair \"" + name + "\" is out of turn: " + why + ".");
    }
}
