package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Bias;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.ProcessFence;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * One side of a pair in this process: its threads share it, and one of them may close it while others use it. It lets
 * one call at a time into the protocol ({@link TurnTaking}), which knows no threads.
 */
public final class PairSide {
    private static final AtomicIntegerFieldUpdater<PairSide> TURN =
            AtomicIntegerFieldUpdater.newUpdater(PairSide.class, "turn");

    /**
     * What a side does in a turn.
     *
     * @param <T> the type of its result, which is never null if the wait before it has an end
     * @param <X> the checked exception that it may throw
     */
    public interface Action<T, X extends Exception> {
        T run() throws X;
    }

    // Where the alternation stands. Numbers, because a turn may cost no more than a store or a compare-and-swap of one.
    /** This side may use the region, and signals when it is done. */
    public static final int MINE = 0;

    /** As MINE, and an action of this side is running, after which it signals. */
    private static final int ACTING = 1;

    /** As MINE, and the thread that has the bias may hand the turn over without an atomic change. */
    private static final int BIASED = 2;

    /** The other side may. */
    private static final int PEERS = 3;

    /** The other side may, and a thread of this side waits until it is done. */
    private static final int AWAITED = 4;

    /** A thread of this side is handing the turn over. */
    private static final int SIGNALLING = 5;

    /** As MINE, and a thread of this side looks whether the other side is there. */
    private static final int LOOKING = 6;

    /** How many signals by atomic changes come before a bias. Many, because its end costs another thread a fence. */
    private static final int SIGNALS_BEFORE_BIAS = 256;

    public final Side side;
    private final ObjectName name;
    private final PairObjects objects;
    private final TurnTaking turnTaking;

    /** Null if the system has none. Then there is never a bias. */
    private final ProcessFence fence;

    /** Guards what is written to {@link #bias}, and that the side is closed once. */
    private final Object lock = new Object();

    private volatile int turn;
    private volatile boolean closed;

    /** Null while no thread has it. A new one is made by the thread that is SIGNALLING. */
    private volatile Bias bias;

    /** Used by the thread that is SIGNALLING. */
    private int signalsBeforeBias = SIGNALS_BEFORE_BIAS;

    /** Takes the objects over, if it succeeds. */
    public PairSide(PairRequest request, PairObjects objects, ProcessFence fence) {
        this.name = request.name();
        this.side = objects.side;
        this.objects = objects;
        this.fence = fence;
        this.turnTaking = new TurnTaking(name.pair(), objects, request.spinNanos());
        turnTaking.succession.register();
        turn = side == Side.WRITING && turnTaking.succession.holdsTurn() ? MINE : PEERS;
    }

    public String name() {
        return name.toString();
    }

    public boolean hasTurn() {
        int now = turn;
        return now == MINE || now == ACTING || now == BIASED || now == LOOKING;
    }

    // Each finally here writes to fields and calls nothing, because the stack may be full (StackSpace). It tests a
    // local variable, because a catch may have to load the class of its exception first.

    /** Hands the turn over. */
    public void signal(int from) {
        Bias own = ownBias();
        if (own == null || !signalBiased(own, from == MINE ? BIASED : from)) {
            signalUnbiased(from);
        }
    }

    /** Null if this thread has no bias. It may be revoked at any moment. */
    private Bias ownBias() {
        Bias now = bias;
        return now != null && now.isOfThisThread() ? now : null;
    }

    /** Hands the turn over without an atomic change, which would have to wait for the stores to the region. */
    private boolean signalBiased(Bias own, int from) {
        boolean begun = false;
        boolean done = false;
        try {
            if (own.enter() && turn == from) {
                begun = true;
                turnTaking.signal();
                TURN.lazySet(this, PEERS);
                own.leave();
                done = true;
            }
        } finally {
            if (begun && !done) {
                turn = turnTaking.handOver.unfinished ? PEERS : from;
            }
            if (!done) {
                own.inside = false;
            }
        }
        return done;
    }

    private void signalUnbiased(int from) {
        begin(from, SIGNALLING);
        boolean done = false;
        try {
            // After the change of the field: a close that is not seen here waits for this call.
            checkOpen();
            giveBias();
            turnTaking.signal();
            TURN.lazySet(this, PEERS);
            done = true;
        } finally {
            if (!done) {
                turn = turnTaking.handOver.unfinished ? PEERS : from;
            }
        }
    }

    /** Begins a call of any thread by an atomic change. */
    private void begin(int from, int to) {
        while (!TURN.compareAndSet(this, from, to)) {
            if (from != MINE || turn != BIASED) {
                throw outOfTurn();
            }
            StackSpace.require();
            revokeBias();
        }
    }

    /** Gives the bias to this thread, if none has it and the turns before were many. */
    private void giveBias() {
        if (fence != null && bias == null && --signalsBeforeBias <= 0) {
            StackSpace.require();
            synchronized (lock) {
                bias = new Bias();
            }
            signalsBeforeBias = SIGNALS_BEFORE_BIAS;
        }
    }

    /** When this returns, no thread is in the middle of a signal with a bias that was given before. */
    private void revokeBias() {
        synchronized (lock) {
            if (bias != null) {
                bias.revoke(fence);
                bias = null;
            }
            TURN.compareAndSet(this, BIASED, MINE);
        }
    }

