package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Collected;
import dev.sharedregion.helpers.Numbered;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.Taken;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.message.MessageLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Message channels: what is sent, what is received, and who may open them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MessagesTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int CAPACITY = 1024;
    private static final int LARGEST = CAPACITY / 2 - 8;
    private static final MessageOptions THREE = MessageOptions.defaults().senders(3);

    private final String name = TestNames.unique();

    private final Taken taken = new Taken();

    @AfterEach
    void nothingIsLeft() {
        Reasons.assertReason(Reason.NOT_FOUND, () -> MessageReceiver.open(name));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    private static void send(MessageSender sender, int from, int to) throws InterruptedException {
        for (int number = from; number < to; number++) {
            sender.send(number, Numbered.of(number, 24));
        }
    }

    private static Peer peer(String... commands) {
        Peer peer = Peer.java(PeerProgram.class);
        for (String command : commands) {
            ask(peer, command, "ok");
        }
        return peer;
    }

    private static void ask(Peer peer, String command, String answer) {
        peer.send(command);
        peer.expect(answer);
    }

    /** Lets a peer close what it has open, and end. */
    private static void end(Peer peer) {
        peer.closeInput();
        assertEquals(0, peer.exitStatus());
    }

    @Test
    void messagesArriveAsTheyWereSent() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            assertEquals(LARGEST, sender.largestRecord());
            assertEquals(CAPACITY, sender.capacity());
            assertEquals(CAPACITY, receiver.capacity());
            for (int type : new int[] {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                for (int length : new int[] {0, 1, 7, 8, 9, LARGEST - 1, LARGEST, LARGEST + 1, LARGEST + 99}) {
                    sender.send(type, Numbered.of(type, length));
                    assertEquals(1, receiver.receive(
                            (received, message) -> {
                                assertEquals(type, received);
                                Numbered.check(message, type, length);
                                assertEquals(0, message.position());
                                assertEquals(length, message.capacity());
                                assertTrue(message.isReadOnly());
                                assertSame(ByteOrder.nativeOrder(), message.order());
                            },
                            1,
                            LONG));
                }
            }
        }
    }

    @Test
    void anyKindOfBufferIsTaken() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            List<ByteBuffer> messages = List.of(
                    ByteBuffer.allocate(2000).putLong(4, 1).position(4),
                    ByteBuffer.allocateDirect(2000).putLong(4, 2).position(4),
                    ByteBuffer.allocate(2000).putLong(4, 3).position(4).asReadOnlyBuffer(),
                    ByteBuffer.allocateDirect(2000).putLong(4, 4).position(4).asReadOnlyBuffer());
            for (int i = 0; i < messages.size(); i++) {
                // In one record, and in parts.
                for (int limit : new int[] {12, 900}) {
                    ByteBuffer message = messages.get(i).limit(limit);
                    sender.send(message);
                    assertEquals(4, message.position());
                    assertEquals(limit, message.limit());
                    ByteBuffer received = receiver.receive(LONG);
                    assertEquals(message, received);
                    assertEquals(i + 1, received.order(ByteOrder.BIG_ENDIAN).getLong(0));
                    assertFalse(received.isReadOnly());
                }
            }
        }
    }

    @Test
    void eitherSideComesFirst() throws Exception {
        try (MessageSender sender = MessageSender.openOrCreate(name, CAPACITY)) {
            send(sender, 0, 5);
            try (MessageReceiver receiver = MessageReceiver.openOrCreate(name, CAPACITY)) {
                assertEquals(Taken.numbers(0, 5), taken.all(receiver));
            }
            send(sender, 5, 9);
            try (MessageReceiver receiver = MessageReceiver.open(name)) {
                assertEquals(Taken.numbers(5, 9), taken.all(receiver));
            }
        }
        try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY)) {
            assertEquals(0, receiver.poll(taken::take, 1));
            assertNull(receiver.receive(Duration.ZERO));
            for (int i = 0; i < 3; i++) {
                try (MessageSender sender = MessageSender.openOrCreate(name, CAPACITY)) {
                    send(sender, i, i + 1);
                }
            }
            assertEquals(Taken.numbers(0, 3), taken.all(receiver));
        }
    }

    @Test
    void processesSendAndReceive() throws Exception {
        try (Peer creator = peer("createSender " + name + " 1024 3", "sendMessage 1 100");
                Peer receiver = peer("openMessages " + name);
                Peer second = peer("openSender " + name)) {
            for (int i = 2; i < 20; i++) {
                ask(creator, "sendMessage " + i + " " + i, "ok");
            }
            end(creator);
            ask(receiver, "receiveMessage PT60S", "1 100");
            for (int i = 2; i < 20; i++) {
                ask(receiver, "receiveMessage PT60S", i + " " + i);
            }
            ask(receiver, "receiveMessage PT0S", "none");
            // Longer than its ring.
            second.send("sendMessage 50 5000");
            ask(receiver, "receiveMessage PT60S", "50 5000");
            second.expect("ok");
            end(second);
            end(receiver);
        }
    }

    @Test
    void messagesOutliveTheirSenderAndTheirReceiver() throws Exception {
        try (Peer sender = peer("createSender " + name + " 1024 1", "sendMessage 1 10", "sendMessage 2 20");
                MessageReceiver keeper = MessageReceiver.open(name)) {
            sender.kill();
            assertEquals(64 - 8, keeper.backlog());
            try (Peer successor = peer("openSender " + name, "sendMessage 3 30")) {
                end(successor);
            }
            assertEquals(1, keeper.poll(taken::take, 1));
            try (MessageSender last = MessageSender.openOrCreate(name, CAPACITY)) {
                keeper.close();
                last.send(4, Numbered.of(4, 40));
                try (MessageReceiver next = MessageReceiver.open(name)) {
                    assertEquals(List.of(2, 3, 4), taken.all(next));
                    assertEquals(0, next.backlog());
                    assertEquals(0, next.aborted());
                }
            }
        }
    }

    @Test
    void aChannelThatIsOtherwiseIsRefused() throws Exception {
        MessageOptions options = THREE.schema(7);
        try (MessageSender sender = MessageSender.create(name, CAPACITY, options)) {
            send(sender, 0, 1);
            for (int capacity : new int[] {CAPACITY - 64, CAPACITY + 64}) {
                String there = "1024 bytes for each of 3 senders";
                String asked = capacity + " bytes for each of 3 senders";
                assertMismatch(there, asked, () -> MessageSender.openOrCreate(name, capacity, options));
                assertMismatch(there, asked, () -> MessageReceiver.openOrCreate(name, capacity, options));
            }
            assertMismatch("of 3 senders", "for 1 sender", () -> MessageReceiver.openOrCreate(name, CAPACITY));
            assertMismatch("of 3", "of 4", () -> MessageSender.openOrCreate(name, CAPACITY, options.senders(4)));
            assertMismatch("schema is 7", "8 was", () -> MessageSender.open(name, options.schema(8)));
            assertMismatch("schema is 7", "8 was", () -> MessageReceiver.open(name, options.schema(8)));
            assertMismatch(
                    "schema is 7", "-1 was", () -> MessageReceiver.openOrCreate(name, CAPACITY, THREE.schema(-1)));
            Reasons.assertReason(Reason.ALREADY_EXISTS, () -> MessageSender.create(name, CAPACITY, options));
            Reasons.assertReason(Reason.ALREADY_EXISTS, () -> MessageReceiver.create(name, CAPACITY, options));
            MessageSender.open(name, MessageOptions.defaults().senders(9)).close();
            try (MessageReceiver receiver = MessageReceiver.openOrCreate(name, CAPACITY, THREE)) {
                assertEquals(Taken.numbers(0, 1), taken.all(receiver));
            }
            MessageReceiver.open(name, options).close();
        }
    }

    private static void assertMismatch(String there, String asked, Executable call) {
        String message = Reasons.assertReason(Reason.WRONG_KIND, call).getMessage();
        assertTrue(message.contains(there) && message.contains(asked), message);
    }

    @Test
    void optionsAreChecked() {
        for (int senders : new int[] {-1, 0, 256}) {
            assertThrows(IllegalArgumentException.class, () -> MessageOptions.defaults().senders(senders));
        }
        assertThrows(IllegalArgumentException.class, () -> MessageOptions.defaults().longestAssembled(-1));
        for (int capacity : new int[] {-64, 0, 64, 127, 129, 1000, (1 << 30) + 64, Integer.MIN_VALUE}) {
            for (Executable call : List.<Executable>of(
                    () -> MessageSender.create(name, capacity),
                    () -> MessageSender.openOrCreate(name, capacity),
                    () -> MessageReceiver.create(name, capacity),
                    () -> MessageReceiver.openOrCreate(name, capacity))) {
                String message = assertThrows(IllegalArgumentException.class, call).getMessage();
                assertTrue(message.contains(" " + capacity + " "), message);
            }
        }
    }

    @Test
    void thereIsOneReceiver() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY);
                Peer first = peer("openMessages " + name)) {
            for (Executable call : List.<Executable>of(
                    () -> MessageReceiver.open(name), () -> MessageReceiver.openOrCreate(name, CAPACITY))) {
                String message = Reasons.assertReason(Reason.IN_USE, call).getMessage();
                assertTrue(message.contains("process " + first.pid()) && message.contains(name), message);
            }
            assertTrue(sender.toString().contains("receiver: process " + first.pid()), sender::toString);
            send(sender, 0, 3);
            ask(first, "receiveMessage PT60S", "0 24");
            first.kill();
            assertTrue(sender.toString().contains(first.pid() + ", which has died"), sender::toString);
            try (MessageReceiver successor = MessageReceiver.open(name)) {
                assertEquals(Taken.numbers(1, 3), taken.all(successor));
                String message = Reasons.assertReason(Reason.IN_USE, () -> MessageReceiver.open(name)).getMessage();
                assertTrue(message.contains("process " + ProcessHandle.current().pid() + " (this one)"), message);
            }
            MessageReceiver.open(name).close();
        }
    }

    @Test
    void thereAreAsManySendersAsTheChannelHasRoomFor() throws Exception {
        try (Peer only = peer("createSender " + name + " 1024 1")) {
            String message = Reasons.assertReason(Reason.IN_USE, () -> MessageSender.open(name)).getMessage();
            assertTrue(message.contains("one sender, process " + only.pid()), message);
            end(only);
        }
        try (Peer first = peer("createSender " + name + " 1024 3", "sendMessage 1 1");
                Peer killed = peer("openSender " + name, "sendMessage 2 2");
                MessageReceiver receiver = MessageReceiver.open(name);
                MessageSender third = MessageSender.open(name)) {
            String message = Reasons.assertReason(Reason.IN_USE, () -> MessageSender.open(name)).getMessage();
            assertTrue(message.contains("3 senders") && message.contains("process " + first.pid()), message);
            killed.kill();
            try (MessageSender successor = MessageSender.open(name)) {
                Reasons.assertReason(Reason.IN_USE, () -> MessageSender.open(name));
                send(successor, 3, 4);
                send(third, 4, 5);
                assertEquals(List.of(1, 2, 3, 4), taken.all(receiver).stream().sorted().toList());
                assertEquals(0, receiver.aborted());
            }
            end(first);
        }
    }

    @Test
    void bothSidesWaitForTheChannel() throws Exception {
        SharedMemoryException e =
                Reasons.assertReason(Reason.NOT_FOUND, () -> MessageReceiver.open(name, Duration.ofMillis(50)));
        assertTrue(e.getMessage().startsWith("Cannot open channel \"" + name + "\""), e::getMessage);
        Reasons.assertReason(Reason.NOT_FOUND, () -> MessageSender.open(name));
        try (Peer receiver = Peer.java(PeerProgram.class);
                Peer sender = Peer.java(PeerProgram.class)) {
            receiver.send("openMessages " + name);
            sender.send("createSender " + name + " 1024 2");
            MessageSender.open(name, LONG).close();
            receiver.expect("ok");
            sender.expect("ok");
            end(sender);
            end(receiver);
        }
    }

    /** The region is there, but its creator has died before it wrote the header. */
    @Test
    void aChannelWithoutAHeaderIsMadeByTheNextThatMay() throws Exception {
        try (SharedRegion region = SharedRegion.create(name + ".messages", 4096 + CAPACITY)) {
            Reasons.assertReason(Reason.NOT_FOUND, () -> MessageReceiver.open(name));
            Reasons.assertReason(Reason.NOT_FOUND, () -> MessageSender.open(name));
            Reasons.assertReason(Reason.TOO_SMALL, () -> MessageSender.openOrCreate(name, 1 << 20));
            assertEquals(0, region.pointer().getLong(0));
            try (MessageReceiver receiver = MessageReceiver.openOrCreate(name, CAPACITY);
                    MessageSender sender = MessageSender.open(name)) {
                send(sender, 0, 3);
                assertEquals(Taken.numbers(0, 3), taken.all(receiver));
            }
        }
    }

    @Test
    void anotherProgramsRegionStaysAsItIs() {
        try (SharedRegion region = SharedRegion.create(name + ".messages", 1 << 14)) {
            region.pointer().setLong(0, 1);
            Reasons.assertReason(Reason.WRONG_KIND, () -> MessageSender.openOrCreate(name, CAPACITY));
            Reasons.assertReason(Reason.WRONG_KIND, () -> MessageReceiver.open(name));
            region.pointer().write(0, MessageLayout.MAGIC_VALUE, 0, 6);
            region.pointer().setShort(MessageLayout.VERSION, (short) 9);
            Reasons.assertReason(Reason.UNSUPPORTED, () -> MessageSender.openOrCreate(name, CAPACITY));
            Reasons.assertReason(Reason.UNSUPPORTED, () -> MessageReceiver.open(name));
            for (int at = 8; at < 1 << 14; at += 8) {
                assertEquals(0, region.pointer().getLong(at));
            }
        }
    }

    @Test
    void messagesOfOneSenderArriveInTheirOrder() throws Exception {
        try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY, THREE);
                MessageSender first = MessageSender.open(name);
                MessageSender second = MessageSender.open(name)) {
            int[] next = {0, 1000};
            for (int round = 0; round < 500; round++) {
                send(first, 2 * round, 2 * round + 2);
                send(second, 1000 + round, 1000 + round + 1);
                receiver.poll(
                        (type, message) -> assertEquals(next[type < 1000 ? 0 : 1]++, type), round % 4 == 3 ? 12 : 2);
            }
            receiver.poll((type, message) -> assertEquals(next[type < 1000 ? 0 : 1]++, type), 100);
            assertEquals(1000, next[0]);
            assertEquals(1500, next[1]);
        }
    }

    /** Its lane is never empty: each of its messages, when it is handled, is followed by another one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1000, Integer.MAX_VALUE})
    void aBusySenderDoesNotStarveAnother(int limit) throws Exception {
        try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY, THREE);
                MessageSender busy = MessageSender.open(name);
                MessageSender other = MessageSender.open(name)) {
            AtomicInteger before = new AtomicInteger();
            AtomicInteger others = new AtomicInteger();
            for (int round = 0; round < 5; round++) {
                int expected = round + 1;
                send(busy, 0, 20);
                send(other, 1000, 1001);
                before.set(0);
                while (others.get() < expected) {
                    receiver.poll(
                            (type, message) -> {
                                if (type == 1000) {
                                    others.incrementAndGet();
                                } else if (others.get() < expected) {
                                    assertTrue(before.incrementAndGet() <= 3 * CAPACITY / 8, "the other one starves");
                                    busy.offer(ByteBuffer.allocate(8));
                                }
                            },
                            limit);
                }
                takeRest(receiver);
            }
        }
    }

    private static void takeRest(MessageReceiver receiver) {
        while (receiver.poll((type, message) -> { }, 100) > 0) {
            // More.
        }
    }

    /** Every length, with the ring's end at every place of a record. */
    @ParameterizedTest
    @ValueSource(ints = {128, 192, 1024})
    void everyLengthGoesThroughASmallRing(int capacity) throws Exception {
        Random random = new Random(capacity);
        try (MessageSender sender = MessageSender.create(name, capacity);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            int largest = sender.largestRecord();
            assertEquals(capacity / 2 - 8, largest);
            List<Integer> lengths = new ArrayList<>();
            for (int shift = 0; shift <= largest; shift++) {
                for (int length = 0; length <= largest; length++) {
                    // Every pair of neighbours, and then random ones.
                    lengths.add((length * (shift + 1)) % (largest + 1));
                }
                for (int i = 0; i < 10; i++) {
                    lengths.add(random.nextInt(largest + 1));
                }
            }
            int sent = 0;
            int[] received = {0};
            while (received[0] < lengths.size()) {
                for (int most = random.nextInt(6); most > 0 && sent < lengths.size(); most--) {
                    if (!sender.offer(sent, Numbered.of(sent, lengths.get(sent)))) {
                        assertTrue(sent > received[0], "there is room for any record in an empty ring");
                        break;
                    }
                    sent++;
                }
                receiver.poll(
                        (type, message) -> {
                            assertEquals(received[0], type);
                            Numbered.check(message, type, lengths.get(type));
                            received[0]++;
                        },
                        1 + random.nextInt(4));
            }
            assertEquals(0, receiver.backlog());
        }
    }

    @Test
    void noMoreThanTheLimitIsHandedOver() throws Exception {
        try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY, THREE);
                MessageSender first = MessageSender.open(name);
                MessageSender second = MessageSender.open(name)) {
            send(first, 0, 10);
            send(second, 10, 20);
            assertEquals(1, receiver.poll(taken::take, 1));
            assertEquals(7, receiver.receive(taken::take, 7, LONG));
            assertEquals(8, taken.numbers.size());
            assertEquals(12, receiver.receive(taken::take, 100, LONG));
            assertEquals(Taken.numbers(0, 20), taken.numbers.stream().sorted().toList());
            assertEquals(0, receiver.poll(taken::take, 100));
            assertEquals(0, receiver.receive(taken::take, 100, Duration.ZERO));
            for (int limit : new int[] {0, -1}) {
                assertThrows(IllegalArgumentException.class, () -> receiver.poll(taken::take, limit));
                assertThrows(IllegalArgumentException.class, () -> receiver.receive(taken::take, limit, LONG));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> receiver.receiveParts((sender, type, part, last) -> { }, limit, LONG));
            }
        }
    }

    @Test
    void aQuarterIsReleasedWithinALongBatch() throws Exception {
        int all = CAPACITY / 32;
        try (MessageSender sender = MessageSender.create(name, CAPACITY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            send(sender, 0, all);
            assertEquals(CAPACITY, receiver.backlog());
            assertEquals(all, receiver.poll(
                    (type, message) -> {
                        boolean released = type > 0 && type % (all / 4) == 0;
                        assertEquals(released ? CAPACITY / 4 * 3 : CAPACITY, sender.backlog());
                        assertEquals(released, sender.offer(type, Numbered.of(type, CAPACITY / 4 - 8)));
                        taken.take(type, message);
                    },
                    all));
            assertEquals(Taken.numbers(0, all), taken.numbers);
            assertEquals(List.of(8, 16, 24), taken.all(receiver));
        }
    }

    @Test
    void theBacklogIsWhatWasSentAndNotReleased() throws Exception {
        try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY, THREE);
                MessageSender first = MessageSender.open(name);
                MessageSender second = MessageSender.open(name)) {
            assertEquals(0, receiver.backlog());
            first.send(ByteBuffer.allocate(0));
            assertEquals(8, first.backlog());
            second.send(ByteBuffer.allocate(1));
            assertEquals(24, first.backlog());
            assertEquals(24, second.backlog());
            assertEquals(24, receiver.backlog());
            receiver.poll((type, message) -> assertEquals(24, receiver.backlog()), 1);
            assertEquals(16, receiver.backlog());
            receiver.poll((type, message) -> assertEquals(16, receiver.backlog()), 1);
            assertEquals(0, second.backlog());
        }
    }

    @Test
    void sendsThatFindNoRoomAreCounted() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                MessageSender other = MessageSender.open(name);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            send(sender, 0, 32);
            assertEquals(0, receiver.fullCount());
            for (int i = 1; i <= 3; i++) {
                assertFalse(sender.offer(Numbered.of(0, 0)));
                assertNull(sender.tryClaim(0));
                assertEquals(2 * i, receiver.fullCount());
            }
            assertTrue(other.offer(1, Numbered.of(1, 10)));
            assertEquals(6, other.fullCount());
            taken.all(receiver);
            assertTrue(sender.offer(Numbered.of(0, 0)));
            assertEquals(6, sender.fullCount());
        }
    }

    @Test
    void aMessageThatIsTooLongForARecordIsRefused() {
        try (MessageSender sender = MessageSender.create(name, CAPACITY)) {
            for (Executable call : List.<Executable>of(
                    () -> sender.offer(ByteBuffer.allocate(LARGEST + 1)),
                    () -> sender.tryClaim(LARGEST + 1),
                    () -> sender.claim(3, LARGEST + 1, LONG))) {
                String message = assertThrows(IllegalArgumentException.class, call).getMessage();
                assertTrue(message.contains("" + (LARGEST + 1)) && message.contains("0 to " + LARGEST), message);
                assertTrue(message.contains(name), message);
            }
            for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                String message =
                        assertThrows(IllegalArgumentException.class, () -> sender.tryClaim(length)).getMessage();
                assertTrue(message.contains("" + length), message);
            }
            assertEquals(0, sender.backlog());
            assertEquals(0, sender.aborted());
        }
    }

    @Test
    void aHandlerThatThrowsHasGotItsMessage() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            send(sender, 0, 5);
            Error failure = new Error();
            for (int i = 0; i < 2; i++) {
                int number = i;
                assertSame(failure, assertThrows(Error.class, () -> receiver.receive(
                        (type, message) -> {
                            assertEquals(number, type);
                            throw failure;
                        },
                        10,
                        LONG)));
                assertEquals((4 - i) * 32, receiver.backlog());
            }
            assertEquals(Taken.numbers(2, 5), taken.all(receiver));
        }
    }

    @Test
    void aHandlerMayCloseItsReceiver() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY)) {
            send(sender, 0, 5);
            MessageReceiver receiver = MessageReceiver.open(name);
            assertEquals(2, receiver.poll(
                    (type, message) -> {
                        if (type == 1) {
                            receiver.close();
                            assertTrue(receiver.isClosed());
                            Reasons.assertReason(Reason.IN_USE, () -> MessageReceiver.open(name));
                            Numbered.check(message, 1, 24);
                        }
                        taken.take(type, message);
                    },
                    10));
            assertEquals(Taken.numbers(0, 2), taken.numbers);
            assertThrows(IllegalStateException.class, () -> receiver.poll(taken::take, 1));
            try (MessageReceiver next = MessageReceiver.open(name)) {
                assertEquals(Taken.numbers(2, 5), taken.all(next));
            }
        }
    }

    @Test
    void aHandlerMustNotReceive() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            send(sender, 0, 3);
            assertEquals(3, receiver.poll(
                    (type, message) -> {
                        for (Executable call : List.<Executable>of(
                                () -> receiver.poll(taken::take, 1),
                                receiver::receive,
                                () -> receiver.receive(Duration.ZERO),
                                () -> receiver.receive(taken::take, 1, LONG),
                                () -> receiver.receiveParts((from, kind, part, last) -> { }, 1, LONG))) {
                            String text = assertThrows(IllegalStateException.class, call).getMessage();
                            assertTrue(text.contains(name), text);
                        }
                        taken.take(type, message);
                    },
                    10));
            assertEquals(Taken.numbers(0, 3), taken.numbers);
            send(sender, 3, 4);
            assertEquals(Taken.numbers(3, 4), taken.all(receiver));
        }
    }

    @Test
    void aHandlerMaySend() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            send(sender, 0, 1);
            for (int round = 0; round < 200; round++) {
                int number = round;
                assertEquals(1, receiver.poll(
                        (type, message) -> {
                            taken.take(type, message);
                            assertTrue(sender.offer(number + 1, Numbered.of(number + 1, 24)));
                        },
                        1));
            }
            assertEquals(Taken.numbers(0, 200), taken.numbers);
        }
    }

    @Test
    void theDescriptionTellsWhoIsThere() throws Exception {
        long self = ProcessHandle.current().pid();
        MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
        send(sender, 0, 2);
        assertEquals(
                "channel \"" + name + "\" (sender in lane 1, 1024 bytes for each of 3 senders, backlog 64, receiver: "
                        + "none, senders: process " + self + " (this one))",
                sender.toString());
        try (Peer other = peer("openSender " + name);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            assertEquals(
                    "channel \"" + name + "\" (receiver, 1024 bytes for each of 3 senders, backlog 64, receiver: "
                            + "process " + self + " (this one), senders: process " + self + " (this one), process "
                            + other.pid() + ")",
                    receiver.toString());
            ask(other, "claimMessage 10", "ok");
            assertTrue(receiver.toString().contains(other.pid() + " in the middle of a message"), receiver::toString);
            assertEquals(0, receiver.aborted(), "it lives");
            other.kill();
            assertTrue(
                    receiver.toString().contains(other.pid() + ", which has died in the middle of a message"),
                    receiver::toString);
            assertEquals(1, receiver.aborted());
            sender.close();
            assertTrue(receiver.toString().contains("senders: process " + other.pid()), receiver::toString);
            try (MessageSender first = MessageSender.open(name);
                    MessageSender successor = MessageSender.open(name)) {
                assertFalse(receiver.toString().matches("(?s).*process " + other.pid() + "\\b.*"), receiver::toString);
                assertEquals(1, receiver.aborted());
                assertFalse(first.isClosed() || successor.isClosed());
            }
            assertTrue(receiver.toString().endsWith("senders: none)"), receiver::toString);
        }
    }

    @Test
    void useAfterCloseIsTold() throws Exception {
        MessageSender sender = MessageSender.create(name, CAPACITY);
        MessageReceiver receiver = MessageReceiver.open(name);
        ByteBuffer message = ByteBuffer.allocate(8);
        assertFalse(sender.isClosed() || receiver.isClosed());
        for (int i = 0; i < 2; i++) {
            sender.close();
            receiver.close();
        }
        for (Executable call : List.<Executable>of(
                () -> sender.send(message),
                () -> sender.send(1, message),
                () -> sender.send(1, message, Duration.ZERO),
                () -> sender.send(ByteBuffer.allocate(10_000)),
                () -> sender.offer(message),
                () -> sender.tryClaim(1),
                () -> sender.claim(1, 1, LONG),
                sender::openMessage,
                sender::backlog,
                sender::aborted,
                sender::fullCount,
                () -> receiver.poll(taken::take, 1),
                receiver::receive,
                () -> receiver.receive(Duration.ZERO),
                () -> receiver.receive(taken::take, 1, LONG),
                () -> receiver.receiveParts((from, type, part, last) -> { }, 1, LONG),
                () -> receiver.await(Duration.ZERO),
                receiver::awaitAsync,
                receiver::backlog,
                receiver::aborted,
                receiver::fullCount)) {
            String text = assertThrows(IllegalStateException.class, call).getMessage();
            assertTrue(text.contains(name) && text.endsWith("is closed."), text);
        }
        assertTrue(sender.isClosed() && receiver.isClosed());
        assertEquals(name, sender.name());
        assertEquals(name, receiver.name());
        assertEquals(CAPACITY, sender.capacity());
        assertEquals(CAPACITY, receiver.capacity());
        assertEquals(LARGEST, sender.largestRecord());
        assertEquals(
                "channel \"" + name + "\" (sender in lane 1, 1024 bytes for 1 sender, closed)", sender.toString());
        assertEquals("channel \"" + name + "\" (receiver, 1024 bytes for 1 sender, closed)", receiver.toString());
    }

    @Test
    void theCollectorClosesWhatIsDropped() throws Exception {
        MessageSender.create(name, CAPACITY).send(Numbered.of(0, 8));
        MessageReceiver.open(name).poll(taken::take, 1);
        Collected.awaitGone(name + ".messages");
    }
}
