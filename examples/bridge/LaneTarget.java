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

    /** Whether a record has come in part. */
    private boolean begun;

    /** Of that record: how many of its bytes, and of its message's bytes, are to come. */
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

    /** Takes a frame. */
    Answering.Taken take(DirectBuffer frame, int offset, int length) throws InterruptedException, IOException {
        long before = frame.getLong(offset + Frames.BEFORE);
        if (start < 0) {
            if (!goesOnAt(before)) {
                return Answering.Taken.NOT_YET;
            }
        } else if (before != expected) {
            return Answering.Taken.NEVER;
        }
        long position = frame.getLong(offset + Frames.POSITION);
        long end = position + length - Frames.HEADER;
        received = Math.max(received, position);
        if (received <= end) {
            ByteBuffer bytes = frame.byteBuffer().duplicate().order(ByteOrder.nativeOrder());
            int first = frame.wrapAdjustment() + offset;
            bytes.limit(first + length).position(first + Frames.HEADER + (int) (received - position));
            if (!takesAll(bytes)) {
                return Answering.Taken.NOT_YET;
            }
        }
        expected = end;
        return Answering.Taken.YES;
    }

    /** Begins at this position. Returns false if that is too early. */
    private boolean goesOnAt(long before) {
        if (sender == null) {
            sender = target.newSender();
        }
        if (sender == null) {
            return false;
        }
        if (before != done || before == 0) {
            // What has come in part does not go on, or may be of an earlier channel.
            abort();
            begun = false;
            done = before;
            received = before;
        }
        start = before;
        expected = before;
        return true;
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

    /** Returns false if there is no room for all. */
    private boolean takesAll(ByteBuffer bytes) throws InterruptedException, IOException {
        while (bytes.hasRemaining() || begun && left == 0) {
            if (!begun && !begins(bytes) || !goesOn(bytes)) {
                return false;
            }
        }
        return true;
    }

    /** Takes a header, and if it is there the whole message. Returns false, and takes nothing, if there is no room. */
    private boolean begins(ByteBuffer bytes) throws InterruptedException {
        int at = bytes.position();
        int word = bytes.getInt(at);
        int length = Records.length(word);
        left = Records.size(length);
        contentLeft = length;
        kind = Records.kind(word);
        if (kind == Records.WHOLE || kind == Records.FIRST) {
            abort();
            int type = bytes.getInt(at + Integer.BYTES);
            if (kind == Records.FIRST || length > sender.largestRecord()) {
                parts = sender.openMessage(type);
            } else if (left <= bytes.remaining()) {
                contentLeft = 0;
                int limit = bytes.limit();
                bytes.limit(at + Records.HEADER + length).position(at + Records.HEADER);
                boolean sent = sender.offer(type, bytes);
                bytes.limit(limit).position(at);
                if (!sent) {
                    return false;
                }
            } else {
                claim = sender.tryClaim(type, length);
                if (claim == null) {
                    return false;
                }
                claimed = claim.buffer();
            }
        }
        begun = true;
        skip(bytes, Records.HEADER);
        return true;
    }

    private void skip(ByteBuffer bytes, int count) {
        bytes.position(bytes.position() + count);
        left -= count;
        received += count;
    }

    /** Takes what is there of a record that has begun. Returns false if there is no room. */
    private boolean goesOn(ByteBuffer bytes) throws IOException {
        while (contentLeft > 0 && bytes.hasRemaining()) {
            int count = put(bytes.slice(bytes.position(), Math.min(contentLeft, bytes.remaining())));
            if (count == 0) {
                return false;
            }
            contentLeft -= count;
            skip(bytes, count);
        }
        skip(bytes, Math.min(left, bytes.remaining()));
        return left > 0 || ends();
    }

    /** Returns how many bytes it has put; 0 if there is no room. */
    private int put(ByteBuffer content) throws IOException {
        int count = content.remaining();
        if (claim != null) {
            claimed.put(content);
        } else if (parts != null) {
            count = hasRoom() ? Math.min(count, sender.capacity() / 4 - Records.HEADER) : 0;
            parts.write(content.limit(count));
        }
        return count;
    }

    /** Whether a part can be written without waiting: it and what is left free at the end of the ring take a half. */
    private boolean hasRoom() {
        return sender.backlog() <= sender.capacity() / 2;
    }

    /** The record has come as a whole. Returns false if there is no room to end its message. */
    private boolean ends() throws IOException {
        if (claim != null) {
            claim.commit();
            claim = null;
        } else if (parts != null && (kind == Records.WHOLE || kind == Records.LAST)) {
            if (!hasRoom()) {
                return false;
            }
            parts.commit();
            parts = null;
        }
        begun = false;
        done = received;
        if (parts == null) {
            progress.set(number, done);
        }
        return true;
    }
}
