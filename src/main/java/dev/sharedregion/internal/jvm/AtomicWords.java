package dev.sharedregion.internal.jvm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Atomic changes of words in shared memory that throw an {@link InternalError} if the memory has vanished. HotSpot
 * throws this error for every access that faults, except for an atomic change by its interpreter, which ends the
 * process. Each change is therefore preceded by a read, which throws the error, and by the allocation of an array: JDK
 * 17's interpreter throws the error of the read only at its next call into the VM, and the allocation is such a call.
 * The compiler removes both, and then guards the change itself. They are repeated in each method, because they must be
 * interpreted when the change is. Memory that vanishes between the read and the change still ends the process.
 */
public final class AtomicWords {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private AtomicWords() {}

    /** A read whose error comes here, and not in a step that the caller takes later. */
    public static int get(ByteBuffer memory, int place) {
        int word = (int) INT.getVolatile(memory, place);
        byte[] made = new byte[1];
        return word;
    }

    /** As {@link #get(ByteBuffer, int)}, of a long word. */
    public static long getLong(ByteBuffer memory, int place) {
        long word = (long) LONG.getVolatile(memory, place);
        byte[] made = new byte[1];
        return word;
    }

    public static boolean compareAndSet(ByteBuffer memory, int place, int from, int to) {
        memory.get(place);
        byte[] made = new byte[1];
        return INT.compareAndSet(memory, place, from, to);
    }

    public static boolean compareAndSet(ByteBuffer memory, int place, long from, long to) {
        memory.get(place);
        byte[] made = new byte[1];
        return LONG.compareAndSet(memory, place, from, to);
    }

    public static int getAndAdd(ByteBuffer memory, int place, int count) {
        memory.get(place);
        byte[] made = new byte[1];
        return (int) INT.getAndAdd(memory, place, count);
    }

    public static int getAndSet(ByteBuffer memory, int place, int value) {
        memory.get(place);
        byte[] made = new byte[1];
        return (int) INT.getAndSet(memory, place, value);
    }

    public static int getAndBitwiseOr(ByteBuffer memory, int place, int bits) {
        memory.get(place);
        byte[] made = new byte[1];
        return (int) INT.getAndBitwiseOr(memory, place, bits);
    }

    public static int getAndBitwiseAnd(ByteBuffer memory, int place, int bits) {
        memory.get(place);
        byte[] made = new byte[1];
        return (int) INT.getAndBitwiseAnd(memory, place, bits);
    }

    public static long getAndBitwiseOr(ByteBuffer memory, int place, long bits) {
        memory.get(place);
        byte[] made = new byte[1];
        return (long) LONG.getAndBitwiseOr(memory, place, bits);
    }

    public static long getAndBitwiseAnd(ByteBuffer memory, int place, long bits) {
        memory.get(place);
        byte[] made = new byte[1];
        return (long) LONG.getAndBitwiseAnd(memory, place, bits);
    }
}
