package dev.sharedregion.internal.latest;

import static dev.sharedregion.internal.latest.NewerLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.latest.NewerLayout.PLACES;
import static dev.sharedregion.internal.latest.NewerLayout.SIZE;
import static dev.sharedregion.internal.latest.NewerLayout.VERSION_VALUE;
import static dev.sharedregion.internal.latest.NewerLayout.WAITING;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.ScopeGuard;
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

/** The places in which readers wait, the region {@code x.newer}. */
public final class Newer implements AutoCloseable {
    /** What a place wants that any new value wakes. */
    static final long ANY = 0;

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final BlockKind KIND =
            new BlockKind(MAGIC_VALUE, VERSION_VALUE, "the places of a table's readers", "table");

    /** Stays valid after close. */
    private final ByteBuffer memory;

    private final IntFunction<OwnerSlot> slotAt;
    private final Runnable release;

    /**
     * Places in any direct memory.
     *
     * @param memory zero or places, in native order, at an address that 8 divides
     * @param slotAt makes the owner slot at an offset
     * @param release gives the memory back
     */
    public Newer(ByteBuffer memory, IntFunction<OwnerSlot> slotAt, Runnable release) {
        this.memory = memory;
        this.slotAt = slotAt;
        this.release = release;
    }

    /** Opens the places of a table, or creates them: for a writer. */
    static Newer openOrCreate(OperatingSystem os, LatestRequest request) {
        RegionRequest region = new RegionRequest(SIZE, false, false, request.waitingRights());
        Trust trust = new Trust(request.waitingRights());
        return map(os, request.newer(), () -> os.openOrCreateRegion(
                request.newer(), region, ViewRequest.whole(SIZE), trust));
    }

    /** Opens the places of a table: for a reader. */
    static Newer open(OperatingSystem os, LatestRequest request) {
        return map(os, request.newer(), () -> os.openRegion(
                request.newer(), ViewRequest.whole(SIZE), Trust.ANYONE));
    }

    private static Newer map(OperatingSystem os, ObjectName name, Supplier<RegionMapping> open) {
        return KIND.mapOrMake(os, name, SIZE, open, Newer::new);
    }

    private static int offset(int place) {
        return NewerLayout.FIRST_PLACE + (place - 1) * NewerLayout.PLACE_SIZE;
    }

    /** The bits of the places whose readers sleep, in one order with all other volatile accesses. */
    long waiting() {
        return (long) LONG.getVolatile(memory, WAITING);
    }

    static long bit(int place) {
        return 1L << (place - 1);
    }

    /** The first place of these bits. */
    static int firstPlace(long bits) {
        return Long.numberOfTrailingZeros(bits) + 1;
    }

    long wanted(int place) {
        return (long) LONG.getVolatile(memory, offset(place) + NewerLayout.WANTED);
    }

    void setWanted(int place, long wanted) {
        LONG.setVolatile(memory, offset(place) + NewerLayout.WANTED, wanted);
    }

    /** Sets the bit of a place, before the reader looks again. */
    void announce(int place) {
        AtomicWords.getAndBitwiseOr(memory, WAITING, bit(place));
        VarHandle.fullFence();
    }

    /** Clears the bit of a place. Returns false if it was not set. */
    boolean withdraw(int place) {
        return (AtomicWords.getAndBitwiseAnd(memory, WAITING, ~bit(place)) & bit(place)) != 0;
    }

    /** Takes the first free place; null if there is none. */
    Place takePlace() {
        for (int number = 1; number <= PLACES; number++) {
            try (ScopeGuard<Place> guard = new ScopeGuard<>(Place::close)) {
                Place place = guard.hold(new Place(number, slotAt.apply(offset(number) + NewerLayout.OWNER)));
                if (place.take()) {
                    return guard.dismiss(place);
                }
            }
        }
        return null;
    }

    /** A reader's place. Made before it is taken, so that it takes no memory to give it up. */
    static final class Place implements AutoCloseable {
        final int number;
        private final OwnerSlot slot;
        private boolean taken;

        private Place(int number, OwnerSlot slot) {
            this.number = number;
            this.slot = slot;
        }

        private boolean take() {
            taken = slot.take();
            return taken;
        }

        @Override
        public void close() {
            try (slot) {
                if (taken) {
                    slot.giveUp();
                }
            }
        }
    }

    /** Gives the places back. Called once. */
    @Override
    public void close() {
        release.run();
    }
}
