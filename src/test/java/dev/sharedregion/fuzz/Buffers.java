package dev.sharedregion.fuzz;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.InvalidMarkException;
import java.nio.ReadOnlyBufferException;
import java.util.List;

/** The calls on buffers of regions, which are allowed after close, too. */
final class Buffers {
    /** A buffer that was handed out. */
    record Kept(ByteBuffer buffer, State state) {}

    private interface Exact {
        void run(ByteBuffer buffer, int index);
    }

    private record ExactAccess(String what, int length, boolean writes, Exact access) {}

    private interface Loose {
        Object run(Worker worker, ByteBuffer buffer, int index);
    }

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle SHORT = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteBufferViewVarHandle(double[].class, ByteOrder.nativeOrder());

    /** An IllegalStateException is a VarHandle's word for an index that is not aligned. */
    private static final List<Class<? extends Throwable>> LOOSE = List.of(
            IndexOutOfBoundsException.class,
            IllegalArgumentException.class,
            BufferOverflowException.class,
            BufferUnderflowException.class,
            InvalidMarkException.class,
            UnsupportedOperationException.class);

    private static final List<ExactAccess> EXACT = List.of(
            read("get", 1, ByteBuffer::get),
            read("getShort", 2, ByteBuffer::getShort),
            read("getChar", 2, ByteBuffer::getChar),
            read("getInt", 4, ByteBuffer::getInt),
            read("getLong", 8, ByteBuffer::getLong),
            read("getFloat", 4, ByteBuffer::getFloat),
            read("getDouble", 8, ByteBuffer::getDouble),
            read("INT.get", 4, (b, i) -> INT.get(b, i)),
            read("LONG.get", 8, (b, i) -> LONG.get(b, i)),
            write("put", 1, (b, i) -> b.put(i, (byte) i)),
            write("putShort", 2, (b, i) -> b.putShort(i, (short) i)),
            write("putChar", 2, (b, i) -> b.putChar(i, (char) i)),
            write("putInt", 4, (b, i) -> b.putInt(i, i)),
            write("putLong", 8, (b, i) -> b.putLong(i, i)),
            write("putFloat", 4, (b, i) -> b.putFloat(i, i)),
            write("putDouble", 8, (b, i) -> b.putDouble(i, i)),
            write("SHORT.set", 2, (b, i) -> SHORT.set(b, i, (short) i)),
            write("DOUBLE.set", 8, (b, i) -> DOUBLE.set(b, i, 1.0 * i)));

