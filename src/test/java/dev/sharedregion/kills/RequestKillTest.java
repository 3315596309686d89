package dev.sharedregion.kills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.Request;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Whole;
import java.io.File;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers and clients in other processes, which are killed at random moments. {@code -Dsharedregion.requestKills} says
 * how often.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class RequestKillTest {
    private static final int KILLS = Sizes.of("sharedregion.requestKills", 1, 8);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MOST_MICROS = 20_000;

    private final String name = TestNames.unique();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() throws Exception {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES), "a thread hangs");
        TestNames.removeLeftovers(name);
    }

    private Peer startServer() {
        Peer server = Peer.java(RequestWorker.class, "serve", name);
        server.expect("ready");
        return server;
    }

    private Peer startClient() {
        Peer client = Peer.java(RequestWorker.class, "ask", name);
        client.expect("answered");
        return client;
    }

    private void pause() throws InterruptedException {
        TimeUnit.MICROSECONDS.sleep(random.nextInt(MOST_MICROS));
    }

    @Test
    void aKilledServersRequestsFailAndItsSuccessorServesTheSameClients() throws Exception {
        Peer server = startServer();
        try (Peer first = startClient();
                Peer second = startClient();
                RequestClient own = RequestClient.open(name)) {
            for (int kill = 0; kill < KILLS; kill++) {
                CompletableFuture<ByteBuffer> held = own.request(Whole.of(RequestWorker.HELD, Long.BYTES), LONG);
                assertTrue(RequestWorker.askOnce(own, random.nextInt(100), random.nextBoolean()), () -> "seed " + seed);
                pause();
                long pid = server.pid();
                server.kill();
                String why = assertGone(held).getMessage();
                assertTrue(why.contains("process " + pid), why);
                first.expect("gone");
                second.expect("gone");
                server = startServer();
                first.expect("answered");
                second.expect("answered");
                assertTrue(RequestWorker.askOnce(own, random.nextInt(100), random.nextBoolean()), () -> "seed " + seed);
            }
            assertNull(first.lineIfThere(), () -> "seed " + seed);
            assertNull(second.lineIfThere(), () -> "seed " + seed);
        } finally {
            server.close();
        }
    }

    private static SharedMemoryException assertGone(Future<?> held) {
        Throwable why =
                assertThrows(ExecutionException.class, () -> held.get(LONG.toSeconds(), TimeUnit.SECONDS)).getCause();
        SharedMemoryException e = assertInstanceOf(SharedMemoryException.class, why);
        assertEquals(Reason.PEER_DIED, e.reason(), e.getMessage());
        return e;
    }

    @Test
    void aKilledClientsRequestsAreCancelledAndDisturbNobody() throws Exception {
        BlockingQueue<Request> held = new LinkedBlockingQueue<>();
        try (RequestServer server = RequestServer.create(name, RequestWorker.CAPACITY);
                RequestClient own = RequestClient.open(name)) {
            Future<?> serving = threads.submit(() -> {
                server.serve(request -> answer(request, held), threads);
                return null;
            });
            for (int kill = 0; kill < KILLS; kill++) {
                List<Peer> clients = new ArrayList<>(List.of(startClient(), startClient()));
                assertTrue(RequestWorker.askOnce(own, random.nextInt(1000), random.nextBoolean()));
                pause();
                clients.forEach(Peer::kill);
                for (int i = 0; i < clients.size(); i++) {
                    Request request = held.poll(LONG.toSeconds(), TimeUnit.SECONDS);
                    assertNotNull(request, "each client has one");
                    awaitCancelled(request);
                }
                assertTrue(RequestWorker.askOnce(own, random.nextInt(1000), random.nextBoolean()));
            }
            if (Platform.isLinux()) {
                awaitOneChannelOfReplies();
            }
            server.close();
            serving.get();
        }
    }

    private static ByteBuffer answer(Request request, BlockingQueue<Request> held) throws InterruptedException {
        if (Whole.number(request.bytes()) == RequestWorker.HELD) {
            held.add(request);
        }
        return RequestWorker.answer(request);
    }

    private void awaitCancelled(Request request) throws InterruptedException {
        for (long end = System.nanoTime() + LONG.toNanos(); !request.isCancelled(); Thread.sleep(1)) {
            assertTrue(System.nanoTime() - end < 0, () -> "the client's death is not seen, seed " + seed);
        }
    }

    /** The server closes those of the dead, and so removes them. */
    private void awaitOneChannelOfReplies() throws InterruptedException {
        for (long end = System.nanoTime() + LONG.toNanos(); channelsOfReplies() != 1; Thread.sleep(10)) {
            assertTrue(System.nanoTime() - end < 0, () -> channelsOfReplies() + " channels, seed " + seed);
        }
    }

    private int channelsOfReplies() {
        return new File("/dev/shm")
                .list((folder, file) -> file.startsWith(name + ".reply.") && file.endsWith(".messages"))
                .length;
    }
}
