package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.FIRST;
import static dev.sharedregion.internal.message.MessageLayout.WHOLE;

/** What the sender of a lossy channel tells the receivers of its lane. For one thread at a time. */
final class Overwriter {
    private final Marks marks;

    /** The memory has it, too, but other programs may write to that. */
    private long intent;

    /** How many messages were published, of some the first part. Changed after the tail, by which they are. */
    long begun;

    /** Goes on where the lane's last sender has ended. It may have overwritten more of the ring than it has published. */
    Overwriter(Lane lane, Marks marks, long tail) {
        this.marks = marks;
        intent = marks.intent();
        long mark = marks.position(tail);
        marks.check(mark, tail);
        long count = marks.count(lane.ring, mark, tail);
        if (!Record.isPosition(intent) || intent - tail < 0 || intent - tail > lane.capacity / 2 || count < 0) {
            throw lane.corrupt();
        }
        begun = marks.begun(tail) + count;
    }

    /** Before the bytes up to a position are written. */
    void overwrite(long end) {
        if (end > intent) {
            intent = end;
        }
        marks.setIntent(intent);
    }

    /** Before the tail's change. Returns how many messages have begun before the published position. */
    long publish(int kind, long tail, long published) {
        long count = kind == WHOLE || kind == FIRST ? begun + 1 : begun;
        marks.move(tail, published, count);
        return count;
    }
}