    private static final List<Loose> CALLS = List.of(
            (w, b, i) -> INT.getVolatile(b, i),
            (w, b, i) -> INT.compareAndSet(b, i, i, i + 1),
            (w, b, i) -> INT.getAndAdd(b, i & ~3, 1),
            (w, b, i) -> INT.getAndBitwiseOr(b, i & ~3, i),
            (w, b, i) -> LONG.getAcquire(b, i & ~7),
            (w, b, i) -> LONG.weakCompareAndSet(b, i & ~7, 0L, 1L),
            (w, b, i) -> LONG.getAndSet(b, i & ~7, 5L),
            (w, b, i) -> SHORT.getVolatile(b, i & ~1),
            (w, b, i) -> DOUBLE.getOpaque(b, i & ~7),
            (w, b, i) -> {
                LONG.setVolatile(b, i & ~7, (long) i);
                SHORT.setRelease(b, i & ~1, (short) i);
                return null;
            },
            (w, b, i) -> b.slice(i, w.draw.index(b.capacity() - i)),
            (w, b, i) -> b.slice(),
            (w, b, i) -> b.duplicate(),
            (w, b, i) -> b.asReadOnlyBuffer(),
            (w, b, i) -> b.alignedSlice(1 << w.random.nextInt(7)),
            (w, b, i) -> b.alignmentOffset(i, w.draw.index(16)),
            (w, b, i) -> b.position(i),
            (w, b, i) -> b.limit(i),
            (w, b, i) -> b.limit(b.capacity()).position(0),
            (w, b, i) -> b.mark(),
            (w, b, i) -> b.reset(),
            (w, b, i) -> b.flip(),
            (w, b, i) -> b.rewind(),
            (w, b, i) -> b.order(w.draw.oneIn(2) ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder()),
            (w, b, i) -> b.get(),
            (w, b, i) -> b.getInt(),
            (w, b, i) -> b.getLong(),
            (w, b, i) -> b.put((byte) i),
            (w, b, i) -> b.putShort((short) i),
            (w, b, i) -> b.putDouble(i),
            (w, b, i) -> b.get(new byte[20], w.draw.index(20), w.draw.index(20)),
            (w, b, i) -> b.put(new byte[2000]),
            (w, b, i) -> b.get(i, new byte[3000]),
            (w, b, i) -> b.put(i, new byte[3000], w.draw.index(3000), 1000),
            (w, b, i) -> b.array(),
            (w, b, i) -> b.hasArray() || b.isDirect(),
            (w, b, i) -> b.toString(),
            (w, b, i) -> b.asIntBuffer().put(1).get(w.draw.index(b.remaining() / 4)),
            (w, b, i) -> b.asLongBuffer().slice().get(new long[10]),
            (w, b, i) -> b.asCharBuffer().subSequence(0, 9).toString(),
            (w, b, i) -> b.asFloatBuffer().put(new float[7]).flip(),
            (w, b, i) -> b.asDoubleBuffer().put(0, 1.0),
            (w, b, i) -> b.asShortBuffer().get(),
            // These may go over all of it.
            (w, b, i) -> small(b).compact(),
            (w, b, i) -> small(b).hashCode(),
            (w, b, i) -> small(b).equals(other(w)),
            (w, b, i) -> small(b).compareTo(other(w)),
            (w, b, i) -> small(b).mismatch(other(w)),
            (w, b, i) -> small(b).put(other(w)),
            (w, b, i) -> small(b).put(0, other(w), 0, w.draw.index(100)),
            (w, b, i) -> small(b).asIntBuffer().compact(),
            (w, b, i) -> other(w).put(small(b)));

    private Buffers() {}

    static void access(Worker w) throws Throwable {
        Kept kept = w.any(w.buffers);
        if (kept == null) {
            return;
        }
        ExactAccess access = w.draw.of(EXACT);
        ByteBuffer buffer = kept.buffer;
        int index = w.draw.index(buffer.limit());
        w.calls(access.what, index, buffer, buffer.order());
        boolean inside = index >= 0 && index <= buffer.limit() - access.length;
        boolean refused = access.writes && buffer.isReadOnly();
        try {
            access.access.run(buffer, index);
            w.check(inside && !refused, () -> "should have failed: inside " + inside + ", read-only " + refused);
        } catch (IndexOutOfBoundsException e) {
            if (inside) {
                throw e;
            }
        } catch (ReadOnlyBufferException e) {
            if (!refused) {
                throw e;
            }
        }
    }

    static void call(Worker w) throws Throwable {
        Kept kept = w.any(w.buffers);
        if (kept == null) {
            return;
        }
        int which = w.random.nextInt(CALLS.size());
        int index = w.draw.index(kept.buffer.capacity());
        w.calls("buffer call " + which, index, kept.buffer);
        try {
            if (CALLS.get(which).run(w, kept.buffer, index) instanceof ByteBuffer result && result != kept.buffer) {
                w.keep(result, kept.state);
            }
        } catch (IllegalStateException e) {
            // The only other one is InvalidMarkException.
            w.check(e instanceof InvalidMarkException || which < 10, () -> e.toString());
        } catch (Exception e) {
            w.expect(e, null, LOOSE);
        }
    }

    private static ExactAccess read(String what, int length, Exact access) {
        return new ExactAccess(what, length, false, access);
    }

    private static ExactAccess write(String what, int length, Exact access) {
        return new ExactAccess(what, length, true, access);
    }

    private static ByteBuffer small(ByteBuffer buffer) {
        return buffer.capacity() <= Draw.LARGE ? buffer : buffer.slice(buffer.capacity() - 5000, 5000);
    }

    private static ByteBuffer other(Worker w) {
        return small(w.any(w.buffers).buffer);
    }
}
