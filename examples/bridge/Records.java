package bridge;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** Goes through the records of a lane, as its receiver does. */
final class Records {
    static final int HEADER = 8;
    static final int WHOLE = 1;
    static final int FIRST = 2;
    static final int MIDDLE = 3;
    static final int LAST = 4;
    private static final int PADDING = 5;
    private static final int KIND_SHIFT = 29;

    private final Channel channel;
    private final int lane;
    private final ByteBuffer ring;

    /** From this position on the beginning of each message was there. */
    private final long whole;

    /** The position after the record that was taken last, or after what is not for a receiver. */
    private long next;

    /** The tail when this looked last. The sender changes it with each record, so that a look may take long. */
    private long tail;

    /** A position that is at the beginning of the ring. */
    private long ringStart;

    /** Whether a message in parts has begun. */
    private boolean begun;

    private long start;
    private int size;
    private int kind;
    private boolean atEnd;

    /**
     * Begins at the head.
     *
     * @param whole a position from which on the beginning of each message was there
     */
    Records(Channel channel, int lane, long whole) {
        this.channel = channel;
        this.lane = lane;
        this.whole = whole;
        ring = channel.ring(lane);
        next = channel.head(lane);
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

    /** Looks for the next record that a receiver would get. */
    boolean find() {
        while (next < tail || next < (tail = channel.tail(lane))) {
            int place = place();
            int word = ring.getInt(place);
            VarHandle.acquireFence();
            long released = channel.head(lane);
            if (released > next) {
                // The receiver goes over padding by itself, and then this is another record, or a part of one.
                next = released;
                continue;
            }
            int room = channel.capacity - place;
            kind = kind(word);
            size = kind == PADDING ? room : size(length(word));
            if (kind < WHOLE || kind > PADDING || size > room || size > tail - next) {
                throw new IllegalStateException("The channel was overwritten at the position " + next + ".");
            }
            start = next;
            atEnd = size == room;
            if (kind == WHOLE || kind == FIRST || kind != PADDING && (begun || start >= whole)) {
                return true;
            }
            // Padding, or the rest of a message of which an earlier receiver has released the beginning.
            next += size;
        }
        return false;
    }

    /** Where in the ring the next record is. A division each time would take as long as the rest. */
    private int place() {
        if (next - ringStart >= channel.capacity) {
            ringStart = next - next % channel.capacity;
        }
        return (int) (next - ringStart);
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

    /** Whether the ring ends with the record that was found last. */
    boolean isAtEnd() {
        return atEnd;
    }

    long next() {
        return next;
    }

    /** Takes records until this is at a position. Returns false if no record that a receiver would get ends there. */
    boolean reach(long position) {
        while (next < position && find()) {
            take();
        }
        return next == position;
    }
}
