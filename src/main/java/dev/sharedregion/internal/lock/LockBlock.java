package dev.sharedregion.internal.lock;

import static dev.sharedregion.internal.lock.LockLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.lock.LockLayout.SIZE;
import static dev.sharedregion.internal.lock.LockLayout.VERSION_VALUE;
import static dev.sharedregion.internal.lock.LockLayout.WORD;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.os.ViewRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** A lock's block: its word and its places. The word's accesses are in one order with all other volatile ones. */
public final class LockBlock implements AutoCloseable {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final BlockKind KIND =
            new BlockKind(MAGIC_VALUE, VERSION_VALUE, "the block of a lock", "lock");

    /** Stays valid after close. A later write goes nowhere, or to a block that this process has left. */
    private final ByteBuffer memory;

    private final IntFunction<OwnerSlot> slotAt;
    private final Runnable release;

    /** By place. Each is made when it is first asked for: most locks have few users. */
    private final OwnerSlot[] slots = new OwnerSlot[LockLayout.PLACES + 1];

    /**
     * A block in any direct memory.
     *
     * @param memory zero or a block, in native order, at an address that 8 divides
     * @param slotAt makes the owner slot at an offset
     * @param release gives the memory back
     */
    public LockBlock(ByteBuffer memory, IntFunction<OwnerSlot> slotAt, Runnable release) {
        this.memory = memory;
        this.slotAt = slotAt;
        this.release = release;
    }

    /** Opens a lock's block, or makes it. */
    static LockBlock open(OperatingSystem os, LockRequest request) {
        ObjectName name = request.block();
        RegionRequest region = new RegionRequest(SIZE, false, false, request.rights());
        Supplier<RegionMapping> open = () ->
                os.openOrCreateRegion(name, region, ViewRequest.whole(SIZE), new Trust(request.rights()));
        return KIND.mapOrMake(os, name, SIZE, open, LockBlock::new);
    }

    long word() {
        return (long) LONG.getVolatile(memory, WORD);
    }

    boolean changeWord(long from, long to) {
        return AtomicWords.compareAndSet(memory, WORD, from, to);
    }

    private static int offset(int place) {
        return LockLayout.FIRST_PLACE + (place - 1) * LockLayout.PLACE_SIZE;
    }

    /** The owner slot of a place. For one thread at a time, as all steps of the lock. */
    OwnerSlot slot(int place) {
        OwnerSlot slot = slots[place];
        if (slot == null) {
            slot = slotAt.apply(offset(place) + LockLayout.OWNER);
            slots[place] = slot;
        }
        return slot;
    }

    /** The description in messages of the process that holds a place. For any thread. */
    String holder(int place) {
        OwnerSlot slot = slotAt.apply(offset(place) + LockLayout.OWNER);
        try {
            return slot.holder();
        } finally {
            slot.close();
        }
    }

    /** The owner field of a place. */
    long owner(int place) {
        return (long) LONG.getVolatile(memory, offset(place) + LockLayout.OWNER);
    }

    /** Frees what was needed to look at the places, and gives the block back. Called once. */
    @Override
    public void close() {
        try {
            for (OwnerSlot slot : slots) {
                if (slot != null) {
                    slot.close();
                }
            }
        } finally {
            release.run();
        }
    }
}
