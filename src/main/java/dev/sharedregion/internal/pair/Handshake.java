package dev.sharedregion.internal.pair;

import static dev.sharedregion.internal.pair.PairBlock.hasToken;
import static dev.sharedregion.internal.pair.PairBlock.is;
import static dev.sharedregion.internal.pair.PairBlock.isGone;
import static dev.sharedregion.internal.pair.PairBlock.isRegistered;
import static dev.sharedregion.internal.pair.PairBlock.isTurnOf;
import static dev.sharedregion.internal.pair.PairBlock.nextTurn;
import static dev.sharedregion.internal.pair.PairBlock.of;
import static dev.sharedregion.internal.pair.PairBlock.withToken;
import static dev.sharedregion.internal.pair.PairBlockLayout.ABSENT;
import static dev.sharedregion.internal.pair.PairBlockLayout.ACTIVE;
import static dev.sharedregion.internal.pair.PairBlockLayout.CLOSED;
import static dev.sharedregion.internal.pair.PairBlockLayout.DEAD;
import static dev.sharedregion.internal.pair.PairBlockLayout.GENERATION;
import static dev.sharedregion.internal.pair.PairBlockLayout.PARKED;
import static dev.sharedregion.internal.pair.PairBlockLayout.RECALLED;
import static dev.sharedregion.internal.pair.PairBlockLayout.WAKING;
import static dev.sharedregion.internal.pair.PairBlockLayout.WOKEN;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import java.util.concurrent.TimeUnit;

/**
 * The protocol by which a registered side of a pair hands the turn over and waits for it. {@code src/docs/handshake.md} has
 * the steps, under the names that the methods here have, and why they are safe. For one call at a time.
 */
public final class Handshake {
    /** How long the first sleep of a wait is, after which it sees whether the peer lives; the next one is four times that. */
    private static final long FIRST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** How long a sleep is at most, if the system does not tell of the peer's death: it is noticed within that. */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long a sleep is at most otherwise. An event of Linux wakes a sleeper that often anyway. */
    private static final long LONGEST_WATCHED_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long who stops being asleep waits for a peer that is in the middle of waking it, if it is not stopped there. */
    private static final long UNPARK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How far apart waits look at the peer's place before they sleep, which takes a system call. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** How long who leaves waits for a sleeper that it has woken. */
    private static final long LONGEST_WAKING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * How often a step may find that another was faster, before it takes the block for overwritten. A peer is that a few
     * times at most, for it does something of its own each time.
     */
    private static final int MOST_TRIES = 1_000;

    private final String what;
    private final Side me;
    private final Side peer;
    private final PairBlock block;
    private final EventHandle myEvent;
    private final EventHandle peersEvent;
    private final Spinner spinner;
    private final Runnable nudge;

    /** When a wait last looked at the peer's place before it would sleep. */
    private long lastLook = System.nanoTime() - LOOK_NANOS;

    /** State and generation of this side's place while it does not sleep. */
    private int active;

    /** The turn as it was when this side last had it. */
    private long turn;

    /** Whether a signal has handed the turn over, and is still to wake the peer, or has failed before it did. */
    public boolean unfinished;

    public Handshake(String what, PairObjects objects, long spinNanos) {
        this.what = what;
        this.me = objects.side;
        this.peer = me.peer();
        this.block = objects.block;
        this.myEvent = objects.mine;
        this.peersEvent = objects.peers;
        this.spinner = new Spinner(block, spinNanos);
        this.nudge = myEvent::nudge;
    }

    /** Enters the place that this process has taken. */
    public void register() {
        int before;
        boolean wakeUpLeft;
        int tries = 0;
        Backoff backoff = Backoff.upTo(LONGEST_WAKING_NANOS);
        do {
            checkTries(tries++);
            before = stateWithoutWaker(backoff);
            wakeUpLeft = is(before, WAKING) || is(before, WOKEN);
            active = of(before + GENERATION, ACTIVE);
        } while (!block.changeState(me, before, wakeUpLeft ? of(active, WOKEN) : active));
        if (wakeUpLeft) {
            // Under the state that says so, should this side die here.
            myEvent.clear();
            block.setState(me, active);
        }
        int peers = block.state(peer);
        if (is(peers, WAKING)) {
            // The predecessor died in the middle of waking the peer, which need not wait for it any more.
            peersEvent.clear();
            block.changeState(peer, peers, of(peers, WOKEN));
        }
        takeOver(before);
        if (me == Side.WRITING && holdsTurn() && !isRegistered(before) && !isRegistered(block.state(peer))) {
            leaveTurnWithPlainServersClient();
        }
    }

