package dev.sharedregion;

import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.pair.PairBlock;
import dev.sharedregion.internal.pair.PairOpener;
import dev.sharedregion.internal.pair.PairRequest;
import dev.sharedregion.internal.pair.PairSide;
import dev.sharedregion.internal.pair.Side;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A handshake in which two processes take turns on a {@link SharedRegion}. The <i>server</i> is the writing side, the
 * <i>client</i> is the reading side. They alternate strictly: the server writes and signals <i>written</i>, then the
 * client reads and signals <i>read</i>, and so on.
 *
 * <pre>{@code
 * server:  pair.write(() -> region.pointer().setInt(0, 42));
 * client:  int answer = pair.read(() -> region.pointer().getInt(0));
 * }</pre>
 *
 * <p><b>Objects.</b> The pair {@code x} consists of two auto-reset events, {@code x.written} and {@code x.read}, which
 * are not set at first, and of a control block, the region {@code x.pair}. Their names, with these suffixes, follow
 * the rules of {@link SharedRegion}. {@link PairOptions#eventNames} gives the events other names. A program that uses
 * only the two events can be either side. Windows cannot report an event's reset mode, so a manual-reset event that
 * was created by mistake is not detected there. If both sides use this library or {@code sharedregion.h}, a turn takes
 * no system call unless one of them sleeps.
 *
 * <p><b>Order.</b> The server may write its first turn before a client exists. The client then finds that turn. What
 * one side writes before its signal is visible to the other side after the wait that the signal ends.
 *
 * <p><b>When the other side ends.</b> A side that uses this library or the header is watched:
 * <ul>
 * <li>If its process ends without closing the pair, a wait for it fails within 100 milliseconds with a
 * {@link SharedMemoryException} whose reason is {@code PEER_DIED}. A wait that begins later fails at once. Repeated
 * polls fail within 25 milliseconds.
 * <li>If the side has closed the pair, the reason is {@code CLOSED}.
 * <li>A turn that was already handed over is still delivered. A turn that was being written is discarded: no reader
 * ever gets it.
 * <li>A new server or client can take the free place. A new client gets the turn that was handed over and not
 * acknowledged, if there is one. A new server must first wait until that turn is read ({@link #hasTurn()},
 * {@link #awaitPeer}).
 * </ul>
 * A program that uses only the events cannot be watched: use waits with a timeout. On Windows the system may not let
 * this process open the process of another user. The peer then counts as alive while its process id is in use, and the
 * id of an ended process stays in use while any process has a handle of it.
 *
 * <p><b>When another program overwrites the control block.</b> Any process that may open the block can write to it.
 * The pair may then give wrong answers, but every call returns: a wait at its timeout at the latest, other calls
 * within a few seconds. A call that cannot complete because of this fails with a {@link SharedMemoryException} whose
 * reason is {@code CORRUPT}. Every call that opens the pair, waits or signals can fail like this, and so can
 * {@link #awaitPeer}. {@link #close()} always works. Close the pair on both sides and create it again.
 *
 * <p><b>Permissions.</b> Only processes of the same user can be the other side, unless {@link PairOptions#permissions}
 * allows more. On Windows a process needs a privilege to create the control block in {@code Global\}, and ordinary
 * processes lack it. There, the first of the two sides to start must have this privilege.
 *
 * <p><b>Calls out of turn.</b> A call out of turn, such as a second signal without a wait in between, throws
 * {@link IllegalStateException} and changes nothing.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread, but each side has only one turn at a time:
 * while one thread waits or runs its action, the calls of other threads are out of turn. A wait of a virtual thread
 * does not hold its carrier, as {@link NamedEvent} says. {@link #close()} ends a wait
 * of another thread with {@link IllegalStateException}. After it, every method except {@link #close()},
 * {@link #name()} and {@code toString()} throws {@link IllegalStateException}. If a pair becomes unreachable without
 * being closed, the garbage collector closes it.
 */
public final class EventPair implements AutoCloseable {
    /**
     * What a side does in a turn.
     *
     * @param <X> the checked exception that it may throw; inferred as none for a lambda that throws none
     */
    @FunctionalInterface
    public interface Action<X extends Exception> {
        /**
         * Writes to the region, or reads from it.
         *
         * @throws X if the action fails; this side then keeps the turn
         */
        void run() throws X;
    }

    /**
     * What the reading side does in a turn, with a result.
     *
     * @param <T> the type of the result
     * @param <X> the checked exception that it may throw; inferred as none for a lambda that throws none
     */
    @FunctionalInterface
    public interface ResultAction<T, X extends Exception> {
        /**
         * Reads from the region.
         *
         * @return what was read
         * @throws X if the action fails; this side then keeps the turn
         */
        T run() throws X;
    }

    // Not lambdas: a turn does not require stack, and a lambda that is linked where the stack ends may fail for ever.

    private record Acting<X extends Exception>(Action<X> action) implements PairSide.Action<Boolean, X> {
        @Override
        public Boolean run() throws X {
            action.run();
            return Boolean.TRUE;
        }
    }

    private record Reading<T, X extends Exception>(ResultAction<T, X> action, boolean nullable)
            implements PairSide.Action<T, X> {
        @Override
        public T run() throws X {
            T read = action.run();
            return nullable ? read : Objects.requireNonNull(read, "the action's result");
        }
    }

    private final PairSide side;
    private final Closer closer;

    private EventPair(PairSide side) {
        this.side = side;
        this.closer = new Closer(this, side::close);
    }

    /**
     * Creates a pair with {@linkplain PairOptions#defaults() default options} and becomes its server.
     *
     * @param name the name of the pair
     * @return the pair
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #create(String, PairOptions)}
     */
    public static EventPair create(String name) {
        StackSpace.require();
        return create(name, PairOptions.defaults());
    }

    /**
     * Creates a pair and becomes its server. If the pair has a client that uses this library, and the client's server
     * has ended, the caller becomes the client's new server. The new server has the turn, unless the client has not
     * acknowledged the last turn yet ({@link #hasTurn()}).
     *
     * @param name the name of the pair
     * @param options the options
     * @return the pair
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if the pair has a server (the message names its process),
     *     if the pair's events exist and no client that uses this library has appeared within a second
     *     ({@link PairOptions#existingEvents()}), or if the pair's objects belong to another user and the
     *     {@linkplain PairOptions#permissions permissions} let no other users in; {@code WRONG_KIND} if the region
     *     {@code x.pair} is not a control block; {@code UNSUPPORTED} if it is a control block of another version;
     *     {@code IN_USE} if the client's process is stopped in the middle of a signal; otherwise as
     *     {@link NamedEvent#create(String)} and {@link SharedRegion#openOrCreate(String, long)}
     */
    public static EventPair create(String name, PairOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        return of(options.request(name), Side.WRITING);
    }

    /**
     * Opens a pair with {@linkplain PairOptions#defaults() default options} and becomes its client.
     *
     * @param name the name of the pair
     * @return the pair
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #open(String, PairOptions)}
     */
    public static EventPair open(String name) {
        StackSpace.require();
        return open(name, PairOptions.defaults());
    }

    /**
     * Opens a pair that a server has created and becomes its client.
     *
     * @param name the name of the pair
     * @param options the options
     * @return the pair
     * @throws IllegalArgumentException if the name or an option is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if no server has created the pair; {@code IN_USE} if the pair
     *     has a client (the message names its process), or if the server's process is stopped in the middle of a
     *     signal; {@code WRONG_KIND} if the region {@code x.pair} is not a control block; {@code UNSUPPORTED} if it is
     *     a control block of another version; otherwise as {@link NamedEvent#open(String)} and
     *     {@link SharedRegion#openOrCreate(String, long)}
     */
    public static EventPair open(String name, PairOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        options.checkForOpen();
        return of(options.request(name), Side.READING);
    }

    /**
     * Opens a pair with {@linkplain PairOptions#defaults() default options} and becomes its client. If the pair does
     * not exist yet, waits until a server creates it.
     *
     * @param name the name of the pair
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once. While it waits, the method looks for
     *     the name every few milliseconds, with at most 20 milliseconds between two looks
     * @return the pair
     * @throws InterruptedException if the thread is interrupted before the pair is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, PairOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static EventPair open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, PairOptions.defaults());
    }

    /**
     * Opens a pair and becomes its client. If the pair does not exist yet, waits until a server creates it.
     *
     * @param name the name of the pair
     * @param timeout the longest time to wait, as in {@link #open(String, Duration)}
     * @param options the options
     * @return the pair
     * @throws InterruptedException if the thread is interrupted before the pair is open
     * @throws IllegalArgumentException if the name or an option is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, PairOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static EventPair open(String name, Duration timeout, PairOptions options) throws InterruptedException {
        StackSpace.require();
        return Opening.whenFound(timeout, () -> open(name, options));
    }

    private static EventPair of(PairRequest request, Side side) {
        Supplier<PairSide> open = () -> PairOpener.open(ThisSystem.get(), request, side, PairBlock::new);
        return Opening.of(open, PairSide::close, EventPair::new);
    }

    /**
     * Waits until the other side is present. It is present when a process that uses this library or the header has
     * opened that side, or when a program that uses only the events has signalled. After {@code PEER_DIED} or
     * {@code CLOSED}, use this method to wait for a successor. The method looks every few milliseconds, with at most
     * 20 milliseconds between two looks.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting
     * @return true if the other side is present; false if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if another thread is waiting or running an action, or if the pair is closed here
     *     before or during the wait
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the control block
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
     * Returns true if this side has the turn, as far as this side knows. A new server has the turn, unless the last
     * turn of the previous server has not been acknowledged. After that, a side gets the turn when its wait succeeds,
     * and keeps it until it signals.
     *
     * @return true if this side may use the region and must signal next; false if it must wait next
     * @throws IllegalStateException if the pair is closed here
     */
    public boolean hasTurn() {
        side.checkOpen();
        return side.hasTurn();
    }

    /**
     * Server: signals that it has written. This hands the turn to the client.
     *
     * @throws IllegalStateException if it is not this side's turn, if this side is the client, or if the pair is
     *     closed here
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the control block
     */
    public void signalWritten() {
        signal(Side.WRITING, "signalWritten");
    }

    /**
     * Server: waits until the client has read.
     *
     * @throws InterruptedException if the thread is interrupted before or during the wait; the client keeps the turn
     * @throws IllegalStateException if nothing was written since the last read, if another thread is already waiting,
     *     if this side is the client, or if the pair is closed here before or during the wait
     * @throws SharedMemoryException {@code PEER_DIED} if the client's process ended before it had read; {@code CLOSED}
     *     if the client closed the pair before it had read; {@code CORRUPT} if another program has overwritten the
     *     control block
     */
    public void awaitRead() throws InterruptedException {
        await(Side.WRITING, "awaitRead", Deadline.never());
    }

    /**
     * Server: waits until the client has read or the timeout has passed.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting
     * @return true if the client has read, so that the server has the turn; false if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait; the client keeps the turn
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitRead()}
     * @throws SharedMemoryException as {@link #awaitRead()}
     */
    public boolean awaitRead(Duration timeout) throws InterruptedException {
        return await(Side.WRITING, "awaitRead", Deadline.after(timeout));
    }

    /**
     * Server: waits as {@link #awaitRead()}, in a thread of its own: a virtual thread on JDK 21 and newer, a daemon
     * thread on older JDKs. The future completes when the client has read, or exceptionally with the exception that
     * {@link #awaitRead()} throws. An action that depends on the future runs in the waiting thread, unless the action
     * has an {@code Async} form.
     *
     * <p>{@link CompletableFuture#cancel cancel} ends the wait: either the turn came first, and the future completes
     * normally and is not cancelled, or the turn has not come. {@code cancel} waits until this is decided, which takes
     * a moment. If the future is completed otherwise, for example by {@code orTimeout}, the wait ends, too. If the turn
     * comes at that instant, this side has it: see {@link #hasTurn()}.
     *
     * @return the future
     * @throws IllegalStateException if this side is the client, or if the pair is closed here
     */
    public CompletableFuture<Void> awaitReadAsync() {
        return awaitAsync(Side.WRITING, "awaitReadAsync");
    }

    /**
     * Client: waits until the server has written.
     *
     * @throws InterruptedException if the thread is interrupted before or during the wait; the server keeps the turn
     * @throws IllegalStateException if the last turn has not been signalled as read, if another thread is already
     *     waiting, if this side is the server, or if the pair is closed here before or during the wait
     * @throws SharedMemoryException {@code PEER_DIED} if the server's process ended before it had signalled;
     *     {@code CLOSED} if the server closed the pair before it had signalled; {@code CORRUPT} if another program has
     *     overwritten the control block
     */
    public void awaitWritten() throws InterruptedException {
        await(Side.READING, "awaitWritten", Deadline.never());
    }

    /**
     * Client: waits until the server has written or the timeout has passed.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting
     * @return true if the server has written, so that the client has the turn; false if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait; the server keeps the turn
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitWritten()}
     * @throws SharedMemoryException as {@link #awaitWritten()}
     */
    public boolean awaitWritten(Duration timeout) throws InterruptedException {
        return await(Side.READING, "awaitWritten", Deadline.after(timeout));
    }

    /**
     * Client: waits as {@link #awaitWritten()}, in a thread of its own: a virtual thread on JDK 21 and newer, a daemon
     * thread on older JDKs. The future completes when the server has written, or exceptionally with the exception that
     * {@link #awaitWritten()} throws. An action that depends on the future runs in the waiting thread, unless the
     * action has an {@code Async} form.
     *
     * <p>{@link CompletableFuture#cancel cancel} ends the wait: either the turn came first, and the future completes
     * normally and is not cancelled, or the turn has not come. {@code cancel} waits until this is decided, which takes
     * a moment. If the future is completed otherwise, for example by {@code orTimeout}, the wait ends, too. If the turn
     * comes at that instant, this side has it: see {@link #hasTurn()}.
     *
     * @return the future
     * @throws IllegalStateException if this side is the server, or if the pair is closed here
     */
    public CompletableFuture<Void> awaitWrittenAsync() {
        return awaitAsync(Side.READING, "awaitWrittenAsync");
    }

    /**
     * Client: signals that it has read. This hands the turn to the server.
     *
     * @throws IllegalStateException if it is not this side's turn, if this side is the server, or if the pair is
     *     closed here
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the control block
     */
    public void signalRead() {
        signal(Side.READING, "signalRead");
    }

    /**
     * Server: takes a whole turn. Waits until the client has read the previous turn, if there was one, runs the
     * action, and signals. If the action throws, the server keeps the turn: nothing is signalled, and the next call
     * runs its action at once.
     *
     * @param <X> the checked exception that the action may throw; none if it throws none
     * @param action writes to the region; must not signal
     * @throws InterruptedException if the thread is interrupted during the wait; the action has not run
     * @throws X if the action throws it
     * @throws IllegalStateException as {@link #awaitRead()} and {@link #signalWritten()}
     * @throws SharedMemoryException as {@link #awaitRead()}; the action has not run
     */
    public <X extends Exception> void write(Action<X> action) throws InterruptedException, X {
        act(Side.WRITING, "write", action, Deadline.never());
    }

    /**
     * Server: takes a whole turn, as {@link #write(Action)}, but waits for the client no longer than the timeout.
     *
     * @param <X> the checked exception that the action may throw; none if it throws none
     * @param action writes to the region; must not signal
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting
     * @return true if the turn was taken; false if the timeout passed first, and the action has not run
     * @throws InterruptedException if the thread is interrupted during the wait; the action has not run
     * @throws X if the action throws it
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitRead()} and {@link #signalWritten()}
     * @throws SharedMemoryException as {@link #awaitRead()}; the action has not run
     */
    public <X extends Exception> boolean write(Action<X> action, Duration timeout) throws InterruptedException, X {
        return act(Side.WRITING, "write", action, Deadline.after(timeout));
    }

    /**
     * Client: takes a whole turn. Waits until the server has written, runs the action, and signals. If the action
     * throws, the client keeps the turn: nothing is signalled, and the next call runs its action at once, on the same
     * content.
     *
     * @param <X> the checked exception that the action may throw; none if it throws none
     * @param action reads from the region; must not signal
     * @throws InterruptedException if the thread is interrupted during the wait; the action has not run
     * @throws X if the action throws it
     * @throws IllegalStateException as {@link #awaitWritten()} and {@link #signalRead()}
     * @throws SharedMemoryException as {@link #awaitWritten()}; the action has not run
     */
    public <X extends Exception> void read(Action<X> action) throws InterruptedException, X {
        act(Side.READING, "read", action, Deadline.never());
    }

    /**
     * Client: takes a whole turn, as {@link #read(Action)}, and returns a result.
     *
     * @param <T> the type of the result
     * @param <X> the checked exception that the action may throw; none if it throws none
     * @param action reads from the region; must not signal
     * @return the result of the action
     * @throws InterruptedException if the thread is interrupted during the wait; the action has not run
     * @throws X if the action throws it
     * @throws IllegalStateException as {@link #awaitWritten()} and {@link #signalRead()}
     * @throws SharedMemoryException as {@link #awaitWritten()}; the action has not run
     */
    public <T, X extends Exception> T read(ResultAction<T, X> action) throws InterruptedException, X {
        checkSide(Side.READING, "read");
        Objects.requireNonNull(action, "action");
        return takeTurn(new Reading<>(action, true), Deadline.never());
    }

    /**
     * Client: takes a whole turn, as {@link #read(Action)}, but waits for the server no longer than the timeout. For an
     * action with a result, use {@link #tryRead}.
     *
     * @param <X> the checked exception that the action may throw; none if it throws none
     * @param action reads from the region; must not signal
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting
     * @return true if the turn was taken; false if the timeout passed first, and the action has not run
     * @throws InterruptedException if the thread is interrupted during the wait; the action has not run
     * @throws X if the action throws it
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitWritten()} and {@link #signalRead()}
     * @throws SharedMemoryException as {@link #awaitWritten()}; the action has not run
     */
    public <X extends Exception> boolean read(Action<X> action, Duration timeout) throws InterruptedException, X {
        return act(Side.READING, "read", action, Deadline.after(timeout));
    }

    /**
     * Client: takes a whole turn and returns a result, as {@link #read(ResultAction)}, but waits for the server no
     * longer than the timeout. The method has another name because a lambda such as {@code () -> count++} also fits
     * {@link #read(Action, Duration)}.
     *
     * @param <T> the type of the result
     * @param <X> the checked exception that the action may throw; none if it throws none
     * @param action reads from the region; must not signal, and must not return null
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting
     * @return the result of the action; empty if the timeout passed first, and the action has not run
     * @throws InterruptedException if the thread is interrupted during the wait; the action has not run
     * @throws X if the action throws it
     * @throws NullPointerException if the action returns null; the turn stays the client's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #awaitWritten()} and {@link #signalRead()}
     * @throws SharedMemoryException as {@link #awaitWritten()}; the action has not run
     */
    public <T, X extends Exception> Optional<T> tryRead(ResultAction<T, X> action, Duration timeout)
            throws InterruptedException, X {
        checkSide(Side.READING, "tryRead");
        Objects.requireNonNull(action, "action");
        return Optional.ofNullable(takeTurn(new Reading<>(action, false), Deadline.after(timeout)));
    }

    /**
     * Returns the name, exactly as it was given.
     *
     * @return the name
     */
    public String name() {
        return side.name();
    }

    /**
     * Leaves the pair and closes its events and its control block. When the other side next waits for this side, it
     * gets {@code CLOSED}. Further calls do nothing.
     */
    @Override
    public void close() {
        closer.close();
    }

    /**
     * Returns the name, the side, whether this side has the turn as far as it knows ({@link #hasTurn()}), and the
     * process that is registered as the other side, for messages. That process may have ended: only a wait detects
     * that. A program that uses only the events is not registered.
     */
    @Override
    public String toString() {
        return side.toString();
    }

    private void signal(Side wanted, String call) {
        checkSide(wanted, call);
        try {
            side.signal(PairSide.MINE);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not take a pair for dropped while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    private boolean await(Side wanted, String call, long deadline) throws InterruptedException {
        checkSide(wanted, call);
        try {
            return side.await(deadline);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private CompletableFuture<Void> awaitAsync(Side wanted, String call) {
        StackSpace.require();
        checkSide(wanted, call);
        side.checkOpen();
        return AwaitFuture.start(new AwaitFuture.Wait() {
            @Override
            public void await() throws InterruptedException {
                EventPair.this.await(wanted, call, Deadline.never());
            }

            /** This side has the turn, whatever has become of the future. */
            @Override
            public void giveBack() {}
        });
    }

    private <X extends Exception> boolean act(Side wanted, String call, Action<X> action, long deadline)
            throws InterruptedException, X {
        checkSide(wanted, call);
        Objects.requireNonNull(action, "action");
        return takeTurn(new Acting<>(action), deadline) != null;
    }

    private <T, X extends Exception> T takeTurn(PairSide.Action<T, X> action, long deadline)
            throws InterruptedException, X {
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
