package bridge;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** Goes through the records of a lane, as its receiver does. */
final class Records {
    static final int HEADER = 8;
    static final int WHOLE = 1;
    static final int FIRST = 2;
    static final int MIDDLE = 3;
    static final int LAST = 4;
    private static final int PADDING = 5;
    private static final int KIND_SHIFT = 29;

    private final ByteBuffer ring;
    private final LongSupplier head;

    /** From this position on the beginning of each message was there. */
    private final long whole;

    /** The position after the record that was taken last, or after what is not for a receiver. */
    private long next;

    /** Whether a message in parts has begun. */
    private boolean begun;

    private long start;
    private int size;
    private int kind;

    /**
     * Begins at the head.
     *
     * @param head the head of the lane
     * @param whole a position from which on the beginning of each message was there
     */
    Records(ByteBuffer ring, LongSupplier head, long whole) {
        this.ring = ring;
        this.head = head;
        this.whole = whole;
        next = head.getAsLong();
    }

    static int kind(int word) {
        return word >>> KIND_SHIFT;
    }

    static int length(int word) {
        return word & (1 << KIND_SHIFT) - 1;
    }

    /** The bytes that a record takes. */
    static int size(int length) {
        return HEADER + length + 7 & -8;
    }

    /** Looks for the next record that a receiver would get. It begins before the tail. */
    boolean find(long tail) {
        while (next < tail) {
            int place = (int) (next % ring.capacity());
            int word = ring.getInt(place);
            VarHandle.acquireFence();
            long released = head.getAsLong();
            if (released > next) {
                // The receiver goes over padding by itself, and then this is another record, or a part of one.
                next = released;
                continue;
            }
            int atEnd = ring.capacity() - place;
            kind = kind(word);
            size = kind == PADDING ? atEnd : size(length(word));
            if (kind < WHOLE || kind > PADDING || size > atEnd || size > tail - next) {
                throw new IllegalStateException("The channel was overwritten at the position " + next + ".");
            }
            start = next;
            if (kind == WHOLE || kind == FIRST || kind != PADDING && (begun || start >= whole)) {
                return true;
            }
            // Padding, or the rest of a message of which an earlier receiver has released the beginning.
            next += size;
        }
        return false;
    }

    /** Takes the record that was found. */
    void take() {
        next = start + size;
        begun = kind == FIRST || kind == MIDDLE;
    }

    long start() {
        return start;
    }

    long end() {
        return start + size;
    }

    long next() {
        return next;
    }

    /** Takes records until this is at a position. Returns false if no record that a receiver would get ends there. */
    boolean reach(long position, long tail) {
        while (next < position && find(tail)) {
            take();
        }
        return next == position;
    }
}
