package dev.sharedregion.helpers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values of whole longs that tell whether they are parts of two writes: each long depends on one number. */
public final class Whole {
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    private Whole() {}

    /** A value of this many bytes, for a number. */
    public static ByteBuffer of(long number, int size) {
        return fill(ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder()), number);
    }

    /** Bytes of a value of any length, from a place on. */
    public static ByteBuffer part(long number, int from, int length) {
        int size = Math.max(Long.BYTES, (from + length + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
        return of(number, size).slice(from, length);
    }

    /** Fills a buffer in native order, from its start, and returns it. */
    public static ByteBuffer fill(ByteBuffer value, long number) {
        value.putLong(0, number);
        for (int at = Long.BYTES; at < value.capacity(); at += Long.BYTES) {
            value.putLong(at, word(number, at));
        }
        return value;
    }

    /** The number of a value in native order; fails if it is torn. */
    public static long number(ByteBuffer value) {
        long number = value.getLong(0);
        for (int at = Long.BYTES; at < value.capacity(); at += Long.BYTES) {
            if (value.getLong(at) != word(number, at)) {
                throw new IllegalStateException("torn: " + number + " at 0, " + value.getLong(at) + " at " + at);
            }
        }
        return number;
    }

    private static long word(long number, int at) {
        return (number + at) * FACTOR;
    }
}
