package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.FIRST;
import static dev.sharedregion.internal.message.MessageLayout.PADDING;
import static dev.sharedregion.internal.message.MessageLayout.WHOLE;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a lane of a lossy channel has besides the words of {@link Lane}: up to where its sender may have overwritten the
 * ring, and where a receiver can go on that was overtaken. {@code src/docs/messages.md}, "Lossy", has the protocol.
 */
final class Marks {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** The position in a mark that is none: in no quarter that a tail is in. */
    private static final long NONE = -1;

    private final Lane lane;
    private final int quarter;
    private final int intentPlace;
    private final int start;

    /** @param start where in the control part the marks are */
    Marks(Lane lane, int start) {
        this.lane = lane;
        this.quarter = lane.capacity / BroadcastLayout.MARKS;
        this.intentPlace = ChannelShape.laneOffset(lane.number) + BroadcastLayout.LANE_INTENT;
        this.start = start;
    }

    long intent() {
        return (long) LONG.getAcquire(lane.control, intentPlace);
    }

    /** After the tail, and before all stores that follow. */
    void setIntent(long intent) {
        VarHandle.storeStoreFence();
        LONG.setOpaque(lane.control, intentPlace, intent);
        VarHandle.storeStoreFence();
    }

    int quarter() {
        return quarter;
    }

    /** Whether two positions are in the same quarter. */
    boolean isSameQuarter(long one, long other) {
        return one / quarter == other / quarter;
    }

    private int place(long position) {
        return start + lane.place(position) / quarter * BroadcastLayout.MARK_SIZE;
    }

    /** The position in the mark of the quarter that a position is in. */
    long position(long within) {
        return (long) LONG.getOpaque(lane.control, place(within) + BroadcastLayout.MARK_POSITION);
    }

    /** How many messages have begun before that. */
    long begun(long within) {
        return (long) LONG.getOpaque(lane.control, place(within) + BroadcastLayout.MARK_BEGUN);
    }

    /**
     * Before the tail's change: marks the quarter that this begins. One that it leaves out gets no mark, also not that of
     * a sender that has died before its tail's change.
     */
    void move(long tail, long published, long begun) {
        long before = tail / quarter;
        long last = published / quarter;
        for (long skipped = before + 1; skipped < last; skipped++) {
            set(skipped * quarter, NONE, 0);
        }
        if (before != last) {
            set(published, published, begun);
        }
    }

    private void set(long within, long position, long begun) {
        LONG.setOpaque(lane.control, place(within) + BroadcastLayout.MARK_POSITION, position);
        LONG.setOpaque(lane.control, place(within) + BroadcastLayout.MARK_BEGUN, begun);
    }

    /** Fails if this cannot be the mark of the quarter that a tail is in. */
    void check(long mark, long tail) {
        if (!Record.isPosition(mark) || tail - mark < 0 || tail - mark >= quarter) {
            throw lane.corrupt();
        }
    }

    /** The bytes of a record of this first word, at this place, with its header; -1 if it cannot be in so many. */
    int size(int word, int place, long available) {
        int kind = Record.kind(word);
        int atEnd = lane.capacity - place;
        int size = kind == PADDING ? atEnd : Record.size(Record.length(word));
        boolean possible = kind >= WHOLE && kind <= PADDING && size <= atEnd && size <= available;
        return possible && (kind == PADDING || size <= lane.capacity / 2) ? size : -1;
    }

    /** Whether a message begins with a record of this first word. */
    static boolean begins(int word) {
        int kind = Record.kind(word);
        return kind == WHOLE || kind == FIRST;
    }

    /** Counts the messages that begin between a mark and a tail. Returns -1 if the records are not what they were. */
    long count(ByteBuffer ring, long mark, long tail) {
        long count = 0;
        for (long at = mark; at != tail; ) {
            int place = lane.place(at);
            int word = Record.kindAndLength(ring, place);
            int size = size(word, place, tail - at);
            if (size < 0) {
                return -1;
            }
            count += begins(word) ? 1 : 0;
            at += size;
        }
        return count;
    }
}
