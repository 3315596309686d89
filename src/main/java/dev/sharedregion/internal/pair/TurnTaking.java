package dev.sharedregion.internal.pair;

import static dev.sharedregion.internal.pair.PairBlockLayout.ACTIVE;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;

/**
 * How one side hands the turn over, and waits until it has the turn again. {@code src/docs/handshake.md} has the
 * steps of the protocol, under the names of the methods, and why they are safe. For one call at a time.
 */
public final class TurnTaking extends ProtocolPart {
    public final Succession succession;
    final HandOver handOver;
    private final Parking parking;
    private final Spinner spinner;

    /** For the side that has these objects. Its first step is to register. */
    public TurnTaking(String what, PairObjects objects, long spinNanos) {
        super(objects);
        this.handOver = new HandOver(what, objects);
        this.parking = new Parking(objects, handOver);
        this.succession = new Succession(objects, handOver, parking);
        this.spinner = new Spinner(block, me, spinNanos);
    }

    /** Hands the turn over, which this side has. */
    public void signal() {
        long next = TurnWord.next(handOver.turn, peer);
        block.setTurn(next);
        handOver.unfinished = true;
        int state = block.state(peer);
        if (!StateWord.is(state, ACTIVE)) {
            StackSpace.require();
            handOver.notifyPeer(next, state);
        }
        spinner.pauses.handedOver(next);
        handOver.unfinished = false;
    }

    /**
     * Waits until this side has the turn.
     *
     * @return false if the deadline passed, or waiting was cancelled, before
     * @throws Failure {@code PEER_DIED} or {@code CLOSED}
     */
    public boolean await(long deadline) throws InterruptedException {
        // What a busy peer needs, and no more: small enough for the JIT to inline it.
        long now = block.turn();
        if (!TurnWord.isHeldBy(now, me)
                && spinner.time.pays()
                && StateWord.isRegistered(block.state(peer))) {
            now = spinner.look(now);
        }
        return handOver.takeIfMine(now) || awaitLonger(deadline);
    }

    private boolean awaitLonger(long deadline) throws InterruptedException {
        StackSpace.require();
        handOver.finishSignal();
        long start = System.nanoTime();
        for (int looks = 0; ; looks++) {
            long now = block.turn();
            if (handOver.takeIfMine(now)) {
                spinner.time.waited(System.nanoTime() - start);
                return true;
            }
            if (looks > HandOver.MOST_TRIES && isOver(deadline)) {
                return false;
            }
            int state = block.state(peer);
            // While a stopped peer is in the middle of a wake-up, this side can do nothing but sleep.
            boolean settled = parking.settleWakeUp(0);
            boolean registered = StateWord.isRegistered(state);
            boolean byTurnAlone = registered && TurnWord.isHeldBy(now, peer);
            if (settled && StateWord.isGone(state)) {
                succession.takeLastTurn(state);
            } else if (settled && registered && me == Side.WRITING && TurnWord.isOfferedTo(now, peer)) {
                takeOfferBack(now);
            } else if (!(byTurnAlone && spin(now, deadline)) && !succession.lookWhetherDead(state)) {
                if (isOver(deadline)) {
                    return settled && !byTurnAlone && handOver.acceptToken();
                }
                sleep(now, state, settled, deadline);
            }
        }
    }

    /** Whether a wait is to leave. */
    private boolean isOver(long deadline) throws InterruptedException {
        Deadline.checkInterrupt();
        return myEvent.isCancelled() || Deadline.hasPassed(deadline);
    }

    /** Accepts the answer to a turn that was offered with a token. Without an answer, hands it over without a token. */
    private void takeOfferBack(long now) {
        if (myEvent.poll()) {
            handOver.accept();
        } else {
            handOver.handOverAgain(now);
        }
    }

    /** Polls the turn for a bounded time; true if it is another by now. */
    private boolean spin(long now, long deadline) {
        long longest = spinner.time.nanos();
        if (longest == 0) {
            return false;
        }
        long start = System.nanoTime();
        long nextProbe = Parking.LONGEST_SLEEP_NANOS;
        while (spinner.look(now) == now) {
            long clock = System.nanoTime();
            long spent = clock - start;
            if (spent >= longest) {
                spinner.time.missed();
                return false;
            }
            if (clock - deadline >= 0 || myEvent.isCancelled() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (spent >= nextProbe) {
                if (!block.slot(peer).isHeld()) {
                    return false;
                }
                nextProbe = spent + Parking.LONGEST_SLEEP_NANOS;
            }
        }
        return true;
    }

    /**
     * Sleeps until there is something to look at, which may be that this side has accepted the turn.
     *
     * @param now the turn, as it was seen before
     * @param state the peer's state, as it was seen before
     * @param settled false if the peer is in the middle of an earlier wake-up, which this sleep takes then
     */
    private void sleep(long now, int state, boolean settled, long deadline) throws InterruptedException {
        if (settled && !parking.park(now, state)) {
            return;
        }
        if (parking.sleep(now, state, deadline)) {
            if (parking.isAwakeByHandOver()) {
                handOver.accept();
            }
        } else if (StateWord.isRegistered(state) && block.state(peer) == state) {
            succession.markDead(state);
        }
    }
}
