package dev.sharedregion.internal.pair;

import static dev.sharedregion.internal.pair.PairBlockLayout.PARKED;
import static dev.sharedregion.internal.pair.PairBlockLayout.RECALLED;
import static dev.sharedregion.internal.pair.PairBlockLayout.WAKING;
import static dev.sharedregion.internal.pair.PairBlockLayout.WOKEN;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.os.Failure;
import java.util.concurrent.TimeUnit;

/** How one side sleeps on its event, and takes each wake-up that its state announces. */
public final class Parking extends ProtocolPart {
    /** The longest sleep if the system does not report the peer's death, which is noticed within that time. */
    static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The first sleep of a wait, after which it looks whether the peer lives. The next sleep is four times as long. */
    private static final long FIRST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** The longest sleep otherwise. An event of Linux wakes a sleeper that often anyway. */
    private static final long LONGEST_WATCHED_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long {@link #unpark} waits for a wake-up that the peer has announced. */
    private static final long UNPARK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** State and generation of this side's place while it does not sleep. */
    int active;

    private final HandOver handOver;
    private final Runnable nudge;

    Parking(PairObjects objects, HandOver handOver) {
        super(objects);
        this.handOver = handOver;
        this.nudge = myEvent::nudge;
    }

    /**
     * Says that this side sleeps, if the turn is the peer's.
     *
     * @param now the turn, as it was seen before
     * @param state the peer's state, as it was seen before
     * @return false if one of the two has changed: then this side has to look again
     */
    boolean park(long now, int state) {
        if (TurnWord.isOf(now, peer)) {
            block.setState(me, StateWord.with(active, PARKED));
            if (block.turnVolatile() != now || block.state(peer) != state) {
                unpark();
                return false;
            }
        }
        return true;
    }

    /**
     * Sleeps until it has taken a token, or there is anything else to look at, or a reason to leave. Without a token,
     * this side's state does not say any more that it sleeps.
     *
     * @return whether it has taken a token
     */
    boolean sleep(long now, int state, long deadline) throws InterruptedException {
        boolean token = false;
        Failure failure = null;
        try {
            token = sleepUntilToken(now, state, deadline);
            return token;
        } catch (Failure e) {
            failure = e;
            throw e;
        } finally {
            if (!token && TurnWord.isOf(now, peer)) {
                unparkAfter(failure);
            }
        }
    }

    private boolean sleepUntilToken(long now, int state, long deadline) throws InterruptedException {
        boolean waking = StateWord.is(block.state(me), WAKING);
        int mine = TurnWord.isOf(now, me) ? active : StateWord.with(active, PARKED);
        int expected = waking ? StateWord.with(active, WAKING) : mine;
        // A peer that is in the middle of waking this side may have said that it leaves.
        boolean needsPeer = waking || StateWord.isRegistered(state);
        long longest = FIRST_SLEEP_NANOS;
        while (true) {
            long clock = System.nanoTime();
            long until = deadline - clock < longest ? deadline : clock + longest;
            if (myEvent.await(until, needsPeer ? block.slot(peer).holdersEnd() : null)) {
                return true;
            }
            if (block.state(me) != expected || block.turn() != now || block.state(peer) != state) {
                return false;
            }
            if (myEvent.isCancelled() || Deadline.hasPassed(deadline) || needsPeer && !block.slot(peer).isHeld()) {
                return false;
            }
            // Woken early, so the system has reported something: the peer may be about to lose its place.
            longest = System.nanoTime() - until < 0 ? FIRST_SLEEP_NANOS : next(longest, now, state);
        }
    }

    /** The limit of a wait's next sleep. To ask for the system's report takes calls, so only a long wait does. */
    private long next(long sleep, long now, int state) {
        if (4 * sleep < LONGEST_SLEEP_NANOS) {
            return 4 * sleep;
        }
        // A turn that is this side's with a token may lose the token without a wake-up.
        boolean woken = TurnWord.isOf(now, peer) && StateWord.isRegistered(state);
        return woken && block.slot(peer).watch(nudge) ? LONGEST_WATCHED_SLEEP_NANOS : LONGEST_SLEEP_NANOS;
    }

    /** Says that this side is awake, after it has taken a token. True if the token is a hand-over, not a wake-up. */
    boolean isAwakeByHandOver() {
        int asleep = block.exchangeState(me, active);
        return !StateWord.is(asleep, WAKING) && !StateWord.is(asleep, WOKEN);
    }

    /** Says that this side is awake, and leaves no wake-up behind that its state does not announce. */
    private void unpark() {
        if (!block.changeState(me, StateWord.with(active, PARKED), active)) {
            settleWakeUp(UNPARK_NANOS);
        }
    }

    /** As {@link #unpark}. A failure that led to it, if any, stays the one that is thrown. */
    private void unparkAfter(Failure failure) {
        try {
            unpark();
        } catch (Failure e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }

    /**
     * Takes a wake-up that this side did not sleep until.
     *
     * @return false if the peer is still in the middle of it after this time: then the next sleep takes it
     */
    boolean settleWakeUp(long patienceNanos) {
        if (block.state(me) == active) {
            return true;
        }
        if (!awaitWaker(Backoff.upTo(patienceNanos))) {
            return false;
        }
        if (StateWord.is(block.state(me), WAKING)) {
            // The peer died there, perhaps in the middle of setting the event.
            myEvent.clear();
        }
        boolean token = myEvent.poll();
        if (StateWord.is(block.exchangeState(me, active), RECALLED) && token) {
            // A peer that left has taken the wake-up back, so this is the hand-over of a plain successor.
            handOver.accept();
        }
        return true;
    }

    /** Waits while a living peer is in the middle of waking this side; false if it still is when the time is over. */
    boolean awaitWaker(Backoff backoff) {
        while (StateWord.is(block.state(me), WAKING) && block.slot(peer).isHeld()) {
            if (!backoff.pause()) {
                return false;
            }
        }
        return true;
    }
}
