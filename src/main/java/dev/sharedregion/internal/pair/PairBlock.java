package dev.sharedregion.internal.pair;

import static dev.sharedregion.internal.pair.PairBlockLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.pair.PairBlockLayout.SIZE;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN;
import static dev.sharedregion.internal.pair.PairBlockLayout.VERSION_VALUE;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.memory.BlockKind.Maker;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.os.ViewRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;

/**
 * A pair's control block: its words, and the memory orders in which they are read and written. Not final, because tests
 * stop a side between two changes.
 */
public class PairBlock implements AutoCloseable {
    private static final String SUFFIX = ".pair";
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ORDER);
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ORDER);
    private static final BlockKind KIND =
            new BlockKind(MAGIC_VALUE, VERSION_VALUE, "the control block of a pair", "pair");

    /** Stays valid after close. A later write goes nowhere, or to a block that this side has left. */
    private final ByteBuffer memory;

    /** By {@link Side#ordinal()}. */
    private final OwnerSlot[] slots;

    private final Runnable release;

    /**
     * A block in any direct memory.
     *
     * @param memory zero or a block, in native order, at an address that 8 divides
     * @param slots makes the owner slot at an offset
     * @param release gives the memory back
     */
    public PairBlock(ByteBuffer memory, IntFunction<OwnerSlot> slots, Runnable release) {
        this.memory = memory;
        this.slots = new OwnerSlot[] {slots.apply(ownerOffset(Side.WRITING)), slots.apply(ownerOffset(Side.READING))};
        this.release = release;
    }

    /**
     * Opens a pair's block, or makes it.
     *
     * @param maker makes the object; tests make another kind
     */
    public static PairBlock open(OperatingSystem os, PairRequest request, Trust trust, Maker<PairBlock> maker) {
        ObjectName name = request.name().part(SUFFIX);
        RegionRequest region = new RegionRequest(SIZE, false, false, request.rights());
        ViewRequest whole = ViewRequest.whole(SIZE);
        return KIND.mapOrMake(os, name, SIZE, () -> os.openOrCreateRegion(name, region, whole, trust), maker);
    }

    /** Opens a pair's block; null if there is none. A blank region may be another program's, and counts as none. */
    static PairBlock openExisting(OperatingSystem os, ObjectName pair, Maker<PairBlock> maker) {
        ObjectName name = pair.part(SUFFIX);
        ViewRequest whole = ViewRequest.whole(SIZE);
        try {
            return KIND.mapMade(os, name, SIZE, () -> os.openRegion(name, whole, Trust.ANYONE), maker);
        } catch (Failure e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
            return null;
        }
    }

    /** The place of a side. */
    public OwnerSlot slot(Side side) {
        return slots[side.ordinal()];
    }

    // The turn.

    /** The turn, and all that was written before it. */
    public long turn() {
        return (long) LONG.getAcquire(memory, TURN);
    }

    /** The turn, in one order with all other volatile accesses. */
    public long turnVolatile() {
        return (long) LONG.getVolatile(memory, TURN);
    }

    public void setTurn(long turn) {
        LONG.setVolatile(memory, TURN, turn);
    }

    public boolean changeTurn(long from, long to) {
        return AtomicWords.compareAndSet(memory, TURN, from, to);
    }

    // The places.

    private static int place(Side side) {
        return side == Side.WRITING ? PairBlockLayout.WRITING_PLACE : PairBlockLayout.READING_PLACE;
    }

    /** Where the owner of a place stands, in bytes from the block's start. */
    public static int ownerOffset(Side side) {
        return place(side) + PairBlockLayout.OWNER;
    }

    /** State and generation. */
    public int state(Side side) {
        return (int) INT.getVolatile(memory, place(side) + PairBlockLayout.STATE);
    }

    public void setState(Side side, int state) {
        INT.setVolatile(memory, place(side) + PairBlockLayout.STATE, state);
    }

    /** Sets the state, and returns what it was. */
    public int exchangeState(Side side, int state) {
        return AtomicWords.getAndSet(memory, place(side) + PairBlockLayout.STATE, state);
    }

    public boolean changeState(Side side, int from, int to) {
        return AtomicWords.compareAndSet(memory, place(side) + PairBlockLayout.STATE, from, to);
    }

    /** Gives the block back, all of it, even if a part of that fails. Called once. */
    @Override
    public void close() {
        OwnerSlot server = slot(Side.WRITING);
        OwnerSlot client = slot(Side.READING);
        try (client; server) {
            // Closes both.
        } finally {
            release.run();
        }
    }
}
