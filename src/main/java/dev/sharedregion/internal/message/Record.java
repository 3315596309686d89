package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.HEADER_LENGTH;
import static dev.sharedregion.internal.message.MessageLayout.HEADER_SIZE;
import static dev.sharedregion.internal.message.MessageLayout.HEADER_TYPE;
import static dev.sharedregion.internal.message.MessageLayout.KIND_SHIFT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The records in a ring. The bytes of a record begin at multiples of 8. */
final class Record {
    /** What the size of a record is a multiple of. */
    private static final int ALIGNMENT = 8;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private static final int LENGTH = (1 << KIND_SHIFT) - 1;

    private Record() {}

    /** The bytes that a record takes, with its header. */
    static int size(int length) {
        return roundedUp(HEADER_SIZE + length, ALIGNMENT);
    }

    /** The next multiple of a power of two. */
    static int roundedUp(int size, int multiple) {
        return size + multiple - 1 & -multiple;
    }

    static boolean isPosition(long position) {
        return position % ALIGNMENT == 0;
    }

    /** By one store, which takes less time than two. */
    static void writeHeader(ByteBuffer ring, int place, int kind, int length, int type) {
        ring.putLong(place, twoInts(kind << KIND_SHIFT | length, type));
    }

    /** A long that in memory is one int and then the other. */
    private static long twoInts(int first, int second) {
        return LITTLE_ENDIAN
                ? (long) second << Integer.SIZE | Integer.toUnsignedLong(first)
                : (long) first << Integer.SIZE | Integer.toUnsignedLong(second);
    }

    /** The first word of a header, which has the kind and the length. */
    static int kindAndLength(ByteBuffer ring, int place) {
        return ring.getInt(place + HEADER_LENGTH);
    }

    static int type(ByteBuffer ring, int place) {
        return ring.getInt(place + HEADER_TYPE);
    }

    static int kind(int kindAndLength) {
        return kindAndLength >>> KIND_SHIFT;
    }

    static int length(int kindAndLength) {
        return kindAndLength & LENGTH;
    }
}
