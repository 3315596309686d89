package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Waits as futures. On JDK 21 and newer they are made by virtual threads. */
class AwaitAsyncTest {
    private static final long PATIENCE_SECONDS = 120;

    private final String name = TestNames.unique();

    private static void get(CompletableFuture<Void> future) throws Exception {
        future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletableFuture<Void> future) {
        return assertThrows(ExecutionException.class, () -> get(future)).getCause();
    }

    @Test
    void aSetCompletesOneFuture() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            event.set();
            get(event.awaitAsync());
            assertFalse(event.await(Duration.ZERO), "the future has the signal");

            CompletableFuture<Void> first = event.awaitAsync();
            CompletableFuture<Void> second = event.awaitAsync();
            event.set();
            CompletableFuture.anyOf(first, second).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(first.isDone() != second.isDone(), "one set is for one wait");
            event.set();
            get(CompletableFuture.allOf(first, second));
        }
    }

    @Test
    void aManualResetEventCompletesAllFutures() throws Exception {
        try (NamedEvent event = NamedEvent.create(name, EventOptions.manualReset())) {
            List<CompletableFuture<Void>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                futures.add(event.awaitAsync());
            }
            event.set();
            get(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)));
        }
    }

    @Test
    void anActionMayUseTheEventAgain() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            CompletableFuture<Void> twice = event.awaitAsync().thenCompose(nothing -> event.awaitAsync());
            event.set();
            while (event.await(Duration.ZERO)) {
                event.set();
                Thread.sleep(1);
            }
            assertFalse(twice.isDone());
            event.set();
            get(twice);
        }
    }

    @Test
    void aCloseCompletesItWithAnException() {
        NamedEvent event = NamedEvent.create(name);
        CompletableFuture<Void> future = event.awaitAsync();
        event.close();
        assertInstanceOf(IllegalStateException.class, failure(future));
        assertThrows(IllegalStateException.class, event::awaitAsync);
    }

    @Test
    void aCancelledFutureTakesNothing() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            CompletableFuture<Void> future = event.awaitAsync();
            assertTrue(future.cancel(true));
            assertTrue(future.cancel(true), "it is cancelled");
            assertThrows(CancellationException.class, future::get);
            event.set();
            assertTrue(event.await(Duration.ZERO), "no wait is left that takes the signal");
        }
    }

    /** Each signal is taken by the future, which then is not cancelled, or is still there. */
    @Test
    void aCancelLosesNoSignalHoweverItFalls() throws Exception {
        int cancelled = 0;
        int rounds = Sizes.of("sharedregion.cancels", 300, 20_000);
        try (NamedEvent event = NamedEvent.create(name);
                NamedEvent opened = NamedEvent.open(name)) {
            for (int round = 0; round < rounds; round++) {
                CompletableFuture<Void> future = event.awaitAsync();
                Thread setter = new Thread(opened::set);
                setter.start();
                for (int spin = 0; spin < round % 500; spin++) {
                    Thread.onSpinWait();
                }
                boolean won = future.cancel(true);
                cancelled += won ? 1 : 0;
                assertEquals(won, future.isCancelled());
                assertTrue(future.isDone());
                setter.join();
                assertEquals(won, event.await(Duration.ZERO), "round " + round);
            }
        }
        Sizes.report("cancelled " + cancelled + " of " + rounds);
    }

    /** The signal that the wait takes too late is given back. */
    @Test
    void aCompletionByAnotherThreadLosesNoSignal() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            for (int round = 0; round < Sizes.of("sharedregion.completions", 100, 10_000); round++) {
                CompletableFuture<Void> future = event.awaitAsync();
                Thread setter = new Thread(event::set);
                setter.start();
                boolean won = future.completeExceptionally(new IllegalArgumentException("mine"));
                setter.join();
                assertEquals(won, event.await(won ? Duration.ofSeconds(PATIENCE_SECONDS) : Duration.ofMillis(2)));
            }
        }
    }

    @Test
    void aTimeoutEndsTheWait() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            CompletableFuture<Void> future = event.awaitAsync().orTimeout(20, TimeUnit.MILLISECONDS);
            assertInstanceOf(TimeoutException.class, failure(future));
            event.set();
            assertTrue(event.await(Duration.ofSeconds(PATIENCE_SECONDS)), "the signal is there, or was given back");
        }
    }

    @Test
    void aPairTakesTurnsByFutures() throws Exception {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            for (int turn = 0; turn < 20; turn++) {
                CompletableFuture<Void> written = client.awaitWrittenAsync();
                server.signalWritten();
                get(written);
                assertTrue(client.hasTurn());
                CompletableFuture<Void> read = server.awaitReadAsync();
                client.signalRead();
                get(read);
            }
            assertThrows(IllegalStateException.class, server::awaitWrittenAsync);
            assertThrows(IllegalStateException.class, client::awaitReadAsync);
            assertInstanceOf(IllegalStateException.class, failure(server.awaitReadAsync()), "it has the turn");

            CompletableFuture<Void> given = client.awaitWrittenAsync();
            assertTrue(given.cancel(true));
            server.signalWritten();
            assertTrue(client.awaitWritten(Duration.ofSeconds(PATIENCE_SECONDS)));
        }
    }

    @Test
    void thePeersEndCompletesAPairsFuture() throws Exception {
        try (EventPair server = EventPair.create(name);
                Peer client = Peer.java(PeerProgram.class)) {
            client.send("openPair " + name);
            client.expect("ok");
            assertTrue(server.awaitPeer(Duration.ofSeconds(PATIENCE_SECONDS)));
            server.signalWritten();
            CompletableFuture<Void> read = server.awaitReadAsync();
            client.kill();
            assertEquals(Reason.PEER_DIED, assertInstanceOf(SharedMemoryException.class, failure(read)).reason());
        }
    }

    @Test
    void aCloseOfThePairCompletesItsFuture() {
        EventPair server = EventPair.create(name);
        EventPair client = EventPair.open(name);
        CompletableFuture<Void> written = client.awaitWrittenAsync();
        client.close();
        assertInstanceOf(IllegalStateException.class, failure(written));
        assertThrows(IllegalStateException.class, client::awaitWrittenAsync);
        server.close();
    }
}
