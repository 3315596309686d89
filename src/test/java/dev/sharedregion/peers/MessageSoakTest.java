package dev.sharedregion.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three senders in other processes, whose messages have many lengths. All are there, in order, and each byte of them is
 * right. {@code -Dsharedregion.soakMessages} says how many there are: {@code mvn -B -q verify -Dtest=MessageSoakTest
 * -Dsharedregion.soakMessages=1000000000} takes some minutes.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class MessageSoakTest {
    private static final int SENDERS = 3;
    private static final int MESSAGES = Sizes.of("sharedregion.soakMessages", 100_000, 30_000_000);

    private static final int CAPACITY = 1 << 16;
    private static final int LONGEST = 2 * CAPACITY;
    private static final int BATCH = 1000;
    private static final long FACTOR = 0x9e3779b97f4a7c15L;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final String name = TestNames.unique();

    /** How many have come of each sender. */
    private final int[] counts = new int[SENDERS];

    private long bytes;
    private long inParts;

    private static int countOf(int index) {
        return MESSAGES / SENDERS + (index < MESSAGES % SENDERS ? 1 : 0);
    }

    @Test
    void allMessagesArrive() throws Exception {
        MessageOptions options = MessageOptions.defaults().senders(SENDERS);
        List<Peer> senders = new ArrayList<>();
        try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY, options)) {
            for (int index = 0; index < SENDERS; index++) {
                String[] arguments = {name, "" + index, "" + countOf(index)};
                senders.add(Peer.java(List.of("-XX:TieredStopAtLevel=4"), getClass().getName(), arguments));
            }
            long start = System.nanoTime();
            for (int left = MESSAGES; left > 0; ) {
                int got = receiver.receive(this::take, Math.min(left, BATCH), LONG);
                assertTrue(got > 0, () -> "no message has come: " + receiver);
                left -= got;
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            for (Peer sender : senders) {
                assertEquals(0, sender.exitStatus(), sender::errors);
            }
            assertNull(receiver.receive(Duration.ZERO));
            assertEquals(0, receiver.backlog());
            assertEquals(0, receiver.aborted());
            Sizes.report(String.format(
                    "MessageSoakTest: %,d messages of %,d bytes in all, %,d in parts, in %.0f s; %,d times full",
                    MESSAGES, bytes, inParts, seconds, receiver.fullCount()));
        } finally {
            senders.forEach(Peer::close);
        }
        for (int index = 0; index < SENDERS; index++) {
            assertEquals(countOf(index), counts[index]);
        }
    }

    private void take(int index, ByteBuffer message) {
        int number = ++counts[index];
        int length = length(number);
        if (message.remaining() != length) {
            throw new IllegalStateException(
                    "message " + number + " of sender " + index + " has " + message.remaining() + " bytes");
        }
        ByteBuffer own = message.order(ByteOrder.nativeOrder());
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            check(own.getLong(at) == word(index, number, at), index, number, at);
        }
        for (; at < length; at++) {
            check(own.get(at) == (byte) word(index, number, at), index, number, at);
        }
        bytes += length;
        inParts += length > CAPACITY / 2 - 8 ? 1 : 0;
    }

    private static void check(boolean right, int index, int number, int at) {
        if (!right) {
            throw new IllegalStateException("message " + number + " of sender " + index + " is wrong at " + at);
        }
    }

    /** Most are short. Some are longer than what fits into a record, and than the ring. */
    private static int length(int number) {
        int random = (int) (number * FACTOR >>> 40);
        if (number % 16384 == 0) {
            return CAPACITY / 2 + random % (LONGEST - CAPACITY / 2);
        }
        return random % (number % 64 == 0 ? 2000 : 65);
    }

    private static long word(int index, int number, int at) {
        return (number * FACTOR ^ index) + at;
    }

    private static void fill(ByteBuffer message, int index, int number) {
        int length = message.limit();
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            message.putLong(at, word(index, number, at));
        }
        for (; at < length; at++) {
            message.put(at, (byte) word(index, number, at));
        }
    }

    /** A sender. */
    public static void main(String[] arguments) throws Exception {
        int index = Integer.parseInt(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        ByteBuffer message = ByteBuffer.allocateDirect(LONGEST).order(ByteOrder.nativeOrder());
        try (MessageSender sender = MessageSender.open(arguments[0])) {
            for (int number = 1; number <= count; number++) {
                int length = length(number);
                if (number % 4 == 0 && length <= sender.largestRecord()) {
                    try (MessageSender.Claim claim = sender.claim(index, length, LONG)) {
                        fill(claim.buffer(), index, number);
                        claim.commit();
                    }
                } else {
                    fill(message.clear().limit(length), index, number);
                    sender.send(index, message);
                }
            }
        }
    }
}