    /** Waits for the turn; false if the deadline passed before. */
    public boolean await(long deadline) throws InterruptedException {
        if (!TURN.compareAndSet(this, PEERS, AWAITED)) {
            throw outOfTurn();
        }
        int next = PEERS;
        boolean done = false;
        try {
            checkOpen();
            Deadline.checkInterrupt();
            if (turnTaking.await(deadline)) {
                next = bias == null ? MINE : BIASED;
            } else {
                checkOpen();
            }
            TURN.lazySet(this, next);
            done = true;
            return next != PEERS;
        } finally {
            if (!done) {
                turn = next;
            }
        }
    }

    /**
     * Waits for the turn if need be, runs the action, and hands the turn over. Keeps the turn if the action fails.
     * Returns the action's result, or null if the deadline passed before.
     */
    public <T, X extends Exception> T act(Action<T, X> action, long deadline) throws InterruptedException, X {
        if (!beginAction(deadline)) {
            return null;
        }
        boolean done = false;
        try {
            T result = action.run();
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
        Bias own = ownBias();
        if (own == null || !beginActionBiased(own)) {
            begin(MINE, ACTING);
        }
        return true;
    }

    private boolean beginActionBiased(Bias own) {
        boolean done = false;
        try {
            if (own.enter() && turn == BIASED) {
                TURN.lazySet(this, ACTING);
                own.leave();
                done = true;
            }
            return done;
        } finally {
            if (!done) {
                own.inside = false;
            }
        }
    }

    /**
     * Waits until there is a registered peer that lives, or the turn has come.
     *
     * @return false if the deadline passed before
     */
    public boolean awaitPeer(long deadline) throws InterruptedException {
        Backoff backoff = Backoff.until(deadline);
        do {
            Deadline.checkInterrupt();
            if (isPeerThere()) {
                return true;
            }
        } while (backoff.sleep());
        return false;
    }

    private boolean isPeerThere() throws InterruptedException {
        if (turn == BIASED) {
            revokeBias();
        }
        int before = turn;
        int during = before == MINE ? LOOKING : AWAITED;
        if (before != MINE && before != PEERS || !TURN.compareAndSet(this, before, during)) {
            throw outOfTurn();
        }
        int next = before;
        try {
            checkOpen();
            Side peer = side.peer();
            if (StateWord.isRegistered(objects.block.state(peer)) && objects.block.slot(peer).isHeld()) {
                return true;
            }
            if (before == PEERS && turnTaking.await(System.nanoTime())) {
                next = MINE;
                return true;
            }
        } catch (Failure e) {
            if (e.reason() != Reason.PEER_DIED && e.reason() != Reason.CLOSED) {
                throw e;
            }
        } finally {
            turn = next;
        }
        return false;
    }

    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The " + name.pair() + " is closed.");
        }
    }

    /** The exception for a call that belongs to the other side. */
    public IllegalStateException wrongSide(String call, Side wanted) {
        checkOpen();
        // It may have ended since. Only a wait looks whether it lives.
        boolean registered = StateWord.isRegistered(objects.block.state(wanted));
        String holder = registered ? ", which is " + objects.block.slot(wanted).holder() : "";
        return new IllegalStateException(call + " is for the " + wanted.label + " side" + holder + "; this is the "
                + side.label + " side of " + name.pair() + ".");
    }

    private IllegalStateException outOfTurn() {
        checkOpen();
        String why = switch (turn) {
            case MINE, BIASED ->
                    "it has the turn already. " + (side == Side.WRITING ? "Write" : "Read") + " and signal first";
            case ACTING -> "its action is running, and signals when it returns";
            case PEERS -> "the other side has the turn. Wait for it first";
            case SIGNALLING -> "another thread is handing the turn over";
            case LOOKING -> "another thread is looking for the peer";
            default -> "another thread is waiting for the turn";
        };
        return new IllegalStateException(
                "The " + side.label + " side of " + name.pair() + " is out of turn: " + why + ".");
    }

    /**
     * Ends the calls under way, leaves the place, and gives everything back. Does nothing when called again, or before
     * another thread's close is done.
     */
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            objects.mine.cancel();
        } finally {
            revokeBias();
            // The calls under way find the side closed, or have begun before, and end soon.
            Backoff backoff = Backoff.endless();
            while (turn >= AWAITED) {
                backoff.pause();
            }
            try (objects) {
                turnTaking.succession.leave();
                PendingErrors.rethrowIfMemory();
            } catch (Failure e) {
                // The peer finds the place given up, as that of a side that died, or this process ended. The caller of
                // close can do nothing about the reason.
            }
        }
    }

    @Override
    public String toString() {
        String self = name.pair() + " (" + side.label + " side, ";
        if (closed) {
            return self + "closed)";
        }
        Side peer = side.peer();
        boolean registered = StateWord.isRegistered(objects.block.state(peer));
        String other = registered ? peer.label + " side: " + objects.block.slot(peer).holder() : "no registered peer";
        return self + (hasTurn() ? "its turn, " : "not its turn, ") + other + ")";
    }
}
