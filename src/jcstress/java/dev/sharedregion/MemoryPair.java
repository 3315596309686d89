package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.pair.MemorySlot;
import dev.sharedregion.internal.pair.PairBlock;
import dev.sharedregion.internal.pair.PairBlockLayout;
import dev.sharedregion.internal.pair.PairObjects;
import dev.sharedregion.internal.pair.PairSide;
import dev.sharedregion.internal.pair.Side;
import dev.sharedregion.internal.pair.StateWord;
import dev.sharedregion.internal.pair.TurnTaking;
import dev.sharedregion.internal.pair.TurnWord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A pair in plain memory, with the library's own block and steps, and a region for the two sides to fill. Both sides
 * are registered, and the server has the turn.
 */
final class MemoryPair {
    /** Sleeps at once, so that sleeping and waking meet. */
    static final PairOptions PARKING = PairOptions.defaults().spin(Duration.ZERO);

    /** What of the block is used. */
    private static final int BLOCK = 512;

    private static final int REGION = 256;

    /** More than a side has signalled when it gives a thread the bias. */
    private static final int TURNS_TO_BIAS = 300;

    /** Far enough from the region's start to be in another line. */
    private static final int FAR = 128;

    /** Memory for the next pairs; it goes when they all have gone. */
    private static ByteBuffer unused = ByteBuffer.allocateDirect(0);

    final PairBlock block;
    private final PairOptions options;
    private final ByteBuffer region;
    private final MemoryEvent[] events = {new MemoryEvent(), new MemoryEvent()};
    private final TurnTaking[] turnTakings = new TurnTaking[2];
    private volatile long turnWhenLeft;
    private volatile int stateWhenLeft;

    MemoryPair(PairOptions options) {
        this.options = options;
        this.block = newBlock(memory(BLOCK));
        this.region = memory(REGION);
        for (Side side : Side.values()) {
            TurnTaking turnTaking = new TurnTaking("pair", objects(side), options.request("jcstress").spinNanos());
            turnTaking.succession.register();
            turnTakings[side.ordinal()] = turnTaking;
        }
    }

    private PairBlock newBlock(ByteBuffer memory) {
        return new PairBlock(memory, offset -> new MemorySlot(memory, offset), () -> {});
    }

    private PairObjects taken(Side side) {
        PairObjects objects = objects(side);
        objects.taken = true;
        return objects;
    }

    private PairObjects objects(Side side) {
        PairObjects objects = new PairObjects(side);
        objects.block = block;
        objects.mine = event(side);
        objects.peers = event(side.peer());
        return objects;
    }

    /** Zero memory at the beginning of a line; a size is a multiple of lines. */
    static synchronized ByteBuffer memory(int size) {
        if (unused.remaining() < size) {
            unused = ByteBuffer.allocateDirect(1 << 20).alignedSlice(FAR);
        }
        ByteBuffer memory = unused.slice(unused.position(), size).order(ByteOrder.nativeOrder());
        unused.position(unused.position() + size);
        return memory;
    }

    /** Writes to the region, without any order. */
    void write(int value) {
        region.putInt(0, value);
        region.putInt(FAR, value);
    }

    /** Reads what was written last, without any order; -1 for a mixture. */
    int read() {
        int far = region.getInt(FAR);
        int near = region.getInt(0);
        return far == near ? far : -1;
    }

    MemoryEvent event(Side side) {
        return events[side.ordinal()];
    }

    TurnTaking turnTaking(Side side) {
        return turnTakings[side.ordinal()];
    }

    /** Hands the turn over. */
    void signal(Side side) {
        turnTaking(side).signal();
        event(side.peer()).peerIsDone();
    }

    /** Leaves in order. */
    void leave(Side side) {
        turnTaking(side).succession.leave();
        event(side.peer()).peerIsDone();
    }

    /** Waits for the turn without a limit, and tells whether it came. */
    boolean await(Side side) {
        event(side).beginWait();
        try {
            return turnTaking(side).await(Deadline.never());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * How {@link #await} went: 0 without a token, 1 with one that it found when it wanted to leave, 2 slept, 3 for
     * ever.
     */
    int way(Side side) {
        MemoryEvent event = event(side);
        return event.sleptForEver() ? 3 : event.slept() ? 2 : event.drained() ? 1 : 0;
    }

    /** Whether there is no token in any event, and no side is on its way to sleep or back. */
    boolean isAtRest() {
        for (Side side : Side.values()) {
            int state = block.state(side);
            if (event(side).hasToken()
                    || !StateWord.is(state, PairBlockLayout.ACTIVE) && !StateWord.is(state, PairBlockLayout.CLOSED)) {
                return false;
            }
        }
        return !TurnWord.hasToken(block.turnVolatile());
    }

    /** A side as the threads of a process share it, in the place of the one that is registered. */
    PairSide side(Side side) {
        ((MemorySlot) block.slot(side)).onGiveUp(() -> {
            turnWhenLeft = block.turnVolatile();
            stateWhenLeft = block.state(side);
        });
        return new PairSide(options.request("jcstress"), taken(side), ThisSystem.get().processFence());
    }

    /** Has the server's side, which has the turn, give this thread the bias; the client answers each turn at once. */
    void giveBias(PairSide server) {
        try {
            for (int turn = 0; turn < TURNS_TO_BIAS; turn++) {
                server.signal(PairSide.MINE);
                block.setTurn(TurnWord.next(block.turnVolatile(), Side.WRITING));
                server.await(Deadline.never());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The turn as the {@link #side} left it. */
    long turnWhenLeft() {
        return turnWhenLeft;
    }

    /** Whether the block is as the {@link #side} left it. */
    boolean isAsLeft(Side side) {
        return block.turnVolatile() == turnWhenLeft && block.state(side) == stateWhenLeft;
    }
}
