package dev.sharedregion.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessagePartHandler;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Whole;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels with several senders in Java and in C at a time. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ManySendersTest extends MessageSides {
    private static final int MESSAGES = Sizes.of("sharedregion.messagePeersMessages", 1_000, 20_000);

    ManySendersTest() {
        super(TestNames.unique());
    }

    static Stream<Arguments> manySenders() {
        return Stream.of(Language.values())
                .flatMap(to -> Stream.of("whole", "parts").map(how -> Arguments.of(to, how)));
    }

    /** Two in C, and two in Java. Their rings are often full, and the receiver's messages often all read. */
    @ParameterizedTest
    @MethodSource
    void manySenders(Language to, String how) throws Exception {
        int senders = 4;
        int longest = 2 * CAPACITY;
        MessageOptions options = MessageOptions.defaults().senders(senders);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Peer> inC = new ArrayList<>();
        try {
            Callable<?> receiving;
            if (to == Language.JAVA) {
                MessageReceiver receiver = MessageReceiver.create(name, CAPACITY, options);
                receiving = () -> receive(receiver, how.equals("parts"), senders);
            } else {
                Peer receiver = c("receive", name, CAPACITY, senders, senders * MESSAGES, longest, how);
                inC.add(receiver);
                receiver.expect("ready");
                receiving = () -> null;
            }
            List<Future<?>> inJava = new ArrayList<>(List.of(threads.submit(receiving)));
            for (int index = 0; index < senders; index++) {
                int its = index;
                if (index % 2 == 0) {
                    Peer sender = c("send", name, CAPACITY, senders, index, MESSAGES, longest, "any");
                    sender.expect("ready");
                    inC.add(sender);
                } else {
                    MessageSender sender = MessageSender.open(name, options);
                    inJava.add(threads.submit(() -> sendAll(sender, its, longest)));
                }
            }
            for (Future<?> side : inJava) {
                side.get(5, TimeUnit.MINUTES);
            }
            for (Peer side : inC) {
                side.expect("done");
                assertEquals(0, side.exitStatus(), side::errors);
            }
        } finally {
            inC.forEach(Peer::close);
            threads.shutdownNow();
            assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    private static Void sendAll(MessageSender sender, int index, int longest) throws Exception {
        try (sender) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            for (int number = 1; number <= MESSAGES; number++) {
                int length = 8 + random.nextInt(longest - 7);
                ByteBuffer content = Whole.part(number, 0, length);
                int how = random.nextInt(3);
                if (how == 0 && length <= sender.largestRecord()) {
                    try (MessageSender.Claim claim = sender.claim(index, length, LONG)) {
                        claim.buffer().put(content);
                        claim.commit();
                    }
                } else if (how == 1) {
                    sendInParts(sender, index, content);
                } else {
                    sender.send(index, content);
                }
            }
            return null;
        }
    }

    /** The first part has the number. */
    private static void sendInParts(MessageSender sender, int type, ByteBuffer content) throws Exception {
        try (MessageSender.OutgoingMessage message = sender.openMessage(type)) {
            int length = content.remaining();
            for (int at = 0; at < length; ) {
                int part = Math.min(length - at, 8 + ThreadLocalRandom.current().nextInt(length));
                message.write(content.slice(at, part));
                at += part;
            }
            message.commit();
        }
    }

    private static Void receive(MessageReceiver receiver, boolean inParts, int senders) throws Exception {
        try (receiver) {
            InOrder inOrder = new InOrder(senders);
            while (inOrder.count < senders * MESSAGES) {
                int got = inParts
                        ? receiver.receiveParts(inOrder, 64, LONG)
                        : receiver.receive(inOrder::takeWhole, 64, LONG);
                assertTrue(got > 0, () -> "no message has come, after " + inOrder.count);
            }
            return null;
        }
    }

    /** Checks that of each sender all messages come, whole and in their order. */
    private static final class InOrder implements MessagePartHandler {
        private final int[] last;
        private final int[] lengths;
        private int count;

        InOrder(int senders) {
            last = new int[senders];
            lengths = new int[senders];
        }

        void takeWhole(int type, ByteBuffer message) {
            last[type]++;
            count++;
            assertEquals(Whole.part(last[type], 0, message.remaining()), message);
        }

        @Override
        public void onPart(int sender, int type, ByteBuffer part, boolean isLast) {
            int length = part.remaining();
            assertEquals(Whole.part(last[type] + 1, lengths[type], length), part);
            lengths[type] += length;
            if (isLast) {
                lengths[type] = 0;
                last[type]++;
                count++;
            }
        }

        @Override
        public void onAborted(int sender) {
            throw new IllegalStateException("nobody has given a message up");
        }
    }
}