    /** The state of this side's place, once nobody is in the middle of waking its last holder. */
    private int stateWithoutWaker(Backoff backoff) {
        if (!awaitWaker(backoff)) {
            throw new Failure(
                    Reason.IN_USE,
                    "Cannot use " + what + ": " + block.slot(peer).holder() + " on its " + peer.label
                            + " side is stopped in the middle of a signal. Let it continue, or end it.");
        }
        return block.state(me);
    }

    /** Waits while a living peer is in the middle of waking this side; false if it still is at that time. */
    private boolean awaitWaker(Backoff backoff) {
        while (is(block.state(me), WAKING) && block.slot(peer).isHeld()) {
            if (!backoff.pause()) {
                return false;
            }
        }
        return true;
    }

    /** Takes the turn if a predecessor has left it, or died with it; hands it over again if one may have died over that. */
    private void takeOver(int before) {
        boolean acknowledged = false;
        boolean done = false;
        for (int tries = 0; !done; tries++) {
            checkTries(tries);
            long now = block.turnVolatile();
            if (isTurnOf(now, me) && (me == Side.WRITING || !hasToken(now))) {
                done = claim(now);
                if (done) {
                    myEvent.clear();
                }
            } else if (me == Side.READING || isTurnOf(now, me) || !isRegistered(before)) {
                done = true;
            } else if (hasToken(now)) {
                acknowledged = myEvent.poll() || acknowledged;
                done = acknowledged ? claim(now) : handOverAgain(now);
            } else {
                wakeOrSet(now, block.state(peer));
                done = true;
            }
        }
    }

    /** Server: hands over a turn that is the client's already, and that the client may not know of. */
    private boolean handOverAgain(long now) {
        boolean token = peersEvent.poll();
        long again = nextTurn(now, peer);
        if (!block.changeTurn(now, again)) {
            long since = block.turnVolatile();
            if (token && isTurnOf(since, peer) && hasToken(since)) {
                // A client that left has counted it up, and a plain one is to find the token.
                peersEvent.set();
            }
            return false;
        }
        wakeOrSet(again, block.state(peer));
        return true;
    }

    /** If a plain server has written what nobody has read, it stays the client's turn. */
    private void leaveTurnWithPlainServersClient() {
        if (peersEvent.poll()) {
            block.changeTurn(turn, withToken(nextTurn(turn, peer)));
            peersEvent.set();
        }
    }

    /** Whether the turn is this side's at once. */
    public boolean holdsTurn() {
        return takeIfMine(block.turn());
    }

    /** Hands the turn over, which this side has. */
    public void signal() {
        long next = nextTurn(turn, peer);
        block.setTurn(next);
        unfinished = true;
        int state = block.state(peer);
        if (!is(state, ACTIVE)) {
            StackSpace.require();
            wakeOrSet(next, state);
        }
        unfinished = false;
    }

    /** Does the rest of a signal that has handed the turn over, if the turn is still as it was then. */
    private void finishSignal() {
        unfinished = false;
        long next = nextTurn(turn, peer);
        if (block.turnVolatile() == next) {
            wakeOrSet(next, block.state(peer));
        }
    }

    private void wakeOrSet(long firstHandedOver, int firstState) {
        long handedOver = firstHandedOver;
        int state = firstState;
        for (int tries = 0; ; checkTries(tries++)) {
            if (is(state, PARKED)) {
                if (wake(state)) {
                    return;
                }
            } else if (isRegistered(state) || isGone(state) && peer == Side.WRITING) {
                return;
            } else if (block.changeTurn(handedOver, withToken(handedOver))) {
                peersEvent.set();
                return;
            } else {
                // The peer has registered since, and may have taken the turn, and left again.
                handedOver = block.turnVolatile();
                if (!isTurnOf(handedOver, peer) || hasToken(handedOver)) {
                    return;
                }
            }
            state = block.state(peer);
        }
    }

    private boolean wake(int parked) {
        if (!block.changeState(peer, parked, of(parked, WAKING))) {
            return false;
        }
        boolean set = false;
        try {
            peersEvent.set();
            set = true;
        } finally {
            block.changeState(peer, of(parked, WAKING), of(parked, set ? WOKEN : PARKED));
        }
        return true;
    }

