package dev.sharedregion.kills;

import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Numbered;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A sender or the receiver of a channel for tests that kill it. The messages of a sender are numbered, and made of
 * their numbers. {@link MessageLog} has how far each side is. The receiver prints what it misses, and what comes again.
 */
final class MessageWorker {
    static final int CAPACITY = 1024;

    private static final int NUMBER_BITS = 28;
    private static final int LARGEST_BATCH = 60;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final MessageLog log;
    private final long longestPauseNanos;

    /** The last number of each sender that this receiver was handed; 0 if there is none. */
    private final int[] last = new int[MessageKillTest.SENDERS];

    private MessageWorker(MessageLog log, long longestPauseNanos) {
        this.log = log;
        this.longestPauseNanos = longestPauseNanos;
    }

    /** {@code receive NAME PAUSE} or {@code send NAME PAUSE SENDER}. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[1];
        try (SharedRegion region = SharedRegion.open(name + "-log")) {
            MessageWorker worker = new MessageWorker(new MessageLog(region), Long.parseLong(arguments[2]) * 1000);
            if (arguments[0].equals("receive")) {
                worker.receive(name);
            } else {
                worker.send(name, Integer.parseInt(arguments[3]));
            }
        } catch (RuntimeException | Error e) {
            System.out.println("WRONG: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Some messages are longer than the ring. */
    static boolean isLong(int number) {
        return number % 16 == 0;
    }

    private static int length(int number) {
        int some = number * 7919 & 0xffff;
        return isLong(number) ? CAPACITY + some % (4 * CAPACITY) : some % (CAPACITY / 2 - 7);
    }

    /** The most bytes that the messages of a range can take in the ring. */
    static long bytes(int from, int to) {
        long bytes = 0;
        for (int number = from; number <= to; number++) {
            bytes += 8 + length(number);
        }
        return bytes;
    }

    private void send(String name, int index) throws Exception {
        try (MessageSender sender = MessageSender.open(name)) {
            System.out.println("ready");
            for (int number = log.begun(index) + 1; ; number++) {
                log.setBegun(index, number);
                send(sender, index << NUMBER_BITS | number, Numbered.of(number, length(number)));
                log.setSent(index, number);
                RandomPause.upTo(longestPauseNanos);
            }
        }
    }

    /** In each way that there is. */
    private void send(MessageSender sender, int type, ByteBuffer message) throws Exception {
        if (message.remaining() > sender.largestRecord() && ThreadLocalRandom.current().nextBoolean()) {
            try (MessageSender.OutgoingMessage parts = sender.openMessage(type)) {
                while (message.hasRemaining()) {
                    int size = Math.min(message.remaining(), 1 + ThreadLocalRandom.current().nextInt(500));
                    parts.write(message.slice(message.position(), size));
                    message.position(message.position() + size);
                    RandomPause.upTo(longestPauseNanos);
                }
                parts.commit();
            }
        } else if (message.remaining() <= sender.largestRecord() && ThreadLocalRandom.current().nextBoolean()) {
            try (MessageSender.Claim claim = sender.claim(type, message.remaining(), LONG)) {
                claim.buffer().put(message);
                RandomPause.upTo(longestPauseNanos);
                claim.commit();
            }
        } else {
            sender.send(type, message);
        }
    }

    private void receive(String name) throws Exception {
        try (MessageReceiver receiver = MessageReceiver.open(name)) {
            System.out.println("ready");
            while (true) {
                receiver.receive(
                        this::take, 1 + ThreadLocalRandom.current().nextInt(LARGEST_BATCH), LONG);
            }
        }
    }

    private void take(int type, ByteBuffer message) {
        int sender = type >>> NUMBER_BITS;
        int number = type & (1 << NUMBER_BITS) - 1;
        Numbered.check(message, number, length(number));
        int before = log.received(sender);
        boolean first = last[sender] == 0;
        if (number > before + 1) {
            System.out.println("missing " + sender + " " + (before + 1) + " " + (number - 1) + (first ? " first" : ""));
        } else if (number <= before) {
            if (!first) {
                throw new IllegalStateException(number + " of sender " + sender + " after " + before);
            }
            System.out.println("again " + sender + " " + number + " " + before);
        }
        last[sender] = number;
        log.setReceived(sender, number);
        RandomPause.upTo(longestPauseNanos);
    }
}
