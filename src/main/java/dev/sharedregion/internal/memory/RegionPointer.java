package dev.sharedregion.internal.memory;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Objects;

/**
 * A JNA pointer to a region, or to a share of it. Every read and write is in bounds, of an open region, and allowed by
 * its access; otherwise it throws. It is a {@link Memory}, so that code that asks for the size gets it, but every
 * access that Memory delegates to native code is made here through the view's buffers.
 */
public final class RegionPointer extends Memory {
    private final View view;

    /** Where in the view this pointer begins. */
    private final long start;

    public RegionPointer(View view, long address, long start, long size) {
        this.view = view;
        this.start = start;
        this.size = size;
        this.peer = address;
    }

    /** Checks a read and returns its place in the view. */
    private long readable(long offset, long length) {
        view.check(offset, length, size);
        return start + offset;
    }

    /** Checks a write and returns its place in the view. */
    private long writable(long offset, long length) {
        view.checkWritable();
        return readable(offset, length);
    }

    @Override
    protected void boundsCheck(long offset, long length) {
        readable(offset, length);
    }

    /**
     * Returns a share. A share of a share may extend beyond it, up to the end of the region, because an array of
     * structures is laid out from the share of its first element ({@link com.sun.jna.Structure#toArray}).
     */
    @Override
    public Pointer share(long offset, long length) {
        view.check(offset, length, view.size - start);
        return new RegionPointer(view, peer + offset, start + offset, length);
    }

    /** Does nothing: the memory belongs to the region, and closing the region frees it. */
    @Override
    public void close() {
        // Code that owns structures may close a share. This must not free the region's memory.
    }

    @Override
    public boolean valid() {
        return view.isOpen();
    }

    @Override
    public String toString() {
        return "Pointer to " + size + " bytes at offset " + start + " of the " + view.what;
    }

    @Override
    public byte getByte(long offset) {
        long at = readable(offset, Byte.BYTES);
        return view.window(at).get(View.indexInWindow(at));
    }

    @Override
    public short getShort(long offset) {
        long at = readable(offset, Short.BYTES);
        return view.window(at).getShort(View.indexInWindow(at));
    }

    @Override
    public int getInt(long offset) {
        long at = readable(offset, Integer.BYTES);
        return view.window(at).getInt(View.indexInWindow(at));
    }

    @Override
    public long getLong(long offset) {
        long at = readable(offset, Long.BYTES);
        return view.window(at).getLong(View.indexInWindow(at));
    }

    @Override
    public float getFloat(long offset) {
        return Float.intBitsToFloat(getInt(offset));
    }

    @Override
    public double getDouble(long offset) {
        return Double.longBitsToDouble(getLong(offset));
    }

    /** A {@code wchar_t}, as everywhere in JNA: 2 bytes on Windows, 4 on Linux. */
    @Override
    public char getChar(long offset) {
        return (char) getWideChar(offset);
    }

    /**
     * Returns an address that another process wrote. It is not valid in this process, unless it leads into this
     * pointer's own memory: it can be compared and passed on, but an access through it throws
     * {@link UnsupportedOperationException}.
     */
    @Override
    public Pointer getPointer(long offset) {
        long value = Native.POINTER_SIZE == Long.BYTES ? getLong(offset) : Integer.toUnsignedLong(getInt(offset));
        if (value == 0) {
            return null;
        }
        long inside = value - peer;
        return inside >= 0 && inside < size ? share(inside) : Pointer.createConstant(value);
    }

    @Override
    public ByteBuffer getByteBuffer(long offset, long length) {
        if (length > Integer.MAX_VALUE) {
            throw view.outOfBounds(offset, length, Integer.MAX_VALUE);
        }
        return view.buffer(readable(offset, length), (int) length);
    }

    @Override
    public String getString(long offset, String encoding) {
        long end = indexOf(offset, (byte) 0);
        if (end < 0 || end > Integer.MAX_VALUE - 8) {
            throw noTerminator(offset);
        }
        return new String(getByteArray(offset, (int) end), Charset.forName(encoding));
    }

