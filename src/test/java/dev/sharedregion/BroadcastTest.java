package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Numbered;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.Taken;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.message.BroadcastLayout;
import dev.sharedregion.internal.message.MessageLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;

/** Channels of several receivers, of whom none loses a message. {@link LossyTest} has the others. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BroadcastTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int CAPACITY = 1024;
    private static final int SIZE = 24;
    private static final int RECORD = SIZE + MessageLayout.HEADER_SIZE;
    private static final int FULL = CAPACITY / RECORD;
    private static final MessageOptions THREE = MessageOptions.defaults().receivers(3);

    private final String name = TestNames.unique();
    private final ExecutorService others = Executors.newCachedThreadPool();

    private final Taken taken = new Taken();

    @AfterEach
    void nothingIsLeft() {
        others.shutdownNow();
        Reasons.assertReason(Reason.NOT_FOUND, () -> MessageReceiver.open(name));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    private static ByteBuffer message(int number) {
        return Numbered.of(number, SIZE);
    }

    private static void send(MessageSender sender, int from, int to) {
        for (int number = from; number < to; number++) {
            assertTrue(sender.offer(number, message(number)));
        }
    }

    private static void ask(Peer peer, String command, String answer) {
        peer.send(command);
        peer.expect(answer);
    }

    private Peer receiverProcess() {
        Peer peer = Peer.java(PeerProgram.class);
        ask(peer, "openMessages " + name, "ok");
        return peer;
    }

    @Test
    void eachReceiverGetsWhatIsSentWhileItIsOpen() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE)) {
            send(sender, 0, 3);
            try (MessageReceiver first = MessageReceiver.open(name);
                    Peer second = receiverProcess()) {
                send(sender, 3, 5);
                try (MessageReceiver third = MessageReceiver.openOrCreate(name, CAPACITY, THREE)) {
                    send(sender, 5, 7);
                    assertEquals(Taken.numbers(3, 7), taken.all(first));
                    assertEquals(Taken.numbers(5, 7), taken.all(third));
                    for (int number = 3; number < 7; number++) {
                        ask(second, "receiveMessage PT60S", number + " " + SIZE);
                    }
                    ask(second, "receiveMessage PT0S", "none");
                }
                send(sender, 7, 9);
                assertEquals(Taken.numbers(7, 9), taken.all(first));
                ask(second, "close", "ok");
                try (MessageReceiver again = MessageReceiver.open(name)) {
                    send(sender, 9, 10);
                    assertEquals(Taken.numbers(9, 10), taken.all(again));
                    assertEquals(0, again.lost());
                }
            }
        }
    }

    @Test
    void eachReceiverGetsTheMessagesOfEachSender() throws Exception {
        try (MessageReceiver first = MessageReceiver.create(name, CAPACITY, THREE.senders(2));
                MessageSender one = MessageSender.open(name);
                MessageReceiver second = MessageReceiver.open(name);
                // The lane was not used when the receivers came.
                MessageSender two = MessageSender.open(name)) {
            for (int round = 0; round < 3; round++) {
                send(one, 0, FULL / 2);
                send(two, 100, 100 + FULL / 2);
                for (MessageReceiver receiver : List.of(first, second)) {
                    List<Integer> all = taken.all(receiver);
                    assertEquals(Taken.numbers(0, FULL / 2), all.stream().filter(number -> number < 100).toList());
                    assertEquals(
                            Taken.numbers(100, 100 + FULL / 2), all.stream().filter(number -> number >= 100).toList());
                }
            }
        }
    }

    @Test
    void withoutAReceiverNoSenderWaits() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE)) {
            assertEquals(0, sender.receivers());
            send(sender, 0, 5 * FULL);
            assertEquals(0, sender.backlog());
            sender.send(0, Numbered.of(0, 5 * CAPACITY));
            MessageReceiver.open(name).close();
            send(sender, 0, 5 * FULL);
            assertEquals(0, sender.fullCount());
        }
    }

    @Test
    void aSenderWaitsForTheSlowestReceiver() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                MessageReceiver fast = MessageReceiver.open(name);
                MessageReceiver slow = MessageReceiver.open(name)) {
            for (int round = 0; round < 10; round++) {
                send(sender, 0, FULL);
                assertEquals(Taken.numbers(0, FULL), taken.all(fast));
                assertFalse(sender.offer(0, message(0)));
                assertFalse(sender.send(0, message(0), Duration.ofMillis(20)));
                assertEquals(CAPACITY, sender.backlog());
                assertEquals(0, fast.backlog());
                assertEquals(CAPACITY, slow.backlog());
                assertEquals(1, slow.poll(taken::take, 1));
                send(sender, FULL, FULL + 1);
                assertFalse(sender.offer(0, message(0)));
                assertEquals(Taken.numbers(1, FULL + 1), taken.all(slow));
                assertEquals(Taken.numbers(FULL, FULL + 1), taken.all(fast));
            }
            assertTrue(sender.fullCount() > 0);
        }
    }

    @Test
    void aReleaseAndACloseLetTheSenderGoOn() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                MessageReceiver fast = MessageReceiver.open(name);
                MessageReceiver slow = MessageReceiver.open(name)) {
            send(sender, 0, FULL);
            Future<Boolean> sending = others.submit(() -> sender.send(1, message(1), LONG));
            assertEquals(Taken.numbers(0, FULL), taken.all(fast));
            Thread.sleep(20);
            assertFalse(sending.isDone());
            assertEquals(Taken.numbers(0, FULL), taken.all(slow).subList(0, FULL));
            assertTrue(sending.get(60, TimeUnit.SECONDS));
            taken.all(slow);
            taken.all(fast);
            send(sender, 0, FULL);
            taken.all(fast);
            sending = others.submit(() -> sender.send(1, message(1), LONG));
            slow.close();
            assertTrue(sending.get(60, TimeUnit.SECONDS));
            assertEquals(List.of(1), taken.all(fast));
        }
    }

    @Test
    void aReceiverThatIsKilledHoldsUpNobody() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                MessageReceiver fast = MessageReceiver.open(name)) {
            for (boolean waits : new boolean[] {true, false}) {
                try (Peer slow = receiverProcess()) {
                    assertEquals(2, sender.receivers());
                    send(sender, 0, FULL);
                    taken.all(fast);
                    assertFalse(sender.offer(0, message(0)));
                    Future<Boolean> sending = waits ? others.submit(() -> sender.send(1, message(1), LONG)) : null;
                    slow.kill();
                    if (waits) {
                        assertTrue(sending.get(60, TimeUnit.SECONDS));
                    } else {
                        while (!sender.offer(1, message(1))) {
                            Thread.sleep(1);
                        }
                    }
                    assertEquals(List.of(1), taken.all(fast));
                    assertEquals(1, sender.receivers());
                    // Takes its event over.
                    MessageReceiver.open(name).close();
                }
            }
        }
    }

    @Test
    void aSuccessorOfAKilledReceiverIsNotTakenForIt() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, MessageOptions.defaults().receivers(2));
                MessageReceiver other = MessageReceiver.open(name);
                Peer killed = receiverProcess()) {
            send(sender, 0, FULL);
            killed.kill();
            try (MessageReceiver successor = MessageReceiver.open(name)) {
                taken.all(other);
                send(sender, 0, FULL);
                taken.all(other);
                long end = System.nanoTime() + SHORT.toNanos();
                while (System.nanoTime() - end < 0) {
                    assertFalse(sender.offer(0, message(0)));
                }
                assertEquals(Taken.numbers(0, FULL), taken.all(successor));
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aReceiverThatIsStoppedIsWaitedForAndNamed() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                MessageReceiver fast = MessageReceiver.open(name);
                Peer stopped = receiverProcess()) {
            stopped.signal("STOP");
            send(sender, 0, FULL);
            taken.all(fast);
            assertFalse(sender.send(0, message(0), SHORT));
            assertTrue(sender.toString().contains("process " + stopped.pid()), sender::toString);
            Future<Boolean> sending = others.submit(() -> sender.send(1, message(1), LONG));
            stopped.signal("CONT");
            for (int number = 0; number < FULL; number++) {
                ask(stopped, "receiveMessage PT60S", number + " " + SIZE);
            }
            assertTrue(sending.get(60, TimeUnit.SECONDS));
            ask(stopped, "close", "ok");
        }
    }

    @Test
    void aSendWakesEachReceiver() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                SharedRegion region = SharedRegion.open(name + ".messages");
                MessageReceiver first = MessageReceiver.open(name);
                MessageReceiver second = MessageReceiver.open(name);
                MessageReceiver third = MessageReceiver.open(name)) {
            for (int round = 0; round < 20; round++) {
                List<Future<ByteBuffer>> waits = new ArrayList<>();
                for (MessageReceiver receiver : List.of(first, second, third)) {
                    waits.add(others.submit(() -> receiver.receive()));
                }
                awaitAsleep(region, MessageLayout.RECEIVER_ASLEEP);
                for (int receiver = 2; receiver <= 3; receiver++) {
                    awaitAsleep(region, receiver * BroadcastLayout.RECEIVER_SIZE + BroadcastLayout.RECEIVER_ASLEEP);
                }
                sender.send(round, message(round));
                for (Future<ByteBuffer> wait : waits) {
                    Numbered.check(wait.get(60, TimeUnit.SECONDS), round, SIZE);
                }
            }
        }
    }

    private static void awaitAsleep(SharedRegion region, int offset) throws Exception {
        for (long giveUp = System.nanoTime() + LONG.toNanos(); region.pointer().getInt(offset) != 1; ) {
            assertTrue(System.nanoTime() - giveUp < 0, "nobody sleeps");
            Thread.sleep(1);
        }
    }

    @Test
    void aSenderCanWaitForItsFirstReceiver() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE)) {
                Future<Integer> first = others.submit(() -> {
                    try (MessageReceiver receiver = MessageReceiver.open(name)) {
                        int[] number = {-1};
                        assertEquals(1, receiver.receive((type, message) -> number[0] = type, 1, LONG));
                        return number[0];
                    }
                });
                while (sender.receivers() == 0) {
                    Thread.onSpinWait();
                }
                send(sender, 1, 3);
                assertEquals(1, first.get(60, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void thereAreAsManyReceiversAsTheChannelHasRoomFor() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                MessageReceiver first = MessageReceiver.open(name);
                Peer second = receiverProcess();
                MessageReceiver third = MessageReceiver.open(name)) {
            assertEquals(3, sender.receivers());
            String message = Reasons.assertReason(Reason.IN_USE, () -> MessageReceiver.open(name)).getMessage();
            assertTrue(message.contains("process " + ProcessHandle.current().pid()) && message.contains("3"), message);
            second.kill();
            assertEquals(2, sender.receivers());
            MessageReceiver.open(name).close();
            assertEquals(2, sender.receivers());
            third.close();
            first.close();
            assertEquals(0, sender.receivers());
        }
        try (MessageSender plain = MessageSender.create(name, CAPACITY)) {
            assertEquals(0, plain.receivers());
            try (MessageReceiver receiver = MessageReceiver.open(name)) {
                assertEquals(1, plain.receivers());
                assertEquals(0, receiver.lost());
            }
            assertEquals(0, plain.receivers());
        }
    }

    @Test
    void aChannelOfAnotherKindIsRefused() {
        MessageOptions plain = MessageOptions.defaults();
        List<MessageOptions> kinds = List.of(plain, plain.receivers(2), plain.receivers(3), plain.lossy(),
                plain.receivers(3).lossy(), plain.receivers(3).senders(2));
        for (MessageOptions there : kinds) {
            try (MessageSender sender = MessageSender.create(name, CAPACITY, there)) {
                for (MessageOptions asked : kinds) {
                    if (asked == there) {
                        MessageReceiver.openOrCreate(name, CAPACITY, asked).close();
                    } else {
                        for (Executable call : List.<Executable>of(
                                () -> MessageReceiver.openOrCreate(name, CAPACITY, asked),
                                () -> MessageSender.openOrCreate(name, CAPACITY, asked))) {
                            Reasons.assertReason(Reason.WRONG_KIND, call);
                        }
                    }
                }
                MessageReceiver.open(name).close();
                assertNotNull(sender.toString());
            }
        }
        for (int receivers : new int[] {-1, 0, 65}) {
            assertThrows(IllegalArgumentException.class, () -> plain.receivers(receivers));
        }
    }

    @Test
    void longAndClaimedMessagesReachEachReceiver() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                MessageReceiver first = MessageReceiver.open(name);
                MessageReceiver second = MessageReceiver.open(name)) {
            List<Future<List<Integer>>> receiving = new ArrayList<>();
            for (MessageReceiver receiver : List.of(first, second)) {
                receiving.add(others.submit(() -> {
                    List<Integer> lengths = new ArrayList<>();
                    while (lengths.size() < 40) {
                        receiver.receive(
                                (type, message) -> {
                                    Numbered.check(message, type, message.remaining());
                                    lengths.add(message.remaining());
                                },
                                10,
                                LONG);
                    }
                    return lengths;
                }));
            }
            List<Integer> sent = new ArrayList<>();
            for (int number = 0; number < 20; number++) {
                int length = number * 251;
                sender.send(number, Numbered.of(number, length));
                try (MessageSender.Claim claim = sender.claim(number, number, LONG)) {
                    Numbered.fill(claim.buffer(), number);
                    claim.commit();
                }
                sent.add(length);
                sent.add(number);
            }
            for (Future<List<Integer>> each : receiving) {
                assertEquals(sent, each.get(60, TimeUnit.SECONDS));
            }
        }
    }

    /** Of many lanes a receiver takes the positions for so long that the sender sends a ring full meanwhile. */
    @Test
    void aSenderDoesNotOvertakeAReceiverThatComes() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (MessageSender sender = MessageSender.create(name, 256, THREE.senders(255))) {
            Future<Integer> sending = others.submit(() -> sendUntil(over, sender));
            for (int round = 0; round < 200; round++) {
                assertTrue(receiveSome(20) >= 20);
            }
            over.set(true);
            assertTrue(sending.get(60, TimeUnit.SECONDS) > 0);
        }
    }

    /** Receivers come and go, and each of them gets all messages from its first one on, whole and in order. */
    @Test
    void aReceiverThatComesLateLosesNothingAfterItsFirstMessage() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (MessageSender sender = MessageSender.create(name, 256, THREE.senders(2));
                MessageSender second = MessageSender.open(name)) {
            List<Future<Integer>> sending = new ArrayList<>();
            for (MessageSender each : List.of(sender, second)) {
                sending.add(others.submit(() -> sendUntil(over, each)));
            }
            List<Future<Integer>> receiving = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                receiving.add(others.submit(() -> {
                    int received = 0;
                    for (int round = 0; round < 60; round++) {
                        received += receiveSome(200);
                    }
                    return received;
                }));
            }
            for (Future<Integer> each : receiving) {
                assertTrue(each.get(120, TimeUnit.SECONDS) > 0);
            }
            over.set(true);
            for (Future<Integer> each : sending) {
                assertTrue(each.get(60, TimeUnit.SECONDS) > 0);
            }
        }
    }

    private static int sendUntil(AtomicBoolean over, MessageSender sender) throws InterruptedException {
        int number = 0;
        while (!over.get()) {
            if (sender.send(number, Numbered.of(number, number % 50), Duration.ofMillis(10))) {
                number++;
            }
        }
        return number;
    }

    private int receiveSome(int least) throws InterruptedException {
        int[] next = {0, -1, -1};
        int received = 0;
        try (MessageReceiver receiver = MessageReceiver.open(name)) {
            while (received < least) {
                received += receiver.receiveParts(
                        (from, type, part, last) -> {
                            Numbered.check(part, type, type % 50);
                            assertTrue(next[from] < 0 || next[from] == type, () -> type + " after " + next[from]);
                            next[from] = type + 1;
                        },
                        10,
                        LONG);
            }
        }
        return received;
    }

    /** It would take some system calls for each message. */
    @Test
    void aReceiverThatCannotBeWokenIsTriedOnce() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            int asleep = 2 * BroadcastLayout.RECEIVER_SIZE + BroadcastLayout.RECEIVER_ASLEEP;
            region.pointer().setInt(asleep, 1);
            send(sender, 0, 1);
            assertEquals(0, region.pointer().getInt(asleep));
        }
    }

    /** A process may have the number of a dead one that had a place. On Windows that process counts as alive. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aPlaceIsOnlyOfTheObjectThatHasTakenIt() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, THREE);
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            long word = region.pointer().getLong(MessageLayout.LANE_SIZE + MessageLayout.LANE_OWNER);
            region.pointer().setLong(MessageLayout.RECEIVER, word);
            region.pointer().setLong(MessageLayout.RECEIVER + BroadcastLayout.RECEIVER_LISTENING, BroadcastLayout.JOINED);
            assertEquals(0, sender.receivers());
            for (int number = 0; number < 2 * FULL; number++) {
                assertTrue(sender.send(number, message(number), LONG));
            }
        }
    }
}
