package dev.sharedregion.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import dev.sharedregion.EventAccess;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageHandler;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.NamedMutex;
import dev.sharedregion.PairOptions;
import dev.sharedregion.Permissions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedObject;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** The README's Java code, which {@link ReadmeTest} holds against the README and runs. */
final class ReadmeSnippets {
    private ReadmeSnippets() {}

    static void value() {
        LatestWriter writer = LatestWriter.openOrCreate("quote", 8);
        writer.update(value -> value.putDouble(0, 99.5));

        LatestReader reader = LatestReader.open("quote");
        ByteBuffer copy = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        reader.read(copy);
        System.out.println(copy.getDouble(0)); // 99.5
        reader.close();
        writer.close();
    }

    static void message() throws InterruptedException {
        MessageSender sender = MessageSender.openOrCreate("trades", 1 << 16);
        sender.send(UTF_8.encode("buy 100"));

        MessageReceiver receiver = MessageReceiver.openOrCreate("trades", 1 << 16);
        System.out.println(UTF_8.decode(receiver.receive())); // buy 100
        receiver.close();
        sender.close();
    }

    static void turn() throws InterruptedException {
        SharedRegion region = SharedRegion.openOrCreate("frame", 4096);
        EventPair server = EventPair.create("frame");
        server.write(() -> region.pointer().setInt(0, 42));

        SharedRegion opened = SharedRegion.open("frame");
        EventPair client = EventPair.open("frame");
        client.read(() -> System.out.println(opened.pointer().getInt(0))); // 42
        client.close();
        opened.close();
        server.close();
        region.close();
    }

    static void count() throws InterruptedException {
        SharedRegion region = SharedRegion.openOrCreate("counter", 4096);
        SharedLock lock = SharedLock.openOrCreate("counter");
        try (SharedLock.Guard guard = lock.lock()) { // guard.abandoned(): the last holder died in the middle
            region.pointer().setInt(0, region.pointer().getInt(0) + 1);
        }
        System.out.println(region.pointer().getInt(0));
        lock.close();
        region.close();
    }

    /** The server in a process of its own, which a test can kill. */
    static final class Server {
        private Server() {}

        public static void main(String[] args) throws InterruptedException {
            server();
        }
    }

    static void server() throws InterruptedException {
        try (SharedRegion region = SharedRegion.openOrCreate("prices", 4096);
                EventPair pair = EventPair.create("prices")) {
            for (int price : new int[] {100, 101, 102, 103, 104, 105, 106, 107, 108, 109}) {
                pair.write(() -> region.pointer().setInt(0, price));
            }
            pair.awaitRead();
        }
    }

    static void client() throws InterruptedException {
        try (EventPair pair = EventPair.open("prices", Duration.ofSeconds(30));
                SharedRegion region = SharedRegion.open("prices")) {
            for (int i = 0; i < 10; i++) {
                int price = pair.read(() -> region.pointer().getInt(0));
                System.out.println(price);
            }
        }
    }

    static void openings() {
        SharedRegion created = SharedRegion.create("table", 1 << 20); // fails if the name is in use
        SharedRegion opened = SharedRegion.open("table"); // fails if the name is not in use
        SharedRegion either = SharedRegion.openOrCreate("table", 1 << 20); // either.created(): whether it was created
        SharedRegion reader = SharedRegion.open("table", RegionOptions.readOnly().minimumSize(4096));
        SharedRegion scratch = SharedRegion.open("table", RegionOptions.copyOnWrite().offset(100_000).length(50));
        for (SharedRegion region : new SharedRegion[] {created, opened, either, reader, scratch}) {
            region.close();
        }
    }

    static void file(Path file) {
        try (SharedRegion region = SharedRegion.map(file, 1 << 20, RegionOptions.defaults().name("journal"))) {
            region.buffer().putLong(0, System.currentTimeMillis());
            region.flush(); // now it is on disk
        }
    }

    /** A structure as a native program may publish it. */
    @Structure.FieldOrder({"version", "speed"})
    public static class Telemetry extends Structure {
        public int version;
        public float speed;

        Telemetry(Pointer memory) {
            super(memory);
        }
    }

    static void structure() {
        try (SharedRegion region = SharedRegion.create("telemetry", 4096)) {
            Telemetry telemetry = new Telemetry(region.pointer());
            telemetry.speed = 88.5f;
            telemetry.write();
            ByteBuffer buffer = region.buffer();
            System.out.println(buffer.getFloat(4));
        }
    }

    static void ticket() {
        SharedRegion unnamed = SharedRegion.anonymous(1 << 20);
        String ticket = unnamed.ticket(); // letters, digits and hyphens
        SharedRegion same = SharedRegion.attach(ticket);
        unnamed.close();
        same.close();
    }

    static void service() throws InterruptedException {
        Permissions users = Permissions.ownerAndReaders();
        RegionOptions options = RegionOptions.defaults().permissions(users);
        try (SharedRegion region = SharedRegion.openOrCreate("Global\\scan", 4096, options);
                EventPair pair = EventPair.create("Global\\scan", PairOptions.defaults().permissions(users))) {
            pair.write(() -> region.pointer().setInt(0, 42));
            pair.awaitRead();
        }
    }

    static void user() throws InterruptedException {
        try (EventPair pair = EventPair.open("Global\\scan", Duration.ofSeconds(30));
                SharedRegion region = SharedRegion.open("Global\\scan", RegionOptions.readOnly())) {
            pair.read(() -> System.out.println(region.pointer().getInt(0)));
        }
    }

