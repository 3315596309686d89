package dev.sharedregion.internal.pair;

import static dev.sharedregion.internal.pair.PairBlockLayout.ABSENT;
import static dev.sharedregion.internal.pair.PairBlockLayout.CLOSED;
import static dev.sharedregion.internal.pair.PairBlockLayout.DEAD;
import static dev.sharedregion.internal.pair.PairBlockLayout.PARKED;
import static dev.sharedregion.internal.pair.PairBlockLayout.RECALLED;
import static dev.sharedregion.internal.pair.PairBlockLayout.WAKING;
import static dev.sharedregion.internal.pair.PairBlockLayout.WOKEN;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import java.util.concurrent.TimeUnit;

/** How one side comes after a predecessor, notices that its peer has gone, and leaves the turn to a successor. */
public final class Succession extends ProtocolPart {
    /** The least time between two looks at the peer's place by waits that do not sleep. A look takes a system call. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** How long a side that registers or leaves waits for the end of a wake-up. */
    private static final long LONGEST_WAKING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HandOver handOver;
    private final Parking parking;

    private long lastLook = System.nanoTime() - LOOK_NANOS;

    Succession(PairObjects objects, HandOver handOver, Parking parking) {
        super(objects);
        this.handOver = handOver;
        this.parking = parking;
    }

    /** Registers this side, whose place this process has taken. */
    public void register() {
        int before = enter();
        int peers = block.state(peer);
        if (StateWord.is(peers, WAKING)) {
            // The predecessor died in the middle of waking the peer, which need not wait for it any more.
            peersEvent.clear();
            block.changeState(peer, peers, StateWord.with(peers, WOKEN));
        }
        takeOverTurn(before);
        if (me == Side.WRITING
                && holdsTurn()
                && !StateWord.isRegistered(before)
                && !StateWord.isRegistered(block.state(peer))
                && peersEvent.poll()
                && !offerTurnToPlainClient(handOver.turn)) {
            peersEvent.set();
        }
    }

    /** Whether the turn is this side's at once. */
    boolean holdsTurn() {
        return handOver.takeIfMine(block.turn());
    }

    /** Makes this side's state that of the next generation; returns the state that its predecessor left. */
    private int enter() {
        Backoff backoff = Backoff.upTo(LONGEST_WAKING_NANOS);
        for (int tries = 0; ; handOver.checkTries(++tries)) {
            if (!parking.awaitWaker(backoff)) {
                throw peerIsStopped();
            }
            int before = block.state(me);
            int active = StateWord.successor(before);
            boolean wakeUpLeft = StateWord.is(before, WAKING) || StateWord.is(before, WOKEN);
            if (block.changeState(me, before, wakeUpLeft ? StateWord.with(active, WOKEN) : active)) {
                parking.active = active;
                if (wakeUpLeft) {
                    // Under a state that announces the wake-up, in case this side dies here.
                    myEvent.clear();
                    block.setState(me, active);
                }
                return before;
            }
        }
    }

    private Failure peerIsStopped() {
        return handOver.use.failure(Reason.IN_USE, block.slot(peer).holder() + " on its " + peer.label
                + " side is stopped in the middle of a signal. Let it continue, or end it.");
    }

    /** Takes the turn that a predecessor had. Hands it over again if the predecessor may have died over that. */
    private void takeOverTurn(int before) {
        boolean acknowledged = false;
        for (int tries = 0; ; handOver.checkTries(++tries)) {
            long now = block.turnVolatile();
            if (TurnWord.isHeldBy(now, me) || me == Side.WRITING && TurnWord.isOf(now, me)) {
                if (handOver.claim(now)) {
                    myEvent.clear();
                    return;
                }
            } else if (me == Side.READING || !StateWord.isRegistered(before)) {
                return;
            } else if (TurnWord.hasToken(now)) {
                acknowledged = myEvent.poll() || acknowledged;
                if (acknowledged ? handOver.claim(now) : handOver.handOverAgain(now)) {
                    return;
                }
            } else {
                handOver.notifyPeer(now, block.state(peer));
                return;
            }
        }
    }

    /** Offers a plain client that comes the turn that nobody has acknowledged; false if the turn is another by now. */
    private boolean offerTurnToPlainClient(long now) {
        boolean offered = block.changeTurn(now, TurnWord.withToken(TurnWord.next(now, Side.READING)));
        if (offered) {
            (me == Side.READING ? myEvent : peersEvent).set();
        }
        return offered;
    }

