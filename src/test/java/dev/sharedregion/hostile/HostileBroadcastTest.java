package dev.sharedregion.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.message.BroadcastLayout;
import dev.sharedregion.internal.message.MessageLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A program that writes anything to what only a broadcast channel has. {@link HostileMessagesTest} has the rest. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileBroadcastTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int CAPACITY = 256;
    private static final int SIZE = 24;
    private static final int RECORD = SIZE + MessageLayout.HEADER_SIZE;
    private static final int FULL = CAPACITY / RECORD;
    private static final int LANE = MessageLayout.LANE_SIZE;
    private static final int INTENT = LANE + BroadcastLayout.LANE_INTENT;
    private static final int MARKS = 2 * LANE;
    private static final MessageOptions DEFAULTS = MessageOptions.defaults();
    private static final long[] IMPOSSIBLE = {4, Long.MIN_VALUE, -1, Long.MAX_VALUE, 1L << 40};

    private final String name = TestNames.unique();

    @AfterEach
    void nothingIsLeft() {
        Reasons.assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".messages"));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    private static boolean offer(MessageSender sender) {
        return sender.offer(ByteBuffer.allocate(SIZE));
    }

    private static void fill(MessageSender sender) {
        for (int i = 0; i < FULL; i++) {
            assertTrue(offer(sender));
        }
    }

    private static int poll(MessageReceiver receiver) {
        return receiver.poll((type, message) -> assertEquals(SIZE, message.remaining()), 2 * FULL);
    }

    /** Returns 0 if the channel is found to be corrupt. */
    private static int unlessCorrupt(IntSupplier call) {
        try {
            return call.getAsInt();
        } catch (SharedMemoryException e) {
            assertEquals(Reason.CORRUPT, e.reason());
            return 0;
        }
    }

    private static void assertCorrupt(Executable... calls) {
        for (Executable call : calls) {
            Reasons.assertReason(Reason.CORRUPT, call);
        }
    }

    @Test
    void aNumberOfReceiversThatCannotBeIsCorrupt() {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, DEFAULTS.receivers(2));
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            for (long word : new long[] {0, 65, 1L << 31, 1L << 32, 1L << 33 | 2, -1, Long.MIN_VALUE | 2}) {
                region.pointer().setLong(MessageLayout.RECEIVERS, word);
                assertCorrupt(() -> MessageSender.open(name), () -> MessageReceiver.open(name));
            }
            region.pointer().setLong(MessageLayout.RECEIVERS, 64);
            assertCorrupt(() -> MessageReceiver.open(name));
            fill(sender);
        }
    }

    @Test
    void aHeadThatCannotBeHoldsUpASenderAtMost() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, DEFAULTS.receivers(2));
                MessageReceiver first = MessageReceiver.open(name);
                MessageReceiver second = MessageReceiver.open(name);
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            for (int head : new int[] {LANE + MessageLayout.LANE_HEAD, 3 * LANE}) {
                MessageReceiver receiver = head < 3 * LANE ? first : second;
                for (long word : IMPOSSIBLE) {
                    poll(first);
                    poll(second);
                    long before = region.pointer().getLong(head);
                    region.pointer().setLong(head, word);
                    assertCorrupt(() -> poll(receiver));
                    for (int i = 0; i < 2 * FULL; i++) {
                        unlessCorrupt(() -> offer(sender) ? 1 : 0);
                    }
                    assertTrue(sender.backlog() >= 0 && sender.backlog() <= CAPACITY);
                    region.pointer().setLong(head, before);
                }
            }
        }
    }

    @Test
    void aReceiverThatIsNotThereIsNotWaitedFor() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, DEFAULTS.receivers(3));
                MessageReceiver first = MessageReceiver.open(name);
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            for (long word : new long[] {1, 2, 3, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
                region.pointer().setLong(2 * LANE + BroadcastLayout.RECEIVER_LISTENING, word);
                fill(sender);
                assertEquals(FULL, poll(first));
                assertTrue(sender.send(0, ByteBuffer.allocate(SIZE), Duration.ofSeconds(60)));
                assertEquals(1, poll(first));
                assertEquals(1, sender.receivers());
                try (MessageReceiver second = MessageReceiver.open(name)) {
                    assertTrue(offer(sender));
                    assertEquals(1, poll(second));
                    assertEquals(1, poll(first));
                }
            }
            // It is there, and says that it is not.
            region.pointer().setLong(MessageLayout.RECEIVER + BroadcastLayout.RECEIVER_LISTENING, 0);
            fill(sender);
            fill(sender);
            assertCorrupt(() -> poll(first));
        }
    }

    /** The receiver may take it for a loss, or find that it cannot be. */
    @Test
    void anIntentThatCannotBeEndsEachCall() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, DEFAULTS.lossy());
                MessageReceiver receiver = MessageReceiver.open(name);
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            fill(sender);
            assertEquals(FULL, poll(receiver));
            for (long word : new long[] {1L << 40, Long.MAX_VALUE}) {
                for (int i = 0; i < FULL; i++) {
                    assertTrue(offer(sender));
                    region.pointer().setLong(INTENT, word);
                    long before = receiver.lost();
                    assertEquals(0, unlessCorrupt(() -> poll(receiver)));
                    assertEquals(0, unlessCorrupt(() -> poll(receiver)));
                    assertTrue(receiver.lost() >= before && receiver.lost() <= before + CAPACITY / 8);
                }
                region.pointer().setLong(INTENT, region.pointer().getLong(LANE + MessageLayout.LANE_TAIL));
                poll(receiver);
            }
            sender.close();
            long tail = region.pointer().getLong(LANE + MessageLayout.LANE_TAIL);
            for (long word : new long[] {tail - 8, tail + 4, tail + CAPACITY, Long.MIN_VALUE, -1, 0}) {
                region.pointer().setLong(INTENT, word);
                assertCorrupt(() -> MessageSender.open(name));
            }
        }
    }

    @Test
    void aMarkThatCannotBeIsCorrupt() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, DEFAULTS.lossy());
                MessageReceiver receiver = MessageReceiver.open(name);
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            fill(sender);
            fill(sender);
            for (long[] mark : new long[][] {{-1, 0}, {4, 0}, {0, 0}, {Long.MIN_VALUE, 3}, {2 * CAPACITY, -1},
                {2 * CAPACITY, 1000}, {2 * CAPACITY + 8, 16}}) {
                for (int at = MARKS; at < MARKS + 4 * BroadcastLayout.MARK_SIZE; at += BroadcastLayout.MARK_SIZE) {
                    region.pointer().setLong(at + BroadcastLayout.MARK_POSITION, mark[0]);
                    region.pointer().setLong(at + BroadcastLayout.MARK_BEGUN, mark[1]);
                }
                assertCorrupt(() -> poll(receiver), () -> receiver.receive(SHORT));
            }
            assertEquals(0, receiver.lost());
            receiver.close();
            assertCorrupt(() -> MessageReceiver.open(name));
            sender.close();
            assertCorrupt(() -> MessageSender.open(name));
        }
    }

    @Test
    void recordsThatCannotBeAreCorrupt() throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY, DEFAULTS.lossy().receivers(2));
                MessageReceiver receiver = MessageReceiver.open(name);
                SharedRegion region = SharedRegion.open(name + ".messages")) {
            assertTrue(offer(sender));
            int ring = MessageLayout.RINGS_ALIGNMENT;
            int before = region.pointer().getInt(ring);
            int whole = MessageLayout.WHOLE << MessageLayout.KIND_SHIFT;
            for (int word : new int[] {0, whole | 64, whole | CAPACITY, whole | 0x1fffffff, 0x70000000,
                MessageLayout.PADDING << MessageLayout.KIND_SHIFT}) {
                region.pointer().setInt(ring, word);
                assertCorrupt(() -> poll(receiver), () -> receiver.receive(SHORT));
                // Who counts the messages that are there finds it, too.
                assertCorrupt(() -> MessageReceiver.open(name));
            }
            region.pointer().setInt(ring, before);
            assertEquals(1, poll(receiver));
            assertFalse(receiver.await(SHORT));
        }
    }
}
