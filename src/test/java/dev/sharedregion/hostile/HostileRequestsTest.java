package dev.sharedregion.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.request.RequestFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that send anything to a server or to a client, or write anything to their channels: every call ends. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileRequestsTest {
    private static final int MILLIS = Sizes.of("sharedregion.hostileRequestsMillis", 500, 5_000);
    private static final int CAPACITY = 1024;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);

    /** What a call may fail with, if another program replies or overwrites the channels. */
    private static final Set<Reason> REASONS = EnumSet.of(
            Reason.CORRUPT, Reason.HANDLER_FAILED, Reason.CLOSED, Reason.NO_SPACE, Reason.PEER_DIED, Reason.SYSTEM_ERROR);

    private final String name = TestNames.unique();
    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void nothingHangs() throws Exception {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES), () -> "a thread hangs, seed " + seed);
        TestNames.removeLeftovers(name);
    }

    private boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    private ByteBuffer anyBytes() {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(5000) : random.nextInt(20)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /** A number that may be an id that is used, with or without the bit of a failure or a cancellation. */
    private int anyType() {
        return random.nextInt(50) | (random.nextBoolean() ? RequestFormat.OTHER : 0);
    }

    @Test
    void aServerGetsAnything() throws Exception {
        try (RequestServer server = RequestServer.create(name, CAPACITY);
                RequestClient client = RequestClient.open(name);
                MessageSender hostile = MessageSender.open(name + ".requests");
                MessageReceiver replies = MessageReceiver.create(name + ".reply.0000000000000001", CAPACITY)) {
            Future<?> serving = threads.submit(() -> {
                server.serve(request -> request.bytes(), threads);
                return null;
            });
            for (int number = 0; !isOver(); number++) {
                ByteBuffer bytes = anyBytes();
                if (bytes.remaining() >= RequestFormat.REQUEST && random.nextBoolean()) {
                    bytes.putLong(RequestFormat.SESSION, 1);
                }
                hostile.send(anyType(), bytes);
                if (random.nextInt(4) == 0) {
                    replies.receive(Duration.ZERO);
                }
                ByteBuffer request = ByteBuffer.allocate(Integer.BYTES).putInt(0, number);
                assertEquals(request, client.call(request, LONG), () -> "seed " + seed);
            }
            server.close();
            serving.get();
        }
    }

    @Test
    void aClientGetsAnything() throws Exception {
        MessageOptions options = MessageOptions.defaults().senders(2);
        try (MessageReceiver requests = MessageReceiver.create(name + ".requests", CAPACITY, options);
                RequestClient client = RequestClient.open(name)) {
            CompletableFuture<ByteBuffer> first = client.request(ByteBuffer.allocate(8), LONG);
            long session = requests.receive().order(ByteOrder.nativeOrder()).getLong(RequestFormat.SESSION);
            try (MessageSender hostile = MessageSender.open(name + String.format(".reply.%016x", session))) {
                Future<?> sending = threads.submit(() -> {
                    while (!isOver()) {
                        hostile.send(anyType(), anyBytes(), SHORT);
                        requests.receive(Duration.ZERO);
                    }
                    return null;
                });
                while (!isOver()) {
                    ask(client);
                }
                sending.get();
            }
            first.cancel(false);
        }
    }

    /** Ends, in whatever way. */
    private void ask(RequestClient client) throws Exception {
        try {
            ByteBuffer request = ByteBuffer.allocate(8);
            if (System.nanoTime() % 2 == 0) {
                client.call(request, SHORT);
            } else {
                client.request(request, SHORT).join();
            }
        } catch (TimeoutException e) {
            // The reply was to another request.
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                assertExpected((SharedMemoryException) e.getCause());
            }
        } catch (SharedMemoryException e) {
            assertExpected(e);
        }
    }

    private void assertExpected(SharedMemoryException e) {
        assertTrue(REASONS.contains(e.reason()), () -> e + ", seed " + seed);
    }

    /** Each round has new channels, because overwritten ones stay so. */
    @Test
    void everyCallEndsOnOverwrittenChannels() throws Exception {
        for (int round = 0; !isOver() || round == 0; round++) {
            overwrite(name + "-" + round);
        }
    }

    private void overwrite(String each) throws Exception {
        try (RequestServer server = RequestServer.create(each, CAPACITY);
                RequestClient client = RequestClient.open(each);
                SharedRegion requests = SharedRegion.open(each + ".requests.messages")) {
            Future<?> serving = threads.submit(() -> {
                try {
                    server.serve(request -> request.bytes());
                } catch (SharedMemoryException e) {
                    assertExpected(e);
                }
                return null;
            });
            ByteBuffer memory = requests.buffer();
            for (int i = 0; i < 10; i++) {
                ask(client);
                // The first lane and its ring are where something is.
                int at = random.nextBoolean() ? random.nextInt(1024) : random.nextInt(memory.capacity());
                memory.put(at, (byte) random.nextInt(256));
            }
            server.close();
            serving.get();
        }
        TestNames.removeLeftovers(each);
    }
}
