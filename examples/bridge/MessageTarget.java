package bridge;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Puts the messages of the other machine into a channel of this one. Each lane of the other channel has a {@link
 * MessageSender} of its own, so that messages in parts of several senders may come at the same time.
 */
final class MessageTarget implements Answering.Target {
    private final String name;
    private final Progress progress;
    private final Answering answering;
    private LaneTarget[] lanes = {};

    /** The tails of the channel's lanes when this process began; null when all of that was received. */
    private long[] before;

    private Channel channel;

    /** A sender that no lane has yet. */
    private MessageSender spare;

    MessageTarget(Link link, String name, Progress progress) {
        this.name = name;
        this.progress = progress;
        answering = new Answering(link, Link.MESSAGES, Link.MESSAGES_STATUS, this);
    }

    /** Receives what there is. Returns how much. */
    int work() {
        return answering.work();
    }

    /** A number for a channel of this machine. */
    static long identity(String channel) {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "";
        }
        byte[] which = (host + "/" + channel).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(which).getMostSignificantBits();
    }

    @Override
    public void open(DirectBuffer open, int offset) {
        int count = open.getInt(offset + Frames.INDEX);
        if (channel == null) {
            openChannel(count, (int) open.getLong(offset + Frames.POSITION));
        }
        if (progress.belongTo(open.getLong(offset + Frames.BEFORE))) {
            closeLanes();
        }
        LaneTarget[] known = lanes;
        lanes = new LaneTarget[Math.max(count + 1, known.length)];
        for (int number = 1; number < lanes.length; number++) {
            lanes[number] = number < known.length ? known[number] : new LaneTarget(this, number, progress);
            lanes[number].begin();
        }
    }

    private void closeLanes() {
        for (int number = 1; number < lanes.length; number++) {
            lanes[number].close();
        }
        lanes = new LaneTarget[0];
    }

    private void openChannel(int senders, int capacity) {
        try {
            spare = MessageSender.open(name);
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
            spare = MessageSender.openOrCreate(name, capacity, MessageOptions.defaults().senders(senders));
        }
        channel = new Channel(name);
        before = new long[channel.senders + 1];
        for (int number = 1; number <= channel.senders; number++) {
            before[number] = channel.tail(number);
        }
    }

    /** A sender of the channel, for a lane; null if it is too early for one. */
    MessageSender newSender() {
        if (!isEarlierReceived()) {
            return null;
        }
        MessageSender sender = spare == null ? MessageSender.open(name) : spare;
        spare = null;
        return sender;
    }

    /**
     * Whether all is received that was in the channel when this process began. A predecessor may have sent it in
     * another lane, and a receiver takes the lanes in any order.
     */
    private boolean isEarlierReceived() {
        for (int number = 1; before != null && number <= channel.senders; number++) {
            if (channel.head(number) < before[number]) {
                return false;
            }
        }
        before = null;
        return true;
    }

    @Override
    public Answering.Taken take(DirectBuffer frame, int offset, int length) {
        try {
            return lanes[frame.getInt(offset + Frames.INDEX)].take(frame, offset, length);
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int answer(MutableDirectBuffer status) {
        int count = 0;
        int at = Frames.HEADER;
        for (int number = 1; number < lanes.length; number++) {
            LaneTarget lane = lanes[number];
            if (lane.done() > 0 || lane.start() >= 0) {
                status.putLong(at, number);
                status.putLong(at + Frames.ENTRY_DONE, lane.done());
                status.putLong(at + Frames.ENTRY_START, lane.start());
                at += Frames.ENTRY;
                count++;
            }
        }
        status.putInt(Frames.INDEX, count);
        return at;
    }
}
