package dev.sharedregion.hostile;

import static dev.sharedregion.internal.pair.PairBlockLayout.STATE;
import static dev.sharedregion.internal.pair.PairBlockLayout.STATE_BITS;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN_COUNT;

import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.PairOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.internal.pair.PairBlock;
import dev.sharedregion.internal.pair.PairBlockLayout;
import dev.sharedregion.internal.pair.Side;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes each call of each side with each combination of both sides' states and the turn's bits in the block, with a
 * living peer and without one. Arguments: any text, a name, a seed for the messages, and n to try every n-th
 * combination.
 */
final class HostileStates {
    /** Many, as most of the time they wait for a peer that the block says is in the middle of something. */
    private static final int THREADS = 64;

    private static final int STATES = STATE_BITS + 1;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final HostileCalls calls;
    private final String name;
    private final Side side;
    private final int mine;
    private final int peers;
    private final int turn;
    private final boolean peerLives;
    private EventPair pair;
    private EventPair other;
    private ByteBuffer memory;

    private HostileStates(HostileCalls calls, String name, int combination) {
        this.calls = calls;
        this.name = name + "-" + NEXT.incrementAndGet();
        int rest = combination;
        side = rest % 2 == 0 ? Side.WRITING : Side.READING;
        rest /= 2;
        peerLives = rest % 2 == 0;
        rest /= 2;
        mine = rest % STATES;
        rest /= STATES;
        peers = rest % STATES;
        turn = rest / STATES;
    }

    public static void main(String[] arguments) throws Exception {
        HostileCalls calls = new HostileCalls(Long.parseLong(arguments[2]), Long.MAX_VALUE);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> all = new ArrayList<>();
        int step = Integer.parseInt(arguments[3]);
        for (int i = 0; i < 2 * 2 * STATES * STATES * TURN_COUNT; i += step) {
            HostileStates states = new HostileStates(calls, arguments[1], i);
            all.add(pool.submit(() -> {
                try {
                    states.run();
                } catch (Exception | Error e) {
                    calls.fail(states.toString(), e);
                }
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        pool.shutdown();
        System.out.println(calls.outcomes());
        System.out.println("done");
    }

    private void run() throws Exception {
        boolean server = side == Side.WRITING;
        try (SharedRegion block = SharedRegion.create(name + ".pair", PairBlockLayout.SIZE);
                // They hold the events, for the pair to be opened again.
                NamedEvent written = NamedEvent.create(name + ".written");
                NamedEvent read = NamedEvent.create(name + ".read")) {
            memory = block.buffer();
            EventPair first = create();
            EventPair second = EventPair.open(name);
            pair = server ? first : second;
            other = server ? second : first;
            if (!peerLives) {
                other.close();
            }
            call("awaitPeer", HostileCalls.SIGNAL, () -> pair.awaitPeer(Duration.ZERO));
            handOver();
            call("await", HostileCalls.AWAIT, () -> await(Duration.ZERO));
            handOver();
            call("await", HostileCalls.AWAIT, () -> await(SHORT));
            handOver();
            call("act", HostileCalls.AWAIT, () -> act(Duration.ZERO));
            handOver();
            call("act", HostileCalls.AWAIT, () -> act(SHORT));
            takeTurn();
            call("awaitPeer", HostileCalls.SIGNAL, () -> pair.awaitPeer(SHORT));
            takeTurn();
            call("signal", HostileCalls.SIGNAL, () -> {
                signal();
                return null;
            });
            call("close", HostileCalls.NONE, () -> {
                pair.close();
                return null;
            });
            pair = (EventPair) call(
                    "enter",
                    server ? HostileCalls.CREATE : HostileCalls.OPEN,
                    () -> server ? create() : EventPair.open(name));
            set(PairBlockLayout.ACTIVE, PairBlockLayout.ACTIVE, 0);
            other.close();
            if (pair != null) {
                pair.close();
            }
        }
    }

    private EventPair create() {
        return EventPair.create(name, PairOptions.defaults().existingEvents());
    }

    /** With the combination in the block. */
    private Object call(String what, Set<SharedMemoryException.Reason> reasons, HostileCalls.Call call) {
        set(mine, peers, turn);
        return calls.call(what, ", " + this, reasons, call);
    }

    /** In the same generations, and at the same count, so that nothing but the bits is odd. */
    private void set(int mineBits, int peersBits, int turnBits) {
        setState(side, mineBits);
        setState(side.peer(), peersBits);
        memory.putLong(TURN, memory.getLong(TURN) & -TURN_COUNT | turnBits);
    }

    private void setState(Side which, int bits) {
        int at = PairBlock.ownerOffset(which) + STATE;
        memory.putInt(at, memory.getInt(at) & ~STATE_BITS | bits);
    }

    private void handOver() {
        if (pair.hasTurn()) {
            set(PairBlockLayout.ACTIVE, PairBlockLayout.ACTIVE, side.ordinal());
            signal();
        }
    }

    private void takeTurn() throws InterruptedException {
        set(PairBlockLayout.ACTIVE, PairBlockLayout.ACTIVE, side.ordinal());
        if (!pair.hasTurn() && !await(LONG)) {
            throw new IllegalStateException("the turn is there, and was not taken");
        }
    }

    private boolean await(Duration time) throws InterruptedException {
        return side == Side.WRITING ? pair.awaitRead(time) : pair.awaitWritten(time);
    }

    private boolean act(Duration time) throws InterruptedException {
        return side == Side.WRITING ? pair.write(() -> { }, time) : pair.read(() -> { }, time);
    }

    private void signal() {
        if (side == Side.WRITING) {
            pair.signalWritten();
        } else {
            pair.signalRead();
        }
    }

    /** The combination; for messages. */
    @Override
    public String toString() {
        return side + ", states " + mine + " and " + peers + ", turn " + turn + ", peer "
                + (peerLives ? "lives" : "left");
    }
}
