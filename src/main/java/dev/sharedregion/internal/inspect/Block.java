package dev.sharedregion.internal.inspect;

import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.memory.View;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.ViewRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** A region that the library has made for itself, while it is looked at. For one thread. */
final class Block implements AutoCloseable {
    /** What each kind begins with. */
    static final int HEADER_SIZE = 8;

    // What details call a process, and whether it is alive.
    static final String PROCESS = "process";
    static final String ALIVE = "alive";

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    final long size;
    private final OperatingSystem os;
    private final RegionMapping mapping;
    private final View view;

    private Block(OperatingSystem os, RegionMapping mapping, View view) {
        this.os = os;
        this.mapping = mapping;
        this.view = view;
        this.size = view.size;
    }

    /** Opens a block of at least this size. Fails if it is not of this kind and version. */
    static Block open(OperatingSystem os, ObjectName name, BlockKind kind, int minimumSize) {
        ViewRequest request = ViewRequest.whole(minimumSize).withProtection(Protection.READ_ONLY);
        try (ScopeGuard<RegionMapping> mappingGuard = new ScopeGuard<>(RegionMapping::free);
                ScopeGuard<View> viewGuard = new ScopeGuard<>(View::close)) {
            RegionMapping mapping = mappingGuard.hold(os.inspectRegion(name, request));
            View view =
                    viewGuard.hold(mappingGuard.dismiss(new View(name.region(), mapping, Protection.READ_ONLY)));
            kind.isIn(view.window(0), name);
            return viewGuard.dismiss(new Block(os, mapping, view));
        }
    }

    /** A word of 64 bits. */
    long longAt(long offset) {
        return (long) LONG.getVolatile(view.window(offset), View.indexInWindow(offset));
    }

    /** A word of 32 bits. */
    int intAt(long offset) {
        return (int) INT.getVolatile(view.window(offset), View.indexInWindow(offset));
    }

    /** The process of an owner slot, and whether it is alive; null if nobody has taken it. */
    Map<String, Object> process(int offset) {
        try (OwnerSlot slot = os.ownerSlot(mapping, view.window(0), offset)) {
            long word = slot.word();
            if (word == 0) {
                return null;
            }
            Map<String, Object> process = new LinkedHashMap<>();
            process.put(PROCESS, Integer.toUnsignedLong(OwnerSlot.pid(word)));
            process.put(ALIVE, slot.isHeld());
            return process;
        }
    }

    /** The memory is not reachable from outside, and so is unmapped at once. */
    @Override
    public void close() {
        view.close();
    }
}
