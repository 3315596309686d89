package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.FIRST;
import static dev.sharedregion.internal.message.MessageLayout.HEADER_SIZE;
import static dev.sharedregion.internal.message.MessageLayout.LAST;
import static dev.sharedregion.internal.message.MessageLayout.PADDING;
import static dev.sharedregion.internal.message.MessageLayout.WHOLE;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A receiver's steps in one lane of a lossy channel. Its sender does not wait, so each record is copied, and handed over
 * if it was not overwritten meanwhile. For one thread at a time.
 */
final class LossyLaneReader extends IncomingLane {
    /** How often to begin again because the sender was faster, until the caller tries again later. */
    private static final int MOST_TRIES = 1000;

    private static final int LEAST_COPY = 4096;

    private final Marks marks;
    private final AtomicLong lost;
    private final ByteBuffer ring;
    private final int capacity;

    /** The bytes of a record, and the same to hand over. */
    private ByteBuffer copy = ByteBuffer.allocateDirect(0);

    private ByteBuffer handed = copy;

    /** Whether there is a position to read from. */
    private boolean joined;

    /** The position of the next record. */
    private long next;

    /** How many messages have begun before it. */
    private long begun;

    /** The tail, as it was seen the last time. */
    private long tail;

    /** A mark of the tail's quarter, as it was found the last time. */
    private long mark;

    private long begunBeforeMark;

    /** The first word of the copied record's header, its type and its size. */
    private int word;

    private int type;
    private int size;

    /** Whether the first part of a message was handed over, and not yet its last one. */
    private boolean inParts;

    /**
     * Begins after the messages that are there.
     *
     * @param lost counts the messages that this receiver has lost
     */
    LossyLaneReader(Lane lane, Marks marks, int longestAssembled, AtomicLong lost) {
        super(lane, longestAssembled);
        this.marks = marks;
        this.lost = lost;
        this.ring = lane.ring.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
        this.capacity = lane.capacity;
        joined = join();
    }

    /** Begins at the tail. Returns false if the sender was always faster. */
    private boolean join() {
        for (int tries = 0; tries < MOST_TRIES && findMark(); tries++) {
            long end = tail;
            long count = marks.count(ring, mark, end);
            VarHandle.acquireFence();
            if (!isOvertaken(mark)) {
                if (count < 0) {
                    throw lane.corrupt();
                }
                next = end;
                begun = begunBeforeMark + count;
                lane.setHead(next);
                return true;
            }
        }
        return false;
    }

    /** Whether the sender may have overwritten what begins at a position. After a fence. */
    private boolean isOvertaken(long position) {
        return marks.intent() - position > capacity;
    }

    /**
     * Looks at the tail, and for the first record of its quarter. Returns false if the sender was always faster: it may
     * have changed the mark if it has published a quarter of the ring meanwhile, and not before.
     */
    private boolean findMark() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            lookAtTail();
            mark = marks.position(tail);
            begunBeforeMark = marks.begun(tail);
            VarHandle.acquireFence();
            if (lane.tail() - tail <= marks.quarter()) {
                marks.check(mark, tail);
                return true;
            }
        }
        return false;
    }

    private void lookAtTail() {
        long now = lane.tail();
        if (now < tail || !Record.isPosition(now)) {
            throw lane.corrupt();
        }
        tail = now;
    }

    @Override
    public int poll(LaneReader.Sink sink, int limit, BooleanSupplier stopped) {
        int count = 0;
        int tries = 0;
        long left = capacity;
        long begin = next;
        try {
            while (count < limit && left > 0 && !isEmpty() && !stopped.getAsBoolean()) {
                if (copyNext()) {
                    left -= size;
                    count += handOver(sink) ? 1 : 0;
                } else if (++tries > MOST_TRIES || !goOnAtMark()) {
                    break;
                }
            }
        } finally {
            if (next != begin) {
                lane.setHead(next);
            }
        }
        return count;
    }

    @Override
    boolean isEmpty() {
        if (!joined) {
            joined = join();
        }
        if (next == tail && joined) {
            lookAtTail();
        }
        return next == tail || !joined;
    }

    /** Copies the next record. Returns false if the sender may have overwritten it. */
    private boolean copyNext() {
        int place = lane.place(next);
        word = Record.kindAndLength(ring, place);
        type = Record.type(ring, place);
        size = marks.size(word, place, tail - next);
        if (size >= 0 && Record.kind(word) != PADDING) {
            copy(place + HEADER_SIZE, Record.length(word));
        }
        VarHandle.acquireFence();
        if (isOvertaken(next)) {
            return false;
        }
        if (size < 0) {
            throw lane.corrupt();
        }
        return true;
    }

    private void copy(int place, int length) {
        if (copy.capacity() < length) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(LEAST_COPY, Math.min(2 * length, capacity / 2)));
            handed = larger.asReadOnlyBuffer();
            copy = larger;
        }
        copy.put(0, ring, place, length);
    }

    private boolean handOver(LaneReader.Sink sink) {
        int kind = Record.kind(word);
        sink.prepare(this, kind);
        try {
            return kind != PADDING && sink.accept(this, kind, type, handed());
        } finally {
            begun += Marks.begins(word) ? 1 : 0;
            inParts = kind == FIRST || inParts && kind != LAST && kind != WHOLE;
            next += size;
        }
    }

    /** Takes the mark of the quarter before, if there is one, and its sender is not about to overwrite it. */
    private void preferOlderMark() {
        long before = tail - marks.quarter();
        long older = marks.position(before);
        long begunBeforeOlder = marks.begun(before);
        VarHandle.acquireFence();
        // A sender that has changed the mark meanwhile is further ahead.
        boolean possible = Record.isPosition(older) && older <= tail && marks.isSameQuarter(older, before);
        if (possible && marks.intent() - older <= capacity / 2) {
            mark = older;
            begunBeforeMark = begunBeforeOlder;
        }
    }

    private ByteBuffer handed() {
        return handed.slice(0, Record.length(word)).order(ByteOrder.nativeOrder());
    }

    /** Leaves out what may be overwritten, and counts it. Returns false if the sender was always faster. */
    private boolean goOnAtMark() {
        if (!findMark()) {
            return false;
        }
        preferOlderMark();
        long skipped = mark - next;
        long missed = begunBeforeMark - begun;
        // The sender was more than half of a ring ahead.
        if (skipped <= 0 || missed < 0 || missed > skipped / HEADER_SIZE) {
            throw lane.corrupt();
        }
        lost.addAndGet(missed + (inParts ? 1 : 0));
        inParts = false;
        assembly.drop();
        partsWanted = false;
        next = mark;
        begun = begunBeforeMark;
        return true;
    }
}
