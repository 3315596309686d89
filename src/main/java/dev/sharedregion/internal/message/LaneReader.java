package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.HEADER_SIZE;
import static dev.sharedregion.internal.message.MessageLayout.PADDING;
import static dev.sharedregion.internal.message.MessageLayout.WHOLE;

import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The receiver's steps in one lane. For one thread at a time. */
public final class LaneReader extends IncomingLane {
    /** What takes the records. */
    @FunctionalInterface
    public interface Sink {
        /** Called before a record is taken. If this throws, the record stays. */
        default void prepare(IncomingLane lane, int kind) {}

        /**
         * Takes a record.
         *
         * @param bytes valid until this returns
         * @return whether it counts
         */
        boolean accept(IncomingLane lane, int kind, int type, ByteBuffer bytes);
    }

    private final ByteBuffer ring;
    private final int capacity;
    private final int quarter;
    private final LookPace pace;
    private final Supplier<EventHandle> eventOpener;

    /** The event that wakes the sender; null until it is open. */
    private EventHandle event;

    /** The head. The memory has it, too, but other programs may write to that. */
    private long released;

    /** The position of the next record. */
    private long next;

    /** Its place in the ring. */
    private int place;

    /** The tail, as it was seen the last time. */
    private long tail;

    /** The tail, as it was seen before that. */
    private long looked;

    /**
     * Goes on where the last receiver has released.
     *
     * @param longestAssembled the longest message in parts that is assembled
     * @param eventOpener opens the event that wakes the sender
     */
    public LaneReader(Lane lane, int longestAssembled, Supplier<EventHandle> eventOpener) {
        super(lane, longestAssembled);
        this.ring = lane.ring.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
        this.capacity = lane.capacity;
        this.quarter = capacity / 4;
        this.pace = new LookPace(capacity);
        this.eventOpener = eventOpener;
        released = lane.head();
        tail = lane.tail();
        lane.check(released, tail);
        next = released;
        place = lane.place(next);
    }

    @Override
    public int poll(Sink sink, int limit, BooleanSupplier stopped) {
        int count = 0;
        long end = next + capacity;
        try {
            while (count < limit && next - end < 0 && (next != tail || findsMore()) && !stopped.getAsBoolean()) {
                if (handOver(sink)) {
                    count++;
                }
                if (next - released >= quarter) {
                    release();
                }
            }
        } finally {
            if (next != released) {
                release();
            }
        }
        return count;
    }

    private boolean hasMore() {
        long now = lane.tail();
        if (now == tail) {
            if (lane.head() != released) {
                throw lane.corrupt();
            }
            return false;
        }
        if (now < tail) {
            throw lane.corrupt();
        }
        lane.check(released, now);
        tail = now;
        return true;
    }

    /** Whether there are more records, at the pace that leaves the sender the time to send some. */
    private boolean findsMore() {
        pace.await(tail - looked);
        looked = tail;
        return hasMore();
    }

    @Override
    boolean isEmpty() {
        return next == tail && !hasMore();
    }

    private boolean handOver(Sink sink) {
        int at = place;
        int word = Record.kindAndLength(ring, at);
        int type = Record.type(ring, at);
        int kind = Record.kind(word);
        int atEnd = capacity - at;
        int size = kind == PADDING ? atEnd : Record.size(Record.length(word));
        if (kind < WHOLE || kind > PADDING || size > atEnd || size > tail - next) {
            throw lane.corrupt();
        }
        sink.prepare(this, kind);
        try {
            return kind != PADDING && sink.accept(this, kind, type, bytes(at, Record.length(word)));
        } finally {
            next += size;
            place = size == atEnd ? 0 : at + size;
        }
    }

    private ByteBuffer bytes(int at, int length) {
        return ring.slice(at + HEADER_SIZE, length).order(ByteOrder.nativeOrder());
    }

    /** Lets the sender have the room of what was handed over. */
    private void release() {
        lane.setHead(next);
        released = next;
        if (Sleeper.isAsleep(lane.control, lane.asleepPlace()) && tail - next <= capacity - quarter) {
            wakeSender();
        }
    }

    private void wakeSender() {
        if (event == null) {
            try {
                event = eventOpener.get();
            } catch (Failure e) {
                // The sender is gone, or looks by itself after 100 ms.
                return;
            }
        }
        Sleeper.wake(lane.control, lane.asleepPlace(), event);
    }

    @Override
    void close() {
        if (event != null) {
            event.close();
        }
    }
}
