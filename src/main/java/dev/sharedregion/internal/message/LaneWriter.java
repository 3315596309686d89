package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.PADDING;

import dev.sharedregion.internal.jvm.PendingErrors;
import java.nio.ByteBuffer;

/** The sender's steps in its lane. For one thread at a time. */
public final class LaneWriter {
    /** What {@link #claim} returns if there is no room. */
    public static final int NO_ROOM = -1;

    private final Lane lane;
    private final ByteBuffer ring;
    private final int capacity;

    /** What the receivers need of the ring; null if that is the lane's head. */
    private final Gate gate;

    /** Null if no message may be lost. */
    private final Overwriter overwriter;

    /** The memory has it, too, but other programs may write to that. */
    private long tail;

    /** The tail's place in the ring. */
    private int place;

    /** The head, as it was seen the last time. */
    private long head;

    /** The unfinished word's count. */
    private long counted;

    /** How many bytes the padding before the claimed record has. */
    private int padding;

    /** Goes on where the lane's last sender has ended, in whichever step that was. */
    public LaneWriter(Lane lane) {
        this(lane, null, null);
    }

    /**
     * As {@link #LaneWriter(Lane)}, in any channel.
     *
     * @param gate what the receivers need of the ring; null if that is the lane's head
     * @param marks of a lossy channel's lane; null in another channel
     */
    LaneWriter(Lane lane, Gate gate, Marks marks) {
        this.lane = lane;
        this.ring = lane.ring;
        this.capacity = lane.capacity;
        this.gate = gate;
        tail = lane.tail();
        // Nothing is known of the heads of several receivers.
        head = gate == null ? lane.head() : tail - capacity;
        lane.check(head, tail);
        overwriter = marks == null ? null : new Overwriter(lane, marks, tail);
        place = lane.place(tail);
        long left = lane.unfinished();
        counted = Unfinished.is(left, tail) ? Unfinished.countedOneMore(left) : Unfinished.counted(left);
        lane.setUnfinished(counted);
    }

    /**
     * Claims room for a record.
     *
     * @param length of its bytes, at most {@link ChannelShape#largestRecord()}
     * @param more whether further parts of the message follow this record
     * @return where in the ring the record begins, or {@link #NO_ROOM}
     */
    public int claim(int length, boolean more) {
        int size = Record.size(length);
        int atEnd = capacity - place;
        int gap = size <= atEnd ? 0 : atEnd;
        if (tail + gap + size - capacity > head && !frees(gap + size)) {
            return NO_ROOM;
        }
        if (overwriter != null) {
            overwrite(gap, size);
            gap = 0;
        }
        lane.setUnfinished(more ? Unfinished.parts(counted, tail) : Unfinished.record(counted, tail));
        padding = gap;
        return gap == 0 ? place : 0;
    }

    /** Publishes the padding first: with its record, all of the ring might be overwritten at a time. */
    private void overwrite(int gap, int size) {
        if (gap != 0) {
            overwriter.overwrite(tail + gap);
            Record.writeHeader(ring, place, PADDING, 0, 0);
            padding = 0;
            publish(place, PADDING, gap);
        }
        overwriter.overwrite(tail + size);
    }

    /** Looks at the head; whether there is room for so many bytes now. */
    private boolean frees(int size) {
        long now = head(tail, tail + size - capacity);
        lane.check(now, tail);
        if (lane.tail() != tail) {
            throw lane.corrupt();
        }
        head = now;
        boolean room = tail + size - capacity <= head;
        if (!room) {
            lane.countFull();
        }
        return room;
    }

    /** Fails if the memory has vanished. Takes some 100 ns. */
    void checkMemory() {
        // A write that changes nothing: the compiler may leave out a read that nobody needs.
        lane.setUnfinished(lane.unfinished());
        PendingErrors.rethrow();
    }

    /** Publishes the record that was claimed, of this length or a smaller one. */
    public void publish(int at, int kind, int length, int type) {
        if (padding != 0) {
            Record.writeHeader(ring, place, PADDING, 0, 0);
        }
        Record.writeHeader(ring, at, kind, length, type);
        publish(at, kind, Record.size(length));
    }

    private void publish(int at, int kind, int size) {
        int next = at + size == capacity ? 0 : at + size;
        long published = tail + padding + size;
        long begun = overwriter == null ? 0 : overwriter.publish(kind, tail, published);
        lane.setTail(published);
        tail = published;
        place = next;
        if (overwriter != null) {
            overwriter.begun = begun;
        }
    }

    /** Says that nothing is unfinished, and that nothing was lost. */
    void withdraw() {
        lane.setUnfinished(counted);
    }

    /** Gives up a message of which parts were published. */
    void abort() {
        counted = Unfinished.countedOneMore(counted);
        lane.setUnfinished(counted);
    }

    /** Whether a claim of this length may have room now, or fail because the lane is overwritten. For any thread. */
    boolean mayHaveRoom(int length) {
        long end = lane.tail();
        int size = Record.size(length);
        int atEnd = capacity - lane.place(end);
        long needed = end + size + (size <= atEnd ? 0 : atEnd) - capacity;
        long now = head(end, needed);
        return needed <= now || !lane.canHave(now, end);
    }

    private long head(long end, long needed) {
        return gate == null ? lane.head() : gate.head(end, needed);
    }
}
