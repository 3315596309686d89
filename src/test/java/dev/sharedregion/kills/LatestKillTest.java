package dev.sharedregion.kills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.helpers.Whole;
import dev.sharedregion.internal.latest.TableLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A busy writer in another process, in Java or in C, which is killed at random moments, and its successors. Readers never
 * get a torn or an older value, nor wait for the dead writer. {@code -Dsharedregion.latestKills} says how many are killed.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class LatestKillTest {
    private static final int KILLS = Sizes.of("sharedregion.latestKills", 2, 30);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int COUNT = 3;
    private static final int[] SIZES = {64, 4096, 1 << 16};
    private static final int[] PAUSES = {0, 0, 10, 100};
    private static final int MOST_MICROS = 20_000;

    private final String name = TestNames.unique();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final ExecutorService others = Executors.newCachedThreadPool();
    private volatile boolean over;
    private int started;

    @AfterEach
    void end() throws Exception {
        over = true;
        others.shutdownNow();
        assertTrue(others.awaitTermination(1, TimeUnit.MINUTES), "a thread hangs");
        TestNames.removeLeftovers(name);
    }

    /** In Java and in C by turns. */
    private Peer startWriter(int size, int slots, int pause) throws Exception {
        return start(started++ % 2 == 0, "write", name, "" + COUNT, "" + size, "" + slots, "" + pause);
    }

    private static Peer start(boolean java, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tools.cPeer("latest").toString()));
        command.addAll(List.of(arguments));
        Peer worker = java ? Peer.java(LatestWorker.class, arguments) : Peer.start(command);
        worker.expect("ready");
        return worker;
    }

    @Test
    void aKilledWriterLeavesWholeValuesToItsSuccessor() throws Exception {
        for (int size : SIZES) {
            killWriters(size, Math.max(KILLS / SIZES.length, 1));
        }
    }

    private void killWriters(int size, int kills) throws Exception {
        Peer writer = startWriter(size, 2 + random.nextInt(3), PAUSES[random.nextInt(PAUSES.length)]);
        try (LatestReader reader = LatestReader.open(name);
                Peer otherReader = start(true, "read", name);
                Peer readerInC = start(false, "read", name)) {
            over = false;
            Future<?> reading = others.submit(() -> keepReading(reader));
            Future<?> waiting = others.submit(() -> keepWaiting(reader));
            LatestChecks checks = new LatestChecks(reader);
            for (int kill = 0; kill < kills; kill++) {
                assertTrue(reader.awaitNewer(reader.version(), LONG), () -> "nothing is written, seed " + seed);
                TimeUnit.MICROSECONDS.sleep(random.nextInt(MOST_MICROS));
                writer.kill();
                long left = checks.readAll();
                assertEquals(LatestReader.WriterState.DIED, reader.writerState());
                assertEquals(left, checks.readAll(), "nobody writes");
                assertTrue(left - reader.version() <= 1, () -> left + " of " + reader.version() + ", seed " + seed);
                writer = startWriter(size, 2, PAUSES[random.nextInt(PAUSES.length)]);
                assertTrue(reader.awaitNewer(left, LONG), () -> "no successor's value, seed " + seed);
                assertTrue(checks.readAll() > left, () -> "seed " + seed);
            }
            assertNull(otherReader.lineIfThere(), () -> "seed " + seed);
            assertTrue(otherReader.isAlive());
            assertNull(readerInC.lineIfThere(), () -> "seed " + seed);
            assertTrue(readerInC.isAlive());
            over = true;
            reading.get();
            waiting.get();
        } finally {
            writer.close();
        }
        TestNames.removeLeftovers(name);
    }

    private void keepReading(LatestReader reader) {
        LatestChecks checks = new LatestChecks(reader);
        while (!over) {
            checks.readAll();
        }
    }

    /** Waits all the time; each wait ends soon, because there is always a successor. */
    private Void keepWaiting(LatestReader reader) throws InterruptedException {
        for (long seen = 0; !over; seen = reader.version()) {
            assertTrue(reader.awaitNewer(random.nextInt(2), 0, LONG));
            assertTrue(reader.awaitNewer(seen, LONG));
        }
        return null;
    }

    /**
     * A writer that never pauses makes reads start over. A read that did not look again would return torn values: the
     * same reader without that is shown to do so.
     */
    @Test
    void onlyAReadThatLooksAgainIsWhole() throws Exception {
        int size = 1 << 16;
        try (Peer writer = start(true, "write", name, "1", "" + size, "2", "0")) {
            AtomicLong torn = new AtomicLong();
            try (LatestReader reader = LatestReader.open(name);
                    SharedRegion region = SharedRegion.open(name + ".latest", RegionOptions.readOnly())) {
                List<Future<?>> readers = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    readers.add(others.submit(() -> keepReading(reader)));
                }
                long giveUp = System.nanoTime() + LONG.toNanos();
                while (torn.get() == 0 && System.nanoTime() - giveUp < 0) {
                    readWithoutALook(region.buffer(), size, torn);
                }
                over = true;
                for (Future<?> each : readers) {
                    each.get();
                }
            }
            assertTrue(torn.get() > 0, "the reader without a second look never got a torn value");
        }
    }

    private static void readWithoutALook(ByteBuffer table, int size, AtomicLong torn) {
        ByteBuffer memory = table.order(ByteOrder.nativeOrder());
        int slot = (int) memory.getLong(TableLayout.FIRST_VALUE) & TableLayout.LATEST_SLOT;
        int at = TableLayout.FIRST_VALUE + TableLayout.FIRST_SLOT + slot * (TableLayout.BYTES + size) + TableLayout.BYTES;
        ByteBuffer copy = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        copy.put(0, memory, at, size);
        try {
            Whole.number(copy);
        } catch (IllegalStateException e) {
            torn.incrementAndGet();
        }
    }

    /** All readers and the writer are gone: so is the table. */
    @Test
    void theNameIsFreeWhenAllHaveDied() throws Exception {
        try (Peer writer = startWriter(64, 4, 0);
                Peer reader = start(true, "read", name);
                Peer readerInC = start(false, "read", name)) {
            readerInC.kill();
            writer.kill();
            reader.kill();
        }
        try (LatestWriter next = LatestWriter.create(name, 1, 8)) {
            assertEquals(0, next.version());
        }
    }
}
