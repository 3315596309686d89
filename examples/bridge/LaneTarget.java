package bridge;

import dev.sharedregion.MessageSender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Puts the messages of one lane of the other machine's channel into the channel of this machine. */
final class LaneTarget {
    private final MessageTarget target;
    private final int number;
    private final Progress progress;
    private MessageSender sender;

    /** All records before this position are in the channel. */
    private long done;

    /** All bytes before this position have come. What comes again of them is left out. */
    private long received;

    /** Where this conversation began, or -1. */
    private long start = -1;

    /** The position after the last frame of this conversation. */
    private long expected;

    /** Of the record that has come in part: how many of its bytes, and of its message's bytes, are to come. */
    private int left;

    private int contentLeft;
    private int kind;

    /** The record that has come in part, if it is a message. */
    private MessageSender.Claim claim;

    private ByteBuffer claimed;

    /** The message in parts that has come in part; null also if its beginning is missing. */
    private MessageSender.OutgoingMessage parts;

    LaneTarget(MessageTarget target, int number, Progress progress) {
        this.target = target;
        this.number = number;
        this.progress = progress;
        done = progress.of(number);
        received = done;
    }

    /** A conversation begins. */
    void begin() {
        start = -1;
    }

    long done() {
        return done;
    }

    long start() {
        return start;
    }

    /** Takes a frame. Returns false if one before it is missing. */
    boolean take(DirectBuffer frame, int offset, int length) throws InterruptedException, IOException {
        long before = frame.getLong(offset + Frames.BEFORE);
        long position = frame.getLong(offset + Frames.POSITION);
        if (start < 0) {
            goOnAt(before);
        } else if (before != expected) {
            return false;
        }
        expected = position + length - Frames.HEADER;
        received = Math.max(received, position);
        if (received < expected) {
            ByteBuffer bytes = frame.byteBuffer().duplicate().order(ByteOrder.nativeOrder());
            int first = frame.wrapAdjustment() + offset;
            bytes.limit(first + length).position(first + Frames.HEADER + (int) (received - position));
            while (bytes.hasRemaining()) {
                takeRecord(bytes);
            }
        }
        return true;
    }

    private void goOnAt(long before) throws InterruptedException {
        if (sender == null) {
            sender = target.newSender();
        }
        if (before != done || before == 0) {
            // What has come in part does not go on, or may be of an earlier channel.
            abort();
            left = 0;
            done = before;
            received = before;
        }
        start = before;
    }

    void close() {
        abort();
        if (sender != null) {
            sender.close();
        }
    }

    private void abort() {
        if (claim != null) {
            claim.close();
            claim = null;
        }
        if (parts != null) {
            parts.close();
            parts = null;
        }
    }

    /** Takes a record, or what there is of it. */
    private void takeRecord(ByteBuffer bytes) throws InterruptedException, IOException {
        int at = bytes.position();
        if (left == 0) {
            begin(bytes);
        }
        int taken = Math.min(left, bytes.remaining());
        int content = Math.min(contentLeft, taken);
        if (content > 0) {
            put(bytes.slice(bytes.position(), content));
        }
        contentLeft -= content;
        left -= taken;
        bytes.position(bytes.position() + taken);
        received += bytes.position() - at;
        if (left == 0) {
            end();
        }
    }

    /** Takes a header, and if it is there the whole message. */
    private void begin(ByteBuffer bytes) throws InterruptedException {
        int at = bytes.position();
        int word = bytes.getInt(at);
        int type = bytes.getInt(at + Integer.BYTES);
        int length = Records.length(word);
        kind = Records.kind(word);
        left = Records.size(length) - Records.HEADER;
        contentLeft = length;
        bytes.position(at + Records.HEADER);
        if (kind == Records.WHOLE || kind == Records.FIRST) {
            abort();
            if (kind == Records.FIRST || length > sender.largestRecord()) {
                parts = sender.openMessage(type);
            } else if (left <= bytes.remaining()) {
                int limit = bytes.limit();
                bytes.limit(at + Records.HEADER + length);
                target.whenRoom(within -> sender.send(type, bytes, within));
                bytes.limit(limit);
                contentLeft = 0;
            } else {
                target.whenRoom(within -> (claim = sender.claim(type, length, within)) != null);
                claimed = claim.buffer();
            }
        }
    }

    private void put(ByteBuffer content) throws IOException {
        if (claim != null) {
            claimed.put(content);
        } else if (parts != null) {
            parts.write(content);
        }
    }

    /** The record has come as a whole. */
    private void end() throws IOException {
        if (claim != null) {
            claim.commit();
            claim = null;
        } else if (parts != null && (kind == Records.WHOLE || kind == Records.LAST)) {
            parts.commit();
            parts = null;
        }
        done = received;
        if (parts == null) {
            progress.set(number, done);
        }
    }
}
