package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.helpers.BadNetwork;
import dev.sharedregion.helpers.Exhaustive;
import dev.sharedregion.helpers.Numbered;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The example {@code bridge}, over loopback: both ends are processes, and this one has the programs of both machines.
 */
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "Aeron was not tried under Wine")
class BridgeTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration DELAY = Duration.ofMillis(5);
    private static final double LOSS = 0.02;
    private static final Duration CUT = Duration.ofSeconds(10);
    private static final int CAPACITY = 1 << 16;
    private static final int BATCH = 1000;
    private static final int LONG_ONES = 100;
    private static final int KILLS = Sizes.of("sharedregion.bridgeKills", 1, 8);
    private static final int BETWEEN_KILLS = 2000;

    /** Whether the sending end is killed, and the receiving end. */
    private static final List<Arguments> KILLED = Sizes.first(
            1, List.of(Arguments.of(true, true), Arguments.of(true, false), Arguments.of(false, true)));

    private final String here = TestNames.unique();
    private final String there = TestNames.unique();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final List<Peer> ends = new ArrayList<>();
    private String sendingEnd;
    private String receivingEnd;

    @TempDir
    Path folder;

    @BeforeEach
    void findPorts() throws Exception {
        try (DatagramSocket first = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket second = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            sendingEnd = "127.0.0.1:" + first.getLocalPort();
            receivingEnd = "127.0.0.1:" + second.getLocalPort();
        }
    }

    @AfterEach
    void end() throws Exception {
        pool.shutdownNow();
        // In an orderly way: Aeron then removes its files.
        for (Peer each : ends) {
            if (each.isAlive()) {
                each.signal("TERM");
                each.exitStatus();
            }
        }
        TestNames.removeLeftovers(here);
        TestNames.removeLeftovers(there);
    }

    private Peer start(String main, String... arguments) {
        List<String> options = List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        Peer end = Peer.java(options, "bridge." + main, arguments);
        ends.add(end);
        return end;
    }

    private Peer sendingEnd(String what) {
        return sendingEnd(what, receivingEnd);
    }

    private Peer sendingEnd(String what, String to) {
        return start("BridgeSender", what + "=" + here, "listen=" + sendingEnd, "to=" + to);
    }

    private Peer receivingEnd(String what) {
        return receivingEnd(what, sendingEnd);
    }

    private Peer receivingEnd(String what, String to) {
        String state = folder.resolve("state").toString();
        return start("BridgeReceiver", what + "=" + there, "listen=" + receivingEnd, "to=" + to, "state=" + state);
    }

    private interface Check {
        void message(int type, ByteBuffer message);
    }

    private String errors() {
        return ends.stream().map(Peer::errors).collect(Collectors.joining());
    }

    private void receive(MessageReceiver receiver, int messages, Check check) throws Exception {
        for (int left = messages; left > 0; ) {
            int count = receiver.receive(check::message, left, LONG);
            assertTrue(count > 0, left + " messages do not come; " + errors());
            left -= count;
        }
    }

    private static void awaitReleased(MessageSender sender) throws Exception {
        for (long deadline = System.nanoTime() + LONG.toNanos(); sender.backlog() > 0; Thread.sleep(1)) {
            assertTrue(System.nanoTime() < deadline, "not released");
        }
    }

    @Test
    void messagesOfSeveralSendersCrossWholeAndInOrder() throws Exception {
        MessageOptions options = MessageOptions.defaults().senders(2);
        try (MessageSender first = MessageSender.create(here, CAPACITY, options);
                MessageSender second = MessageSender.open(here);
                MessageReceiver receiver = MessageReceiver.create(there, CAPACITY, options)) {
            sendingEnd("messages");
            receivingEnd("messages");
            int largest = first.largestRecord();
            List<Integer> lengths = new ArrayList<>(List.of(0, 1, 64, 5000, largest, 10 * CAPACITY, largest + 1, 0, 8));
            Stream.iterate(1, i -> i + 1).limit(BATCH).forEach(i -> lengths.add(i * 7 % 3000));
            List<Future<?>> senders = new ArrayList<>();
            for (MessageSender sender : List.of(first, second)) {
                senders.add(pool.submit(() -> {
                    for (int i = 0; i < lengths.size(); i++) {
                        sender.send(sender == first ? i : -1 - i, Numbered.of(i, lengths.get(i)));
                    }
                    return null;
                }));
            }
            int[] next = new int[2];
            receive(receiver, 2 * lengths.size(), (type, message) -> {
                int number = next[type < 0 ? 1 : 0]++;
                assertEquals(number, type < 0 ? -1 - type : type);
                Numbered.check(message, number, lengths.get(number));
            });
            for (Future<?> sender : senders) {
                sender.get();
            }
            awaitReleased(first);
        }
    }

    /** Messages with numbers, from one thread, until it is told to stop. One of so many is longer than a ring. */
    private Future<Integer> sendNumbers(MessageSender sender, int longOnes, AtomicBoolean stopped) {
        return pool.submit(() -> {
            ByteBuffer message = ByteBuffer.allocate(3 * CAPACITY).order(ByteOrder.nativeOrder());
            int number = 0;
            while (!stopped.get()) {
                message.limit(number % longOnes == longOnes - 1 ? message.capacity() : 100);
                sender.send(number, message.putInt(0, number));
                number++;
            }
            return number;
        });
    }

    @ParameterizedTest
    @FieldSource("KILLED")
    void nothingIsLostWhenAnEndIsKilled(boolean killSending, boolean killReceiving) throws Exception {
        try (MessageSender sender = MessageSender.create(here, CAPACITY);
                MessageReceiver receiver = MessageReceiver.create(there, CAPACITY)) {
            Peer sends = sendingEnd("messages");
            Peer receives = receivingEnd("messages");
            AtomicBoolean stopped = new AtomicBoolean();
            Future<Integer> numbers = sendNumbers(sender, Integer.MAX_VALUE, stopped);
            int[] next = {0};
            int[] twice = {0};
            Check inOrder = (type, message) -> {
                if (type == next[0] - 1) {
                    twice[0]++;
                } else {
                    assertEquals(next[0]++, type);
                    assertEquals(type, message.getInt(0));
                }
            };
            for (int kill = 0; kill < KILLS; kill++) {
                receive(receiver, BETWEEN_KILLS, inOrder);
                if (killSending) {
                    sends.kill();
                    sends = sendingEnd("messages");
                }
                if (killReceiving) {
                    receives.kill();
                    receives = receivingEnd("messages");
                }
            }
            receive(receiver, BETWEEN_KILLS, inOrder);
            stopped.set(true);
            while (!numbers.isDone()) {
                receiver.receive(inOrder::message, BATCH, Duration.ofMillis(100));
            }
            while (next[0] < numbers.get()) {
                receive(receiver, 1, inOrder);
            }
            assertFalse(receiver.await(Duration.ofMillis(200)));
            assertTrue(twice[0] <= (killReceiving ? KILLS : 0), twice[0] + " messages came twice");
        }
    }

    /** The connection is cut for longer than Aeron waits before it takes it for lost. */
    @Test
    @Exhaustive
    void nothingIsLostOnABadConnectionThatIsCut() throws Exception {
        try (MessageSender sender = MessageSender.create(here, CAPACITY);
                MessageReceiver receiver = MessageReceiver.create(there, CAPACITY);
                BadNetwork forth = new BadNetwork(receivingEnd, DELAY, LOSS);
                BadNetwork back = new BadNetwork(sendingEnd, DELAY, LOSS)) {
            sendingEnd("messages", forth.address());
            receivingEnd("messages", back.address());
            AtomicBoolean stopped = new AtomicBoolean();
            Future<Integer> numbers = sendNumbers(sender, LONG_ONES, stopped);
            int[] next = {0};
            Check inOrder = (type, message) -> {
                assertEquals(next[0]++, type);
                assertEquals(type, message.getInt(0));
            };
            receive(receiver, BETWEEN_KILLS, inOrder);
            forth.cut(true);
            back.cut(true);
            for (long end = System.nanoTime() + CUT.toNanos(); System.nanoTime() < end; ) {
                receiver.receive(inOrder::message, BATCH, Duration.ofMillis(100));
            }
            forth.cut(false);
            back.cut(false);
            receive(receiver, BETWEEN_KILLS, inOrder);
            stopped.set(true);
            while (!numbers.isDone()) {
                receiver.receive(inOrder::message, BATCH, Duration.ofMillis(100));
            }
            while (next[0] < numbers.get()) {
                receive(receiver, 1, inOrder);
            }
            assertFalse(receiver.await(Duration.ofMillis(200)));
        }
    }

    @Test
    @Exhaustive
    void aSenderWaitsForTheReceiverOnTheOtherMachineAndValuesDoNot() throws Exception {
        try (MessageSender sender = MessageSender.create(here, CAPACITY);
                MessageReceiver receiver = MessageReceiver.create(there, CAPACITY)) {
            start("BridgeSender", "messages=" + here, "values=" + here, "listen=" + sendingEnd, "to=" + receivingEnd);
            start("BridgeReceiver", "messages=" + there, "values=" + there, "listen=" + receivingEnd,
                    "to=" + sendingEnd, "state=" + folder.resolve("state"));
            int sent = 0;
            // What is on the way is limited by the rings, and by what Aeron lets be under way.
            int most = 10 * CAPACITY / 1000;
            while (sender.send(sent, Numbered.of(sent, 1000), Duration.ofSeconds(1))) {
                sent++;
                assertTrue(sent < most, "no back pressure");
            }
            try (LatestWriter writer = LatestWriter.create(here, 1, CAPACITY);
                    LatestReader reader = LatestReader.open(there, LONG)) {
                for (int number = 1; number <= 3; number++) {
                    writer.set(0, Numbered.of(number, CAPACITY));
                    awaitValue(reader, 0, number, CAPACITY);
                }
            }
            int[] next = {0};
            receive(receiver, sent, (type, message) -> {
                assertEquals(next[0]++, type);
                Numbered.check(message, type, 1000);
            });
            assertTrue(sender.send(sent, Numbered.of(sent, 1000), LONG));
        }
    }

    @Test
    void valuesCrossAndTheNewestArrives() throws Exception {
        int size = 3000;
        try (LatestWriter writer = LatestWriter.create(here, 3, size)) {
            Peer sends = sendingEnd("values");
            Peer receives = receivingEnd("values");
            writer.set(1, Numbered.of(0, size));
            try (LatestReader reader = LatestReader.open(there, LONG)) {
                assertEquals(3, reader.count());
                awaitValue(reader, 1, 0, size);
                assertEquals(0, reader.version(0));
                for (int number = 1; number <= 20_000; number++) {
                    writer.set(number % 3, Numbered.of(number, size));
                }
                awaitValue(reader, 20_000 % 3, 20_000, size);
                awaitValue(reader, 19_999 % 3, 19_999, size);
                assertTrue(reader.version() < 20_000, "each version came");

                receives.kill();
                writer.set(0, Numbered.of(1, size));
                receivingEnd("values");
                awaitValue(reader, 0, 1, size);
                sends.kill();
                writer.set(2, Numbered.of(2, size));
                sendingEnd("values");
                awaitValue(reader, 2, 2, size);
            }
        }
    }

    private static void awaitValue(LatestReader reader, int index, int number, int size) throws Exception {
        ByteBuffer copy = ByteBuffer.allocate(size);
        ByteBuffer expected = Numbered.of(number, size);
        long version = 0;
        do {
            assertTrue(reader.awaitNewer(index, version, LONG), "the value does not come");
            version = reader.read(index, copy.clear());
        } while (!copy.clear().equals(expected));
    }
}
