package dev.sharedregion.internal.telemetry;

import com.sun.jna.Pointer;
import dev.sharedregion.internal.memory.RegionPointer;
import dev.sharedregion.internal.memory.View;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionMapping;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The memory of a producer, mapped for reading. Every access is checked: offsets may come from the producer. */
public final class SourceMemory {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final String CHECK = ". Check the layout and the version of the program that publishes it.";

    private final Operation operation;
    private final View view;
    private final RegionPointer pointer;

    /** Takes ownership of the mapping, if the constructor succeeds. */
    SourceMemory(Operation operation, RegionMapping mapping) {
        this.operation = operation;
        this.view = new View(operation.object(), mapping, Protection.READ_ONLY);
        this.pointer = new RegionPointer(view, mapping.address, 0, mapping.size);
    }

    long size() {
        return view.size;
    }

    /** For code of the user, which may keep the pointer. */
    Pointer lend() {
        view.lend();
        return pointer;
    }

    /**
     * Reads a word once and whole (opaque). Orders nothing: the caller sets fences.
     *
     * @param offset a multiple of 4
     */
    int word(long offset) {
        if (!isInside(offset, Integer.BYTES)) {
            throw tooSmall("a word of its Sync is at offset " + offset);
        }
        return (int) INT.getOpaque(view.window(offset), View.indexInWindow(offset));
    }

    void copy(long offset, byte[] into, int length) {
        pointer.read(offset, into, 0, length);
    }

    boolean isInside(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= size() - length;
    }

    /** The failure for memory that is smaller than the layout. */
    Failure tooSmall(String why) {
        return operation.failure(Reason.TOO_SMALL, "it has " + size() + " bytes, and " + why + CHECK);
    }

    /** The failure for a header that no producer of this layout writes. */
    Failure corrupt(String why) {
        return operation.failure(Reason.CORRUPT, why + CHECK);
    }

    /** The failure for a producer that has not begun to publish. */
    Failure notYet(String why) {
        return operation.failure(Reason.NOT_FOUND, why + ". Wait until the program that publishes it has begun.");
    }

    boolean isCurrent() {
        return view.isCurrent();
    }

    void close() {
        view.close();
    }
}
