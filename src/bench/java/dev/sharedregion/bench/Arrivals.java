package dev.sharedregion.bench;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * What a receiver got, checked: all messages of each sender, in order, and whole. A message begins with a word that has
 * the sender and the message's number. The rest of it is the same in all messages. A receiver reads that word, and adds
 * up the first word of each further cache line. So it fetches every line, also of messages that it has in place.
 */
final class Arrivals {
    /** Bytes from one word that is read to the next one. */
    static final int LINE = 64;

    /** After the last place of a word in a message. */
    static final int END = Payload.SIZE - Long.BYTES + 1;

    /** The number of the message that ends a sender's run. */
    static final long LAST = (1L << 48) - 1;

    private static final int SENDER_SHIFT = 48;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final long sum = sum(message(), 0);
    private final long[] next = new long[StreamTransport.SENDERS];
    private int ended;
    private long count;

    /** The memory of a message that is to be sent, without its first word. */
    static ByteBuffer message() {
        // In the middle of a page, as in Copies.
        ByteBuffer message = Payload.memory(Payload.SIZE, Payload.PAGE / 2);
        for (int at = 0; at < END; at += Long.BYTES) {
            message.putLong(at, (at + 1) * FACTOR);
        }
        return message;
    }

    /** The first word of a message. */
    static long word(int sender, long number) {
        return (long) sender << SENDER_SHIFT | number;
    }

    /** Of a message's lines but the first, for contenders that have a {@code ByteBuffer}. */
    static long sum(ByteBuffer buffer, int at) {
        if (END <= LINE) {
            return 0;
        }
        // With ByteBuffer.getLong(int) the loop has one of two speeds, by fork, and the lower one delays the receiver.
        LongBuffer words = Payload.words(buffer, at);
        long sum = 0;
        for (int word = LINE / Long.BYTES; word * Long.BYTES < END; word += LINE / Long.BYTES) {
            sum += words.get(word);
        }
        return sum;
    }

    /** Takes a message, of which everything else has been read. */
    void add(long word, long foundSum) {
        int sender = (int) (word >>> SENDER_SHIFT);
        long number = word & LAST;
        if (foundSum != sum || number != next[sender] && number != LAST) {
            throw new IllegalStateException("Message " + next[sender] + " of sender " + sender + " is damaged, or lost:"
                    + " message " + number + " came.");
        }
        if (number == LAST) {
            ended++;
        }
        next[sender]++;
        count++;
    }

    /** Of all senders. */
    long count() {
        return count;
    }

    boolean haveAllBegun() {
        for (long number : next) {
            if (number == 0) {
                return false;
            }
        }
        return true;
    }

    boolean haveAllEnded() {
        return ended == next.length;
    }
}