    /**
     * Looks whether a registered peer is dead, if the last look is a while ago. So a wait finds that at once, and so
     * does a side whose waits never sleep for long. True if the peer was dead.
     */
    boolean lookWhetherDead(int state) {
        long clock = System.nanoTime();
        if (!StateWord.isRegistered(state) || clock - lastLook < LOOK_NANOS) {
            return false;
        }
        lastLook = clock;
        return markDead(state);
    }

    /** Marks a registered peer dead if its process has ended, and corrects what it left; true if it has ended. */
    boolean markDead(int state) {
        if (block.slot(peer).isHeld()) {
            return false;
        }
        long last = block.turnVolatile();
        if (me == Side.WRITING || !TurnWord.isOfferedTo(last, me)) {
            // A wake-up for the dead peer may be there, which a plain successor could take for a hand-over.
            peersEvent.clear();
        }
        if (block.changeState(peer, state, StateWord.with(state, DEAD))
                && me == Side.WRITING
                && TurnWord.isOf(last, peer)) {
            handOver.handOverAgain(last);
        }
        return true;
    }

    /**
     * Takes the turn if a peer that is gone handed it over before, or if a plain successor has signalled.
     *
     * @throws Failure {@code PEER_DIED} or {@code CLOSED}, if not
     */
    void takeLastTurn(int state) {
        if (handOver.acceptToken()) {
            return;
        }
        long now = block.turnVolatile();
        if (handOver.takeIfMine(now)) {
            return;
        }
        if (peer == Side.READING && TurnWord.isHeldBy(now, peer) && !block.slot(peer).isHeld()) {
            offerTurnToPlainClient(now);
        }
        throw peerIsGone(state);
    }

    private Failure peerIsGone(int state) {
        String side = peer.label + " side of " + handOver.use.object();
        if (StateWord.is(state, DEAD)) {
            return new Failure(Reason.PEER_DIED, "The process on the " + side + " has ended without closing it. Start "
                    + "it again, and wait for it with awaitPeer, or close this side.");
        }
        return new Failure(Reason.CLOSED, "The " + side + " is closed. Wait for its successor with awaitPeer, or close "
                + "this side.");
    }

    /**
     * Leaves the place in order; as a side that died, if the peer is stopped in the middle of a wake-up.
     *
     * @throws Failure {@code CORRUPT}: as a side that died, too
     */
    public void leave() {
        handOver.finishSignal();
        if (!parking.settleWakeUp(LONGEST_WAKING_NANOS)) {
            return;
        }
        sayClosed();
        long now = keepTokenForPlainClient();
        int state = block.state(peer);
        if (StateWord.is(state, PARKED) && !TurnWord.hasToken(now)) {
            handOver.wake(state);
        }
        awaitWakeUpTaken(StateWord.with(state, WOKEN));
    }

    /** Sets this side's state to CLOSED, after it has offered the turn to a plain client if nobody else will. */
    private void sayClosed() {
        int tries = 0;
        do {
            handOver.checkTries(tries++);
            // Still as a registered side, so that a death in the middle of it is seen.
            block.setState(me, parking.active);
            long left = block.turnVolatile();
            if (needsOffer(left)) {
                offerTurnToPlainClient(left);
            }
            block.setState(me, StateWord.with(parking.active, CLOSED));
        } while (me == Side.WRITING && needsOffer(block.turnVolatile()));
    }

    /** Whether the turn is the client's, and nobody else will offer it to a plain client. */
    private boolean needsOffer(long now) {
        int state = block.state(peer);
        return TurnWord.isHeldBy(now, Side.READING)
                && (me == Side.WRITING ? !StateWord.isRegistered(state) : StateWord.is(state, ABSENT));
    }

    /**
     * Client: leaves a token that it has not taken to a plain client. A server that is about to take the token back,
     * because this client was there, finds that the turn has moved on. Returns the turn.
     */
    private long keepTokenForPlainClient() {
        for (int tries = 0; ; handOver.checkTries(++tries)) {
            long now = block.turnVolatile();
            if (me != Side.READING
                    || !TurnWord.isOfferedTo(now, me)
                    || block.changeTurn(now, TurnWord.withToken(TurnWord.next(now, me)))) {
                return now;
            }
        }
    }

    /**
     * Waits until a sleeping peer has taken its wake-up. Takes the wake-up back if the peer does not, because the
     * signal of a plain successor would be one with it.
     */
    private void awaitWakeUpTaken(int woken) {
        Backoff backoff = Backoff.upTo(LONGEST_WAKING_NANOS);
        while (block.state(peer) == woken && block.slot(peer).isHeld()) {
            if (!backoff.pause()) {
                if (peersEvent.poll()) {
                    block.changeState(peer, woken, StateWord.with(woken, RECALLED));
                }
                return;
            }
        }
    }
}
