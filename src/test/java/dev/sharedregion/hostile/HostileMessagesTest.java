package dev.sharedregion.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.EventOptions;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Numbered;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.message.BroadcastLayout;
import dev.sharedregion.internal.message.MessageLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A program that writes anything to a channel: every call ends, in time, and nothing is left behind. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileMessagesTest {
    private static final int MILLIS = Sizes.of("sharedregion.hostileMessagesMillis", 500, 5_000);
    private static final int MILLIS_OF_ROUND = 50;
    private static final int CAPACITY = 256;
    private static final int SENDERS = 2;
    private static final int RING = 4096;
    private static final int LANE = MessageLayout.LANE_SIZE;
    private static final int HEAD = LANE + MessageLayout.LANE_HEAD;
    private static final int TAIL = LANE + MessageLayout.LANE_TAIL;
    private static final int UNFINISHED = LANE + MessageLayout.LANE_UNFINISHED;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final long SLACK_MILLIS = 20_000;
    private static final MessageOptions OPTIONS =
            MessageOptions.defaults().senders(SENDERS).longestAssembled(10_000);

    /** What the calls may fail with. A channel's assembled messages, of parts that nobody sent, may be too long. */
    private static final Set<Reason> REASONS = EnumSet.of(
            Reason.CORRUPT,
            Reason.IN_USE,
            Reason.WRONG_KIND,
            Reason.UNSUPPORTED,
            Reason.NOT_FOUND,
            Reason.TOO_SMALL,
            Reason.NO_SPACE);

    private final String name = TestNames.unique();
    private MessageSender sender = MessageSender.create(name, CAPACITY, OPTIONS);
    private MessageReceiver receiver = MessageReceiver.open(name, OPTIONS);
    private final SharedRegion region = SharedRegion.open(name + ".messages");

    @AfterEach
    void nothingIsLeft() {
        receiver.close();
        sender.close();
        region.close();
        Reasons.assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".messages"));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    private long get(int offset) {
        return region.pointer().getLong(offset);
    }

    private void set(int offset, long word) {
        region.pointer().setLong(offset, word);
    }

    private void send(int number, int length) {
        assertTrue(sender.offer(number, Numbered.of(number, length)));
    }

    private void take(int number, int length) throws InterruptedException {
        assertEquals(1, receiver.receive(
                (type, message) -> {
                    assertEquals(number, type);
                    Numbered.check(message, number, length);
                },
                1,
                LONG));
    }

    private static void assertCorrupt(String name, Executable... calls) {
        for (Executable call : calls) {
            SharedMemoryException e = Reasons.assertReason(Reason.CORRUPT, call);
            assertTrue(e.getMessage().contains(name), e::getMessage);
        }
    }

    /** Every call that receives fails, and does not wait. */
    private void assertReceiverFindsItCorrupt() {
        assertCorrupt(
                name,
                () -> receiver.poll((type, message) -> { }, 1),
                () -> receiver.receive(),
                () -> receiver.receive(Duration.ZERO),
                () -> receiver.receive((type, message) -> { }, 100, LONG),
                () -> receiver.receiveParts((from, type, part, last) -> { }, 100, LONG));
    }

    @Test
    void aRecordThatCannotBeIsCorrupt() throws Exception {
        send(1, 40);
        send(2, 24);
        long header = get(RING);
        int whole = MessageLayout.WHOLE << MessageLayout.KIND_SHIFT;
        for (int word : new int[] {
            // Of no kind.
            0, 6 << MessageLayout.KIND_SHIFT | 40, 7 << MessageLayout.KIND_SHIFT | 40, 40,
            // Longer than what was sent, than the ring, and than any.
            whole | 73, whole | 80, whole | CAPACITY - 8, whole | CAPACITY - 7, whole | CAPACITY, whole | 0x1fffffff,
            // A padding that ends behind the tail.
            MessageLayout.PADDING << MessageLayout.KIND_SHIFT, MessageLayout.PADDING << MessageLayout.KIND_SHIFT | 40
        }) {
            region.pointer().setInt(RING + MessageLayout.HEADER_LENGTH, word);
            assertReceiverFindsItCorrupt();
            assertTrue(receiver.await(LONG));
            assertFalse(receiver.toString().isEmpty());
        }
        set(RING, header);
        take(1, 40);
        take(2, 24);
    }

    /** The kinds of records in any order. Those that nobody sends so are dropped, or are a message. */
    @Test
    void partsInAnyOrderAreTaken() throws Exception {
        int[] kinds = {MessageLayout.WHOLE, MessageLayout.FIRST, MessageLayout.MIDDLE, MessageLayout.LAST};
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 2_000; round++) {
            int at = RING + (int) (get(TAIL) % CAPACITY);
            send(round, 8);
            int kind = kinds[random.nextInt(kinds.length)];
            region.pointer().setInt(at, kind << MessageLayout.KIND_SHIFT | 8);
            if (random.nextBoolean()) {
                receiver.poll((type, message) -> assertEquals(0, message.remaining() % 8), 3);
            } else {
                receiver.receiveParts((from, type, part, last) -> assertEquals(8, part.remaining()), 3, Duration.ZERO);
            }
            assertEquals(0, receiver.backlog());
        }
    }

    @Test
    void positionsThatCannotBeAreCorruptForTheReceiver() throws Exception {
        for (int round = 0; round < 3; round++) {
            send(1, 40);
            take(1, 40);
        }
        long head = get(HEAD);
        for (long tail : new long[] {
            head - 8, 0, head + 4, head + 7, head + CAPACITY + 8, -8, Long.MIN_VALUE, Long.MAX_VALUE,
            Long.MAX_VALUE - 7
        }) {
            set(TAIL, tail);
            assertReceiverFindsItCorrupt();
        }
        set(TAIL, head);
        assertNull(receiver.receive(SHORT));
        for (long other :
                new long[] {head - 8, 0, head + 4, head + 8, head + 1_000, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            set(HEAD, other);
            assertReceiverFindsItCorrupt();
            assertTrue(receiver.backlog() >= 0 && receiver.backlog() <= CAPACITY);
        }
        // Each release writes it again.
        send(2, 40);
        assertCorrupt(name, () -> receiver.poll((type, message) -> Numbered.check(message, 2, 40), 2));
        assertNull(receiver.receive(SHORT));
        assertEquals(0, receiver.backlog());
    }

    @Test
    void positionsThatCannotBeAreCorruptForTheSender() throws Exception {
        while (sender.offer(ByteBuffer.allocate(8))) {
            // More, until the ring is full.
        }
        long head = get(HEAD);
        long tail = get(TAIL);
        for (int offset : new int[] {HEAD, TAIL}) {
            for (long word : new long[] {tail + 8, head - 8, head + 4, -8, Long.MIN_VALUE, Long.MAX_VALUE}) {
                set(offset, word);
                assertCorrupt(
                        name,
                        () -> sender.offer(ByteBuffer.allocate(8)),
                        () -> sender.send(ByteBuffer.allocate(8)),
                        () -> sender.send(0, ByteBuffer.allocate(8), LONG),
                        () -> sender.send(ByteBuffer.allocate(5_000)),
                        () -> sender.tryClaim(8),
                        () -> sender.claim(0, 8, LONG),
                        () -> {
                            try (MessageSender.OutgoingMessage message = sender.openMessage()) {
                                message.write(ByteBuffer.allocate(8));
                            }
                        });
                assertTrue(sender.backlog() >= 0 && sender.backlog() <= CAPACITY);
            }
            set(HEAD, head);
            set(TAIL, tail);
        }
        assertFalse(sender.send(0, ByteBuffer.allocate(8), SHORT));
        while (receiver.poll((type, message) -> assertEquals(8, message.remaining()), 10) > 0) {
            // More.
        }
        send(5, 40);
        take(5, 40);
    }

    /** Without a timeout: nobody else would end the wait. */
    @Test
    void aSenderThatWaitsIsToldThatItsLaneIsOverwritten() throws Exception {
        while (sender.offer(ByteBuffer.allocate(8))) {
            // More, until the ring is full.
        }
        long head = get(HEAD);
        long tail = get(TAIL);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (long[] word : new long[][] {
                {HEAD, tail + 8}, {HEAD, head - 8}, {HEAD, head + 4}, {HEAD, Long.MIN_VALUE}, {HEAD, Long.MAX_VALUE},
                {TAIL, head - 8}, {TAIL, tail + 8}, {TAIL, tail + 4}, {TAIL, -8}, {TAIL, Long.MAX_VALUE}
            }) {
                Future<?> sent = other.submit(() -> {
                    sender.send(ByteBuffer.allocate(8));
                    return null;
                });
                while (region.pointer().getInt(LANE + MessageLayout.LANE_ASLEEP) != 1) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                set((int) word[0], word[1]);
                assertCorrupt(name, () -> get(sent));
                set(HEAD, head);
                set(TAIL, tail);
            }
        } finally {
            other.shutdownNow();
        }
    }

    private static void get(Future<?> future) throws Throwable {
        try {
            future.get(SLACK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    @Test
    void whoOpensAnOverwrittenLaneIsToldSo() throws Exception {
        send(1, 40);
        receiver.close();
        sender.close();
        for (long[] word : new long[][] {
            {HEAD, 56}, {HEAD, Long.MIN_VALUE}, {HEAD, 4}, {TAIL, 1 << 20}, {TAIL, -1}, {TAIL, 44}
        }) {
            long before = get((int) word[0]);
            set((int) word[0], word[1]);
            assertCorrupt(
                    name,
                    () -> MessageReceiver.open(name),
                    () -> MessageSender.open(name),
                    () -> MessageSender.openOrCreate(name, CAPACITY, OPTIONS));
            set((int) word[0], before);
        }
        // They have given the places up.
        sender = MessageSender.open(name);
        receiver = MessageReceiver.open(name);
        take(1, 40);
    }

    @Test
    void aShapeThatChangesLaterChangesNothing() throws Exception {
        long[][] shapes = {
            {0, SENDERS}, {-1, SENDERS}, {64, SENDERS}, {CAPACITY + 1, SENDERS}, {1 << 30, SENDERS},
            {1L << 32 | CAPACITY, SENDERS}, {Long.MIN_VALUE, SENDERS}, {CAPACITY, 0}, {CAPACITY, 255}, {CAPACITY, 256},
            {CAPACITY, -1}, {CAPACITY, 1L << 32 | SENDERS}, {1 << 20, 1}
        };
        for (long[] shape : shapes) {
            set(MessageLayout.CAPACITY, shape[0]);
            set(MessageLayout.SENDERS, shape[1]);
            assertCorrupt(name, () -> MessageReceiver.open(name), () -> MessageSender.open(name));
            for (int i = 0; i < 10; i++) {
                send(i, 100);
                take(i, 100);
            }
            assertEquals(CAPACITY, sender.capacity());
            assertEquals(0, receiver.backlog());
        }
    }

    @Test
    void aNumberOfUsedLanesThatCannotBeIsBounded() throws Exception {
        for (long used : new long[] {Long.MIN_VALUE, -1, SENDERS + 1, 1L << 32, Long.MAX_VALUE, 0}) {
            set(MessageLayout.USED, used);
            try (MessageSender second = MessageSender.open(name)) {
                assertTrue(second.offer(9, Numbered.of(9, 16)));
                take(9, 16);
                assertEquals(0, receiver.backlog());
                assertEquals(0, receiver.aborted());
                assertEquals(0, receiver.fullCount());
                assertFalse(receiver.toString().isEmpty());
                assertFalse(receiver.await(Duration.ZERO));
                receiver.close();
                receiver = MessageReceiver.open(name);
            }
        }
    }

    @Test
    void anUnfinishedMessageThatNobodyBeganIsCountedAtMost() throws Exception {
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 50; round++) {
            long word = switch (round) {
                case 0 -> -1;
                case 1 -> 3;
                case 2 -> Long.MIN_VALUE;
                default -> random.nextLong();
            };
            set(UNFINISHED, word);
            long aborted = word >>> MessageLayout.UNFINISHED_ABORTED_SHIFT;
            assertEquals(aborted, receiver.aborted(), "its sender lives");
            assertFalse(receiver.toString().isEmpty());
            sender.close();
            set(UNFINISHED, word);
            long after = receiver.aborted();
            assertTrue(after == aborted || after == aborted + 1, () -> after + " of " + aborted);
            sender = MessageSender.open(name);
            assertEquals(after & 0xffffff, receiver.aborted());
            send(round, 40);
            take(round, 40);
        }
    }

    /** Words that say that a side sleeps, and events that are set, which nobody has set so. */
    @Test
    void wakeUpsThatNobodyNeedsEndNoWaitEarlyOrLate() throws Exception {
        long before = System.nanoTime();
        try (NamedEvent sent = NamedEvent.openOrCreate(name + ".sent", EventOptions.autoReset());
                NamedEvent freed = NamedEvent.openOrCreate(name + ".freed.1", EventOptions.autoReset())) {
            SplittableRandom random = new SplittableRandom();
            Thread other = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    sent.set();
                    freed.set();
                    region.pointer().setInt(MessageLayout.RECEIVER_ASLEEP, random.nextInt(3));
                    region.pointer().setInt(LANE + MessageLayout.LANE_ASLEEP, random.nextInt(3));
                }
            });
            other.start();
            try {
                for (int i = 0; i < 10; i++) {
                    long start = System.nanoTime();
                    assertNull(receiver.receive(SHORT));
                    assertTrue(System.nanoTime() - start >= SHORT.toNanos());
                    send(i, 40);
                    take(i, 40);
                }
                while (sender.offer(ByteBuffer.allocate(8))) {
                    // More.
                }
                long start = System.nanoTime();
                assertFalse(sender.send(0, ByteBuffer.allocate(8), SHORT));
                assertTrue(System.nanoTime() - start >= SHORT.toNanos());
            } finally {
                other.interrupt();
                other.join();
            }
        }
        assertTrue(System.nanoTime() - before < TimeUnit.MILLISECONDS.toNanos(SLACK_MILLIS));
    }

    static List<MessageOptions> kinds() {
        return List.of(OPTIONS, OPTIONS.receivers(2), OPTIONS.lossy(), OPTIONS.receivers(2).lossy());
    }

    /** Again and again a new channel, because one that is overwritten stays so. */
    @ParameterizedTest
    @MethodSource("kinds")
    void callsEndWhileTheChannelChanges(MessageOptions options) throws Exception {
        ExecutorService others = Executors.newCachedThreadPool();
        AtomicLong received = new AtomicLong();
        AtomicLong corrupt = new AtomicLong();
        try {
            for (int round = 0; round < MILLIS / MILLIS_OF_ROUND / 2; round++) {
                new Round(name + "-" + round, options, received, corrupt).run(others);
            }
        } finally {
            others.shutdownNow();
        }
        assertTrue(received.get() > 0 && corrupt.get() > 0, () -> received + " messages, " + corrupt + " failures");
        Sizes.report("HostileMessagesTest: " + received + " messages, " + corrupt + " failures");
    }

    /** One channel, with threads that use it, and one that overwrites it. */
    private record Round(String name, MessageOptions options, AtomicLong received, AtomicLong corrupt) {
        void run(ExecutorService others) throws Exception {
            SplittableRandom random = new SplittableRandom();
            try (MessageSender sender = MessageSender.create(name, CAPACITY, options);
                    MessageReceiver receiver = MessageReceiver.open(name, options);
                    SharedRegion region = SharedRegion.open(name + ".messages")) {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS_OF_ROUND);
                List<Future<?>> callers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    SplittableRandom own = random.split();
                    callers.add(others.submit(() -> {
                        while (System.nanoTime() - end < 0) {
                            useOnce(own, sender, receiver);
                        }
                        return null;
                    }));
                }
                TimeUnit.MICROSECONDS.sleep(random.nextInt(MILLIS_OF_ROUND * 500));
                int pause = 1 << random.nextInt(12);
                while (System.nanoTime() - end < 0) {
                    overwrite(random, region);
                    for (int i = 0; i < pause; i++) {
                        Thread.onSpinWait();
                    }
                }
                for (Future<?> each : callers) {
                    each.get(SLACK_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
            Reasons.assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".messages"));
            assertEquals(List.of(), TestNames.leftovers(name));
        }

        private static void overwrite(SplittableRandom random, SharedRegion region) {
            int at = switch (random.nextInt(4)) {
                // Where it hurts: the words of the lanes, and a header.
                case 0 -> LANE * (1 + random.nextInt(SENDERS))
                        + new int[] {
                            MessageLayout.LANE_HEAD, MessageLayout.LANE_TAIL, MessageLayout.LANE_ASLEEP,
                            MessageLayout.LANE_UNFINISHED
                        }[random.nextInt(4)];
                case 1 -> RING + random.nextInt(SENDERS * CAPACITY / 8) * 8;
                // What only a broadcast channel has.
                case 2 -> random.nextInt(4) == 0
                        ? MessageLayout.RECEIVER + BroadcastLayout.RECEIVER_LISTENING
                        : random.nextInt(3) == 0
                                ? LANE * (1 + random.nextInt(SENDERS)) + BroadcastLayout.LANE_INTENT
                                : LANE * (1 + SENDERS) + random.nextInt(LANE * SENDERS / 8) * 8;
                default -> random.nextInt((RING + SENDERS * CAPACITY) / 8) * 8;
            };
            long word = switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1 -> random.nextInt(4096) * 8L;
                case 2 -> -1;
                case 3 -> region.pointer().getLong(at) + 8 * (random.nextInt(5) - 2);
                case 4 -> (long) random.nextInt(8) << MessageLayout.KIND_SHIFT | random.nextInt(2 * CAPACITY);
                default -> random.nextLong();
            };
            region.pointer().setLong(at, word);
        }

        private void useOnce(SplittableRandom random, MessageSender sender, MessageReceiver receiver)
                throws Exception {
            long start = System.nanoTime();
            Duration timeout = Duration.ofMillis(random.nextInt(4));
            try {
                switch (random.nextInt(16)) {
                    case 0, 1, 2 -> received.addAndGet(receiver.poll((type, message) -> read(message), 10));
                    case 3, 4 -> receiver.receive((type, message) -> read(message), 10, timeout);
                    case 5 -> receiver.receiveParts((from, type, part, last) -> read(part), 10, timeout);
                    case 6 -> assertFalse(receiver.await(timeout) && receiver.isClosed());
                    case 7 -> assertTrue(receiver.backlog() >= 0 && receiver.aborted() >= 0 && receiver.lost() >= 0);
                    case 8 -> assertFalse(receiver.toString().isEmpty() || sender.toString().isEmpty());
                    case 9 -> sender.send(1, ByteBuffer.allocate(random.nextInt(1_000)), timeout);
                    case 10 -> claim(sender, random.nextInt(100), timeout);
                    case 11 -> {
                        sender.openMessage().close();
                        assertTrue(sender.receivers() >= 0 && sender.backlog() >= 0);
                    }
                    case 12 -> MessageSender.open(name).close();
                    case 13 -> MessageReceiver.open(name).close();
                    default -> sender.offer(ByteBuffer.allocate(random.nextInt(100)));
                }
            } catch (SharedMemoryException e) {
                assertTrue(REASONS.contains(e.reason()), e::toString);
                corrupt.addAndGet(e.reason() == Reason.CORRUPT ? 1 : 0);
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertEquals(0, millis / SLACK_MILLIS, () -> "a call took " + millis + " ms");
        }

        private static void read(ByteBuffer message) {
            while (message.hasRemaining()) {
                message.get();
            }
        }

        private static void claim(MessageSender sender, int length, Duration timeout) throws InterruptedException {
            try (MessageSender.Claim claim = sender.claim(1, length, timeout)) {
                if (claim != null) {
                    assertNotNull(claim.buffer().put(new byte[length]));
                    claim.commit();
                }
            }
        }
    }
}
