package dev.sharedregion.kills;

import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Whole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A sender or the receiver of a channel for tests that kill it: what {@code messages_peer.c} is, in Java. {@link
 * MessageLog} has how far each side is. The receiver prints what it misses, and what comes again.
 */
final class MessageWorker {
    static final int CAPACITY = 1024;
    static final int LONGEST = 5 * CAPACITY;

    private static final int LARGEST_RECORD = CAPACITY / 2 - 8;
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

    /** Of each number, the same in Java and in C: most are short, and some are longer than the ring. */
    static int length(int number) {
        int longest = number % 16 == 0 ? LONGEST : number % 4 == 1 ? LONGEST / 10 : LONGEST / 100;
        return 8 + (number * 7919 & 0xffff) % (longest - 7);
    }

    /** Whether it is sent in parts, in Java and in C. */
    static boolean isInParts(int number) {
        return number % 3 == 0 || length(number) > LARGEST_RECORD;
    }

    private void send(String name, int index) throws Exception {
        try (MessageSender sender = MessageSender.open(name)) {
            System.out.println("ready");
            for (int number = log.begun(index) + 1; ; number++) {
                log.setBegun(index, number);
                send(sender, index, number, Whole.part(number, 0, length(number)));
                log.setSent(index, number);
                RandomPause.upTo(longestPauseNanos);
            }
        }
    }

    /** In each way that there is. */
    private void send(MessageSender sender, int index, int number, ByteBuffer message) throws Exception {
        if (number % 3 == 0) {
            try (MessageSender.OutgoingMessage parts = sender.openMessage(index)) {
                while (message.hasRemaining()) {
                    int size = Math.min(message.remaining(), 8 + ThreadLocalRandom.current().nextInt(500));
                    parts.write(message.slice(message.position(), size));
                    message.position(message.position() + size);
                    RandomPause.upTo(longestPauseNanos);
                }
                parts.commit();
            }
        } else if (number % 3 == 1 && !isInParts(number)) {
            try (MessageSender.Claim claim = sender.claim(index, message.remaining(), LONG)) {
                claim.buffer().put(message);
                RandomPause.upTo(longestPauseNanos);
                claim.commit();
            }
        } else {
            sender.send(index, message);
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

    private void take(int sender, ByteBuffer message) {
        int number = (int) message.order(ByteOrder.nativeOrder()).getLong(0);
        if (!message.equals(Whole.part(number, 0, length(number)))) {
            throw new IllegalStateException("message " + number + " of sender " + sender + " is another one");
        }
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
