package dev.sharedregion.internal.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.jna.Pointer;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Regions of more than 4 GiB. Their memory is lazy, so that only the pages that are accessed take memory. */
class LargeRegionTest {
    private static final long SIZE = 5L << 30;
    private static final long[] PLACES = {
        0,
        (1L << 30) - 4,
        (2L << 30) - 4,
        (2L << 30) - 1,
        2L << 30,
        (4L << 30) - 4,
        4L << 30,
        (4L << 30) + 65_537,
        SIZE - 8
    };

    private Path file;

    @BeforeEach
    void createFile() throws IOException {
        file = Files.createTempFile(Path.of("target"), "large", ".bin");
        file.toFile().deleteOnExit();
    }

    @AfterEach
    void deleteFile() {
        // Windows refuses while a view waits for the collector; then deleteOnExit does it.
        if (file.toFile().delete()) {
            file = null;
        }
    }

    @Test
    void fileIsReadAndWrittenBeyondFourGibibytes() {
        try (SharedRegion region = SharedRegion.map(file, SIZE, RegionOptions.defaults().lazy());
                SharedRegion other = SharedRegion.map(file, 0, RegionOptions.readOnly())) {
            assertEquals(SIZE, region.size());
            assertEquals(SIZE, other.size());
            check(region, other);
            try (SharedRegion part = SharedRegion.map(
                    file, 0, RegionOptions.readOnly().offset((4L << 30) + 65_537).length(8))) {
                assertEquals(region.pointer().getLong((4L << 30) + 65_537), part.pointer().getLong(0));
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // Windows would charge all of it against the commit limit.
    void namedRegionMayHaveFiveGibibytes() {
        String name = TestNames.unique();
        try (SharedRegion region = SharedRegion.create(name, SIZE, RegionOptions.defaults().lazy());
                SharedRegion other = SharedRegion.open(name)) {
            assertEquals(SIZE, other.size());
            check(region, other);
        }
    }

    @Test
    void firstAccessesOfSeveralThreadsSeeTheSameMemory() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (SharedRegion other = SharedRegion.map(file, SIZE, RegionOptions.defaults().lazy())) {
            for (int round = 1; round <= (Sizes.EXHAUSTIVE ? 100 : 40); round++) {
                try (SharedRegion region = SharedRegion.map(file, 0, RegionOptions.defaults())) {
                    writeEverywhere(region, threads, round, pool);
                }
                for (long start = 0; start < SIZE; start += 1 << 30) {
                    for (int thread = 0; thread < threads; thread++) {
                        assertEquals(round, other.pointer().getLong(start + 8L * thread));
                    }
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void writeEverywhere(SharedRegion region, int threads, long value, ExecutorService pool)
            throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(threads);
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            long place = 8L * i;
            writers.add(pool.submit(() -> {
                for (long start = 0; start < SIZE; start += 1 << 30) {
                    barrier.await();
                    region.pointer().setLong(start + place, value);
                }
                return null;
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    private static void check(SharedRegion region, SharedRegion other) {
        Pointer pointer = region.pointer();
        for (long place : PLACES) {
            pointer.setLong(place, place + 1);
            assertEquals(place + 1, other.pointer().getLong(place), () -> "at " + place);
            pointer.setInt(place, (int) place);
            assertEquals((int) place, other.buffer(place, 8).getInt(0), () -> "at " + place);
        }
        byte[] bytes = new byte[100_000];
        bytes[0] = 1;
        bytes[99_999] = 2;
        long crossing = (2L << 30) - 50_000;
        pointer.write(crossing, bytes, 0, bytes.length);
        byte[] back = new byte[bytes.length];
        other.pointer().read(crossing, back, 0, back.length);
        assertArrayEquals(bytes, back);
        assertEquals(99_998, other.pointer().indexOf(crossing + 1, (byte) 2));
        ByteBuffer part = other.buffer((1L << 30) - 1, Integer.MAX_VALUE);
        assertEquals(2, part.get((int) (crossing + 99_999 - ((1L << 30) - 1))));
        pointer.setMemory(SIZE - 3, 3, (byte) 9);
        assertEquals(9, other.pointer().getByte(SIZE - 1));
        assertThrows(UnsupportedOperationException.class, region::buffer);
        assertThrows(IndexOutOfBoundsException.class, () -> pointer.getInt(SIZE - 3));
        assertThrows(IndexOutOfBoundsException.class, () -> pointer.getInt(SIZE));
        assertThrows(IndexOutOfBoundsException.class, () -> region.buffer(SIZE - 7, 8));
    }
}