    @Override
    public String getWideString(long offset) {
        StringBuilder string = new StringBuilder();
        readable(offset, 0);
        for (long at = offset; size - at >= Native.WCHAR_SIZE; at += Native.WCHAR_SIZE) {
            int c = getWideChar(at);
            if (c == 0) {
                return string.toString();
            }
            string.appendCodePoint(Character.isValidCodePoint(c) ? c : '\uFFFD');
        }
        throw noTerminator(offset);
    }

    @Override
    public long indexOf(long offset, byte value) {
        long first = readable(offset, 0);
        long end = start + size;
        for (long at = first; at < end; at += View.MAX_PIECE) {
            int count = (int) Math.min(end - at, View.MAX_PIECE);
            int found = indexOf(view.window(at), View.indexInWindow(at), count, value);
            if (found >= 0) {
                return at - first + found;
            }
        }
        return -1;
    }

    /** The place of a byte among some of a buffer's, from the first of them; -1 if it is not there. */
    private static int indexOf(ByteBuffer buffer, int from, int count, byte value) {
        long lows = 0x0101010101010101L;
        long highs = lows << 7;
        long eight = (value & 0xFF) * lows;
        int i = 0;
        // Compares eight bytes at a time: some byte of the difference is 0 exactly if a high bit is set here.
        for (; i <= count - Long.BYTES; i += Long.BYTES) {
            long difference = buffer.getLong(from + i) ^ eight;
            if (((difference - lows) & ~difference & highs) != 0) {
                break;
            }
        }
        for (; i < count; i++) {
            if (buffer.get(from + i) == value) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void setByte(long offset, byte value) {
        long at = writable(offset, Byte.BYTES);
        view.window(at).put(View.indexInWindow(at), value);
    }

    @Override
    public void setShort(long offset, short value) {
        long at = writable(offset, Short.BYTES);
        view.window(at).putShort(View.indexInWindow(at), value);
    }

    @Override
    public void setInt(long offset, int value) {
        long at = writable(offset, Integer.BYTES);
        view.window(at).putInt(View.indexInWindow(at), value);
    }

    @Override
    public void setLong(long offset, long value) {
        long at = writable(offset, Long.BYTES);
        view.window(at).putLong(View.indexInWindow(at), value);
    }

    @Override
    public void setFloat(long offset, float value) {
        setInt(offset, Float.floatToRawIntBits(value));
    }

    @Override
    public void setDouble(long offset, double value) {
        setLong(offset, Double.doubleToRawLongBits(value));
    }

    @Override
    public void setChar(long offset, char value) {
        setWideChar(offset, value);
    }

    @Override
    public void setPointer(long offset, Pointer value) {
        long address = value == null ? 0 : Pointer.nativeValue(value);
        if (Native.POINTER_SIZE == Long.BYTES) {
            setLong(offset, address);
        } else {
            setInt(offset, (int) address);
        }
    }

    @Override
    public void setString(long offset, String value, String encoding) {
        byte[] bytes = value.getBytes(Charset.forName(encoding));
        write(offset, Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length + 1);
    }

    @Override
    public void setWideString(long offset, String value) {
        int[] units = Native.WCHAR_SIZE == Integer.BYTES ? value.codePoints().toArray() : value.chars().toArray();
        writable(offset, (units.length + 1L) * Native.WCHAR_SIZE);
        for (int i = 0; i <= units.length; i++) {
            setWideChar(offset + (long) i * Native.WCHAR_SIZE, i < units.length ? units[i] : 0);
        }
    }

    @Override
    public void setMemory(long offset, long length, byte value) {
        long at = writable(offset, length);
        byte[] fill = new byte[(int) Math.min(length, 1 << 13)];
        Arrays.fill(fill, value);
        for (long done = 0; done < length; done += fill.length) {
            int count = (int) Math.min(length - done, fill.length);
            view.window(at + done).put(View.indexInWindow(at + done), fill, 0, count);
        }
    }

    @Override
    public void read(long offset, byte[] buf, int index, int length) {
        Objects.checkFromIndexSize(index, length, buf.length);
        long at = readable(offset, length);
        // Without the slices of pieces(), because these cost as much as a copy of a kilobyte.
        for (int done = 0; done < length; ) {
            int count = Math.min(length - done, View.MAX_PIECE);
            view.window(at + done).get(View.indexInWindow(at + done), buf, index + done, count);
            done += count;
        }
    }

    @Override
    public void read(long offset, short[] buf, int index, int length) {
        long at = readable(offset, bytes(Short.BYTES, buf.length, index, length));
        pieces(at, Short.BYTES, length, (part, i, count) -> part.asShortBuffer().get(buf, index + i, count));
    }

    @Override
    public void read(long offset, char[] buf, int index, int length) {
        readable(offset, bytes(Native.WCHAR_SIZE, buf.length, index, length));
        for (int i = 0; i < length; i++) {
            buf[index + i] = getChar(offset + (long) i * Native.WCHAR_SIZE);
        }
    }

    @Override
    public void read(long offset, int[] buf, int index, int length) {
        long at = readable(offset, bytes(Integer.BYTES, buf.length, index, length));
        pieces(at, Integer.BYTES, length, (part, i, count) -> part.asIntBuffer().get(buf, index + i, count));
    }

    @Override
    public void read(long offset, long[] buf, int index, int length) {
        long at = readable(offset, bytes(Long.BYTES, buf.length, index, length));
        pieces(at, Long.BYTES, length, (part, i, count) -> part.asLongBuffer().get(buf, index + i, count));
    }

    @Override
    public void read(long offset, float[] buf, int index, int length) {
        long at = readable(offset, bytes(Float.BYTES, buf.length, index, length));
        pieces(at, Float.BYTES, length, (part, i, count) -> part.asFloatBuffer().get(buf, index + i, count));
    }

    @Override
    public void read(long offset, double[] buf, int index, int length) {
        long at = readable(offset, bytes(Double.BYTES, buf.length, index, length));
        pieces(at, Double.BYTES, length, (part, i, count) -> part.asDoubleBuffer().get(buf, index + i, count));
    }

    @Override
    public void read(long offset, Pointer[] buf, int index, int length) {
        readable(offset, bytes(Native.POINTER_SIZE, buf.length, index, length));
        for (int i = 0; i < length; i++) {
            buf[index + i] = getPointer(offset + (long) i * Native.POINTER_SIZE);
        }
    }

    // Checked here, because JNA creates the array before it reads, however large it is, and also with a negative
    // length.

    @Override
    public byte[] getByteArray(long offset, int arraySize) {
        readable(offset, arraySize);
        return super.getByteArray(offset, arraySize);
    }

    @Override
    public char[] getCharArray(long offset, int arraySize) {
        readable(offset, (long) arraySize * Native.WCHAR_SIZE);
        return super.getCharArray(offset, arraySize);
    }

    @Override
    public short[] getShortArray(long offset, int arraySize) {
        readable(offset, (long) arraySize * Short.BYTES);
        return super.getShortArray(offset, arraySize);
    }

    @Override
    public int[] getIntArray(long offset, int arraySize) {
        readable(offset, (long) arraySize * Integer.BYTES);
        return super.getIntArray(offset, arraySize);
    }

    @Override
    public long[] getLongArray(long offset, int arraySize) {
        readable(offset, (long) arraySize * Long.BYTES);
        return super.getLongArray(offset, arraySize);
    }

    @Override
    public float[] getFloatArray(long offset, int arraySize) {
        readable(offset, (long) arraySize * Float.BYTES);
        return super.getFloatArray(offset, arraySize);
    }

    @Override
    public double[] getDoubleArray(long offset, int arraySize) {
        readable(offset, (long) arraySize * Double.BYTES);
        return super.getDoubleArray(offset, arraySize);
    }

    @Override
    public Pointer[] getPointerArray(long offset, int arraySize) {
        readable(offset, (long) arraySize * Native.POINTER_SIZE);
        return super.getPointerArray(offset, arraySize);
    }

    @Override
    public String dump(long offset, int length) {
        readable(offset, length);
        return super.dump(offset, length);
    }

    @Override
    public void write(long offset, byte[] buf, int index, int length) {
        Objects.checkFromIndexSize(index, length, buf.length);
        long at = writable(offset, length);
        for (int done = 0; done < length; ) {
            int count = Math.min(length - done, View.MAX_PIECE);
            view.window(at + done).put(View.indexInWindow(at + done), buf, index + done, count);
            done += count;
        }
    }

    @Override
    public void write(long offset, short[] buf, int index, int length) {
        long at = writable(offset, bytes(Short.BYTES, buf.length, index, length));
        pieces(at, Short.BYTES, length, (part, i, count) -> part.asShortBuffer().put(buf, index + i, count));
    }

    @Override
    public void write(long offset, char[] buf, int index, int length) {
        writable(offset, bytes(Native.WCHAR_SIZE, buf.length, index, length));
        for (int i = 0; i < length; i++) {
            setChar(offset + (long) i * Native.WCHAR_SIZE, buf[index + i]);
        }
    }

    @Override
    public void write(long offset, int[] buf, int index, int length) {
        long at = writable(offset, bytes(Integer.BYTES, buf.length, index, length));
        pieces(at, Integer.BYTES, length, (part, i, count) -> part.asIntBuffer().put(buf, index + i, count));
    }

    @Override
    public void write(long offset, long[] buf, int index, int length) {
        long at = writable(offset, bytes(Long.BYTES, buf.length, index, length));
        pieces(at, Long.BYTES, length, (part, i, count) -> part.asLongBuffer().put(buf, index + i, count));
    }

    @Override
    public void write(long offset, float[] buf, int index, int length) {
        long at = writable(offset, bytes(Float.BYTES, buf.length, index, length));
        pieces(at, Float.BYTES, length, (part, i, count) -> part.asFloatBuffer().put(buf, index + i, count));
    }

    @Override
    public void write(long offset, double[] buf, int index, int length) {
        long at = writable(offset, bytes(Double.BYTES, buf.length, index, length));
        pieces(at, Double.BYTES, length, (part, i, count) -> part.asDoubleBuffer().put(buf, index + i, count));
    }

    @Override
    public void write(long offset, Pointer[] buf, int index, int length) {
        writable(offset, bytes(Native.POINTER_SIZE, buf.length, index, length));
        for (int i = 0; i < length; i++) {
            setPointer(offset + (long) i * Native.POINTER_SIZE, buf[index + i]);
        }
    }

    private int getWideChar(long offset) {
        return Native.WCHAR_SIZE == Integer.BYTES ? getInt(offset) : Short.toUnsignedInt(getShort(offset));
    }

    private void setWideChar(long offset, int value) {
        if (Native.WCHAR_SIZE == Integer.BYTES) {
            setInt(offset, value);
        } else {
            setShort(offset, (short) value);
        }
    }

    private IndexOutOfBoundsException noTerminator(long offset) {
        return new IndexOutOfBoundsException("No NUL ends the string at offset " + offset + " within " + size
                + " bytes of the " + view.what + ".");
    }

    /** Checks the range of an array, and returns how many bytes it has. */
    private static long bytes(int elementSize, int arrayLength, int index, int length) {
        Objects.checkFromIndexSize(index, length, arrayLength);
        return (long) length * elementSize;
    }

    /** Copies between a part of the memory, which one buffer spans, and the array's elements from {@code done} on. */
    private interface Piece {
        void copy(ByteBuffer part, int done, int count);
    }

    /** Cuts a bulk copy of checked bounds into parts that one buffer each spans. */
    private void pieces(long at, int elementSize, int length, Piece piece) {
        int most = View.MAX_PIECE / elementSize;
        for (int done = 0; done < length; ) {
            int count = Math.min(length - done, most);
            long place = at + (long) done * elementSize;
            ByteBuffer part = view.window(place).slice(View.indexInWindow(place), count * elementSize);
            piece.copy(part.order(ByteOrder.nativeOrder()), done, count);
            done += count;
        }
    }
}