    static void event() throws InterruptedException {
        try (NamedEvent ready = NamedEvent.create("ready", EventOptions.manualReset());
                NamedEvent waiter = NamedEvent.open("ready", EventAccess.WAIT_ONLY)) {
            ready.set();
            System.out.println(waiter.await(Duration.ofSeconds(5))); // false if the time passes before
        }
    }

    static void anyEvent() throws InterruptedException {
        try (NamedEvent orders = NamedEvent.create("orders");
                NamedEvent prices = NamedEvent.create("prices-changed")) {
            CompletableFuture<Void> ordered = orders.awaitAsync().thenRun(() -> System.out.println("an order"));
            orders.set();
            ordered.join();
            prices.set();
            System.out.println(NamedEvent.awaitAny(Duration.ofSeconds(5), orders, prices)); // 1; -1 after the time
        }
    }

    static void lock(SharedRegion region) throws InterruptedException {
        try (SharedLock lock = SharedLock.openOrCreate("table");
                SharedLock.Guard guard = lock.lock()) {
            if (guard.abandoned()) { // the last holder died in the middle
                region.pointer().clear(region.size());
                guard.markConsistent();
            }
            region.pointer().setInt(0, region.pointer().getInt(0) + 1);
        }
    }

    static void setQuote() {
        try (LatestWriter prices = LatestWriter.openOrCreate("quotes", 64)) {
            prices.update(value -> value.putLong(0, 4711).putDouble(8, 99.5)); // or set(buffer), set(structure)
        }
    }

    static void readQuotes() throws InterruptedException {
        try (LatestReader prices = LatestReader.open("quotes", Duration.ofSeconds(30))) {
            ByteBuffer copy = ByteBuffer.allocate(prices.size()).order(ByteOrder.nativeOrder());
            for (long seen = 0; prices.awaitNewer(seen, Duration.ofSeconds(1)); ) {
                seen = prices.read(copy);
                System.out.println(copy.getDouble(8) + ", " + prices.age().get().toMillis() + " ms old");
            }
            System.out.println(prices.writerState()); // ALIVE, CLOSED or DIED
        }
    }

    static void sendToLog() throws InterruptedException {
        try (MessageSender log = MessageSender.openOrCreate("log", 1 << 20)) {
            log.send(7, UTF_8.encode("started")); // or offer, or in place: tryClaim, or in parts: openMessage
        }
    }

    static void receiveLog() throws InterruptedException {
        try (MessageReceiver log = MessageReceiver.openOrCreate("log", 1 << 20)) {
            MessageHandler print = (type, message) -> System.out.println(type + ": " + UTF_8.decode(message));
            while (log.receive(print, 100, Duration.ofSeconds(5)) > 0) { // up to 100 messages; 0 after the time
                System.out.println(log.backlog() + " bytes are left");
            }
        }
    }

    static void answer() throws InterruptedException {
        try (RequestServer rates = RequestServer.openOrCreate("rates", 1 << 16)) {
            rates.serve(request -> UTF_8.encode("1.08 " + UTF_8.decode(request.bytes()))); // until it is closed
        }
    }

    static void ask() throws InterruptedException, TimeoutException {
        try (RequestClient rates = RequestClient.open("rates", Duration.ofSeconds(30))) {
            ByteBuffer reply = rates.call(UTF_8.encode("USD"), Duration.ofSeconds(30));
            System.out.println(UTF_8.decode(reply));
            rates.request(UTF_8.encode("EUR"), Duration.ofSeconds(30)) // returns a future at once
                    .thenAccept(later -> System.out.println(UTF_8.decode(later)))
                    .join();
        }
    }

    static void mutex() throws InterruptedException {
        try (NamedMutex mutex = NamedMutex.open("Global\\HWiNFO_SM2_MUTEX");
                NamedMutex.Guard guard = mutex.acquire()) {
            System.out.println(guard.abandoned()); // true if the other program died while it had the mutex
        }
    }

    static void telemetry() throws InterruptedException {
        ByteBuffer copy = ByteBuffer.allocate(20_692).order(ByteOrder.LITTLE_ENDIAN);
        TelemetryOptions options = TelemetryOptions.defaults().size(copy.capacity()).staleAfter(Duration.ofSeconds(2));
        try (TelemetryReader reader = TelemetryReader.open("$pcars2$", Sync.sequence(7320), options)) {
            while (reader.await(Duration.ofSeconds(5))) { // until the simulator runs, then until it publishes
                if (reader.read(copy) == TelemetryReader.Result.FRESH) { // a whole copy, never a torn one
                    System.out.println(copy.getFloat(6848) + " m/s");
                }
            }
        }
    }

    static void objects() {
        for (SharedObject object : SharedObject.list()) {
            System.out.println(object.name() + ": " + object.kind() + ", " + object.state() + ", " + object.users());
        }
    }

    static void goOnWithTheNextServer(EventPair pair, SharedRegion region) throws InterruptedException {
        try {
            pair.read(() -> System.out.println(region.pointer().getInt(0)));
        } catch (SharedMemoryException e) {
            if (!e.isPeerGone()) {
                throw e;
            }
            pair.awaitPeer(Duration.ofMinutes(5)); // until a new server is there
        }
    }
}
