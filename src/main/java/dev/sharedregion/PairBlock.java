package dev.sharedregion;

import static dev.sharedregion.PairBlockLayout.MAGIC_VALUE;
import static dev.sharedregion.PairBlockLayout.SIZE;
import static dev.sharedregion.PairBlockLayout.TURN;
import static dev.sharedregion.PairBlockLayout.TURN_COUNT;
import static dev.sharedregion.PairBlockLayout.TURN_SIDE;
import static dev.sharedregion.PairBlockLayout.TURN_TOKEN;
import static dev.sharedregion.PairBlockLayout.VERSION_VALUE;

import dev.sharedregion.SharedMemoryException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A pair's control block: its words, and the memory orders in which they are read and written. Not final, as the tests stop
 * a side between two changes of them.
 */
class PairBlock {
    private static final String SUFFIX = ".pair";
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ORDER);
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ORDER);
    private static final long HEADER = ByteBuffer.allocate(Long.BYTES)
            .order(ORDER)
            .put(MAGIC_VALUE)
            .putShort(VERSION_VALUE)
            .getLong(0);

    /** Stays valid after close: what is written then goes nowhere, or to a block that this side has left. */
    private final ByteBuffer memory;

    private final Places places;
    private final Runnable release;

    /** Makes the block whose memory this is. */
    @FunctionalInterface
    interface Maker {
        PairBlock make(View view, RegionMapping mapping);
    }

    PairBlock(View view, RegionMapping mapping) {
        this(view.buffer(0, SIZE), block -> Backend.current().places(mapping, block), view::close);
    }

    /**
     * A block in any direct memory.
     *
     * @param memory zero or a block, in native order, at an address that 8 divides
     * @param release what gives it back
     */
    PairBlock(ByteBuffer memory, Function<PairBlock, Places> places, Runnable release) {
        this.memory = memory;
        this.places = places.apply(this);
        this.release = release;
    }

    /**
     * Opens a pair's block, or makes it.
     *
     * @param permissions of one that is made
     * @param meant as for {@link Backend#openRegion}
     */
    static PairBlock open(ObjectName pair, Permissions permissions, Permissions meant, Maker maker) {
        ObjectName name = pair.part(SUFFIX);
        String what = Backend.region(name);
        RegionMapping mapping = Backend.current().openOrCreateRegion(
                name, SIZE, RegionOptions.defaults().permissions(permissions), meant);
        PairBlock block = of(what, mapping, maker);
        block.checkHeaderOrClose(name);
        return block;
    }

    /** Opens a pair's block; null if there is none. A blank region may be another program's, and counts as none. */
    static PairBlock openExisting(ObjectName pair, Maker maker) {
        ObjectName name = pair.part(SUFFIX);
        String what = Backend.region(name);
        RegionMapping mapping;
        try {
            mapping = Backend.current().openRegion(name, RegionOptions.defaults().minimumSize(SIZE), null);
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
            return null;
        }
        PairBlock block = of(what, mapping, maker);
        if ((long) LONG.getVolatile(block.memory, PairBlockLayout.MAGIC) == 0) {
            block.close();
            return null;
        }
        block.checkHeaderOrClose(name);
        return block;
    }

    private static PairBlock of(String what, RegionMapping mapping, Maker maker) {
        View view;
        try {
            view = new View(what, mapping, Access.READ_WRITE);
        } catch (RuntimeException | Error e) {
            mapping.free();
            throw e;
        }
        try {
            return maker.make(view, mapping);
        } catch (RuntimeException | Error e) {
            view.close();
            throw e;
        }
    }

    private void checkHeaderOrClose(ObjectName name) {
        try {
            checkHeader(name);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void checkHeader(ObjectName name) {
        AtomicWords.compareAndSet(memory, PairBlockLayout.MAGIC, 0L, HEADER);
        if ((long) LONG.getVolatile(memory, PairBlockLayout.MAGIC) == HEADER) {
            return;
        }
        byte[] magic = new byte[MAGIC_VALUE.length];
        memory.get(PairBlockLayout.MAGIC, magic);
        String failed = "Cannot use " + Backend.region(name) + " as the control block of a pair";
        if (Arrays.equals(magic, MAGIC_VALUE)) {
            throw Backend.wrongVersion(
                    failed, Short.toUnsignedInt(memory.getShort(PairBlockLayout.VERSION)), VERSION_VALUE);
        }
        throw new SharedMemoryException(
                Reason.WRONG_KIND,
                failed + ": it is another program's region. Choose another name for the pair, or for the region.");
    }

    /** Who is there. */
    Places places() {
        return places;
    }

    // The turn.

    /** The turn, and all that was written before it. */
    long turn() {
        return (long) LONG.getAcquire(memory, TURN);
    }

    /** The turn, in one order with all other volatile accesses. */
    long turnVolatile() {
        return (long) LONG.getVolatile(memory, TURN);
    }

    void setTurn(long turn) {
        LONG.setVolatile(memory, TURN, turn);
    }

    boolean changeTurn(long from, long to) {
        return AtomicWords.compareAndSet(memory, TURN, from, to);
    }

    static boolean isTurnOf(long turn, Side side) {
        return (turn & TURN_SIDE) == side.ordinal();
    }

    static boolean hasToken(long turn) {
        return (turn & TURN_TOKEN) != 0;
    }

    /** The change that follows this one, by which the turn is a side's at once. */
    static long nextTurn(long turn, Side side) {
        return (turn & -TURN_COUNT) + TURN_COUNT + side.ordinal();
    }

    static long withToken(long turn) {
        return turn | TURN_TOKEN;
    }

    // The places.

    private static int place(Side side) {
        return side == Side.WRITING ? PairBlockLayout.WRITING_PLACE : PairBlockLayout.READING_PLACE;
    }

    /** Where the owner of a place stands, in bytes from the block's start. */
    static int ownerOffset(Side side) {
        return place(side) + PairBlockLayout.OWNER;
    }

    /** Who holds a place: the process id in the upper half; 0 for nobody. */
    long owner(Side side) {
        return (long) LONG.getVolatile(memory, ownerOffset(side));
    }

    /** Whether a side is registered, and its process lives. */
    boolean isPresent(Side side) {
        return isRegistered(state(side)) && places.isHeld(side);
    }

    boolean changeOwner(Side side, long from, long to) {
        return AtomicWords.compareAndSet(memory, ownerOffset(side), from, to);
    }

    void setOwner(Side side, long owner) {
        LONG.setVolatile(memory, ownerOffset(side), owner);
    }

    /** State and generation. */
    int state(Side side) {
        return (int) INT.getVolatile(memory, place(side) + PairBlockLayout.STATE);
    }

    void setState(Side side, int state) {
        INT.setVolatile(memory, place(side) + PairBlockLayout.STATE, state);
    }

    /** Sets the state, and returns what it was. */
    int exchangeState(Side side, int state) {
        return AtomicWords.getAndSet(memory, place(side) + PairBlockLayout.STATE, state);
    }

    boolean changeState(Side side, int from, int to) {
        return AtomicWords.compareAndSet(memory, place(side) + PairBlockLayout.STATE, from, to);
    }

    static boolean isRegistered(int state) {
        int bits = state & PairBlockLayout.STATE_BITS;
        return bits >= PairBlockLayout.ACTIVE && bits <= PairBlockLayout.RECALLED;
    }

    static boolean isGone(int state) {
        return (state & PairBlockLayout.STATE_BITS) >= PairBlockLayout.CLOSED;
    }

    static boolean is(int state, int bits) {
        return (state & PairBlockLayout.STATE_BITS) == bits;
    }

    /** Another state of the same generation. */
    static int of(int state, int bits) {
        return state & ~PairBlockLayout.STATE_BITS | bits;
    }

    /** Gives the block back. Called once. */
    void close() {
        try {
            places.close();
        } finally {
            release.run();
        }
    }
}
