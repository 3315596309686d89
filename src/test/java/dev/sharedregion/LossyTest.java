package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Numbered;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.Taken;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.message.BroadcastLayout;
import dev.sharedregion.internal.message.MessageLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels whose senders never wait: what a receiver gets is whole and in order, and what it loses is counted. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LossyTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int CAPACITY = 1024;
    private static final int LARGEST = CAPACITY / 2 - 8;
    private static final int SIZE = 24;
    private static final int FULL = CAPACITY / (SIZE + MessageLayout.HEADER_SIZE);
    private static final int INTENT = MessageLayout.LANE_SIZE + BroadcastLayout.LANE_INTENT;
    private static final int KILLS = Sizes.of("sharedregion.lossyKills", 1, 20);
    private static final MessageOptions LOSSY = MessageOptions.defaults().lossy();

    private final String name = TestNames.unique();
    private final ExecutorService others = Executors.newCachedThreadPool();

    private final Taken taken = new Taken();

    @AfterEach
    void nothingIsLeft() {
        others.shutdownNow();
        Reasons.assertReason(Reason.NOT_FOUND, () -> MessageReceiver.open(name));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    private static void send(MessageSender sender, int from, int to) {
        for (int number = from; number < to; number++) {
            assertTrue(sender.offer(number, Numbered.of(number, SIZE)));
        }
    }

    @Test
    void aReceiverThatIsFastEnoughLosesNothing() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, LOSSY.receivers(2))) {
            send(sender, 0, 1000);
            try (MessageReceiver first = MessageReceiver.open(name);
                    MessageReceiver second = MessageReceiver.openOrCreate(name, CAPACITY, LOSSY.receivers(2))) {
                assertEquals(2, sender.receivers());
                assertEquals(List.of(), taken.all(first));
                for (int number = 1000; number < 2000; number += FULL) {
                    send(sender, number, number + FULL);
                    assertEquals(Taken.numbers(number, number + FULL), taken.all(first));
                    assertEquals(Taken.numbers(number, number + FULL), taken.all(second));
                }
                assertEquals(0, first.lost());
                assertEquals(0, second.lost());
                assertEquals(0, sender.fullCount());
            }
        }
    }

    @Test
    void aReceiverThatIsTooSlowGetsTheNewestMessages() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, LOSSY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            int lost = 0;
            for (int sent = 1; sent < 5 * FULL; sent++) {
                send(sender, 0, sent);
                assertTrue(receiver.await(Duration.ZERO));
                List<Integer> got = taken.all(receiver);
                lost += sent - got.size();
                assertEquals(lost, receiver.lost());
                assertEquals(Taken.numbers(sent - got.size(), sent), got);
                // It goes on at the begin of the quarter before the last.
                int least = sent <= FULL ? sent : FULL / 4;
                assertTrue(got.size() >= least && got.size() <= FULL, () -> "" + got.size());
                assertEquals(0, sender.backlog());
            }
        }
    }

    @Test
    void messagesInPartsThatBreakOffCountOnce() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, LOSSY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            sender.send(1, Numbered.of(1, 600));
            assertEquals(List.of(1), taken.all(receiver));
            try (MessageSender.OutgoingMessage message = sender.openMessage(2)) {
                message.write(ByteBuffer.allocate(200));
                assertEquals(0, receiver.poll(taken::take, 10));
                message.write(ByteBuffer.allocate(2000));
                message.commit();
            }
            assertEquals(List.of(), taken.all(receiver));
            assertEquals(1, receiver.lost());
            // It is longer than the ring, so no receiver that is not reading all the time gets it.
            sender.send(3, Numbered.of(3, 5000));
            sender.send(4, Numbered.of(4, 10));
            assertEquals(List.of(4), taken.all(receiver));
            assertEquals(2, receiver.lost());
        }
    }

    @Test
    void partsThatBreakOffAreAborted() throws Exception {
        List<String> events = new ArrayList<>();
        MessagePartHandler handler = new MessagePartHandler() {
            @Override
            public void onPart(int sender, int type, ByteBuffer part, boolean last) {
                events.add(type + " " + part.remaining() + (last ? " last" : ""));
            }

            @Override
            public void onAborted(int sender) {
                events.add("aborted");
            }
        };
        try (MessageSender sender = MessageSender.create(name, CAPACITY, LOSSY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            try (MessageSender.OutgoingMessage message = sender.openMessage(1)) {
                message.write(ByteBuffer.allocate(200));
                assertEquals(1, receiver.receiveParts(handler, 10, LONG));
                message.write(ByteBuffer.allocate(2000));
                message.commit();
            }
            sender.send(2, ByteBuffer.allocate(300));
            while (!events.contains("2 300 last")) {
                receiver.receiveParts(handler, 10, LONG);
            }
            assertEquals(List.of("1 200", "aborted", "2 300 last"), events);
            assertEquals(1, receiver.lost());
        }
    }

    @Test
    void claimsAreSentAndMayBeGivenUp() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, LOSSY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            for (int number = 0; number < 100; number++) {
                try (MessageSender.Claim claim = sender.tryClaim(number, number * 5)) {
                    Numbered.fill(claim.buffer(), number);
                    if (number % 3 != 0) {
                        claim.commit();
                    }
                }
                assertEquals(number % 3 != 0 ? List.of(number) : List.of(), taken.all(receiver));
            }
            assertEquals(0, receiver.lost());
            assertEquals(0, receiver.aborted());
        }
    }

    /** What a claim may have overwritten is not handed over, also after its sender has died. */
    @Test
    void whatADeadSenderMayHaveOverwrittenIsLost() throws Exception {
        try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY, LOSSY);
                Peer peer = Peer.java(PeerProgram.class);
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            ask(peer, "openSender " + name);
            for (int number = 0; number < FULL; number++) {
                ask(peer, "sendMessage " + number + " " + SIZE);
            }
            ask(peer, "claimMessage " + LARGEST);
            long intent = region.pointer().getLong(INTENT);
            assertEquals(CAPACITY + CAPACITY / 2, intent);
            peer.kill();
            region.pointer().setMemory(MessageLayout.RINGS_ALIGNMENT, CAPACITY / 2, (byte) 0x55);
            try (MessageSender successor = MessageSender.open(name)) {
                assertEquals(0, successor.aborted() - 1, "the claim is unfinished");
                send(successor, FULL, FULL + 1);
                assertEquals(intent, region.pointer().getLong(INTENT));
                try (MessageSender third = reopen(successor)) {
                    send(third, FULL + 1, FULL + 2);
                    assertEquals(intent, region.pointer().getLong(INTENT));
                    List<Integer> got = taken.all(receiver);
                    assertEquals(Taken.numbers(FULL + 2 - got.size(), FULL + 2), got);
                    assertTrue(got.size() >= 2, got::toString);
                    assertEquals(FULL + 2, got.size() + receiver.lost());
                    send(third, FULL + 2, 20 * FULL);
                    got = taken.all(receiver);
                    assertEquals(Taken.numbers(20 * FULL - got.size(), 20 * FULL), got);
                }
            }
        }
    }

    private MessageSender reopen(MessageSender sender) {
        sender.close();
        return MessageSender.open(name);
    }

    private static void ask(Peer peer, String command) {
        peer.send(command);
        peer.expect("ok");
    }

    /** What a receiver has got and what it has lost is all that was sent. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 1024, 1 << 16})
    void whatIsNotReceivedIsCounted(int capacity) throws Exception {
        try (MessageSender one = MessageSender.create(name, capacity, LOSSY.receivers(3).senders(2));
                MessageSender two = MessageSender.open(name);
                MessageReceiver fast = MessageReceiver.open(name);
                MessageReceiver slow = MessageReceiver.open(name);
                MessageReceiver parts = MessageReceiver.open(name)) {
            List<Future<Integer>> sending = new ArrayList<>();
            for (MessageSender sender : List.of(one, two)) {
                sending.add(others.submit(() -> sendMany(sender, capacity)));
            }
            Future<Integer> gotFast = others.submit(() -> receiveAll(fast, 0, sending));
            Future<Integer> gotSlow = others.submit(() -> receiveAll(slow, 200, sending));
            Future<Integer> gotParts = others.submit(() -> receiveAllParts(parts, sending));
            int sent = sending.get(0).get(60, TimeUnit.SECONDS) + sending.get(1).get(60, TimeUnit.SECONDS);
            assertEquals(sent, gotFast.get(60, TimeUnit.SECONDS) + fast.lost());
            assertEquals(sent, gotSlow.get(60, TimeUnit.SECONDS) + slow.lost());
            assertEquals(sent, gotParts.get(60, TimeUnit.SECONDS) + parts.lost());
            assertTrue(slow.lost() > 0);
            assertTrue(gotFast.get() > 0 && gotSlow.get() > 0 && gotParts.get() > 0);
        }
    }

    /** Whole messages, messages in parts, and claims, of which some are given up. */
    private static int sendMany(MessageSender sender, int capacity) throws InterruptedException {
        SplittableRandom random = new SplittableRandom();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
        int sent = 0;
        while (System.nanoTime() - end < 0) {
            int length = random.nextInt(random.nextBoolean() ? 20 : capacity);
            if (length <= sender.largestRecord() && random.nextInt(4) == 0) {
                try (MessageSender.Claim claim = sender.tryClaim(sent, length)) {
                    Numbered.fill(claim.buffer(), sent);
                    if (random.nextInt(4) != 0) {
                        claim.commit();
                        sent++;
                    }
                }
            } else {
                sender.send(sent, Numbered.of(sent, length));
                sent++;
            }
            if (random.nextInt(1000) == 0) {
                TimeUnit.MICROSECONDS.sleep(random.nextInt(2000));
            }
        }
        return sent;
    }

    private static boolean goesOn(MessageReceiver receiver, List<Future<Integer>> sending) {
        return !sending.stream().allMatch(Future::isDone) || receiver.backlog() > 0;
    }

    private static int receiveAll(MessageReceiver receiver, int pauseMicros, List<Future<Integer>> sending)
            throws InterruptedException {
        int received = 0;
        while (goesOn(receiver, sending)) {
            received += receiver.poll((type, message) -> Numbered.check(message, type, message.remaining()), 10);
            TimeUnit.MICROSECONDS.sleep(pauseMicros);
        }
        return received;
    }

    /** Checks the order, too. Returns how many messages have ended. */
    private static int receiveAllParts(MessageReceiver receiver, List<Future<Integer>> sending)
            throws InterruptedException {
        int[] last = {-1, -1, -1};
        boolean[] open = new boolean[3];
        int[] received = {0};
        MessagePartHandler handler = new MessagePartHandler() {
            @Override
            public void onPart(int sender, int type, ByteBuffer part, boolean isLast) {
                assertEquals(open[sender], last[sender] == type, () -> type + " after " + last[sender]);
                assertTrue(type >= last[sender], () -> type + " after " + last[sender]);
                last[sender] = type;
                open[sender] = !isLast;
                received[0] += isLast ? 1 : 0;
            }

            @Override
            public void onAborted(int sender) {
                assertTrue(open[sender]);
                open[sender] = false;
            }
        };
        while (goesOn(receiver, sending)) {
            receiver.receiveParts(handler, 10, Duration.ofMillis(1));
        }
        return received[0];
    }

    /** The sender overwrites a message in the time that a receiver takes to copy it. */
    @Test
    void aMessageThatIsOverwrittenWhileItIsCopiedIsNotHandedOver() throws Exception {
        int length = 8000;
        List<ByteBuffer> messages = new ArrayList<>();
        for (int number = 0; number < 64; number++) {
            messages.add(Numbered.of(number, length));
        }
        try (MessageSender sender = MessageSender.create(name, 1 << 15, LOSSY);
                MessageReceiver receiver = MessageReceiver.open(name)) {
            Future<Integer> sending = others.submit(() -> {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(700);
                int sent = 0;
                for (; System.nanoTime() - end < 0; sent++) {
                    assertTrue(sender.offer(sent % 64, messages.get(sent % 64)));
                }
                return sent;
            });
            int received = 0;
            while (goesOn(receiver, List.of(sending))) {
                received += receiver.poll((type, message) -> Numbered.check(message, type, length), 1);
            }
            assertEquals(sending.get().longValue(), received + receiver.lost());
            assertTrue(received > 0 && receiver.lost() > 0);
        }
    }

    /** Both receivers have got or lost as many, and that is more than one of them has got. */
    @Test
    void sendersThatAreKilledLeaveTheNumbersRight() throws Exception {
        try (MessageReceiver fast = MessageReceiver.create(name, CAPACITY, LOSSY.receivers(2));
                MessageReceiver slow = MessageReceiver.open(name)) {
            SplittableRandom random = new SplittableRandom();
            int gotFast = 0;
            int gotSlow = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                try (Peer peer = Peer.java(PeerProgram.class)) {
                    ask(peer, "openSender " + name);
                    peer.send("sendEndlessly 300");
                    assertTrue(fast.await(LONG), "it sends nothing");
                    List<Future<Integer>> until = List.of(others.submit(() -> {
                        Thread.sleep(50 + random.nextInt(50));
                        peer.kill();
                        return 0;
                    }));
                    Future<Integer> inBackground = others.submit(() -> receiveAll(slow, 300, until));
                    gotFast += receiveAll(fast, 0, until);
                    gotSlow += inBackground.get(60, TimeUnit.SECONDS);
                    assertEquals(gotFast + fast.lost(), gotSlow + slow.lost());
                }
            }
            assertTrue(gotFast > 0 && gotSlow > 0 && slow.lost() > 0);
            try (MessageSender last = MessageSender.open(name)) {
                send(last, 7, 8);
                assertEquals(List.of(7), taken.all(fast));
                assertEquals(List.of(7), taken.all(slow));
            }
        }
    }

    /** Receivers that come while messages are sent get whole ones, each once and in order. */
    @ParameterizedTest
    @ValueSource(ints = {128, 1024})
    void aReceiverMayComeAtAnyTime(int capacity) throws Exception {
        try (MessageSender sender = MessageSender.create(name, capacity, LOSSY)) {
            Future<Integer> sending = others.submit(() -> sendMany(sender, capacity));
            while (!sending.isDone()) {
                int[] last = {-1};
                try (MessageReceiver receiver = MessageReceiver.open(name)) {
                    for (int i = 0; i < 20; i++) {
                        receiver.receive(
                                (type, message) -> {
                                    Numbered.check(message, type, message.remaining());
                                    assertTrue(type > last[0], () -> type + " after " + last[0]);
                                    last[0] = type;
                                },
                                10,
                                Duration.ofMillis(1));
                    }
                    assertFalse(receiver.lost() < 0);
                }
            }
            assertTrue(sending.get() > 0);
        }
    }
}
