package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Numbered;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are written in place, that are sent in parts, and that are received in parts. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MessagePartsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int CAPACITY = 1024;
    private static final int LARGEST = CAPACITY / 2 - 8;
    private static final int LIMIT = 20_000;

    private final String name = TestNames.unique();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final MessageSender sender =
            MessageSender.create(name, CAPACITY, MessageOptions.defaults().senders(3));
    private final MessageReceiver receiver =
            MessageReceiver.open(name, MessageOptions.defaults().longestAssembled(LIMIT));

    /** What {@link #takePart} got: a letter and a number for each call. */
    private final List<String> parts = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        sender.close();
        receiver.close();
        others.shutdownNow();
        assertTrue(others.awaitTermination(1, TimeUnit.MINUTES), "a thread hangs");
        Reasons.assertReason(Reason.NOT_FOUND, () -> MessageReceiver.open(name));
        TestNames.removeLeftovers(name);
    }

    /** Takes one message, which must be there or come. */
    private void take(int number, int length) throws InterruptedException {
        assertEquals(1, receiver.receive(
                (type, message) -> {
                    assertEquals(number, type);
                    Numbered.check(message, number, length);
                    assertTrue(message.isReadOnly());
                    assertSame(ByteOrder.nativeOrder(), message.order());
                },
                1,
                LONG));
    }

    private void assertNothing() throws InterruptedException {
        assertNull(receiver.receive(Duration.ZERO));
        assertEquals(0, receiver.backlog());
    }

    private final MessagePartHandler takePart = new MessagePartHandler() {
        @Override
        public void onPart(int from, int type, ByteBuffer part, boolean last) {
            assertTrue(part.isReadOnly());
            assertSame(ByteOrder.nativeOrder(), part.order());
            parts.add(from + " " + type + " " + part.remaining() + (last ? " last" : ""));
        }

        @Override
        public void onAborted(int from) {
            parts.add(from + " aborted");
        }
    };

    /** Takes the parts that are there. */
    private List<String> takeParts() throws InterruptedException {
        parts.clear();
        while (receiver.receiveParts(takePart, 3, Duration.ZERO) > 0) {
            // More.
        }
        return List.copyOf(parts);
    }

    private static Peer peer(String... commands) {
        Peer peer = Peer.java(PeerProgram.class);
        for (String command : commands) {
            peer.send(command);
            peer.expect("ok");
        }
        return peer;
    }

    private static void end(Peer peer) {
        peer.closeInput();
        assertEquals(0, peer.exitStatus());
    }

    @Test
    void aClaimIsWrittenInPlace() throws Exception {
        for (int length : new int[] {0, 1, 100, LARGEST}) {
            for (int round = 0; round < 5; round++) {
                try (MessageSender.Claim claim = sender.tryClaim(length, length)) {
                    assertNull(receiver.receive(Duration.ZERO), "not yet committed");
                    assertEquals(length, claim.buffer().remaining());
                    assertSame(ByteOrder.nativeOrder(), claim.buffer().order());
                    if (round % 2 == 0) {
                        Numbered.fill(claim.buffer(), length);
                    } else {
                        Numbered.fill(claim.pointer().getByteBuffer(0, length), length);
                        assertThrows(IndexOutOfBoundsException.class, () -> claim.pointer().getByte(length));
                    }
                    claim.commit();
                }
                take(length, length);
            }
        }
        assertNothing();
        assertEquals(0, receiver.aborted());
    }

    @Test
    void aClaimThatIsClosedSendsNothing() throws Exception {
        for (int round = 0; round < 40; round++) {
            MessageSender.Claim claim = sender.claim(1, 300, LONG);
            claim.buffer().putInt(0, 1);
            claim.close();
            claim.close();
            assertThrows(IllegalStateException.class, claim::commit);
            assertNothing();
            sender.send(round, Numbered.of(round, 40));
            take(round, 40);
        }
        assertEquals(0, receiver.aborted(), "nothing was lost");
    }

    @Test
    void aClaimIsCommittedOnce() throws Exception {
        MessageSender.Claim claim = sender.tryClaim(7, 10);
        Numbered.fill(claim.buffer(), 7);
        claim.commit();
        assertThrows(IllegalStateException.class, claim::commit);
        claim.close();
        MessageSender.Claim next = sender.tryClaim(8, 10);
        String text = assertThrows(IllegalStateException.class, claim::commit).getMessage();
        assertTrue(text.contains(name), text);
        claim.close();
        Numbered.fill(next.buffer(), 8);
        next.commit();
        take(7, 10);
        take(8, 10);
        assertNothing();
    }

    @Test
    void whileAThreadWritesAMessageItSendsNoOther() throws Exception {
        try (MessageSender.Claim claim = sender.tryClaim(10)) {
            assertRefused();
            claim.buffer();
        }
        try (MessageSender.OutgoingMessage message = sender.openMessage()) {
            assertRefused();
            message.write(ByteBuffer.allocate(100));
            assertRefused();
        }
        try (MessageSender own = MessageSender.open(name);
                MessageSender.Claim claim = sender.tryClaim(1, 0)) {
            own.send(2, Numbered.of(2, 10));
            take(2, 10);
            claim.commit();
            take(1, 0);
        }
    }

    private void assertRefused() {
        for (Executable call : List.<Executable>of(
                () -> sender.send(ByteBuffer.allocate(8)),
                () -> sender.send(0, ByteBuffer.allocate(8), Duration.ZERO),
                () -> sender.send(ByteBuffer.allocate(5_000)),
                () -> sender.offer(ByteBuffer.allocate(8)),
                () -> sender.tryClaim(8),
                () -> sender.claim(0, 8, LONG),
                sender::openMessage)) {
            String text = assertThrows(IllegalStateException.class, call).getMessage();
            assertTrue(text.contains(name) && text.contains("in place or in parts"), text);
        }
    }

    @Test
    void aSenderThatIsClosedGivesItsClaimUp() throws Exception {
        MessageSender own = MessageSender.open(name);
        own.send(1, Numbered.of(1, 10));
        MessageSender.Claim claim = own.tryClaim(10);
        ByteBuffer bytes = claim.buffer();
        own.close();
        bytes.putInt(0, 1);
        assertThrows(IllegalStateException.class, claim::commit);
        assertThrows(IllegalStateException.class, claim::buffer);
        assertThrows(IllegalStateException.class, claim::pointer);
        claim.close();
        take(1, 10);
        assertNothing();
        try (MessageSender next = MessageSender.open(name)) {
            next.send(2, Numbered.of(2, 10));
            take(2, 10);
        }
        assertEquals(0, receiver.aborted());
    }

    @Test
    void aSenderThatIsClosedGivesItsMessageInPartsUp() throws Exception {
        MessageSender own = MessageSender.open(name);
        MessageSender.OutgoingMessage message = own.openMessage(3);
        message.write(ByteBuffer.allocate(100));
        assertTrue(message.isOpen());
        own.close();
        assertFalse(message.isOpen());
        assertThrows(IllegalStateException.class, () -> message.write(ByteBuffer.allocate(1)));
        assertThrows(IllegalStateException.class, message::commit);
        message.close();
        assertEquals(1, receiver.aborted());
        assertNothing();
        try (MessageSender next = MessageSender.open(name)) {
            next.send(2, Numbered.of(2, 10));
            take(2, 10);
        }
        assertEquals(1, receiver.aborted());
    }

    @Test
    void aKilledSendersMessageIsCountedOnce() throws Exception {
        int aborted = 0;
        for (String[] commands : new String[][] {
            {"claimMessage 100"}, {"beginMessage 9 400"}, {"sendMessage 5 10", "claimMessage 400"}
        }) {
            try (Peer killed = peer("openSender " + name)) {
                for (String each : commands) {
                    killed.send(each);
                    killed.expect("ok");
                }
                assertEquals(aborted, receiver.aborted());
                killed.kill();
            }
            aborted++;
            assertEquals(aborted, receiver.aborted());
            assertEquals(aborted, sender.aborted());
            for (int successor = 0; successor < 3; successor++) {
                MessageSender.open(name).close();
                assertEquals(aborted, receiver.aborted());
            }
        }
        take(5, 10);
        assertNothing();
    }

    @Test
    void aMessageOfAnyLengthGoesThroughTheSmallestRing() throws Exception {
        String small = name + "-small";
        try (MessageSender from = MessageSender.create(small, 128);
                MessageReceiver to = MessageReceiver.open(small)) {
            for (int length : new int[] {0, 1, 23, 24, 25, 48, 56, 57, 1_000, 100_000}) {
                for (int piece : new int[] {1, 7, 24, 1_000_000}) {
                    if (length / piece > 10_000) {
                        continue;
                    }
                    Future<?> sending = others.submit(() -> {
                        write(from, length, piece);
                        return null;
                    });
                    ByteBuffer received = to.receive(LONG);
                    assertNotNull(received);
                    Numbered.check(received, length, length);
                    sending.get();
                }
            }
            assertEquals(0, to.backlog());
            assertEquals(0, to.aborted());
        }
    }

    private static void write(MessageSender to, int length, int piece) throws Exception {
        ByteBuffer bytes = Numbered.of(length, length);
        try (MessageSender.OutgoingMessage message = to.openMessage(length)) {
            while (bytes.hasRemaining()) {
                ByteBuffer next = bytes.slice(bytes.position(), Math.min(piece, bytes.remaining()));
                int size = next.remaining();
                assertEquals(size, message.write(next));
                assertFalse(next.hasRemaining());
                bytes.position(bytes.position() + size);
            }
            assertEquals(0, message.write(ByteBuffer.allocate(0)));
            message.commit();
            assertFalse(message.isOpen());
            assertThrows(IllegalStateException.class, message::commit);
            assertThrows(IllegalStateException.class, () -> message.write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aMessageInPartsThatIsClosedIsDropped() throws Exception {
        MessageSender.OutgoingMessage unwritten = sender.openMessage(1);
        unwritten.close();
        assertFalse(unwritten.isOpen());
        assertEquals(0, receiver.aborted(), "nothing of it was sent");
        for (int round = 1; round <= 20; round++) {
            MessageSender.OutgoingMessage message = sender.openMessage(1);
            message.write(ByteBuffer.allocate(10 * round));
            message.close();
            message.close();
            assertEquals(round, receiver.aborted());
            assertNothing();
            sender.send(2, Numbered.of(2, 700));
            take(2, 700);
            sender.send(2, Numbered.of(2, 7));
            take(2, 7);
        }
    }

    @Test
    void anEmptyMessageInPartsIsAMessage() throws Exception {
        try (MessageSender.OutgoingMessage message = sender.openMessage(6)) {
            message.commit();
        }
        take(6, 0);
        try (MessageSender.OutgoingMessage message = sender.openMessage(6)) {
            message.write(ByteBuffer.allocate(0));
            message.commit();
        }
        assertEquals(List.of("1 6 0 last"), takeParts());
        assertEquals(0, receiver.aborted());
    }

    @Test
    void channelsAndFilesAreTransferred(@TempDir Path folder) throws Exception {
        int length = 15_000;
        byte[] bytes = new byte[length];
        Numbered.fill(ByteBuffer.wrap(bytes), 4);
        Path file = Files.write(folder.resolve("file"), bytes);
        Future<?> sending = others.submit(() -> {
            try (FileChannel from = FileChannel.open(file);
                    MessageSender.OutgoingMessage message = sender.openMessage(4)) {
                assertEquals(length, from.transferTo(0, length, message));
                message.commit();
            }
            try (MessageSender.OutgoingMessage message = sender.openMessage(4)) {
                // By a stream, whose close would close the message.
                new ByteArrayInputStream(bytes).transferTo(Channels.newOutputStream(message));
                message.commit();
            }
            try (MessageSender.OutgoingMessage message = sender.openMessage(4)) {
                Files.copy(file, Channels.newOutputStream(message));
                message.commit();
            }
            return null;
        });
        for (int i = 0; i < 3; i++) {
            take(4, length);
        }
        sending.get();
    }

    @Test
    void aMessageThatIsLongerThanARecordGoesInParts() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int number = round;
            int length = random.nextInt(LIMIT + 1);
            Future<?> sending = others.submit(() -> {
                ByteBuffer bytes = Numbered.of(number, length);
                sender.send(number, bytes);
                assertEquals(length, bytes.remaining());
                return null;
            });
            take(number, length);
            sending.get();
        }
        assertNothing();
        assertEquals(0, receiver.aborted());
    }

    @Test
    void aMessageThatIsTooLongIsDroppedAndTold() throws Exception {
        for (int length : new int[] {LIMIT + 1, 3 * LIMIT}) {
            Future<?> sending = others.submit(() -> {
                sender.send(1, Numbered.of(1, LIMIT));
                sender.send(2, Numbered.of(2, length));
                sender.send(3, Numbered.of(3, LIMIT));
                return null;
            });
            take(1, LIMIT);
            SharedMemoryException e = Reasons.assertReason(Reason.NO_SPACE, () -> receiver.receive(LONG));
            assertTrue(
                    e.getMessage().contains("" + length) && e.getMessage().contains("" + LIMIT)
                            && e.getMessage().contains(name),
                    e::getMessage);
            take(3, LIMIT);
            sending.get();
        }
        receiver.close();
        try (MessageReceiver none = MessageReceiver.open(name, MessageOptions.defaults().longestAssembled(0))) {
            // What goes as a whole is not assembled.
            sender.send(1, Numbered.of(1, LARGEST));
            Numbered.check(none.receive(LONG), 1, LARGEST);
            sender.send(1, Numbered.of(1, LARGEST + 1));
            Reasons.assertReason(Reason.NO_SPACE, () -> none.receive(LONG));
            try (MessageSender.OutgoingMessage empty = sender.openMessage()) {
                empty.commit();
            }
            assertEquals(0, none.receive(LONG).remaining());
        }
    }

    @Test
    void partsAreHandedOverAsTheyCome() throws Exception {
        sender.send(1, Numbered.of(1, 30));
        try (MessageSender.OutgoingMessage message = sender.openMessage(2)) {
            message.write(ByteBuffer.allocate(100));
            assertEquals(List.of("1 1 30 last", "1 2 100"), takeParts());
            message.write(ByteBuffer.allocate(50));
            message.write(ByteBuffer.allocate(300));
            assertEquals(List.of("1 2 50", "1 2 248", "1 2 52"), takeParts());
            message.commit();
            assertEquals(List.of("1 2 0 last"), takeParts());
        }
        assertNothing();
    }

    @Test
    void partsHaveTheBytesOfTheMessage() throws Exception {
        int length = 200_000;
        Future<?> sending = others.submit(() -> {
            sender.send(5, Numbered.of(5, length));
            return null;
        });
        long[] place = {0};
        boolean[] ended = {false};
        while (!ended[0]) {
            receiver.receiveParts(
                    (from, type, part, last) -> {
                        assertEquals(1, from);
                        assertEquals(5, type);
                        Numbered.check(part, 5, length, place[0]);
                        place[0] += part.remaining();
                        ended[0] = last;
                    },
                    4,
                    LONG);
        }
        assertEquals(length, place[0]);
        sending.get();
    }

    @Test
    void partsOfSeveralSendersTakeTurns() throws Exception {
        try (MessageSender second = MessageSender.open(name);
                MessageSender.OutgoingMessage first = sender.openMessage(1);
                MessageSender.OutgoingMessage other = second.openMessage(2)) {
            first.write(ByteBuffer.allocate(10));
            other.write(ByteBuffer.allocate(20));
            assertEquals(List.of("1 1 10", "2 2 20"), takeParts().stream().sorted().toList());
            other.write(ByteBuffer.allocate(21));
            other.commit();
            first.write(ByteBuffer.allocate(11));
            first.commit();
            assertEquals(
                    List.of("1 1 0 last", "1 1 11", "2 2 0 last", "2 2 21"), takeParts().stream().sorted().toList());
        }
    }

    @Test
    void anAbortIsToldOnce() throws Exception {
        MessageSender.OutgoingMessage given = sender.openMessage(1);
        given.write(ByteBuffer.allocate(10));
        assertEquals(List.of("1 1 10"), takeParts());
        given.close();
        sender.send(2, Numbered.of(2, 5));
        assertEquals(List.of("1 aborted", "1 2 5 last"), takeParts());
        given = sender.openMessage(1);
        given.write(ByteBuffer.allocate(10));
        given.close();
        given = sender.openMessage(3);
        given.write(ByteBuffer.allocate(9));
        given.commit();
        assertEquals(List.of("1 1 10", "1 aborted", "1 3 9", "1 3 0 last"), takeParts());
        assertEquals(2, receiver.aborted());
        assertEquals(List.of(), takeParts());
    }

    /** Its sender is closed, or killed, and nobody comes after it. */
    @Test
    void theDeathOfASenderInTheMiddleIsTold() throws Exception {
        MessageSender own = MessageSender.open(name);
        MessageSender.OutgoingMessage message = own.openMessage(8);
        message.write(ByteBuffer.allocate(10));
        try (Peer killed = peer("openSender " + name, "beginMessage 9 20")) {
            assertEquals(List.of("2 8 10", "3 9 20"), takeParts().stream().sorted().toList());
            assertEquals(List.of(), awaitAborts(1));
            own.close();
            assertEquals(List.of("2 aborted"), awaitAborts(60_000));
            killed.kill();
            assertEquals(List.of("3 aborted"), awaitAborts(60_000));
        }
        assertEquals(2, receiver.aborted());
        assertEquals(List.of(), awaitAborts(200));
    }

    private List<String> awaitAborts(int millis) throws InterruptedException {
        parts.clear();
        long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (parts.isEmpty() && System.nanoTime() - giveUp < 0) {
            receiver.receiveParts(takePart, 3, Duration.ofMillis(5));
        }
        return List.copyOf(parts);
    }

    @Test
    void aSuccessorInTheLaneEndsTheMessageOfADeadSender() throws Exception {
        try (Peer killed = peer("openSender " + name, "beginMessage 9 20")) {
            assertEquals(List.of("2 9 20"), takeParts());
            killed.kill();
        }
        try (MessageSender successor = MessageSender.open(name)) {
            successor.send(3, Numbered.of(3, 10));
            assertEquals(List.of("2 aborted", "2 3 10 last"), takeParts());
        }
        try (Peer killed = peer("openSender " + name, "beginMessage 9 20")) {
            assertNull(receiver.receive(Duration.ZERO));
            killed.kill();
        }
        try (MessageSender successor = MessageSender.open(name);
                MessageSender.OutgoingMessage message = successor.openMessage(4)) {
            ByteBuffer bytes = Numbered.of(4, 40);
            message.write(bytes.slice(0, 15));
            message.write(bytes.slice(15, 25));
            message.commit();
            take(4, 40);
        }
        assertEquals(2, receiver.aborted());
    }

    @Test
    void aPartHandlerThatThrowsHasGotItsPart() throws Exception {
        sender.send(5, ByteBuffer.allocate(LARGEST + 1));
        RuntimeException failure = new RuntimeException();
        assertSame(failure, assertThrows(RuntimeException.class, () -> receiver.receiveParts(
                (from, type, part, last) -> {
                    throw failure;
                },
                10,
                LONG)));
        assertEquals(List.of("1 5 9", "1 5 248 last"), takeParts());
    }

    /** A message that was begun by a call of one kind and goes on by one of the other kind is dropped as a whole. */
    @Test
    void callsOfBothKindsMixNoMessages() throws Exception {
        MessageSender.OutgoingMessage message = begun(1, 10);
        assertEquals(List.of("1 1 10"), takeParts());
        message.write(ByteBuffer.allocate(11));
        assertNull(receiver.receive(Duration.ZERO));
        message.write(ByteBuffer.allocate(12));
        assertEquals(List.of(), withoutAborts(takeParts()));
        message.commit();
        assertNull(receiver.receive(Duration.ZERO));
        // Begun by a call that assembles, and a part taken by one that does not.
        message = begun(2, 20);
        assertNull(receiver.receive(Duration.ZERO));
        message.write(ByteBuffer.allocate(21));
        assertEquals(List.of(), withoutAborts(takeParts()));
        message.write(ByteBuffer.allocate(22));
        message.commit();
        assertNull(receiver.receive(Duration.ZERO), "a part of it is missing");
        // Two messages: the end of one and the begin of the other come in a call that assembles.
        message = begun(3, 30);
        assertEquals(List.of("1 3 30"), takeParts());
        message.commit();
        message = begun(4, 40);
        assertNull(receiver.receive(Duration.ZERO));
        message.write(ByteBuffer.allocate(41));
        assertEquals(List.of(), withoutAborts(takeParts()), "part of another message");
        message.commit();
        assertNull(receiver.receive(Duration.ZERO));
        sender.send(5, Numbered.of(5, 600));
        take(5, 600);
        assertEquals(0, receiver.aborted());
    }

    private static List<String> withoutAborts(List<String> all) {
        return all.stream().filter(each -> !each.endsWith("aborted")).toList();
    }

    private MessageSender.OutgoingMessage begun(int number, int length) throws Exception {
        MessageSender.OutgoingMessage message = sender.openMessage(number);
        message.write(ByteBuffer.allocate(length));
        return message;
    }

    /** What its predecessor had got of a message in parts is lost, and so the message. */
    @Test
    void aSuccessorOfTheReceiverDropsTheRestOfAMessage() throws Exception {
        MessageSender.OutgoingMessage message = begun(1, 100);
        assertNull(receiver.receive(Duration.ZERO));
        receiver.close();
        try (MessageReceiver successor = MessageReceiver.open(name)) {
            message.write(ByteBuffer.allocate(50));
            message.commit();
            sender.send(2, Numbered.of(2, 5));
            ByteBuffer next = successor.receive(LONG);
            Numbered.check(next, 2, 5);
            message = begun(3, 100);
            successor.close();
            message.commit();
        }
        // All of it is there, so nothing is lost.
        try (MessageReceiver last = MessageReceiver.open(name)) {
            assertEquals(100, last.receive(LONG).remaining());
        }
    }

    @Test
    void aSenderThatIsClosedAtTheEndOfAMessageSaysSo() throws Exception {
        receiver.close();
        ByteBuffer message = Numbered.of(1, LARGEST + 1);
        for (int round = 0; round < 300; round++) {
            try (MessageSender closed = MessageSender.open(name);
                    MessageReceiver all = MessageReceiver.open(name)) {
                Future<?> close = others.submit(closed::close);
                assertThrows(IllegalStateException.class, () -> {
                    while (true) {
                        closed.send(message);
                        all.receive(Duration.ZERO);
                    }
                });
                close.get();
            }
        }
    }
}
