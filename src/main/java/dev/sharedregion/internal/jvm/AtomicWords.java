package dev.sharedregion.internal.jvm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Atomic changes of words in shared memory, which end in an {@link InternalError} where that memory has vanished. HotSpot
 * makes one of every access that faults, but for an atomic change by its interpreter: that ends the process. So each is
 * preceded by a read, and by an array: JDK 17's interpreter throws the error of the read only when it next calls into
 * the VM, as it does for an array. Compiled, both are gone, and the change is guarded itself. They stand in each method, for
 * they must be interpreted when the change is. Only memory that vanishes between the two still does harm.
 */
public final class AtomicWords {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private AtomicWords() {}

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
}
