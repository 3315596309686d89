package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Closes a region, a view of it, two openings of an event and both sides of a pair in every order. */
class CloseOrderTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final String name = TestNames.unique();

    @Test
    void objectsMayBeClosedInAnyOrder() throws Exception {
        List<List<String>> orders = new ArrayList<>();
        addOrders(List.of(), List.of("region", "view", "event", "other event", "server", "client"), orders);
        assertEquals(720, orders.size());
        for (List<String> order : orders) {
            try {
                closeInThis(order);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("closed in this order: " + order, e);
            }
        }
    }

    /** Also for the thread that closes second, while the first is at it. */
    @Test
    void objectIsClosedWhenCloseReturns() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        int rounds = Sizes.of("sharedregion.closes", Platform.isWindows() ? 200 : 1_000, 20_000);
        try {
            for (int round = 0; round < rounds; round++) {
                NamedEvent event = NamedEvent.create(name);
                CyclicBarrier start = new CyclicBarrier(2);
                Callable<?> closer = () -> {
                    start.await();
                    event.close();
                    return assertThrows(IllegalStateException.class, event::reset);
                };
                for (Future<?> closed : List.of(pool.submit(closer), pool.submit(closer))) {
                    closed.get();
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void addOrders(List<String> begun, List<String> rest, List<List<String>> orders) {
        if (rest.isEmpty()) {
            orders.add(begun);
        }
        for (String next : rest) {
            List<String> longer = new ArrayList<>(begun);
            longer.add(next);
            addOrders(longer, rest.stream().filter(each -> !each.equals(next)).toList(), orders);
        }
    }

    private void closeInThis(List<String> order) throws Exception {
        try (SharedRegion region = SharedRegion.create(name, 4096);
                SharedRegion view = SharedRegion.open(name, RegionOptions.readOnly().offset(8));
                NamedEvent event = NamedEvent.create(name + ".event");
                NamedEvent otherEvent = NamedEvent.open(name + ".event");
                EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name)) {
            region.pointer().setInt(8, 42);
            ByteBuffer buffer = view.buffer();
            Map<String, AutoCloseable> open = new HashMap<>(Map.of(
                    "region", region, "view", view, "event", event, "other event", otherEvent, "server", server,
                    "client", client));
            for (String next : order) {
                AutoCloseable closing = open.remove(next);
                closing.close();
                closing.close();
                for (AutoCloseable each : open.values()) {
                    assertUsable(each);
                }
                if (open.containsKey("server") && open.containsKey("client")) {
                    takeATurn(server, client);
                } else if (open.containsKey("server")) {
                    assertReason(Reason.CLOSED, () -> awaitRead(server));
                } else if (open.containsKey("client")) {
                    assertReason(Reason.CLOSED, () -> client.awaitWritten(LONG));
                } else {
                    assertFree(".written", ".read", ".pair");
                }
            }
            assertTrue(buffer.getInt(0) == 42 || buffer.getInt(0) == 0, "harmless");
        }
        assertFree("", ".event");
    }

    private void assertUsable(AutoCloseable open) throws InterruptedException {
        if (open instanceof SharedRegion region) {
            assertEquals(42, region.pointer().getInt(8 - region.offset()));
            SharedRegion.open(name).close();
        } else if (open instanceof NamedEvent event) {
            event.set();
            assertTrue(event.await(LONG));
            NamedEvent.open(name + ".event").close();
        }
    }

    private static void awaitRead(EventPair server) throws InterruptedException {
        if (server.hasTurn()) {
            server.signalWritten();
        }
        server.awaitRead(LONG);
    }

    private static void takeATurn(EventPair server, EventPair client) throws InterruptedException {
        server.signalWritten();
        client.awaitWritten(LONG);
        client.signalRead();
        server.awaitRead(LONG);
    }

    private void assertFree(String... suffixes) {
        for (String suffix : suffixes) {
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + suffix));
        }
    }
}
