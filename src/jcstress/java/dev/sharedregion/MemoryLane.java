package dev.sharedregion;

import dev.sharedregion.internal.message.Lane;
import dev.sharedregion.internal.message.LaneReader;
import dev.sharedregion.internal.message.LaneWriter;
import dev.sharedregion.internal.message.MessageLayout;
import java.nio.ByteBuffer;

/** A lane in plain memory with room for two messages, with the library's own steps of its sender and the receiver. */
final class MemoryLane {
    /** Of a message. With two of them, the next one needs a padding at the ring's end. */
    private static final int LENGTH = 40;

    private static final int CAPACITY = 128;

    /** Where the bytes of a record begin. */
    private static final int BYTES = MessageLayout.HEADER_SIZE;

    /** Before a side gives up: the other one may have a pause. */
    private static final int MOST_LOOKS = 1_000_000_000;

    private final ByteBuffer ring = MemoryPair.memory(CAPACITY);
    private final Lane lane = new Lane("lane", 1, MemoryPair.memory(2 * MessageLayout.LANE_SIZE), ring);
    private final LaneWriter writer = new LaneWriter(lane);
    private final LaneReader reader = new LaneReader(lane, 0, () -> null);

    /** Sends a message of so many times the number, when there is room. */
    void send(long number) {
        int at = writer.claim(LENGTH, false);
        for (int looks = 0; at == LaneWriter.NO_ROOM && looks < MOST_LOOKS; looks++) {
            Thread.onSpinWait();
            at = writer.claim(LENGTH, false);
        }
        for (int place = 0; place < LENGTH; place += Long.BYTES) {
            ring.putLong(at + BYTES + place, number);
        }
        writer.publish(at, MessageLayout.WHOLE, LENGTH, 0);
    }

    /** Receives the message of this number when it is there. Returns false if it is another one, or not whole. */
    boolean receives(long number) {
        boolean[] right = new boolean[1];
        LaneReader.Sink sink = (from, kind, type, bytes) -> {
            right[0] = bytes.remaining() == LENGTH;
            while (bytes.hasRemaining()) {
                right[0] &= bytes.getLong() == number;
            }
            return true;
        };
        for (int looks = 0; reader.poll(sink, 1, () -> false) == 0 && looks < MOST_LOOKS; looks++) {
            Thread.onSpinWait();
        }
        return right[0];
    }
}
