package bridge;

import dev.sharedregion.LatestWriter;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Publishes the values of the other machine in a table of this one. */
final class TableTarget implements Answering.Target {
    private final String name;
    private final Answering answering;
    private LatestWriter writer;

    /** The number of the last frame. */
    private long arrived;

    TableTarget(Link link, String name) {
        this.name = name;
        answering = new Answering(link, Link.VALUES, Link.VALUES_STATUS, this);
    }

    /** Receives what there is. Returns how much. */
    int work() {
        return answering.work();
    }

    @Override
    public void open(DirectBuffer open, int offset) {
        int count = open.getInt(offset + Frames.INDEX);
        int size = (int) open.getLong(offset + Frames.POSITION);
        if (writer != null && (writer.count() != count || writer.size() != size)) {
            // Another table of this name; it may have another size if no reader has the old one.
            writer.close();
            writer = null;
        }
        if (writer == null) {
            writer = LatestWriter.openOrCreate(name, count, size);
        }
        arrived = 0;
    }

    @Override
    public Answering.Taken take(DirectBuffer frame, int offset, int length) {
        long number = frame.getLong(offset + Frames.BEFORE);
        if (number != arrived + 1) {
            return Answering.Taken.NEVER;
        }
        int first = frame.wrapAdjustment() + offset;
        ByteBuffer value = bytes(frame).duplicate().limit(first + length).position(first + Frames.HEADER);
        writer.set(frame.getInt(offset + Frames.INDEX), value);
        arrived = number;
        return Answering.Taken.YES;
    }

    /** A value that came in several datagrams is in an array. */
    private static ByteBuffer bytes(DirectBuffer frame) {
        return frame.byteBuffer() == null ? ByteBuffer.wrap(frame.byteArray()) : frame.byteBuffer();
    }

    @Override
    public int answer(MutableDirectBuffer status) {
        status.putInt(Frames.INDEX, 0);
        status.putLong(Frames.BEFORE, arrived);
        return Frames.HEADER;
    }
}
