package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.ProcessFence;
import dev.sharedregion.internal.pair.PairBlock;
import dev.sharedregion.internal.pair.PairOpener;
import dev.sharedregion.internal.pair.PairSide;
import dev.sharedregion.internal.pair.Side;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Several threads of one side, one of which has taken so many turns that it has the bias: it signals without an atomic
 * change until another thread of the side calls.
 */
class EventPairThreadsTest {
    /** More than a thread takes before it gets the bias. */
    private static final int MANY = 600;

    private static final long PATIENCE_SECONDS = 60;

    private final String name = TestNames.unique();
    private final ExecutorService one = Executors.newSingleThreadExecutor();
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void endThreads() {
        one.shutdownNow();
        other.shutdownNow();
    }

    private static <T> T in(ExecutorService thread, Callable<T> action) throws Exception {
        return thread.submit(action).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Turns of both sides by one thread. */
    private static Void takeTurns(EventPair server, EventPair client, int turns) throws InterruptedException {
        for (int turn = 0; turn < turns; turn++) {
            server.signalWritten();
            client.awaitWritten();
            client.signalRead();
            server.awaitRead();
        }
        return null;
    }

    @Test
    void anotherThreadTakesTurnsAfterMany() throws Exception {
        try (EventPair server = EventPair.create(name); EventPair client = EventPair.open(name)) {
            for (ExecutorService thread : List.of(one, other, one, other)) {
                in(thread, () -> takeTurns(server, client, MANY));
            }
            assertTrue(server.hasTurn());
            assertFalse(client.hasTurn());
        }
    }

    @Test
    void threadsTakeOneTurnEach() throws Exception {
        try (EventPair server = EventPair.create(name); EventPair client = EventPair.open(name)) {
            for (int turn = 0; turn < 3 * MANY; turn++) {
                in(turn % 2 == 0 ? one : other, () -> takeTurns(server, client, 1));
            }
        }
    }

    @Test
    void anotherThreadActsAndLooksForThePeerAfterManyTurns() throws Exception {
        try (EventPair server = EventPair.create(name); EventPair client = EventPair.open(name)) {
            AtomicInteger sum = new AtomicInteger();
            for (ExecutorService thread : List.of(one, other, one)) {
                in(thread, () -> {
                    for (int turn = 0; turn < MANY; turn++) {
                        server.write(() -> sum.incrementAndGet());
                        client.read(() -> sum.incrementAndGet());
                    }
                    return server.awaitRead(Duration.ZERO);
                });
                assertTrue(in(other, () -> server.awaitPeer(Duration.ZERO)));
                IllegalStateException e = assertThrows(IllegalStateException.class, server::awaitRead);
                assertTrue(e.getMessage().contains("it has the turn already"), e.getMessage());
                in(one, () -> takeTurns(server, client, 1));
            }
            assertEquals(3 * 2 * MANY, sum.get());
        }
    }

    @Test
    void oneOfTwoThreadsThatSignalAtOnceHandsTheTurnOver() throws Exception {
        int rounds = Sizes.of("sharedregion.rounds", 30, 1_000);
        try (EventPair server = EventPair.create(name); EventPair client = EventPair.open(name)) {
            CyclicBarrier start = new CyclicBarrier(2);
            Callable<Integer> signal = () -> {
                start.await();
                try {
                    server.signalWritten();
                    return 1;
                } catch (IllegalStateException e) {
                    return 0;
                }
            };
            for (int round = 0; round < rounds; round++) {
                in(one, () -> takeTurns(server, client, MANY));
                Future<Integer> first = one.submit(signal);
                assertEquals(1, in(other, signal) + first.get());
                client.awaitWritten();
                client.signalRead();
                server.awaitRead();
            }
        }
    }

    @Test
    void closeEndsTheTurnsOfAnotherThread() throws Exception {
        int rounds = Sizes.of("sharedregion.rounds", 30, 1_000);
        for (int round = 0; round < rounds; round++) {
            EventPair server = EventPair.create(name);
            try (EventPair client = EventPair.open(name)) {
                in(one, () -> takeTurns(server, client, MANY));
                Future<?> turns = one.submit(() -> takeTurns(server, client, Integer.MAX_VALUE));
                Thread.sleep(round % 3);
                server.close();
                Throwable end = assertThrows(
                                ExecutionException.class, () -> turns.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .getCause();
                if (end instanceof SharedMemoryException e) {
                    assertEquals(SharedMemoryException.Reason.CLOSED, e.reason());
                } else {
                    assertInstanceOf(IllegalStateException.class, end);
                }
            }
        }
    }

    // With a fence of the test.

    private PairSide side(Side side, ProcessFence fence) {
        OperatingSystem system = ThisSystem.get();
        OperatingSystem fenced = (OperatingSystem) Proxy.newProxyInstance(
                OperatingSystem.class.getClassLoader(),
                new Class<?>[] {OperatingSystem.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("processFence") ? fence : method.invoke(system, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return PairOpener.open(fenced, PairOptions.defaults().request(name), side, PairBlock::new);
    }

    private static Void takeTurns(PairSide server, PairSide client, int turns) throws InterruptedException {
        for (int turn = 0; turn < turns; turn++) {
            server.signal(PairSide.MINE);
            client.await(Deadline.never());
            client.signal(PairSide.MINE);
            server.await(Deadline.never());
        }
        return null;
    }

    /** How often the server's side asked for the fence, after each step. */
    private List<Integer> fences(int refusals) throws Exception {
        AtomicInteger fences = new AtomicInteger();
        List<Integer> after = new ArrayList<>();
        PairSide server = side(Side.WRITING, () -> fences.incrementAndGet() > refusals);
        PairSide client = side(Side.READING, null);
        try {
            in(one, () -> takeTurns(server, client, MANY));
            after.add(fences.get());
            in(other, () -> takeTurns(server, client, 1));
            after.add(fences.get());
            in(one, () -> takeTurns(server, client, 1));
            after.add(fences.get());
        } finally {
            client.close();
            server.close();
        }
        after.add(fences.get());
        return after;
    }

    @Test
    void fenceRunsOnlyWhenAnotherThreadEndsTheBias() throws Exception {
        assertEquals(List.of(0, 1, 1, 1), fences(0));
    }

    @Test
    void refusedFenceIsRepeatedForAWhile() throws Exception {
        assertEquals(List.of(0, 4, 4, 4), fences(3));
        assertTrue(fences(Integer.MAX_VALUE).get(1) > 3);
    }

    @Test
    void sideTakesTurnsWithoutAFence() throws Exception {
        PairSide server = side(Side.WRITING, null);
        PairSide client = side(Side.READING, null);
        try {
            in(one, () -> takeTurns(server, client, MANY));
            in(other, () -> takeTurns(server, client, MANY));
        } finally {
            client.close();
            server.close();
        }
    }
}
