package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Numbered;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.VirtualThread;
import dev.sharedregion.internal.message.MessageLayout;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Waits for messages and for room, what ends them, and threads that share a side. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MessageWaitTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final int CAPACITY = 1024;
    private static final int SIZE = 24;

    /** How many messages of this size fill a ring. */
    private static final int FULL = CAPACITY / 32;

    private final String name = TestNames.unique();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final MessageSender sender = MessageSender.create(name, CAPACITY, MessageOptions.defaults().senders(3));
    private final MessageReceiver receiver = MessageReceiver.open(name);

    @AfterEach
    void end() throws Exception {
        // Ends handlers that wait, for which the receiver's close would wait.
        others.shutdownNow();
        sender.close();
        receiver.close();
        assertTrue(others.awaitTermination(1, TimeUnit.MINUTES), "a thread hangs");
        Reasons.assertReason(Reason.NOT_FOUND, () -> MessageReceiver.open(name));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    private static ByteBuffer message(int number) {
        return Numbered.of(number, SIZE);
    }

    private void fill() {
        for (int number = 0; number < FULL; number++) {
            assertTrue(sender.offer(number, message(number)));
        }
        assertFalse(sender.offer(ByteBuffer.allocate(0)));
    }

    /** Takes so many messages, each with its content. */
    private void take(int count) throws InterruptedException {
        for (int taken = 0; taken < count; ) {
            taken += receiver.receive(
                    (type, message) -> Numbered.check(message, type, message.remaining()), count - taken, LONG);
        }
    }

    /** Waits until a side says that it sleeps. */
    private void awaitAsleep(int offset) throws Exception {
        try (SharedRegion region = SharedRegion.open(name + ".messages")) {
            for (long giveUp = System.nanoTime() + LONG.toNanos(); region.pointer().getInt(offset) != 1; ) {
                assertTrue(System.nanoTime() - giveUp < 0, "nobody sleeps");
                Thread.sleep(1);
            }
        }
    }

    private void awaitReceiverAsleep() throws Exception {
        awaitAsleep(MessageLayout.RECEIVER_ASLEEP);
    }

    private void awaitSenderAsleep() throws Exception {
        awaitAsleep(MessageLayout.LANE_SIZE + MessageLayout.LANE_ASLEEP);
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(60, TimeUnit.SECONDS)).getCause();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private static void assertLasted(Duration least, long since) {
        long nanos = System.nanoTime() - since;
        assertTrue(nanos >= least.toNanos(), () -> nanos + " ns instead of " + least);
    }

    /** It waits for the thread that writes another one, and not for room, which nobody makes here. */
    @Test
    void aMessageInPartsBeginsAlsoInAFullRing() throws Exception {
        fill();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        List<Future<?>> threads = new ArrayList<>();
        for (int thread = 0; thread < 2; thread++) {
            SplittableRandom random = new SplittableRandom(thread);
            threads.add(others.submit(() -> {
                while (System.nanoTime() - end < 0) {
                    try (MessageSender.OutgoingMessage message = sender.openMessage()) {
                        for (int pauses = random.nextInt(50); pauses > 0; pauses--) {
                            Thread.onSpinWait();
                        }
                    }
                }
                return null;
            }));
        }
        for (Future<?> each : threads) {
            get(each);
        }
        take(FULL);
    }

    @Test
    void aReceiverWaitsForItsTime() throws Exception {
        long start = System.nanoTime();
        assertNull(receiver.receive(SHORT));
        assertLasted(SHORT, start);
        start = System.nanoTime();
        assertEquals(0, receiver.receive((type, message) -> { }, 5, SHORT));
        assertLasted(SHORT, start);
        start = System.nanoTime();
        assertEquals(0, receiver.receiveParts((from, type, part, last) -> { }, 5, SHORT));
        assertLasted(SHORT, start);
        start = System.nanoTime();
        assertFalse(receiver.await(SHORT));
        assertLasted(SHORT, start);
        assertNull(receiver.receive(Duration.ZERO));
        assertFalse(receiver.await(Duration.ZERO));
        for (Duration negative : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThrows(IllegalArgumentException.class, () -> receiver.receive(negative));
            assertThrows(IllegalArgumentException.class, () -> receiver.await(negative));
            assertThrows(IllegalArgumentException.class, () -> receiver.receive((type, message) -> { }, 1, negative));
            assertThrows(IllegalArgumentException.class, () -> sender.send(0, message(0), negative));
            assertThrows(IllegalArgumentException.class, () -> sender.claim(0, 1, negative));
        }
    }

    @Test
    void aSenderWaitsForItsTimeWhileThereIsNoRoom() throws Exception {
        fill();
        long start = System.nanoTime();
        assertFalse(sender.send(0, message(0), SHORT));
        assertLasted(SHORT, start);
        start = System.nanoTime();
        assertNull(sender.claim(0, 0, SHORT));
        assertLasted(SHORT, start);
        assertFalse(sender.send(0, message(0), Duration.ZERO));
        assertNull(sender.claim(0, 0, Duration.ZERO));
        assertNull(sender.tryClaim(0));
        // In parts, of which the first finds no room.
        assertFalse(sender.send(0, ByteBuffer.allocate(5_000), SHORT));
        take(FULL);
        assertEquals(0, receiver.backlog());
        // In parts, of which only some find room.
        assertFalse(sender.send(0, ByteBuffer.allocate(5_000), SHORT));
        assertEquals(1, sender.aborted());
        sender.close();
        assertNull(receiver.receive(Duration.ZERO), "it was given up");
    }

    @Test
    void aSendWakesTheReceiver() throws Exception {
        for (int round = 0; round < 50; round++) {
            Future<ByteBuffer> waiting = others.submit(() -> receiver.receive());
            awaitReceiverAsleep();
            sender.send(round, message(round));
            Numbered.check(get(waiting), round, SIZE);
        }
        for (int round = 0; round < 10; round++) {
            Future<Boolean> waiting = others.submit(() -> receiver.await(LONG));
            awaitReceiverAsleep();
            assertFalse(waiting.isDone());
            sender.send(round, message(round));
            assertTrue(get(waiting));
            assertTrue(receiver.await(Duration.ZERO), "it is still there");
            take(1);
        }
    }

    @Test
    void aSenderGoesOnWhenThereIsRoom() throws Exception {
        for (int round = 0; round < 20; round++) {
            fill();
            int number = round;
            Future<Boolean> waiting = others.submit(() -> sender.send(number, message(number), LONG));
            awaitSenderAsleep();
            assertFalse(waiting.isDone());
            assertFalse(sender.offer(ByteBuffer.allocate(0)));
            take(FULL);
            assertTrue(get(waiting));
            Numbered.check(receiver.receive(LONG), round, SIZE);
        }
    }

    @Test
    void processesWakeEachOther() throws Exception {
        try (Peer peer = Peer.java(PeerProgram.class)) {
            peer.send("openSender " + name);
            peer.expect("ok");
            for (int round = 0; round < 20; round++) {
                Future<ByteBuffer> waiting = others.submit(() -> receiver.receive());
                awaitReceiverAsleep();
                peer.send("sendMessage " + round + " " + SIZE);
                Numbered.check(get(waiting), round, SIZE);
                peer.expect("ok");
            }
            for (int round = 0; round < 20; round++) {
                peer.send("sendMessage " + round + " 5000");
                awaitAsleep(2 * MessageLayout.LANE_SIZE + MessageLayout.LANE_ASLEEP);
                Numbered.check(receiver.receive(LONG), round, 5000);
                peer.expect("ok");
            }
            peer.closeInput();
            assertEquals(0, peer.exitStatus());
        }
    }

    @Test
    void closeEndsTheWaitsOfTheReceiver() throws Exception {
        List<Future<?>> all = List.of(
                others.submit(() -> receiver.receive()),
                others.submit(() -> receiver.receive(LONG)),
                others.submit(() -> receiver.receive((type, message) -> { }, 1, LONG)),
                others.submit(() -> receiver.receiveParts((from, type, part, last) -> { }, 1, LONG)),
                others.submit(() -> receiver.await(LONG)));
        awaitReceiverAsleep();
        Thread.sleep(30);
        receiver.close();
        for (Future<?> each : all) {
            Throwable e = failure(each);
            assertTrue(e instanceof IllegalStateException, e::toString);
        }
    }

    @Test
    void closeEndsTheWaitsOfTheSender() throws Exception {
        fill();
        List<Future<?>> all = List.of(
                others.submit(() -> sender.send(0, message(0), LONG)),
                others.submit(() -> sender.claim(0, 0, LONG)),
                others.submit(() -> sender.send(0, message(0), LONG)),
                others.submit(() -> sender.send(0, ByteBuffer.allocate(5_000), LONG)));
        awaitSenderAsleep();
        Thread.sleep(30);
        sender.close();
        for (Future<?> each : all) {
            Throwable e = failure(each);
            assertTrue(e instanceof IllegalStateException, e::toString);
        }
        take(FULL);
        assertNull(receiver.receive(Duration.ZERO));
    }

    @Test
    void closeEndsTheWaitsForAClaim() throws Exception {
        MessageSender.Claim claim = sender.tryClaim(8);
        List<Future<?>> all = List.of(
                others.submit(() -> sender.send(0, message(0), LONG)), others.submit(() -> sender.openMessage()));
        Thread.sleep(30);
        sender.close();
        for (Future<?> each : all) {
            Throwable e = failure(each);
            assertTrue(e instanceof IllegalStateException, e::toString);
        }
        claim.close();
    }

    /** Each of them, whether it is the first that waits or waits behind another one. */
    @Test
    void anInterruptEndsAWait() throws Exception {
        fill();
        List<Callable<?>> waits = List.of(
                () -> sender.send(0, message(0), LONG),
                () -> sender.claim(0, 0, LONG),
                () -> sender.send(0, ByteBuffer.allocate(5_000), LONG));
        interruptAll(waits, this::awaitSenderAsleep);
        take(FULL);
        assertEquals(0, sender.aborted());
        sender.offer(0, message(0));
        take(1);
        interruptAll(
                List.of(
                        () -> receiver.receive(),
                        () -> receiver.receive((type, message) -> { }, 1, LONG),
                        () -> receiver.await(LONG)),
                this::awaitReceiverAsleep);
        sender.send(1, message(1));
        take(1);
    }

    @Test
    void anInterruptEndsAWaitForAClaim() throws Exception {
        try (MessageSender.Claim claim = sender.tryClaim(8)) {
            interruptAll(
                    List.of(() -> sender.send(0, message(0), LONG), () -> sender.openMessage()),
                    () -> Thread.sleep(30));
            claim.commit();
        }
        assertNotNull(receiver.receive(LONG));
        assertEquals(0, receiver.backlog());
    }

    private interface Step {
        void run() throws Exception;
    }

    private void interruptAll(List<Callable<?>> waits, Step asleep) throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        List<Future<?>> all = new ArrayList<>();
        for (Callable<?> wait : waits) {
            all.add(others.submit(() -> {
                threads.add(Thread.currentThread());
                return wait.call();
            }));
        }
        asleep.run();
        Thread.sleep(50);
        // A thread that has not begun to wait yet is interrupted all the same.
        for (int i = 0; i < waits.size(); i++) {
            threads.take().interrupt();
        }
        for (Future<?> each : all) {
            Throwable e = failure(each);
            assertTrue(e instanceof InterruptedException, e::toString);
        }
    }

    @Test
    void anInterruptBeforeAWaitEndsIt() throws Exception {
        // There is room, and there are messages.
        sender.send(0, message(0));
        for (Callable<?> call : List.<Callable<?>>of(
                () -> sender.send(1, message(1), LONG),
                () -> sender.claim(1, 1, LONG),
                () -> sender.openMessage(),
                () -> receiver.receive(),
                () -> receiver.receive(Duration.ZERO),
                () -> receiver.receive((type, message) -> { }, 1, LONG),
                () -> receiver.receiveParts((from, type, part, last) -> { }, 1, LONG),
                () -> receiver.await(Duration.ZERO))) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, call::call);
            assertFalse(Thread.interrupted());
        }
        Thread.currentThread().interrupt();
        assertTrue(sender.offer(1, message(1)));
        assertEquals(2, receiver.poll((type, message) -> { }, 5));
        assertTrue(Thread.interrupted());
        assertEquals(0, sender.backlog());
    }

    /** A part that is not written stays in the buffer, and the message can go on. */
    @Test
    void anInterruptEndsAWriteOfAPart() throws Exception {
        ByteBuffer bytes = Numbered.of(5, 5_000);
        try (MessageSender.OutgoingMessage message = sender.openMessage(5)) {
            AtomicReference<Thread> writer = new AtomicReference<>();
            Future<Boolean> interrupted = others.submit(() -> {
                writer.set(Thread.currentThread());
                assertThrows(InterruptedIOException.class, () -> message.write(bytes));
                boolean was = Thread.interrupted();
                Thread.currentThread().interrupt();
                assertThrows(InterruptedIOException.class, () -> message.write(bytes));
                assertThrows(InterruptedIOException.class, message::commit);
                return was & Thread.interrupted();
            });
            awaitSenderAsleep();
            writer.get().interrupt();
            assertTrue(get(interrupted));
            assertTrue(message.isOpen());
            Future<ByteBuffer> received = others.submit(() -> receiver.receive(LONG));
            message.write(bytes);
            message.commit();
            Numbered.check(get(received), 5, 5_000);
        }
    }

    @Test
    void awaitAsyncIsCompletedByAMessage() throws Exception {
        CompletableFuture<Void> first = receiver.awaitAsync();
        CompletableFuture<Void> second = receiver.awaitAsync();
        awaitReceiverAsleep();
        assertFalse(first.isDone() || second.isDone());
        sender.send(1, message(1));
        get(first);
        get(second);
        get(receiver.awaitAsync());
        Numbered.check(receiver.receive(Duration.ZERO), 1, SIZE);
        CompletableFuture<Void> cancelled = receiver.awaitAsync();
        awaitReceiverAsleep();
        assertTrue(cancelled.cancel(true));
        assertThrows(CancellationException.class, cancelled::get);
        CompletableFuture<Void> closed = receiver.awaitAsync();
        awaitReceiverAsleep();
        receiver.close();
        Throwable e = failure(closed);
        assertTrue(e instanceof IllegalStateException, e::toString);
    }

    /** Nothing is lost, and the messages of each thread arrive in their order. */
    @Test
    void threadsShareASender() throws Exception {
        int threads = 4;
        int each = 3_000;
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread * each;
            all.add(others.submit(() -> {
                for (int number = first; number < first + each; number++) {
                    sendSomehow(number);
                }
                return null;
            }));
        }
        int[] next = {0, each, 2 * each, 3 * each};
        for (int count = 0; count < threads * each; ) {
            count += receiver.receive(
                    (type, message) -> {
                        assertEquals(next[type / each]++, type);
                        Numbered.check(message, type, length(type));
                    },
                    50,
                    LONG);
        }
        for (Future<?> one : all) {
            get(one);
        }
        assertNull(receiver.receive(Duration.ZERO));
        assertEquals(0, receiver.aborted());
    }

    /** Now and then longer than the ring. */
    private static int length(int number) {
        return number % 50 == 0 ? 2_500 + number % 100 : number % 500;
    }

    private void sendSomehow(int number) throws Exception {
        ByteBuffer message = Numbered.of(number, length(number));
        if (message.remaining() > sender.largestRecord()) {
            if (number % 100 == 0) {
                sender.send(number, message);
            } else {
                try (MessageSender.OutgoingMessage parts = sender.openMessage(number)) {
                    parts.write(message.slice(0, 1_000));
                    parts.write(message.slice(1_000, message.remaining() - 1_000));
                    parts.commit();
                }
            }
            return;
        }
        switch (number % 3) {
            case 0 -> sender.send(number, message);
            case 1 -> {
                while (!sender.offer(number, message)) {
                    Thread.yield();
                }
            }
            default -> {
                try (MessageSender.Claim claim = sender.claim(number, message.remaining(), LONG)) {
                    claim.buffer().put(message);
                    claim.commit();
                }
            }
        }
    }

    @Test
    void threadsShareAReceiver() throws Exception {
        int messages = 20_000;
        boolean[] seen = new boolean[messages];
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
            all.add(others.submit(() -> {
                while (!seen[messages - 1]) {
                    receiver.receive(
                            (type, message) -> {
                                assertFalse(seen[type]);
                                Numbered.check(message, type, SIZE);
                                seen[type] = true;
                            },
                            7,
                            SHORT);
                }
                return null;
            }));
        }
        for (int number = 0; number < messages; number++) {
            sender.send(number, message(number));
        }
        for (Future<?> one : all) {
            get(one);
        }
        for (int number = 0; number < messages; number++) {
            assertTrue(seen[number], "lost");
        }
    }

    @Test
    void sendersOfSeveralThreadsLoseNothing() throws Exception {
        int each = 5_000;
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 2; thread++) {
            int first = thread * each;
            all.add(others.submit(() -> {
                try (MessageSender own = MessageSender.open(name)) {
                    for (int number = first; number < first + each; number++) {
                        own.send(number, Numbered.of(number, length(number)));
                    }
                }
                return null;
            }));
        }
        int[] next = {0, each};
        for (int count = 0; count < 2 * each; ) {
            count += receiver.receive(
                    (type, message) -> {
                        assertEquals(next[type / each]++, type);
                        Numbered.check(message, type, length(type));
                    },
                    20,
                    LONG);
        }
        for (Future<?> one : all) {
            get(one);
        }
    }

    /** While one thread is handed a message, another one waits no longer than it says, and can be interrupted. */
    @Test
    void aHandlerHoldsUpNobodysTimeout() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        sender.send(0, message(0));
        Future<Integer> handling = others.submit(() -> receiver.receive(
                (type, message) -> {
                    inside.countDown();
                    assertThrows(Exception.class, () -> {
                        leave.await();
                        throw new Exception();
                    });
                },
                1,
                LONG));
        inside.await();
        assertEquals(0, receiver.poll((type, message) -> { }, 1));
        assertEquals(0, get(others.submit(() -> receiver.receive((type, message) -> { }, 1, SHORT))));
        assertNull(get(others.submit(() -> receiver.receive(SHORT))));
        assertTrue(get(others.submit(() -> receiver.await(SHORT))), "it is not released");
        interruptAll(List.of(() -> receiver.receive(), () -> receiver.receive(LONG)), () -> Thread.sleep(10));
        Future<ByteBuffer> next = others.submit(() -> receiver.receive(LONG));
        sender.send(1, message(1));
        Thread.sleep(20);
        assertFalse(next.isDone());
        leave.countDown();
        assertEquals(1, get(handling));
        Numbered.check(get(next), 1, SIZE);
    }

    /** The same if that thread was the only one that waited, by a call that does not wait any more. */
    @Test
    void aPollsHandlerHoldsUpNobodysTimeout() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        sender.send(0, message(0));
        Future<Integer> handling = others.submit(() -> receiver.poll(
                (type, message) -> {
                    inside.countDown();
                    assertThrows(Exception.class, () -> {
                        leave.await();
                        throw new Exception();
                    });
                },
                1));
        inside.await();
        assertEquals(0, get(others.submit(() -> receiver.receive((type, message) -> { }, 1, SHORT))));
        interruptAll(List.of(() -> receiver.receive(), () -> receiver.receive(LONG)), () -> Thread.sleep(10));
        Future<ByteBuffer> next = others.submit(() -> receiver.receive(LONG));
        sender.send(1, message(1));
        leave.countDown();
        assertEquals(1, get(handling));
        Numbered.check(get(next), 1, SIZE);
    }

    @Test
    void closeWaitsForAHandler() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        sender.send(0, message(0));
        Future<Integer> handling = others.submit(() -> receiver.poll(
                (type, message) -> {
                    inside.countDown();
                    assertThrows(Exception.class, () -> {
                        leave.await();
                        throw new Exception();
                    });
                    Numbered.check(message, 0, SIZE);
                },
                1));
        inside.await();
        Future<?> waiting = others.submit(() -> receiver.receive());
        Future<?> close = others.submit(receiver::close);
        Thread.sleep(30);
        assertFalse(close.isDone());
        Reasons.assertReason(Reason.IN_USE, () -> MessageReceiver.open(name));
        leave.countDown();
        get(close);
        assertEquals(1, get(handling));
        assertTrue(failure(waiting) instanceof IllegalStateException);
        MessageReceiver.open(name).close();
    }

    /** While a message is written in place, another thread waits no longer than it says. */
    @Test
    void aClaimHoldsUpNobodysTimeout() throws Exception {
        MessageSender.Claim claim = sender.tryClaim(1, SIZE);
        assertFalse(get(others.submit(() -> sender.offer(message(0)))));
        assertNull(get(others.submit(() -> sender.tryClaim(0))));
        assertFalse(get(others.submit(() -> sender.send(0, message(0), SHORT))));
        assertNull(get(others.submit(() -> sender.claim(0, 0, SHORT))));
        assertFalse(get(others.submit(() -> sender.send(0, ByteBuffer.allocate(5_000), SHORT))));
        List<Future<?>> waiting = List.of(
                others.submit(() -> sender.send(2, message(2), LONG)),
                others.submit(() -> sender.send(3, message(3), LONG)));
        Thread.sleep(30);
        // They wait: this thread, whose claim it is, is told so nevertheless.
        assertThrows(IllegalStateException.class, () -> sender.offer(message(0)));
        assertThrows(IllegalStateException.class, () -> sender.tryClaim(0));
        claim.buffer().put(message(1));
        claim.commit();
        for (Future<?> each : waiting) {
            get(each);
        }
        take(3);
        assertEquals(0, receiver.aborted());
    }

    /** Threads that wait for the end of a message in parts do not keep it from its room. */
    @Test
    void aMessageInPartsGoesOnWhileOthersWait() throws Exception {
        try (MessageSender.OutgoingMessage message = sender.openMessage(1)) {
            message.write(ByteBuffer.allocate(500));
            List<Future<Boolean>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(others.submit(() -> sender.send(0, message(0), LONG)));
            }
            Future<MessageSender.OutgoingMessage> next = others.submit(() -> sender.openMessage(7));
            Thread.sleep(30);
            Future<ByteBuffer> received = others.submit(() -> receiver.receive());
            message.write(ByteBuffer.allocate(20_000));
            message.commit();
            assertEquals(20_500, get(received).remaining());
            Future<?> rest = others.submit(() -> {
                take(3);
                return null;
            });
            MessageSender.OutgoingMessage last = get(next);
            last.close();
            for (Future<Boolean> each : waiting) {
                assertTrue(get(each));
            }
            get(rest);
        }
    }

    /** More of them than carriers: they go on only if none holds its carrier while it waits. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsWait() throws Exception {
        int count = 40;
        List<VirtualThread<ByteBuffer>> receivers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            receivers.add(VirtualThread.start(() -> receiver.receive()));
        }
        awaitReceiverAsleep();
        assertTrue(VirtualThread.start(() -> true).get());
        for (int number = 0; number < count; number++) {
            sender.send(number, message(number));
        }
        for (VirtualThread<ByteBuffer> each : receivers) {
            assertEquals(SIZE, each.get().remaining());
        }
        fill();
        List<VirtualThread<Boolean>> senders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            senders.add(VirtualThread.start(() -> sender.send(number, message(number), LONG)));
        }
        awaitSenderAsleep();
        assertTrue(VirtualThread.start(() -> true).get());
        take(FULL + count);
        for (VirtualThread<Boolean> each : senders) {
            assertTrue(each.get());
        }
    }

    /** A sender looks whether the receiver sleeps after it has changed the tail, a receiver the other way round. */
    @Test
    void noWakeUpIsLost() throws Exception {
        int rounds = 3_000;
        MessageOptions options = MessageOptions.defaults();
        String back = name + "-back";
        try (MessageSender answers = MessageSender.create(back, 128, options);
                MessageReceiver answered = MessageReceiver.open(back)) {
            Future<?> echo = others.submit(() -> {
                for (int round = 0; round < rounds; round++) {
                    answers.send(receiver.receive());
                }
                return null;
            });
            for (int round = 0; round < rounds; round++) {
                sender.send(round, message(round));
                if (round % 3 == 0) {
                    // The other side falls asleep meanwhile, or is about to.
                    for (long until = System.nanoTime() + round * 30L; System.nanoTime() - until < 0; ) {
                        Thread.onSpinWait();
                    }
                }
                Numbered.check(answered.receive(LONG), round, SIZE);
            }
            get(echo);
        }
    }
}
