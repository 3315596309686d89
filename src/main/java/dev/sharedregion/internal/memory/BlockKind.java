package dev.sharedregion.internal.memory;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionMapping;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * A kind of block: a region that the library makes for itself. It begins with a header of 8 bytes: 6 bytes that name the
 * kind, and the version of its layout as uint16. A region whose header is zero is blank.
 */
public final class BlockKind {
    private static final int HEADER = 0;
    private static final int VERSION = 6;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ORDER);

    private final byte[] magic;
    private final short version;
    private final long header;
    private final String use;
    private final String what;

    /**
     * @param use what such a region is, in messages: {@code the block of a lock}
     * @param what the object that it belongs to, in messages: {@code lock}
     */
    public BlockKind(byte[] magic, short version, String use, String what) {
        this.magic = magic;
        this.version = version;
        this.header = ByteBuffer.allocate(Long.BYTES).order(ORDER).put(magic).putShort(version).getLong(HEADER);
        this.use = use;
        this.what = what;
    }

    /** Makes the object that a block is used through. */
    @FunctionalInterface
    public interface Maker<T> {
        /**
         * @param memory the block, in native order, at an address that 8 divides
         * @param slotAt makes the owner slot at an offset
         * @param release gives the memory back
         */
        T make(ByteBuffer memory, IntFunction<OwnerSlot> slotAt, Runnable release);
    }

    /** Maps a block of this size, and writes the header if the block is blank. */
    public <T> T mapOrMake(
            OperatingSystem os, ObjectName name, int size, Supplier<RegionMapping> open, Maker<T> maker) {
        return map(os, name, size, open, (memory, slotAt, release) -> {
            AtomicWords.compareAndSet(memory, HEADER, 0L, header);
            if (!isIn(memory, name)) {
                throw another(memory, name);
            }
            return maker.make(memory, slotAt, release);
        });
    }

    /** Maps a block of this size. Returns null if the block is blank. */
    public <T> T mapMade(
            OperatingSystem os, ObjectName name, int size, Supplier<RegionMapping> open, Maker<T> maker) {
        return map(os, name, size, open, (memory, slotAt, release) ->
                isIn(memory, name) ? maker.make(memory, slotAt, release) : null);
    }

    private static <T> T map(
            OperatingSystem os, ObjectName name, int size, Supplier<RegionMapping> open, Maker<T> maker) {
        try (ScopeGuard<RegionMapping> mappingGuard = new ScopeGuard<>(RegionMapping::free);
                ScopeGuard<View> viewGuard = new ScopeGuard<>(View::close)) {
            RegionMapping mapping = mappingGuard.hold(open.get());
            View view = viewGuard.hold(mappingGuard.dismiss(new View(name.region(), mapping, Protection.READ_WRITE)));
            ByteBuffer memory = view.buffer(0, size);
            T block = maker.make(memory, offset -> os.ownerSlot(mapping, memory, offset), view::close);
            return block == null ? null : viewGuard.dismiss(block);
        }
    }

    /** Whether the memory is a block of this kind. False if it is blank; fails if it is anything else. */
    public boolean isIn(ByteBuffer memory, ObjectName name) {
        long found = (long) LONG.getVolatile(memory, HEADER);
        if (found != 0 && found != header) {
            throw another(memory, name);
        }
        return found != 0;
    }

    /** The failure for a region that is not of this kind, or of another version. */
    private Failure another(ByteBuffer memory, ObjectName name) {
        Operation operation = new Operation("use", name.region() + " as " + use);
        byte[] bytes = new byte[magic.length];
        memory.get(HEADER, bytes);
        if (Arrays.equals(bytes, magic)) {
            return operation.wrongVersion(Short.toUnsignedInt(memory.getShort(VERSION)), version);
        }
        return operation.failure(
                Reason.WRONG_KIND,
                "it is another program's region. Choose another name for the " + what + ", or for the region.");
    }

    /** Writes the header to blank memory, after everything that was written before. */
    public void write(ByteBuffer memory) {
        LONG.setRelease(memory, HEADER, header);
    }
}
