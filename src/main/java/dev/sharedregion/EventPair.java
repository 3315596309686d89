package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.SafetyNet;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.pair.PairOpener;
import dev.sharedregion.internal.pair.PairRequest;
import dev.sharedregion.internal.pair.PairSide;
import dev.sharedregion.internal.pair.Side;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A handshake by which a server, the writing side, and a client, the reading side, take turns on a {@link SharedRegion} in
 * strict alternation: the server writes and signals <i>written</i>, the client reads and signals <i>read</i>, and so on.
 *
 * <pre>{@code
 * server:  pair.write(() -> region.pointer().setInt(0, 42));
 * client:  int answer = pair.read(() -> region.pointer().getInt(0));
 * }</pre>
 *
 * <p>The pair {@code x} owns two auto-reset events (on Windows nobody can tell them from manual-reset ones, which are a
 * mistake of who created them), {@code x.written} and {@code x.read}, both initially unset, and a control
 * block, the region {@code x.pair}. A program that knows nothing but the events is a full peer, on either side. Between two
 * users of this library, or of {@code sharedregion.h}, a turn takes no system call unless one of them sleeps. The names
 * follow the rules of {@link SharedRegion}, the suffixes included. The server may write its first turn before a client has
 * come, and the client finds it. What is written before a signal is seen after the wait that it ends.
 *
 * <p><b>When the other side ends.</b> A peer that uses this library, or the header, is watched. If its process ends without
 * closing the pair, whoever waits for it gets a {@link SharedMemoryException} with {@code PEER_DIED}, within 100
 * milliseconds; who comes to wait later gets it at once (who polls again and again, within 25 milliseconds). If it closes in
 * order, the reason is {@code CLOSED}. What it had handed over before is delivered first, and what it was writing at that
 * moment never: a reader has no turn on it. A new server or client can take the empty place: one that reads gets the turn that nobody has acknowledged, if there is one, and
 * one that writes has to wait until that is read ({@link #hasTurn()}, {@link #awaitPeer}). A program that knows only the
 * events cannot be watched: give waits for one a time. Windows: a peer of another user that this process may not look at
 * counts as alive while its process id is in use, and an ended process keeps its id while any process has a handle of it.
 *
 * <p><b>When another program writes over the control block.</b> Whoever may open the block may do so. What the pair says then
 * may be wrong, but every call returns: waits when their time is up at the latest, the others in a few seconds. A call that can
 * come to no end because of it fails with a {@link SharedMemoryException} with {@code CORRUPT}: any that opens the pair, waits or
 * signals, and {@link #awaitPeer}. {@link #close()} always works; close the pair on all sides, and create it anew.
 *
 * <p>Only processes of the same user can be the other side, unless {@link PairOptions#permissions} say otherwise. Windows: to
 * create the block in {@code Global\} takes a privilege that ordinary processes lack, so there the first of a pair's users to
 * come has to be one that has it.
 *
 * <p>A call out of turn, such as signalling written twice, is an {@link IllegalStateException} and changes nothing.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread, but a side has one turn at a time: while one
 * thread waits, or runs its action, the calls of another are out of turn. {@link #close()} ends a wait that is under way,
 * and every use after it, {@link #close()}, {@link #name()} and {@code toString()} apart, with
 * {@link IllegalStateException}. A pair that is dropped without close is closed by the collector.
 */
public final class EventPair implements AutoCloseable {
    private final PairSide side;
    private final Cleaner.Cleanable cleanable;

    private EventPair(PairSide side) {
        this.side = side;
        this.cleanable = SafetyNet.CLEANER.register(this, side::close);
    }

    /**
     * Creates a pair, with {@linkplain PairOptions#defaults() default options}, and becomes its writing side.
     *
     * @param name the pair's name
     * @return the pair
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #create(String, PairOptions)}
     */
    public static EventPair create(String name) {
        StackSpace.require();
        return create(name, PairOptions.defaults());
    }

    /**
     * Creates a pair and becomes its writing side. If a client that uses this library is there, whose server has ended,
     * this becomes its new server. The turn is the server's, unless there is something that such a client has not
     * acknowledged yet ({@link #hasTurn()}).
     *
     * @param name the pair's name
     * @param options how
     * @return the pair
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if the pair has a server, with its process, or if its events are
     *     there and no client that uses this library has come for a second ({@link PairOptions#existingEvents()}), or if its
     *     objects are another user's and the {@linkplain PairOptions#permissions permissions} let no other users in;
     *     {@code WRONG_KIND} or {@code UNSUPPORTED} if the region {@code x.pair} is no control block, or one of another
     *     version; {@code IN_USE} if the client's process is stopped in the middle of a signal; otherwise as
     *     {@link NamedEvent#create(String)} and {@link SharedRegion#openOrCreate(String, long)}
     */
    public static EventPair create(String name, PairOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        PairRequest request = options.request(name);
        return of(() -> PairOpener.create(ThisSystem.get(), request));
    }

    /**
     * Opens a pair, with {@linkplain PairOptions#defaults() default options}, and becomes its reading side.
     *
     * @param name the pair's name
     * @return the pair
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #open(String, PairOptions)}
     */
    public static EventPair open(String name) {
        StackSpace.require();
        return open(name, PairOptions.defaults());
    }

    /**
     * Opens a pair that a server has created and becomes its reading side.
     *
     * @param name the pair's name
     * @param options how
     * @return the pair
     * @throws IllegalArgumentException if the name or an option is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is none; {@code IN_USE} if it has a client, with its process, or if
     *     the server's process is stopped in the middle of a signal;
     *     {@code WRONG_KIND} or {@code UNSUPPORTED} if the region {@code x.pair} is no control block, or one of another
     *     version; otherwise as {@link NamedEvent#open(String)} and {@link SharedRegion#openOrCreate(String, long)}
     */
    public static EventPair open(String name, PairOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        options.checkForOpen();
        PairRequest request = options.request(name);
        return of(() -> PairOpener.open(ThisSystem.get(), request));
    }

    /**
     * Opens a pair, with {@linkplain PairOptions#defaults() default options}, and becomes its reading side, and waits for
     * the server if it has not created the pair yet.
     *
     * @param name the pair's name
     * @param timeout how long to wait; {@link Duration#ZERO} tries once. The name is looked for every few milliseconds,
     *     at most 20 apart
     * @return the pair
     * @throws InterruptedException if the thread is interrupted before the pair is open
     * @throws IllegalArgumentException if the name is not valid or the timeout negative
     * @throws SharedMemoryException as {@link #open(String, PairOptions)}; {@code NOT_FOUND} only when the time has passed
     */
    public static EventPair open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, PairOptions.defaults());
    }

    /**
     * Opens a pair and becomes its reading side, and waits for the server if it has not created the pair yet.
     *
     * @param name the pair's name
     * @param timeout how long to wait, as in {@link #open(String, Duration)}
     * @param options how
     * @return the pair
     * @throws InterruptedException if the thread is interrupted before the pair is open
     * @throws IllegalArgumentException if the name or an option is not valid or the timeout negative
     * @throws SharedMemoryException as {@link #open(String, PairOptions)}; {@code NOT_FOUND} only when the time has passed
     */
    public static EventPair open(String name, Duration timeout, PairOptions options) throws InterruptedException {
        StackSpace.require();
        return Waiting.untilFound(timeout, () -> open(name, options));
    }

    private static EventPair of(Supplier<PairSide> open) {
        PairSide side = SharedMemoryException.translating(open);
        try {
            return new EventPair(side);
        } catch (RuntimeException | Error e) {
            side.close();
            throw e;
        }
    }

    /**
     * Waits until the other side is there: a peer that uses this library, or the header, has taken its place, or a program
     * that knows only the events has signalled. After {@code PEER_DIED} and {@code CLOSED} this is how to wait for a
     * successor. It looks every few milliseconds, at most 20 apart.
     *
     * @param timeout how long; {@link Duration#ZERO} looks without waiting
     * @return true if the other side is there, false if the time passed before
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if another thread waits already or an action is running, or if the pair is closed here,
     *     before or meanwhile
     * @throws SharedMemoryException {@code CORRUPT} if another program has written over the control block
     */
    public boolean awaitPeer(Duration timeout) throws InterruptedException {
        StackSpace.require();
        try {
            return side.awaitPeer(Deadline.after(timeout));
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Whether this side has the turn, as far as it knows: a new server has it, unless its predecessor's last turn has not
     * been acknowledged; after that, who has waited for it has it until it signals.
     *
     * @return true if this side may use the region, and is to signal next; false if it is to wait next
     * @throws IllegalStateException if the pair is closed here
     */
    public boolean hasTurn() {
        side.checkOpen();
        return side.hasTurn();
    }

    /**
     * Server: says that it has written, and so hands the turn to the client.
     *
     * @throws IllegalStateException if it is not this side's turn, if this is the reading side, or after close
     * @throws SharedMemoryException {@code CORRUPT} if another program has written over the control block
     */
    public void signalWritten() {
        checkSide(Side.WRITING, "signalWritten");
        signal();
    }

    /**
     * Server: waits until the client has read.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the turn stays the client's
     * @throws IllegalStateException if nothing was written since the last read, if another thread waits already, if this
     *     is the reading side, or if the pair is closed here, before or meanwhile
     * @throws SharedMemoryException {@code PEER_DIED} if the client's process has ended, {@code CLOSED} if it has closed the
     *     pair, and it had not read; {@code CORRUPT} if another program has written over the control block
     */
    public void awaitRead() throws InterruptedException {
        checkSide(Side.WRITING, "awaitRead");
        await(Deadline.never());
    }

    /**
     * Server: waits until the client has read, but no longer than this.
     *
     * @param timeout how long; {@link Duration#ZERO} looks without waiting
     * @return true if the client has read, so that the turn is the server's; false if the time passed before
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the turn stays the client's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitRead()}
     * @throws SharedMemoryException as {@link #awaitRead()}
     */
    public boolean awaitRead(Duration timeout) throws InterruptedException {
        checkSide(Side.WRITING, "awaitRead");
        return await(Deadline.after(timeout));
    }

    /**
     * Client: waits until the server has written.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the turn stays the server's
     * @throws IllegalStateException if what was written has not been signalled as read, if another thread waits already,
     *     if this is the writing side, or if the pair is closed here, before or meanwhile
     * @throws SharedMemoryException {@code PEER_DIED} if the server's process has ended, {@code CLOSED} if it has closed the
     *     pair, and it had not signalled; {@code CORRUPT} if another program has written over the control block
     */
    public void awaitWritten() throws InterruptedException {
        checkSide(Side.READING, "awaitWritten");
        await(Deadline.never());
    }

    /**
     * Client: waits until the server has written, but no longer than this.
     *
     * @param timeout how long; {@link Duration#ZERO} looks without waiting
     * @return true if the server has written, so that the turn is the client's; false if the time passed before
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the turn stays the server's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitWritten()}
     * @throws SharedMemoryException as {@link #awaitWritten()}
     */
    public boolean awaitWritten(Duration timeout) throws InterruptedException {
        checkSide(Side.READING, "awaitWritten");
        return await(Deadline.after(timeout));
    }

    /**
     * Client: says that it has read, and so hands the turn to the server.
     *
     * @throws IllegalStateException if it is not this side's turn, if this is the writing side, or after close
     * @throws SharedMemoryException {@code CORRUPT} if another program has written over the control block
     */
    public void signalRead() {
        checkSide(Side.READING, "signalRead");
        signal();
    }

    /**
     * Server: a whole turn. Waits until the client has read what was written before, if anything was, runs the action,
     * and signals. An action that throws leaves the turn with the server: nothing is signalled, and the next call runs
     * at once.
     *
     * @param action writes to the region; must not signal
     * @throws InterruptedException if the thread is interrupted while it waits; the action has not run
     * @throws IllegalStateException as {@link #awaitRead()} and {@link #signalWritten()}
     * @throws SharedMemoryException as {@link #awaitRead()}; the action has not run
     */
    public void write(Runnable action) throws InterruptedException {
        checkSide(Side.WRITING, "write");
        takeTurn(action, Deadline.never());
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
     * @throws SharedMemoryException as {@link #awaitRead()}; the action has not run
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
     * @throws SharedMemoryException as {@link #awaitWritten()}; the action has not run
     */
    public void read(Runnable action) throws InterruptedException {
        checkSide(Side.READING, "read");
        takeTurn(action, Deadline.never());
    }

    /**
     * Client: a whole turn, as {@link #read(Runnable)}, with a result.
     *
     * @param <T> the type of the result
     * @param action reads from the region; must not signal
     * @return what the action returned
     * @throws InterruptedException if the thread is interrupted while it waits; the action has not run
     * @throws IllegalStateException as {@link #awaitWritten()} and {@link #signalRead()}
     * @throws SharedMemoryException as {@link #awaitWritten()}; the action has not run
     */
    public <T> T read(Supplier<T> action) throws InterruptedException {
        checkSide(Side.READING, "read");
        Objects.requireNonNull(action, "action");
        try {
            return side.act(action);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
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
     * @throws SharedMemoryException as {@link #awaitWritten()}; the action has not run
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
        return side.name();
    }

    /**
     * Leaves the pair and gives its events and its block back. The other side gets {@code CLOSED} when it next waits for this
     * one. Harmless when called again.
     */
    @Override
    public void close() {
        StackSpace.require();
        // Not by the cleaner alone: of two threads that close, its second returns before the first has begun.
        try {
            side.close();
        } finally {
            cleanable.clean();
        }
    }

    /** What it is; for messages. */
    @Override
    public String toString() {
        return side.toString();
    }

    private void signal() {
        try {
            side.signal(PairSide.MINE);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not take a pair for dropped while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    private boolean await(long deadline) throws InterruptedException {
        try {
            return side.await(deadline);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private boolean takeTurn(Runnable action, long deadline) throws InterruptedException {
        Objects.requireNonNull(action, "action");
        try {
            return side.act(action, deadline);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void checkSide(Side wanted, String call) {
        if (side.side != wanted) {
            throw side.wrongSide(call, wanted);
        }
    }
}
