package dev.sharedregion.internal.pair;

import static dev.sharedregion.internal.pair.PairBlockLayout.ABSENT;
import static dev.sharedregion.internal.pair.PairBlockLayout.PARKED;
import static dev.sharedregion.internal.pair.PairBlockLayout.WAKING;
import static dev.sharedregion.internal.pair.PairBlockLayout.WOKEN;

import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;

/** The steps by which one side takes the turn and lets the peer know that the turn is the peer's. */
public final class HandOver extends ProtocolPart {
    /**
     * How often a step may find that the block has changed, before the block counts as overwritten. An honest peer
     * causes that a few times at most, because it has to do something itself each time.
     */
    static final int MOST_TRIES = 1_000;

    /** For messages. */
    final Operation use;

    /** The turn as it was when this side last had it. */
    long turn;

    /** Whether a signal has handed the turn over, and is still to notify the peer, or has failed before it did. */
    boolean unfinished;

    HandOver(String what, PairObjects objects) {
        super(objects);
        this.use = new Operation("use", what);
    }

    /** Takes the turn if it is this side's at once. */
    boolean takeIfMine(long now) {
        boolean mine = TurnWord.isHeldBy(now, me);
        if (mine) {
            turn = now;
            unfinished = false;
        }
        return mine;
    }

    /** Makes the turn this side's at once; false if it is another by now. */
    boolean claim(long now) {
        long next = TurnWord.next(now, me);
        return block.changeTurn(now, next) && takeIfMine(next);
    }

    /** Takes a token out of this side's event, and accepts it. True if there is one and the turn is this side's now. */
    boolean acceptToken() {
        return myEvent.poll() && accept();
    }

    /** Accepts a hand-over, after its token was taken; true if the turn is this side's now. */
    boolean accept() {
        for (int tries = 0; ; checkTries(++tries)) {
            long now = block.turnVolatile();
            int state = block.state(peer);
            if (takeIfMine(now)) {
                return true;
            }
            if (TurnWord.isHeldBy(now, peer) && StateWord.isRegistered(state)) {
                return false;
            }
            if (claim(now)) {
                if (TurnWord.isOf(now, peer) && StateWord.isGone(state)) {
                    block.changeState(peer, state, StateWord.with(state, ABSENT));
                }
                return true;
            }
        }
    }

    /**
     * Lets the peer know of its turn: wakes it if it sleeps, and sets its event if it is a plain one.
     *
     * @param handedOver the turn as it was handed over
     * @param firstState the peer's state, as it was seen after that
     */
    void notifyPeer(long handedOver, int firstState) {
        long now = handedOver;
        int state = firstState;
        for (int tries = 0; ; checkTries(++tries)) {
            if (StateWord.is(state, PARKED)) {
                if (wake(state)) {
                    return;
                }
            } else if (StateWord.isRegistered(state) || StateWord.isGone(state) && peer == Side.WRITING) {
                return;
            } else if (block.changeTurn(now, TurnWord.withToken(now))) {
                peersEvent.set();
                return;
            } else {
                // The peer has registered since. It may have taken the turn, and left again.
                now = block.turnVolatile();
                if (!TurnWord.isHeldBy(now, peer)) {
                    return;
                }
            }
            state = block.state(peer);
        }
    }

    /** Wakes the peer; false if it has stopped being asleep. */
    boolean wake(int parked) {
        int waking = StateWord.with(parked, WAKING);
        if (!block.changeState(peer, parked, waking)) {
            return false;
        }
        boolean set = false;
        try {
            peersEvent.set();
            set = true;
        } finally {
            block.changeState(peer, waking, StateWord.with(parked, set ? WOKEN : PARKED));
        }
        return true;
    }

    /** Notifies the peer if a signal has not done so, and the turn is still as that signal left it. */
    void finishSignal() {
        if (!unfinished) {
            return;
        }
        unfinished = false;
        long next = TurnWord.next(turn, peer);
        if (block.turnVolatile() == next) {
            notifyPeer(next, block.state(peer));
        }
    }

    /** Server: hands over again a client's turn that the client may not know of; false if the turn has changed. */
    boolean handOverAgain(long now) {
        boolean token = peersEvent.poll();
        long again = TurnWord.next(now, peer);
        if (block.changeTurn(now, again)) {
            notifyPeer(again, block.state(peer));
            return true;
        }
        if (token && TurnWord.isOfferedTo(block.turnVolatile(), peer)) {
            // A client that left has counted the turn up. A plain client has to find the token.
            peersEvent.set();
        }
        return false;
    }

    /** Ends a step that has found the block changed more often than an honest peer can change it. */
    void checkTries(int tries) {
        if (tries == MOST_TRIES) {
            throw use.failure(Reason.CORRUPT, "another program has overwritten its control block. Close the pair on "
                    + "both sides, and create it again.");
        }
    }
}
