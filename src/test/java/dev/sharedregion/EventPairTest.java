package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.TestNames;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventPairTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final String name = TestNames.unique();

    @Test
    void sidesTakeTurns() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            for (int turn = 0; turn < 10; turn++) {
                assertFalse(client.awaitWritten(Duration.ZERO));
                server.signalWritten();
                assertFalse(server.awaitRead(Duration.ZERO));
                assertTrue(client.awaitWritten(LONG));
                client.signalRead();
                assertTrue(server.awaitRead(LONG));
            }
            assertEquals(name, server.name());
        }
    }

    @Test
    void serverMayWriteBeforeAClientOpensThePair() throws InterruptedException {
        try (EventPair server = EventPair.create(name)) {
            server.signalWritten();
            assertFalse(server.awaitRead(Duration.ofMillis(5)));
            try (EventPair client = EventPair.open(name)) {
                client.awaitWritten();
                client.signalRead();
                server.awaitRead();
            }
        }
    }

    @Test
    void callOutOfTurnIsRefusedAndChangesNothing() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            assertThrows(IllegalStateException.class, () -> server.awaitRead(Duration.ZERO));
            assertThrows(IllegalStateException.class, server::awaitRead);
            assertThrows(IllegalStateException.class, client::signalRead);
            server.signalWritten();
            IllegalStateException twice = assertThrows(IllegalStateException.class, server::signalWritten);
            assertTrue(twice.getMessage().contains("out of turn"), twice.getMessage());
            assertThrows(IllegalStateException.class, client::signalRead);
            assertTrue(client.awaitWritten(LONG));
            assertThrows(IllegalStateException.class, client::awaitWritten);
            assertThrows(IllegalStateException.class, () -> client.awaitWritten(Duration.ZERO));
            assertFalse(server.awaitRead(Duration.ZERO), "the failed calls signalled nothing");
            client.signalRead();
            assertThrows(IllegalStateException.class, client::signalRead);
            assertTrue(server.awaitRead(LONG));
            assertFalse(client.awaitWritten(Duration.ZERO), "written was signalled once");
        }
    }

    @Test
    void callsOfTheOtherSideAreRefused() {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            assertThrows(IllegalStateException.class, () -> server.awaitWritten(LONG));
            assertThrows(IllegalStateException.class, server::awaitWritten);
            assertThrows(IllegalStateException.class, server::signalRead);
            assertThrows(IllegalStateException.class, () -> server.read(() -> { }));
            assertThrows(IllegalStateException.class, () -> server.read(() -> 1));
            assertThrows(IllegalStateException.class, () -> server.read(() -> { }, LONG));
            assertThrows(IllegalStateException.class, () -> client.awaitRead(LONG));
            assertThrows(IllegalStateException.class, client::awaitRead);
            assertThrows(IllegalStateException.class, client::signalWritten);
            assertThrows(IllegalStateException.class, () -> client.write(() -> { }));
            assertThrows(IllegalStateException.class, () -> client.write(() -> { }, LONG));
        }
    }

    @Test
    void actionsRunOnceAndInOrder() throws Exception {
        int turns = 2_000;
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (SharedRegion region = SharedRegion.create(name, 4096);
                EventPair server = EventPair.create(name + "p");
                EventPair client = EventPair.open(name + "p")) {
            Future<List<Integer>> received = pool.submit(() -> {
                List<Integer> values = new ArrayList<>();
                for (int i = 0; i < turns; i++) {
                    values.add(client.read(() -> region.pointer().getInt(0)));
                }
                return values;
            });
            List<Integer> sent = new ArrayList<>();
            for (int i = 0; i < turns; i++) {
                int value = i;
                sent.add(value);
                server.write(() -> region.pointer().setInt(0, value));
            }
            server.awaitRead();
            assertEquals(sent, received.get());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void actionThatFailsKeepsTheTurn() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            assertThrows(ArithmeticException.class, () -> server.write(() -> {
                throw new ArithmeticException();
            }));
            assertFalse(client.awaitWritten(Duration.ZERO));
            server.write(() -> { });
            assertThrows(ArithmeticException.class, () -> client.read((EventPair.Action<RuntimeException>) () -> {
                throw new ArithmeticException();
            }));
            assertFalse(server.awaitRead(Duration.ZERO));
            assertEquals(5, client.read(() -> 5));
            assertTrue(server.awaitRead(Duration.ZERO));
        }
    }

    @Test
    void secondThreadIsRefusedBeforeItsActionRuns() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            for (int round = 0; round < 200; round++) {
                AtomicInteger running = new AtomicInteger();
                AtomicInteger most = new AtomicInteger();
                List<Future<Boolean>> threads = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    threads.add(pool.submit(() -> {
                        try {
                            return server.write(
                                    () -> {
                                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                        Thread.yield();
                                        running.decrementAndGet();
                                    },
                                    Duration.ZERO);
                        } catch (IllegalStateException outOfTurn) {
                            return false;
                        }
                    }));
                }
                int wrote = 0;
                for (Future<Boolean> thread : threads) {
                    wrote += thread.get() ? 1 : 0;
                }
                assertEquals(1, wrote);
                assertEquals(1, most.get());
                client.read(() -> { });
                assertTrue(server.awaitRead(LONG));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void signalInsideAnActionIsRefused() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> server.write(server::signalWritten));
            assertTrue(e.getMessage().contains("action"), e.getMessage());
            assertFalse(client.awaitWritten(Duration.ZERO));
            assertThrows(IllegalStateException.class, () -> server.write(() -> {
                try {
                    server.awaitRead(Duration.ZERO);
                } catch (InterruptedException unexpected) {
                    throw new AssertionError(unexpected);
                }
            }));
            server.write(() -> { });
            assertTrue(client.awaitWritten(Duration.ZERO));
        }
    }

    @Test
    void actionDoesNotRunAfterATimeout() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            int[] runs = new int[1];
            assertFalse(client.read(() -> runs[0]++, Duration.ofMillis(5)));
            assertTrue(server.write(() -> runs[0]++, Duration.ZERO));
            assertFalse(server.write(() -> runs[0]++, Duration.ofMillis(5)));
            assertEquals(1, runs[0]);
            assertTrue(client.read(() -> runs[0]++, LONG));
            assertTrue(server.write(() -> runs[0]++, LONG));
            assertEquals(3, runs[0]);
        }
    }

    @Test
    void tryReadIsEmptyAfterATimeout() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            int[] runs = new int[1];
            assertEquals(Optional.empty(), client.tryRead(() -> ++runs[0], Duration.ofMillis(5)));
            assertEquals(0, runs[0]);
            server.signalWritten();
            assertEquals(Optional.of(1), client.tryRead(() -> ++runs[0], Duration.ZERO));
            assertTrue(server.awaitRead(LONG));
            server.signalWritten();
            assertThrows(NullPointerException.class, () -> client.tryRead(() -> null, LONG));
            assertTrue(client.hasTurn());
            assertEquals(null, client.<String, RuntimeException>read(() -> null));
            assertTrue(server.awaitRead(LONG));
            assertThrows(IllegalStateException.class, () -> server.tryRead(() -> 1, LONG));
            assertThrows(NullPointerException.class, () -> client.tryRead(null, LONG));
            assertThrows(NullPointerException.class, () -> client.tryRead(() -> 1, null));
            assertThrows(IllegalArgumentException.class, () -> client.tryRead(() -> 1, Duration.ofNanos(-1)));
        }
    }

    private static int failing() throws IOException {
        throw new IOException("as thrown");
    }

    @Test
    void actionMayThrowACheckedException() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            // Each compiles only as long as the exception that a call throws is the one of its action.
            try {
                server.write(() -> {
                    failing();
                });
            } catch (IOException e) {
                assertEquals("as thrown", e.getMessage());
            }
            assertTrue(server.hasTurn());
            assertThrows(IOException.class, () -> server.write(EventPairTest::failing, LONG));
            server.signalWritten();
            try {
                int never = client.read(EventPairTest::failing);
                fail("returned " + never);
            } catch (IOException e) {
                assertTrue(client.hasTurn());
            }
            assertThrows(IOException.class, () -> client.read(EventPairTest::failing, LONG));
            assertThrows(IOException.class, () -> client.tryRead(EventPairTest::failing, LONG));
            assertTrue(client.hasTurn());
            client.signalRead();
            assertTrue(server.awaitRead(LONG));
        }
    }

    @Test
    void pairUsesEventsOfOtherNames() throws InterruptedException {
        PairOptions names = PairOptions.defaults().eventNames(name + "-data", name + "-space");
        try (EventPair server = EventPair.create(name, names);
                EventPair client = EventPair.open(name, names)) {
            assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name + ".written"));
            assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name + ".read"));
            assertTrue(server.awaitPeer(LONG));
            server.write(() -> { });
            client.read(() -> { });
            assertTrue(server.awaitRead(LONG));
        }
        assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name + "-data"));
    }

    @Test
    void plainPeerMayUseEventsOfOtherNames() throws InterruptedException {
        PairOptions names = PairOptions.defaults().eventNames(name + "-data", name + "-space");
        try (NamedEvent data = NamedEvent.create(name + "-data");
                NamedEvent space = NamedEvent.create(name + "-space")) {
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name, names));
            try (EventPair server = EventPair.create(name, names.existingEvents())) {
                server.signalWritten();
                assertTrue(data.await(LONG));
                space.set();
                assertTrue(server.awaitRead(LONG));
            }
            try (EventPair client = EventPair.open(name, names)) {
                assertFalse(client.awaitWritten(Duration.ZERO));
                data.set();
                assertEquals(7, client.read(() -> 7));
                assertTrue(space.await(LONG));
            }
        }
    }

    @Test
    void pairsOfTwoNamesTakeTurnsThroughTheSameEvents() throws InterruptedException {
        PairOptions names = PairOptions.defaults().eventNames(name + "-data", name + "-space");
        try (EventPair server = EventPair.create(name + "-one", names);
                EventPair client = EventPair.open(name + "-other", names)) {
            for (int turn = 0; turn < 3; turn++) {
                assertTrue(server.write(() -> { }, LONG));
                assertTrue(client.read(() -> { }, LONG));
            }
            assertTrue(server.awaitRead(LONG));
        }
    }

    @Test
    void toStringShowsTheTurnAndThePeer() throws InterruptedException {
        EventPair server = EventPair.create(name);
        String text = "pair \"" + name + "\" (";
        assertEquals(text + "writing side, its turn, no registered peer)", server.toString());
        try (EventPair client = EventPair.open(name)) {
            String me = "process " + ProcessHandle.current().pid() + " (this one)";
            server.signalWritten();
            assertEquals(text + "writing side, not its turn, reading side: " + me + ")", server.toString());
            assertEquals(text + "reading side, not its turn, writing side: " + me + ")", client.toString());
            assertTrue(client.awaitWritten(LONG));
            assertEquals(text + "reading side, its turn, writing side: " + me + ")", client.toString());
            server.close();
            assertEquals(text + "writing side, closed)", server.toString());
            assertEquals(text + "reading side, its turn, no registered peer)", client.toString());
        }
    }

    @Test
    void pairIsUsableAfterAnInterrupt() throws Exception {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            Thread me = Thread.currentThread();
            for (int round = 0; round < 20; round++) {
                Thread interrupter = new Thread(me::interrupt);
                interrupter.start();
                assertThrows(InterruptedException.class, client::awaitWritten);
                interrupter.join();
                server.signalWritten();
                assertTrue(client.awaitWritten(LONG));
                client.signalRead();
                assertTrue(server.awaitRead(LONG));
            }
        }
    }

    @Test
    void secondWaitOfASideIsRefused() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            Future<Boolean> waiter = pool.submit(() -> {
                while (true) {
                    try {
                        return client.awaitWritten(LONG);
                    } catch (IllegalStateException e) {
                        // The other thread was in the middle of its look: again.
                    }
                }
            });
            IllegalStateException e = null;
            while (e == null) {
                try {
                    client.awaitWritten(Duration.ZERO);
                } catch (IllegalStateException expected) {
                    e = expected;
                }
            }
            assertTrue(e.getMessage().contains("another"), e.getMessage());
            server.signalWritten();
            assertTrue(waiter.get());
            client.signalRead();
            assertTrue(server.awaitRead(LONG));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void secondServerIsRefusedAndChangesNothing() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            server.signalWritten();
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name));
            assertTrue(client.awaitWritten(LONG));
            client.signalRead();
        }
        EventPair.create(name).close();
    }

    @Test
    void createLeavesNothingBehindIfOneEventExists() {
        try (NamedEvent written = NamedEvent.create(name + ".written")) {
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name));
            assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name + ".read"));
            assertReason(Reason.NOT_FOUND, () -> EventPair.open(name));
            assertEquals(name + ".written", written.name());
        }
        assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name + ".written"));
    }

    @Test
    void openWaitsForTheServer() throws Exception {
        assertReason(Reason.NOT_FOUND, () -> EventPair.open(name));
        assertReason(Reason.NOT_FOUND, () -> EventPair.open(name, Duration.ofMillis(5)));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<EventPair> opened = pool.submit(() -> EventPair.open(name, LONG));
            try (EventPair server = EventPair.create(name);
                    EventPair client = opened.get()) {
                server.signalWritten();
                client.awaitWritten();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void everyUseAfterCloseThrows() {
        EventPair server = EventPair.create(name);
        EventPair client = EventPair.open(name);
        server.close();
        server.close();
        client.close();
        int[] runs = new int[1];
        assertThrows(IllegalStateException.class, server::signalWritten);
        assertThrows(IllegalStateException.class, () -> server.write(() -> runs[0]++));
        assertThrows(IllegalStateException.class, () -> client.awaitWritten(LONG));
        assertThrows(IllegalStateException.class, client::awaitWritten);
        assertThrows(IllegalStateException.class, () -> client.read(() -> runs[0]++));
        assertEquals(0, runs[0]);
        assertEquals(name, server.name());
        assertReason(Reason.NOT_FOUND, () -> EventPair.open(name));
    }

    @Test
    void wrongArgumentsAreRefused() {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            assertThrows(IllegalArgumentException.class, () -> client.awaitWritten(Duration.ofNanos(-1)));
            assertThrows(NullPointerException.class, () -> client.awaitWritten(null));
            assertThrows(NullPointerException.class, () -> server.write(null));
            assertThrows(IllegalArgumentException.class, () -> server.write(() -> { }, Duration.ofNanos(-1)));
            assertThrows(IllegalArgumentException.class, () -> EventPair.open(name, Duration.ofNanos(-1)));
            server.signalWritten();
            assertThrows(IllegalArgumentException.class, () -> server.awaitRead(Duration.ofNanos(-1)));
        }
    }
}
