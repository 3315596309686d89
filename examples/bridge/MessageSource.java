package bridge;

import dev.sharedregion.MessageReceiver;
import io.aeron.logbuffer.BufferClaim;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Sends the messages of a channel to the other machine, and releases them when they are in the channel there. So a
 * message is in this machine's channel until the other machine has it, whatever ends in between.
 *
 * <p>It sends what it sees in the rings. Then the {@link MessageReceiver} hands it the same messages, and releases each
 * one after that: so while it is handed a message that the other end has not yet, it goes on to send.
 */
final class MessageSource {
    /** How many records are handed over in a call. They are released at its end, and with each quarter of a ring. */
    private static final int BATCH = 1 << 16;

    /** Frames of one lane, before the next one has its turn. */
    private static final int FRAMES_IN_TURN = 16;

    private final Link link;
    private final MessageReceiver receiver;
    private final Channel channel;

    /** By number, from 1 on. */
    private final Lane[] lanes;

    /** Where in each lane is what was handed over. */
    private final Records[] handed;

    private final BufferClaim claim = new BufferClaim();
    private final Conversation conversation;
    private final int mostBytes;

    /** Whether a message is handed over. */
    private boolean releasing;

    /** Whether this process has talked to the other end before. */
    private boolean everBegun;

    MessageSource(Link link, MessageReceiver receiver) {
        this.link = link;
        this.receiver = receiver;
        channel = new Channel(receiver.name());
        lanes = new Lane[channel.senders + 1];
        handed = new Records[channel.senders + 1];
        for (int number = 1; number <= channel.senders; number++) {
            lanes[number] = new Lane(number);
            handed[number] = lanes[number].records();
        }
        conversation = new Conversation(link, Link.MESSAGES, Link.MESSAGES_STATUS, new Conversation.Answers() {
            @Override
            public void begin(DirectBuffer status, int offset) {
                for (int number = 1; number <= channel.senders; number++) {
                    lanes[number].begin(done(status, offset, number));
                }
                everBegun = true;
            }

            @Override
            public void add(DirectBuffer status, int offset) {
                answered(status, offset);
            }
        });
        conversation.describe(MessageTarget.identity(channel.name), channel.senders, channel.capacity);
        mostBytes = conversation.out.maxPayloadLength() - Frames.HEADER & -8;
    }

    /** Sends and releases what can be. Returns how much was done. */
    int work() throws InterruptedException {
        int count = send();
        if (!releasing) {
            releasing = true;
            count += receiver.receiveParts(this::awaitDone, isAnyNew() ? 1 : BATCH, Duration.ZERO);
            releasing = false;
        }
        return count;
    }

    private int send() {
        int count = conversation.work();
        for (int number = 1; number <= channel.senders && conversation.isBegun(); number++) {
            count += lanes[number].send(FRAMES_IN_TURN);
        }
        return count;
    }

    private static long done(DirectBuffer status, int offset, int lane) {
        int at = offset + Frames.HEADER;
        for (int left = status.getInt(offset + Frames.INDEX); left > 0; left--, at += Frames.ENTRY) {
            if (status.getLong(at) == lane) {
                return status.getLong(at + Frames.ENTRY_DONE);
            }
        }
        return 0;
    }

    private void answered(DirectBuffer status, int offset) {
        int at = offset + Frames.HEADER;
        for (int left = status.getInt(offset + Frames.INDEX); left > 0; left--, at += Frames.ENTRY) {
            Lane lane = lanes[(int) status.getLong(at)];
            lane.answered(status.getLong(at + Frames.ENTRY_DONE), status.getLong(at + Frames.ENTRY_START));
        }
    }