    /**
     * Waits until this side has the turn.
     *
     * @return false if the deadline passed, or waiting was cancelled, before
     * @throws Failure {@code PEER_DIED} or {@code CLOSED}
     */
    public boolean await(long deadline) throws InterruptedException {
        // What a busy peer needs, and no more: small enough for the JIT to make it one with its caller.
        long now = block.turn();
        if (!isMine(now) && spinner.pays() && isRegistered(block.state(peer)) && spinner.look(now)) {
            now = block.turn();
        }
        return takeIfMine(now) || awaitLonger(deadline);
    }

    private boolean awaitLonger(long deadline) throws InterruptedException {
        StackSpace.require();
        if (unfinished) {
            finishSignal();
        }
        for (int looks = 0; ; looks++) {
            long now = block.turn();
            if (takeIfMine(now)) {
                return true;
            }
            if (looks > MOST_TRIES && isOver(deadline)) {
                return false;
            }
            int state = block.state(peer);
            // A wake-up that a stopped peer is still in the middle of keeps this side from anything but sleep.
            boolean settled = settleWakeUp(0);
            if (settled && isGone(state)) {
                return takeFromTheGone(state);
            }
            if (settled && me == Side.WRITING && isTurnOf(now, peer) && hasToken(now) && isRegistered(state)) {
                // The client needs no token any more, or has died with it.
                if (myEvent.poll()) {
                    if (accept()) {
                        return true;
                    }
                } else {
                    handOverAgain(now);
                }
                continue;
            }
            boolean byTurnAlone = isTurnOf(now, peer) && !hasToken(now) && isRegistered(state);
            if (byTurnAlone && spin(now, deadline)) {
                continue;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (buryIfDue(state)) {
                continue;
            }
            if (myEvent.isCancelled() || Deadline.hasPassed(deadline)) {
                return settled && !byTurnAlone && myEvent.poll() && accept();
            }
            if (sleep(now, state, settled, deadline)) {
                return true;
            }
        }
    }

    /** Whether a wait is to leave that has not come to look, as there is always something to do before: it need not do that. */
    private boolean isOver(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return myEvent.isCancelled() || Deadline.hasPassed(deadline);
    }

    /**
     * Looks at the place of a registered peer, if the last look is a while ago: so who comes to wait finds at once that it is
     * dead, and who never sleeps for long finds it, too. True if it was.
     */
    private boolean buryIfDue(int state) {
        long clock = System.nanoTime();
        if (!isRegistered(state) || clock - lastLook < LOOK_NANOS) {
            return false;
        }
        lastLook = clock;
        if (block.slot(peer).isHeld()) {
            return false;
        }
        bury(state);
        return true;
    }

    private boolean isMine(long now) {
        return isTurnOf(now, me) && !hasToken(now);
    }

    private boolean takeIfMine(long now) {
        boolean mine = isMine(now);
        if (mine) {
            turn = now;
            unfinished = false;
        }
        return mine;
    }

    /** True if the turn is another by now. */
    private boolean spin(long now, long deadline) {
        long longest = spinner.nanos();
        if (longest == 0) {
            return false;
        }
        long start = System.nanoTime();
        long nextProbe = LONGEST_SLEEP_NANOS;
        while (true) {
            if (spinner.look(now)) {
                return true;
            }
            long clock = System.nanoTime();
            long spent = clock - start;
            if (spent >= longest) {
                spinner.missed();
                return false;
            }
            if (clock - deadline >= 0 || myEvent.isCancelled() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (spent >= nextProbe) {
                if (!block.slot(peer).isHeld()) {
                    return false;
                }
                nextProbe = spent + LONGEST_SLEEP_NANOS;
            }
        }
    }

    /**
     * Sleeps until there is something to look at.
     *
     * @param now the turn, as it was seen before
     * @param state the peer's state, as it was seen before
     * @param settled whether nothing is left of an earlier wake-up; one that the peer is in the middle of is one of this sleep
     * @return whether this side has the turn; if not, it has to look again
     */
    private boolean sleep(long now, int state, boolean settled, long deadline) throws InterruptedException {
        boolean parks = isTurnOf(now, peer);
        if (parks && settled) {
            block.setState(me, of(active, PARKED));
            if (block.turnVolatile() != now || block.state(peer) != state) {
                unpark();
                return false;
            }
        }
        boolean awake = !parks;
        try {
            if (sleepUntilToken(now, state, deadline)) {
                awake = true;
                int asleep = block.exchangeState(me, active);
                // Of a sleeper that is being woken, the token is the wake-up.
                return !is(asleep, WAKING) && !is(asleep, WOKEN) && accept();
            }
        } catch (Failure e) {
            if (!awake) {
                awake = true;
                unparkAfter(e);
            }
            throw e;
        } finally {
            if (!awake) {
                unpark();
            }
        }
        if (isRegistered(state) && block.state(peer) == state && !block.slot(peer).isHeld()) {
            bury(state);
        }
        return false;
    }

    /** Sleeps until there is a token, then true; or anything else to look at, or a reason to leave. */
    private boolean sleepUntilToken(long now, int state, long deadline) throws InterruptedException {
        boolean waking = is(block.state(me), WAKING);
        int mine = waking ? of(active, WAKING) : isTurnOf(now, me) ? active : of(active, PARKED);
        // A peer that is in the middle of waking this side may have said that it leaves.
        boolean needsPeer = waking || isRegistered(state);
        long longest = FIRST_SLEEP_NANOS;
        while (true) {
            long clock = System.nanoTime();
            long until = deadline - clock < longest ? deadline : clock + longest;
            if (myEvent.await(until, needsPeer ? block.slot(peer).holdersEnd() : null)) {
                return true;
            }
            if (block.state(me) != mine || block.turn() != now || block.state(peer) != state) {
                return false;
            }
            if (myEvent.isCancelled() || Deadline.hasPassed(deadline)) {
                return false;
            }
            if (needsPeer && !block.slot(peer).isHeld()) {
                return false;
            }
            // Woken before the time, by the system: the peer may be about to lose its place.
            longest = System.nanoTime() - until < 0 ? FIRST_SLEEP_NANOS : next(longest, now, state);
        }
    }

    /** How long the next sleep of a wait may be. To be told takes some calls, which only a long wait is worth. */
    private long next(long sleep, long now, int state) {
        if (4 * sleep < LONGEST_SLEEP_NANOS) {
            return 4 * sleep;
        }
        // A turn that is this side's with a token may lose that, and become this side's at once, without a wake-up.
        boolean woken = isTurnOf(now, peer) && isRegistered(state);
        return woken && block.slot(peer).watch(nudge) ? LONGEST_WATCHED_SLEEP_NANOS : LONGEST_SLEEP_NANOS;
    }

    /** Stops being asleep, and leaves no wake-up behind without a state that says so. */
    private void unpark() {
        if (!block.changeState(me, of(active, PARKED), active)) {
            settleWakeUp(UNPARK_NANOS);
        }
    }

    /** As {@link #unpark}; the failure that led to it stays the one that is told. */
    private void unparkAfter(Failure failure) {
        try {
            unpark();
        } catch (Failure e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Takes a wake-up that this side has not slept to see.
     *
     * @return false if the peer is in the middle of it, and did not go on in this time: then it stays for the next sleep
     */
    private boolean settleWakeUp(long patienceNanos) {
        if (block.state(me) == active) {
            return true;
        }
        if (!awaitWaker(Backoff.upTo(patienceNanos))) {
            return false;
        }
        if (is(block.state(me), WAKING)) {
            // It died there, perhaps in the middle of setting the event.
            myEvent.clear();
        }
        boolean token = myEvent.poll();
        if (is(block.exchangeState(me, active), RECALLED) && token) {
            // The wake-up was taken back, by a peer that left: this is a plain successor's hand-over.
            accept();
        }
        return true;
    }

    /** With a hand-over in hand: whether the turn is this side's now. */
    private boolean accept() {
        for (int tries = 0; ; checkTries(tries++)) {
            long now = block.turnVolatile();
            int state = block.state(peer);
            if (takeIfMine(now)) {
                return true;
            }
            boolean fromPlainPeer = isTurnOf(now, peer);
            if (fromPlainPeer && !hasToken(now) && isRegistered(state)) {
                return false;
            }
            if (claim(now)) {
                if (fromPlainPeer && isGone(state)) {
                    block.changeState(peer, state, of(state, ABSENT));
                }
                return true;
            }
        }
    }

    /** Makes the turn this side's at once; false if it is another by now. */
    private boolean claim(long now) {
        long next = nextTurn(now, me);
        if (!block.changeTurn(now, next)) {
            return false;
        }
        turn = next;
        unfinished = false;
        return true;
    }

    /** The peer has left or died: takes the turn if it did so after handing it over, or a plain one has come; else fails. */
    private boolean takeFromTheGone(int state) {
        if (myEvent.poll() && accept()) {
            return true;
        }
        long now = block.turnVolatile();
        if (takeIfMine(now)) {
            return true;
        }
        if (peer == Side.READING && isTurnOf(now, peer) && !hasToken(now) && !block.slot(peer).isHeld()) {
            leaveTurnWithPlainClient(now);
        }
        throw is(state, DEAD)
                ? new Failure(
                        Reason.PEER_DIED,
                        "The process on the " + peer.label + " side of " + what + " has ended without closing it. Start "
                                + "it again, and wait for it with awaitPeer, or close this side.")
                : new Failure(
                        Reason.CLOSED,
                        "The " + peer.label + " side of " + what + " is closed. Wait for its successor with awaitPeer, or "
                                + "close this side.");
    }

    /** A plain client that comes finds the turn that nobody has acknowledged. */
    private void leaveTurnWithPlainClient(long now) {
        if (block.changeTurn(now, withToken(nextTurn(now, Side.READING)))) {
            (me == Side.READING ? myEvent : peersEvent).set();
        }
    }

    /** Notes that the peer's process has ended, and sets straight what it left. */
    private void bury(int state) {
        long last = block.turnVolatile();
        if (me == Side.WRITING || !isTurnOf(last, me) || !hasToken(last)) {
            // A wake-up for the dead one; before a plain successor can take it for a hand-over.
            peersEvent.clear();
        }
        if (block.changeState(peer, state, of(state, DEAD)) && me == Side.WRITING && isTurnOf(last, peer)) {
            handOverAgain(last);
        }
    }

    /**
     * Leaves the place in order; as one that died, if the peer does not let it.
     *
     * @throws Failure {@code CORRUPT}: as one that died, too
     */
    public void leave() {
        if (unfinished) {
            finishSignal();
        }
        if (!settleWakeUp(LONGEST_WAKING_NANOS)) {
            return;
        }
        int tries = 0;
        do {
            checkTries(tries++);
            // Still as a registered side, so that a death in the middle of it is seen.
            block.setState(me, active);
            long left = block.turnVolatile();
            if (nobodyKnowsOfTheClientsTurn(left)) {
                leaveTurnWithPlainClient(left);
            }
            block.setState(me, of(active, CLOSED));
        } while (me == Side.WRITING && nobodyKnowsOfTheClientsTurn(block.turnVolatile()));
        long now = block.turnVolatile();
        // The token stays for a plain client: a server that is about to take it back, as this client was there, finds that the
        // turn has moved on.
        while (me == Side.READING
                && isTurnOf(now, me)
                && hasToken(now)
                && !block.changeTurn(now, withToken(nextTurn(now, me)))) {
            checkTries(tries++);
            now = block.turnVolatile();
        }
        int state = block.state(peer);
        if (is(state, PARKED) && !hasToken(now)) {
            wake(state);
        }
        seeWakeUpTaken(of(state, WOKEN));
    }

    /** Whether the turn is one that a plain client would have to be told of, and nobody else will. */
    private boolean nobodyKnowsOfTheClientsTurn(long now) {
        int state = block.state(peer);
        return isTurnOf(now, Side.READING)
                && !hasToken(now)
                && (me == Side.WRITING ? !isRegistered(state) : is(state, ABSENT));
    }

    /** Takes a wake-up back from a sleeper that does not stir, lest a plain successor's signal be one with it. */
    private void seeWakeUpTaken(int woken) {
        Backoff backoff = Backoff.upTo(LONGEST_WAKING_NANOS);
        while (block.state(peer) == woken && block.slot(peer).isHeld()) {
            if (!backoff.pause()) {
                if (peersEvent.poll()) {
                    block.changeState(peer, woken, of(woken, RECALLED));
                }
                return;
            }
        }
    }

    /** Ends a step in which another was faster more often than a peer can be. */
    private void checkTries(int tries) {
        if (tries == MOST_TRIES) {
            throw new Failure(
                    Reason.CORRUPT,
                    "Cannot use " + what + ": another program has overwritten its control block. Close the pair on "
                            + "both sides, and create it again.");
        }
    }
}
