package dev.sharedregion.leaks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.Access;
import dev.sharedregion.EventAccess;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.NamedMutex;
import dev.sharedregion.PairOptions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedObject;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Creates, opens, uses and closes objects many times. After that the process holds no more system resources than
 * before. With {@code -Pexhaustive} each test repeats this up to 12,500 times on Linux, and a twelfth of that on
 * Windows. Without it, each test does a twentieth. {@code -Dsharedregion.cycles=100000} sets the number for all.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class LeakTest {
    /** Under Wine a call into the system takes up to fifty times as long, so that there are fewer cycles. */
    private static final int SHARE = Platform.isWindows() ? 50 : 4;

    /** By how much the resident memory may grow in the second half; the JVM mostly has its own by then. */
    private static final long MORE_RESIDENT = 48L << 20;

    private static final int DROPPED = 200;

    private static final int LARGE = 1 << 20;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofNanos(1);

    private final String name = TestNames.unique();
    private String test;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    @BeforeEach
    void noteTest(TestInfo info) {
        test = info.getTestMethod().orElseThrow().getName();
    }

    private interface Cycle {
        void run() throws Exception;
    }

    private void leavesNothing(int most, Cycle cycle) throws Exception {
        int cycles = Sizes.of("sharedregion.cycles", most / SHARE / 40, most / SHARE);
        repeat(10, cycle);
        Footprint before = Footprint.take();
        long start = System.nanoTime();
        repeat(cycles / 2, cycle);
        long resident = Footprint.residentOutsideTheHeap();
        repeat(cycles - cycles / 2, cycle);
        long micros = (System.nanoTime() - start) / 1_000;
        long more = Footprint.residentOutsideTheHeap() - resident;
        Sizes.report("LeakTest: " + test + ", " + cycles + " cycles, " + micros / 1_000 + " ms, "
                + (more >> 10) + " KiB more resident after the second half");
        before.assertNoMoreNow();
        assertTrue(more < MORE_RESIDENT, () -> more + " bytes more resident after " + cycles / 2 + " more cycles");
    }

    private static void repeat(int cycles, Cycle cycle) throws Exception {
        for (int i = 0; i < cycles; i++) {
            cycle.run();
        }
    }

    @Test
    void regionsAreFreed() throws Exception {
        leavesNothing(50_000, () -> {
            try (SharedRegion region = SharedRegion.create(name, 4096);
                    SharedRegion other = SharedRegion.open(name, RegionOptions.readOnly());
                    SharedRegion either = SharedRegion.openOrCreate(name, 4096)) {
                region.flush();
                other.close();
                either.close();
            }
            SharedRegion.openOrCreate(name, 4096).close();
        });
    }

    @Test
    void regionsWithPointersAndBuffersAreFreed() throws Exception {
        // So large that the address space would tell, and lazy so that it is fast even so.
        leavesNothing(50_000, () -> {
            try (SharedRegion region = SharedRegion.create(name, LARGE, RegionOptions.defaults().lazy())) {
                region.pointer().share(8).setInt(0, 1);
                region.buffer().putInt(4, 1);
                region.buffer(LARGE / 2, 8).putLong(0, 1);
            }
        });
    }

    @Test
    void viewsAreFreed() throws Exception {
        List<RegionOptions> parts = List.of(
                RegionOptions.readOnly(),
                RegionOptions.defaults().offset(LARGE / 2),
                RegionOptions.readOnly().offset(100_000).length(50),
                RegionOptions.copyOnWrite().offset(70_001).length(9_000));
        try (SharedRegion region = SharedRegion.create(name, LARGE)) {
            leavesNothing(12_500, () -> {
                for (RegionOptions part : parts) {
                    try (SharedRegion view = SharedRegion.open(name, part)) {
                        assertEquals(0, view.pointer().getByte(49));
                        if (view.access() != Access.READ_ONLY) {
                            view.buffer().put(0, (byte) 0);
                        }
                    }
                    SharedRegion.open(name, part).close();
                }
            });
            region.flush();
        }
    }

    @Test
    void mappedFilesAreFreed() throws Exception {
        Path file = Files.write(folder.resolve("sharedregion-leak"), new byte[100]);
        leavesNothing(25_000, () -> {
            SharedRegion.map(file, 0).close();
            try (SharedRegion copy = SharedRegion.map(file, 0, RegionOptions.copyOnWrite());
                    SharedRegion part = SharedRegion.map(file, 50, RegionOptions.readOnly().offset(10))) {
                copy.pointer().setByte(10, (byte) 1);
                assertEquals(0, part.buffer().get(0));
            }
        });
    }

    @Test
    void namedFilesAreFreed() throws Exception {
        Path file = Files.write(folder.resolve("sharedregion-leak"), new byte[100]);
        leavesNothing(25_000, () -> {
            try (SharedRegion region = SharedRegion.map(file, 0, RegionOptions.defaults().name(name));
                    SharedRegion other = SharedRegion.open(name)) {
                region.pointer().setByte(0, (byte) 1);
                assertEquals(1, other.pointer().getByte(0));
            }
        });
    }

    @Test
    void eventsAreFreed() throws Exception {
        leavesNothing(25_000, () -> {
            try (NamedEvent event = NamedEvent.create(name);
                    NamedEvent other = NamedEvent.open(name)) {
                event.set();
                other.await(LONG);
            }
            try (NamedEvent event = NamedEvent.create(name, EventOptions.manualReset());
                    NamedEvent other = NamedEvent.open(name, EventAccess.WAIT_ONLY)) {
                event.set();
                other.await();
                event.reset();
            }
        });
    }

    @Test
    void readersAreFreed() throws Exception {
        ByteBuffer copy = ByteBuffer.allocate(4096);
        TelemetryOptions options = TelemetryOptions.defaults().event(name + "-event").aliveWhile(memory -> true);
        try (SharedRegion region = SharedRegion.create(name, LARGE);
                NamedEvent event = NamedEvent.create(name + "-event", EventOptions.manualReset())) {
            leavesNothing(12_500, () -> {
                for (Sync sync : List.of(Sync.twice(), Sync.mutex(name + "-mutex", Sync.counter(0)))) {
                    try (TelemetryReader reader = TelemetryReader.open(name, sync, options)) {
                        assertEquals(TelemetryReader.Result.FRESH, reader.read(copy));
                        assertFalse(reader.await(SHORT));
                    }
                }
            });
            region.flush();
            event.set();
        }
    }

    @Test
    void looksAreFreed() throws Exception {
        try (EventPair pair = EventPair.create(name)) {
            SharedObject found = SharedObject.list().stream()
                    .filter(each -> each.name().equals(pair.name()))
                    .findFirst()
                    .orElseThrow();
            leavesNothing(5_000, () -> {
                found.details();
                assertFalse(found.removeDead());
            });
            leavesNothing(2_000, SharedObject::list);
        }
    }

    @Test
    void waitsAreFreed() throws Exception {
        leavesNothing(50_000, () -> {
            try (NamedEvent event = NamedEvent.create(name)) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> event.await(LONG));
                assertFalse(event.await(SHORT));
                assertFalse(event.await(Duration.ZERO));
            }
        });
    }

    /** Each has a thread of its own. */
    @Test
    @EnabledOnOs(OS.WINDOWS)
    void mutexesAreFreed() throws Exception {
        WinNT.HANDLE foreign = Kernel32.INSTANCE.CreateMutex(null, false, name);
        leavesNothing(5_000, () -> {
            try (NamedMutex mutex = NamedMutex.open(name);
                    NamedMutex other = NamedMutex.open(name)) {
                try (NamedMutex.Guard hold = mutex.acquire()) {
                    assertFalse(hold.abandoned());
                    assertNull(other.tryAcquire(Duration.ZERO));
                }
                other.acquire().close();
            }
        });
        Kernel32.INSTANCE.CloseHandle(foreign);
    }

    @Test
    void pairsAreFreed() throws Exception {
        leavesNothing(12_500, () -> {
            try (EventPair server = EventPair.create(name);
                    EventPair client = EventPair.open(name)) {
                for (int turn = 0; turn < 2; turn++) {
                    server.signalWritten();
                    client.awaitWritten(LONG);
                    client.signalRead();
                    server.awaitRead(LONG);
                }
            }
        });
    }

    /** A side that sleeps watches the peer's process. */
    @Test
    void sleepingPairsAreFreed() throws Exception {
        PairOptions sleepy = PairOptions.defaults().spin(Duration.ZERO);
        leavesNothing(12_500, () -> {
            try (EventPair server = EventPair.create(name, sleepy);
                    EventPair client = EventPair.open(name, sleepy)) {
                assertFalse(client.awaitWritten(SHORT));
                server.signalWritten();
                assertFalse(server.awaitRead(SHORT));
                client.close();
                assertThrows(SharedMemoryException.class, () -> server.awaitRead(LONG));
            }
        });
    }

    @Test
    void channelsAreFreed() throws Exception {
        leavesNothing(12_500, () -> {
            try (MessageSender sender = MessageSender.create(name, 4096);
                    MessageReceiver receiver = MessageReceiver.open(name)) {
                // The second goes in parts.
                for (int length : new int[] {10, 3_000}) {
                    sender.send(ByteBuffer.allocate(length));
                    assertEquals(length, receiver.receive(LONG).remaining());
                }
                try (MessageSender.Claim claim = sender.tryClaim(8)) {
                    claim.buffer().putLong(0, 1);
                    claim.pointer().setLong(0, 2);
                    claim.commit();
                }
                assertEquals(8, receiver.receive(LONG).remaining());
            }
        });
    }

    /** A sender that sleeps and a receiver that sleeps have an event each, which the other side opens. */
    @Test
    void sleepingChannelsAreFreed() throws Exception {
        leavesNothing(2_500, () -> {
            try (MessageSender sender = MessageSender.create(name, 128);
                    MessageReceiver receiver = MessageReceiver.open(name)) {
                assertNull(receiver.receive(Duration.ofMillis(1)));
                while (sender.offer(ByteBuffer.allocate(40))) {
                    // Until it is full.
                }
                Thread sending = new Thread(() -> assertThrows(
                        IllegalStateException.class, () -> sender.send(ByteBuffer.allocate(40))));
                sending.start();
                while (sender.fullCount() < 2) {
                    Thread.sleep(1);
                }
                sender.close();
                sending.join();
            }
        });
    }

    @Test
    @Timeout(120)
    void unreachableObjectsAreFreedByTheCollector() throws Exception {
        dropAll(name + "-warm-up-");
        assertFreed(name + "-warm-up-");
        Footprint before = Footprint.take();
        dropAll(name + "-");
        assertFreed(name + "-");
        before.assertNoMoreNow();
    }

    private static void dropAll(String prefix) {
        for (int i = 0; i < DROPPED; i++) {
            SharedRegion.create(prefix + i, 4096);
            SharedRegion.open(prefix + i).pointer();
            SharedRegion.open(prefix + i).buffer();
            NamedEvent.create(prefix + "event-" + i);
            NamedEvent.open(prefix + "event-" + i);
            EventPair.create(prefix + "pair-" + i);
            EventPair.open(prefix + "pair-" + i);
            MessageSender.create(prefix + "channel-" + i, 128);
            MessageReceiver.open(prefix + "channel-" + i);
        }
    }

    private static void assertFreed(String prefix) throws InterruptedException {
        for (int i = 0; i < DROPPED; i++) {
            for (String dropped : List.of("", "event-", "pair-%d.written", "pair-%d.read", "pair-%d.pair",
                    "channel-%d.messages", "channel-%d.sent", "channel-%d.freed.1")) {
                String name = prefix + (dropped.contains("%") ? String.format(dropped, i) : dropped + i);
                while (isThere(name)) {
                    System.gc();
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            }
        }
    }

    /** Whether an object has the name; looked for by what leaves nothing to the collector. */
    private static boolean isThere(String name) {
        try {
            SharedRegion.open(name).close();
            return true;
        } catch (SharedMemoryException e) {
            return e.reason() != SharedMemoryException.Reason.NOT_FOUND;
        }
    }

    @Test
    void failedCallsLeaveNothing() throws Exception {
        try (SharedRegion region = SharedRegion.create(name, 4096);
                NamedEvent event = NamedEvent.create(name + "e")) {
            List<Cycle> failures = List.of(
                    () -> SharedRegion.create(name, 10),
                    () -> SharedRegion.openOrCreate(name, 1 << 20),
                    () -> SharedRegion.open(name, RegionOptions.defaults().minimumSize(1 << 20)),
                    () -> SharedRegion.open(name, RegionOptions.defaults().offset(1 << 20)),
                    () -> SharedRegion.open(name + "e"),
                    () -> SharedRegion.create(name + "e", 10),
                    () -> NamedEvent.open(name),
                    () -> NamedEvent.create(name),
                    () -> NamedEvent.create(name + "e"),
                    () -> SharedRegion.open("no-" + name),
                    () -> SharedRegion.create("no-" + name, Long.MAX_VALUE),
                    () -> SharedRegion.map(folder, 1),
                    () -> SharedRegion.map(folder.resolve("missing"), 1),
                    () -> EventPair.open(name),
                    () -> MessageSender.open(name));
            leavesNothing(10_000, () -> {
                for (Cycle failure : failures) {
                    try {
                        failure.run();
                        throw new AssertionError("it did not fail");
                    } catch (SharedMemoryException | IndexOutOfBoundsException e) {
                        // As it should.
                    }
                }
            });
            event.set();
            region.flush();
        }
    }
}
