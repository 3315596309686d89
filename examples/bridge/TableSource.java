package bridge;

import dev.sharedregion.LatestReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends the newest values of a table to the other machine. If the connection is slower than the writer, versions are
 * left out: a value is read when it can be sent.
 */
final class TableSource {
    /** So many bytes may be on their way before no value is sent a second time that has not arrived. */
    private static final int EASY_BYTES = 1 << 16;

    private final LatestReader reader;
    private final Conversation conversation;

    /** Of each value, the version that was sent last, and the number of the frame that it was in. */
    private final long[] versions;

    private final long[] frames;

    private final UnsafeBuffer frame;
    private final ByteBuffer value;

    /** How many frames may be on their way before; see {@link #EASY_BYTES}. */
    private final int easy;

    private long sent;
    private long arrived;

    /** The version of the table of which all values are sent. */
    private long complete;

    TableSource(Link link, LatestReader reader) {
        this.reader = reader;
        conversation = new Conversation(link, Link.VALUES, Link.VALUES_STATUS, new Conversation.Answers() {
            @Override
            public void begin(DirectBuffer status, int offset) {
                Arrays.fill(versions, 0);
                Arrays.fill(frames, 0);
                sent = 0;
                arrived = 0;
                complete = 0;
            }

            @Override
            public void add(DirectBuffer status, int offset) {
                arrived = status.getLong(offset + Frames.BEFORE);
            }
        });
        int most = conversation.out.maxMessageLength() - Frames.HEADER;
        if (reader.size() > most) {
            throw new IllegalArgumentException("A value of the table \"" + reader.name() + "\" has " + reader.size()
                    + " bytes, but one that goes to another machine can have " + most + " at most.");
        }
        conversation.describe(0, reader.count(), reader.size());
        versions = new long[reader.count()];
        frames = new long[reader.count()];
        easy = Math.max(1, EASY_BYTES / reader.size());
        ByteBuffer bytes = ByteBuffer.allocateDirect(Frames.HEADER + reader.size()).order(ByteOrder.nativeOrder());
        frame = new UnsafeBuffer(bytes);
        frame.putInt(Frames.KIND, Frames.VALUE);
        value = bytes.slice(Frames.HEADER, reader.size());
    }

    /** Sends what is newer. Returns how much was done. */
    int work() {
        return conversation.work() + (conversation.isBegun() ? sendNewer() : 0);
    }

    /** Sends each value that has a newer version and may be sent. Returns how many. */
    private int sendNewer() {
        long version = reader.version();
        if (version <= complete) {
            return 0;
        }
        int count = 0;
        boolean all = true;
        for (int index = 0; index < versions.length; index++) {
            if (reader.version(index) > versions[index]) {
                if (mayBeSent(index) && send(index)) {
                    count++;
                } else {
                    all = false;
                }
            }
        }
        if (all) {
            complete = version;
        }
        return count;
    }

    private boolean mayBeSent(int index) {
        return sent - arrived < easy || frames[index] <= arrived;
    }

    private boolean send(int index) {
        long version = reader.read(index, value.clear());
        frame.putInt(Frames.INDEX, index);
        frame.putLong(Frames.CONVERSATION, conversation.number());
        frame.putLong(Frames.BEFORE, sent + 1);
        if (!Conversation.sent(conversation.out.offer(frame))) {
            return false;
        }
        sent++;
        versions[index] = version;
        frames[index] = sent;
        return true;
    }
}
