package dev.sharedregion.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.latest.NewerLayout;
import dev.sharedregion.internal.latest.TableLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that writes anything to a table: every call ends, in time, and nothing is left behind. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileLatestTest {
    private static final int MILLIS = Sizes.of("sharedregion.hostileLatestMillis", 500, 5_000);
    private static final int COUNT = 3;
    private static final int SIZE = 100;
    private static final long SLACK_MILLIS = 20_000;

    /** What the calls may fail with. An owner slot that is overwritten with this process's word is in use. */
    private static final Set<Reason> REASONS = EnumSet.of(
            Reason.CORRUPT,
            Reason.IN_USE,
            Reason.WRONG_KIND,
            Reason.UNSUPPORTED,
            Reason.NOT_FOUND,
            Reason.TOO_SMALL);

    private final String name = TestNames.unique();
    private final LatestWriter writer = LatestWriter.create(name, COUNT, SIZE);
    private final LatestReader reader = LatestReader.open(name);
    private final SharedRegion table = SharedRegion.open(name + ".latest");
    private final SharedRegion newer = SharedRegion.open(name + ".newer");
    private final ByteBuffer copy = ByteBuffer.allocate(SIZE);

    @AfterEach
    void nothingIsLeft() {
        reader.close();
        writer.close();
        table.close();
        newer.close();
        Reasons.assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".latest"));
        Reasons.assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".newer"));
    }

    @Test
    void aSlotThatDoesNotExistIsCorrupt() {
        for (long slot : new long[] {4, 100, 255}) {
            table.pointer().setLong(TableLayout.FIRST_VALUE, 1 << TableLayout.LATEST_VERSION_SHIFT | slot);
            Reasons.assertReason(Reason.CORRUPT, () -> reader.read(copy));
            Reasons.assertReason(Reason.CORRUPT, reader::age);
            Reasons.assertReason(Reason.CORRUPT, () -> writer.update(value -> { }));
            assertEquals(1, reader.version(0));
            writer.set(ByteBuffer.allocate(SIZE));
            assertTrue(reader.read(copy) > 0);
        }
    }

    @Test
    void aSlotThatStaysOddIsCorruptInTheEnd() {
        writer.set(ByteBuffer.allocate(SIZE));
        long slot = TableLayout.FIRST_VALUE + TableLayout.FIRST_SLOT + 192;
        assertEquals(2, table.pointer().getLong(slot));
        table.pointer().setLong(slot, 3);
        SharedMemoryException e = Reasons.assertReason(Reason.CORRUPT, () -> reader.read(copy));
        assertTrue(e.getMessage().contains(name), e::getMessage);
        writer.set(ByteBuffer.allocate(SIZE));
        assertEquals(2, reader.read(copy));
    }

    @Test
    void shapesThatDoNotFitAreCorrupt() {
        // Windows rounds the region up to whole pages.
        long[][] shapes = {
            {0, SIZE, 4}, {-1, SIZE, 4}, {1_000, SIZE, 4}, {Long.MAX_VALUE, SIZE, 4}, {COUNT, 0, 4}, {COUNT, -1, 4},
            {COUNT, 1 << 20, 4}, {COUNT, Long.MIN_VALUE, 4}, {COUNT, SIZE, 1}, {COUNT, SIZE, 255}, {COUNT, SIZE, 256},
            {COUNT, SIZE, -1}, {1L << 32 | COUNT, SIZE, 4}, {COUNT, 1L << 32 | SIZE, 4}
        };
        for (long[] shape : shapes) {
            for (int i = 0; i < shape.length; i++) {
                table.pointer().setLong(TableLayout.COUNT + 8L * i, shape[i]);
            }
            Reasons.assertReason(Reason.CORRUPT, () -> LatestReader.open(name));
        }
        writer.close();
        Reasons.assertReason(Reason.CORRUPT, () -> LatestWriter.open(name));
        Reasons.assertReason(Reason.CORRUPT, () -> LatestWriter.openOrCreate(name, COUNT, SIZE));
        assertEquals(LatestReader.WriterState.CLOSED, reader.writerState(), "the refused ones gave the place up");
    }

    @Test
    void versionsThatNobodyReachesAreCorrupt() {
        writer.close();
        for (long version : new long[] {-1, 1L << 55, Long.MIN_VALUE, Long.MAX_VALUE}) {
            table.pointer().setLong(TableLayout.NEWEST, version);
            Reasons.assertReason(Reason.CORRUPT, () -> LatestWriter.open(name));
        }
        table.pointer().setLong(TableLayout.NEWEST, 0);
        table.pointer().setLong(TableLayout.FIRST_VALUE, -256);
        Reasons.assertReason(Reason.CORRUPT, () -> LatestWriter.open(name));
    }

    @Test
    void aTimeThatNobodyWroteIsAnAge() {
        writer.set(ByteBuffer.allocate(SIZE));
        long time = TableLayout.FIRST_VALUE + TableLayout.FIRST_SLOT + 192 + TableLayout.TIME;
        for (long each : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            table.pointer().setLong(time, each);
            assertFalse(reader.age().orElseThrow().isNegative());
        }
    }

    @Test
    void anEventThatIsAlwaysSetAndABitThatGoesEndNoWaitLate() throws Exception {
        long before = System.nanoTime();
        Thread eraser = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                newer.pointer().setLong(NewerLayout.WAITING, 0);
            }
        });
        eraser.start();
        try {
            for (int i = 0; i < 10; i++) {
                assertFalse(reader.awaitNewer(0, Duration.ofMillis(20)));
            }
            writer.set(ByteBuffer.allocate(SIZE));
            assertTrue(reader.awaitNewer(0, Duration.ofSeconds(60)));
        } finally {
            eraser.interrupt();
            eraser.join();
        }
        assertTrue(System.nanoTime() - before < TimeUnit.MILLISECONDS.toNanos(SLACK_MILLIS));
    }

    @Test
    void callsEndWhileTheTableChanges() throws Exception {
        ExecutorService others = Executors.newCachedThreadPool();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
        SplittableRandom random = new SplittableRandom();
        try {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SplittableRandom own = random.split();
                callers.add(others.submit(() -> {
                    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
                    while (System.nanoTime() - end < 0) {
                        useOnce(own, bytes);
                    }
                    return null;
                }));
            }
            while (System.nanoTime() - end < 0) {
                overwrite(random);
            }
            for (Future<?> each : callers) {
                each.get(SLACK_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            others.shutdownNow();
        }
    }

    private void overwrite(SplittableRandom random) {
        SharedRegion region = random.nextInt(3) == 0 ? newer : table;
        long at = random.nextInt((int) region.size() / 8) * 8L;
        if (random.nextBoolean()) {
            // Where it hurts.
            at = region == newer
                    ? NewerLayout.WAITING
                    : TableLayout.FIRST_VALUE + random.nextInt(2) * (64 + 4 * 192L) + random.nextInt(2) * 64L;
        }
        long word = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(4096);
            case 2 -> -1;
            default -> random.nextLong();
        };
        region.pointer().setLong(at, word);
        if (random.nextInt(8) == 0) {
            Thread.yield();
        }
    }

    private void useOnce(SplittableRandom random, ByteBuffer bytes) throws InterruptedException {
        long start = System.nanoTime();
        int index = random.nextInt(COUNT);
        try {
            switch (random.nextInt(10)) {
                case 0, 1 -> reader.read(index, bytes);
                case 2 -> reader.awaitNewer(index, random.nextInt(1000), Duration.ofMillis(random.nextInt(5)));
                case 3 -> reader.awaitNewer(random.nextLong() >>> 1, Duration.ofMillis(random.nextInt(5)));
                case 4 -> assertFalse(reader.age(index).orElse(Duration.ZERO).isNegative());
                case 5 -> assertFalse(reader.toString().isEmpty() || writer.toString().isEmpty());
                case 6 -> writer.update(index, value -> value.putLong(0, 1));
                case 7 -> LatestReader.open(name).close();
                case 8 -> LatestWriter.open(name).close();
                default -> writer.set(index, bytes);
            }
        } catch (SharedMemoryException e) {
            assertTrue(REASONS.contains(e.reason()), e::toString);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertEquals(0, millis / SLACK_MILLIS, () -> "a call took " + millis + " ms");
    }
}