    /** Whether there is a lane of which nothing was released yet. */
    private boolean isAnyNew() {
        for (int number = 1; number <= channel.senders; number++) {
            if (channel.head(number) == 0 && channel.tail(number) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns when the other machine has this. Must not throw, as it would then count as received. */
    private void awaitDone(int lane, int type, ByteBuffer part, boolean last) {
        try {
            Records records = handed[lane];
            if (!records.find()) {
                throw new IllegalStateException("The channel was overwritten.");
            }
            if (records.start() > 0 && channel.head(lane) == 0) {
                // The lane became new during a call for more than one record, which only releases them at its end.
                lanes[lane].isBatched = true;
            }
            records.take();
            while (lanes[lane].done < records.next()) {
                link.step();
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            Threads.end(e);
        }
    }

    /** What is sent of one lane. */
    private final class Lane {
        final int number;
        final ByteBuffer ring;

        /** All records before this position are in the channel of the other machine. */
        long done;

        /** Whether more than the first record is to be sent before that is released. */
        boolean isBatched;

        /** The position at which the conversation begins. */
        private long start;

        /** The position after what was sent. */
        private long sent;

        /** What is sent next: bytes that are side by side in the ring. */
        private long from;

        private long to;

        private Records records;

        /** The position of the first record that this process has found: the beginning of a message. */
        private long whole = Long.MAX_VALUE;

        /** Whether a record was found of which not all is sent, or in that next. */
        private boolean found;

        Lane(int number) {
            this.number = number;
            ring = channel.ring(number);
            done = channel.head(number);
        }

        /** The records from the head on. */
        Records records() {
            return new Records(channel, number, whole);
        }

        /** Begins a conversation: where the other end stopped, if what it has is of this channel. */
        void begin(long theirs) {
            records = records();
            long head = records.next();
            // When nothing was released yet, the channel may be a new one, and what they have of an earlier one.
            boolean same = (head > 0 || everBegun) && theirs >= head && theirs <= channel.tail(number);
            if (same && records.reach(theirs)) {
                done = Math.max(done, theirs);
            } else {
                records = records();
            }
            start = records.next();
            sent = start;
            from = start;
            to = start;
            found = false;
        }

        /** Takes note of what the other end has, if it knows by now where the conversation began. */
        void answered(long position, long startOfTheirs) {
            if (startOfTheirs == start && position > done && position <= sent) {
                done = position;
            }
        }

        /** Sends what there is, at most so many frames. Returns how many. */
        int send(int most) {
            int count = 0;
            while (count < most && (sent < to || plan()) && offer()) {
                count++;
            }
            return count;
        }

        /** Looks for what is sent next: a number of records, or a part of one. */
        private boolean plan() {
            if (!found && !find()) {
                return false;
            }
            from = Math.max(to, records.start());
            long end = from + mostBytes;
            to = Math.min(end, records.end());
            while (to == records.end()) {
                records.take();
                found = false;
                if (to == end || records.isAtEnd() || !find() || records.start() != to) {
                    return true;
                }
                to = Math.min(end, records.end());
            }
            return true;
        }

        /**
         * Finds the next record. Of a lane of which nothing was released yet, there is only the first one: what is not
         * released comes twice if this process is killed then, see {@link #begin}.
         */
        private boolean find() {
            boolean mayBe = records.next() == 0 || channel.head(number) > 0 || isBatched;
            found = mayBe && records.find();
            if (found) {
                whole = Math.min(whole, records.start());
            }
            return found;
        }

        private boolean offer() {
            int length = (int) (to - from);
            if (!Conversation.sent(conversation.out.tryClaim(Frames.HEADER + length, claim))) {
                return false;
            }
            MutableDirectBuffer frame = claim.buffer();
            int offset = claim.offset();
            frame.putInt(offset + Frames.KIND, Frames.RECORDS);
            frame.putInt(offset + Frames.INDEX, number);
            frame.putLong(offset + Frames.CONVERSATION, conversation.number());
            frame.putLong(offset + Frames.BEFORE, sent);
            frame.putLong(offset + Frames.POSITION, from);
            frame.putBytes(offset + Frames.HEADER, ring, (int) (from % channel.capacity), length);
            claim.commit();
            sent = to;
            return true;
        }
    }
}
