package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.TestNames;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedRegionTest {
    private final String name = TestNames.unique();

    /** By reflection, as the library is compiled for older versions. */
    @Test
    void memorySegmentSpansTheBuffer() throws ReflectiveOperationException {
        assumeTrue(Runtime.version().feature() >= 22, "MemorySegment came with JDK 22");
        Class<?> type = Class.forName("java.lang.foreign.MemorySegment");
        Method ofBuffer = type.getMethod("ofBuffer", Buffer.class);
        Method asByteBuffer = type.getMethod("asByteBuffer");
        SharedRegion region = SharedRegion.create(name, 4096);
        region.pointer().setByte(4095, (byte) 5);
        Object segment = ofBuffer.invoke(null, region.buffer());
        assertEquals(region.size(), type.getMethod("byteSize").invoke(segment));
        assertEquals(true, type.getMethod("isNative").invoke(segment));
        ((ByteBuffer) asByteBuffer.invoke(segment)).put(0, (byte) 6);
        assertEquals(6, region.pointer().getByte(0));
        assertEquals(5, ((ByteBuffer) asByteBuffer.invoke(segment)).get(4095));
        try (SharedRegion reader = SharedRegion.open(name, RegionOptions.readOnly())) {
            assertEquals(true, type.getMethod("isReadOnly").invoke(ofBuffer.invoke(null, reader.buffer())));
        }
        region.close();
        // Harmless: of another memory by now, or the region's own.
        ((ByteBuffer) asByteBuffer.invoke(segment)).get(4095);
    }

    @Test
    void newMemoryReadsAsZeroToTheLastByte() {
        try (SharedRegion region = SharedRegion.create(name, 70_001)) {
            assertTrue(region.created());
            assertEquals(70_001, region.size());
            ByteBuffer buffer = region.buffer();
            assertEquals(70_001, buffer.capacity());
            for (int i = 0; i < buffer.capacity(); i++) {
                assertEquals(0, buffer.get(i), i);
            }
        }
    }

    @Test
    void writesOfOneViewAreVisibleInAnother() {
        try (SharedRegion region = SharedRegion.create(name, 4096);
                SharedRegion other = SharedRegion.open(name)) {
            region.pointer().setInt(4092, 0x01020304);
            assertEquals(0x01020304, other.pointer().getInt(4092));
            other.buffer().putLong(8, -2);
            assertEquals(-2, region.pointer().getLong(8));
            assertFalse(other.created());
            assertEquals(Access.READ_WRITE, other.access());
            assertEquals(name, other.name());
        }
    }

    @Test
    void createOfAnExistingNameFailsAndChangesNothing() {
        try (SharedRegion region = SharedRegion.create(name, 8192)) {
            region.pointer().setInt(0, 42);
            SharedMemoryException e =
                    assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 100).close());
            assertTrue(e.getMessage().contains("8192 bytes"), e.getMessage());
            assertTrue(e.getMessage().contains(name), e.getMessage());
            assertEquals(Platform.isWindows() ? "ERROR_ALREADY_EXISTS" : "EEXIST", e.errorName());
            assertEquals(42, region.pointer().getInt(0));
            try (SharedRegion other = SharedRegion.open(name)) {
                assertEquals(8192, other.size());
            }
        }
    }

    @Test
    void openNeverCreates() {
        SharedMemoryException e = assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        assertEquals(2, e.errorCode());
        assertEquals(Platform.isWindows() ? "ERROR_FILE_NOT_FOUND" : "ENOENT", e.errorName());
        assertTrue(e.getMessage().contains("Start the process that creates it first"), e.getMessage());
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
    }

    @Test
    void createdTellsWhetherOpenOrCreateCreated() {
        try (SharedRegion first = SharedRegion.openOrCreate(name, 4096);
                SharedRegion second = SharedRegion.openOrCreate(name, 4096)) {
            assertTrue(first.created());
            assertFalse(second.created());
            first.pointer().setByte(4095, (byte) 7);
            assertEquals(7, second.pointer().getByte(4095));
        }
    }

    @Test
    void openOrCreateOfASmallerRegionReportsBothSizes() {
        try (SharedRegion region = SharedRegion.create(name, 4096)) {
            SharedMemoryException e =
                    assertReason(Reason.TOO_SMALL, () -> SharedRegion.openOrCreate(name, 100_000).close());
            assertTrue(e.getMessage().contains("4096") && e.getMessage().contains("100000"), e.getMessage());
            assertEquals(0, region.pointer().getInt(0));
        }
    }

    @Test
    void openWithAMinimumSizeReportsBothSizes() {
        try (SharedRegion region = SharedRegion.create(name, 4096)) {
            SharedRegion.open(name, RegionOptions.defaults().minimumSize(4096)).close();
            SharedMemoryException e = assertReason(
                    Reason.TOO_SMALL,
                    () -> SharedRegion.open(name, RegionOptions.defaults().minimumSize(8193)));
            assertTrue(e.getMessage().contains("4096") && e.getMessage().contains("8193"), e.getMessage());
            assertEquals(4096, region.size());
        }
    }

    @Test
    void exactlyOneOfManyThreadsCreates() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 50; round++) {
                String each = name + "-" + round;
                CountDownLatch start = new CountDownLatch(1);
                var regions = IntStream.range(0, threads)
                        .<Future<SharedRegion>>mapToObj(i -> pool.submit(() -> {
                            start.await();
                            return SharedRegion.openOrCreate(each, 4096);
                        }))
                        .toList();
                start.countDown();
                int created = 0;
                for (Future<SharedRegion> region : regions) {
                    created += region.get().created() ? 1 : 0;
                }
                for (Future<SharedRegion> region : regions) {
                    region.get().close();
                }
                assertEquals(1, created);
                assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(each));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void nameIsFreeWhenTheLastUserHasClosed() {
        SharedRegion first = SharedRegion.create(name, 4096);
        SharedRegion second = SharedRegion.open(name);
        second.pointer().setInt(0, 5);
        first.close();
        try (SharedRegion third = SharedRegion.open(name)) {
            assertEquals(5, third.pointer().getInt(0));
        }
        second.close();
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        try (SharedRegion again = SharedRegion.create(name, 10)) {
            assertEquals(0, again.pointer().getInt(0), "the old contents are gone");
        }
    }

    @Test
    void openWithADurationWaitsForTheCreator() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<SharedRegion> opened = pool.submit(() -> {
                tried.countDown();
                return SharedRegion.open(name, Duration.ofMinutes(2));
            });
            tried.await();
            try (SharedRegion region = SharedRegion.create(name, 4096)) {
                region.pointer().setInt(0, 9);
                try (SharedRegion other = opened.get()) {
                    assertEquals(9, other.pointer().getInt(0));
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void openWithADurationGivesUpAndCanBeInterrupted() {
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name, Duration.ZERO));
        long start = System.nanoTime();
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name, Duration.ofMillis(60)));
        assertTrue(System.nanoTime() - start >= 60_000_000, "it gave up before its time");
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> SharedRegion.open(name, Duration.ofMinutes(2)));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void readOnlyViewReadsAndRefusesToWrite() {
        try (SharedRegion region = SharedRegion.create(name, 4096);
                SharedRegion reader = SharedRegion.open(name, RegionOptions.readOnly())) {
            region.pointer().setInt(0, 42);
            assertEquals(42, reader.pointer().getInt(0));
            assertEquals(42, reader.buffer().getInt(0));
            assertThrows(UnsupportedOperationException.class, () -> reader.pointer().setInt(0, 1));
            assertTrue(reader.buffer().isReadOnly());
            assertTrue(reader.buffer(8, 8).isReadOnly());
            assertTrue(reader.pointer().getByteBuffer(0, 8).isReadOnly());
            assertEquals(42, region.pointer().getInt(0));
        }
    }

    @Test
    void copyOnWriteViewKeepsItsWritesPrivate() {
        try (SharedRegion region = SharedRegion.create(name, 3 * 4096);
                SharedRegion copy = SharedRegion.open(name, RegionOptions.copyOnWrite())) {
            region.pointer().setInt(0, 42);
            region.pointer().setInt(8192, 43);
            copy.pointer().setInt(0, 1);
            copy.buffer().putInt(4, 2);
            assertEquals(42, region.pointer().getInt(0));
            assertEquals(0, region.pointer().getInt(4));
            assertEquals(1, copy.pointer().getInt(0));
            region.pointer().setInt(8192, 44);
            assertEquals(44, copy.pointer().getInt(8192), "a page that the copy has not written to is shared");
            copy.flush();
            assertEquals(42, region.pointer().getInt(0));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4095, 4096, 65_535, 65_536, 65_537, 200_000})
    void viewMayBeginAtAnyOffset(long offset) {
        try (SharedRegion region = SharedRegion.create(name, 300_000);
                SharedRegion part = SharedRegion.open(
                        name, RegionOptions.defaults().offset(offset).length(1000))) {
            assertEquals(1000, part.size());
            assertEquals(offset, part.offset());
            region.pointer().setLong(offset, 77);
            assertEquals(77, part.pointer().getLong(0));
            part.pointer().setInt(996, 78);
            assertEquals(78, region.pointer().getInt(offset + 996));
            assertThrows(IndexOutOfBoundsException.class, () -> part.pointer().getInt(997));
            assertThrows(IndexOutOfBoundsException.class, () -> part.pointer().getByte(-1));
            assertEquals(1000, part.buffer().capacity());
        }
    }

    @Test
    void viewWithoutALengthReachesToTheEnd() {
        try (SharedRegion region = SharedRegion.create(name, 3 * 65_536, RegionOptions.defaults().offset(65_537));
                SharedRegion part = SharedRegion.open(name, RegionOptions.readOnly().offset(10))) {
            assertTrue(region.created());
            assertEquals(2 * 65_536 - 1, region.size());
            assertEquals(3 * 65_536 - 10, part.size());
            region.pointer().setByte(0, (byte) 3);
            assertEquals(3, part.pointer().getByte(65_527));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4097, 1L << 32, Long.MAX_VALUE})
    void viewBeyondTheEndIsRefusedWithTheValues(long length) {
        try (SharedRegion region = SharedRegion.create(name, 4096)) {
            IndexOutOfBoundsException tooLong = assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> SharedRegion.open(name, RegionOptions.defaults().length(length)));
            assertTrue(tooLong.getMessage().contains(Long.toString(length)), tooLong.getMessage());
            assertTrue(tooLong.getMessage().contains("4096"), tooLong.getMessage());
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> SharedRegion.open(name, RegionOptions.defaults().offset(length)));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> SharedRegion.create(name + "b", 4096, RegionOptions.defaults().offset(length)));
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + "b"));
            assertEquals(4096, region.size());
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
    }

    @Test
    void bufferIsInNativeOrderAndStartsAtZero() {
        try (SharedRegion region = SharedRegion.create(name, 4096)) {
            assertEquals(ByteOrder.nativeOrder(), region.buffer().order());
            assertEquals(ByteOrder.nativeOrder(), region.buffer(4, 8).order());
            assertEquals(0, region.buffer().position());
            ByteBuffer part = region.buffer(4090, 6);
            assertEquals(6, part.limit());
            part.put(5, (byte) 9);
            assertEquals(9, region.pointer().getByte(4095));
            assertEquals(0, region.buffer(4096, 0).capacity());
            assertThrows(IndexOutOfBoundsException.class, () -> region.buffer(4090, 7));
            assertThrows(IndexOutOfBoundsException.class, () -> region.buffer(-1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> region.buffer(0, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> region.buffer(Long.MAX_VALUE, Integer.MAX_VALUE));
            assertSame(region.pointer(), region.pointer());
        }
    }

    @Test
    void everyUseAfterCloseThrows() {
        SharedRegion region = SharedRegion.create(name, 4096);
        var pointer = region.pointer();
        var share = pointer.share(8, 8);
        ByteBuffer buffer = region.buffer();
        region.close();
        region.close();
        assertThrows(IllegalStateException.class, region::pointer);
        assertThrows(IllegalStateException.class, region::buffer);
        assertThrows(IllegalStateException.class, () -> region.buffer(0, 1));
        assertThrows(IllegalStateException.class, region::flush);
        assertThrows(IllegalStateException.class, () -> pointer.getInt(0));
        assertThrows(IllegalStateException.class, () -> pointer.setInt(0, 1));
        assertThrows(IllegalStateException.class, () -> share.getByte(0));
        assertThrows(IllegalStateException.class, () -> pointer.share(0));
        buffer.putInt(0, 1);
        assertEquals(1, buffer.getInt(0), "a buffer kept after close stays harmless");
        assertEquals(name, region.name());
        assertEquals(4096, region.size());
        assertTrue(region.toString().contains("closed"), region.toString());
    }

    @Test
    void unreachableRegionIsFreedByTheCollector() throws Exception {
        Supplier<ByteBuffer> drop = () -> SharedRegion.create(name, 4096).buffer();
        ByteBuffer kept = drop.get();
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(10);
        }
        SharedRegion.open(name).close();
        kept.putInt(0, 1);
        kept = null;
        while (true) {
            System.gc();
            try {
                SharedRegion.open(name).close();
                Thread.sleep(10);
            } catch (SharedMemoryException e) {
                assertEquals(Reason.NOT_FOUND, e.reason());
                return;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"价格-表", "😀", "Preis €", "x y", "-", "a.b-c_d~!@#$%^&()", "Local\\lokal-价格"})
    void unicodeNamesWork(String tail) {
        String unicode = tail.startsWith("Local\\") ? tail + name : name + tail;
        try (SharedRegion region = SharedRegion.create(unicode, 4096);
                SharedRegion other = SharedRegion.open(unicode)) {
            region.pointer().setInt(0, 6);
            assertEquals(6, other.pointer().getInt(0));
            assertEquals(unicode, other.name());
        }
    }

    @Test
    void plainNameAndLocalNameAreTheSame() {
        try (SharedRegion region = SharedRegion.create(name, 4096);
                SharedRegion local = SharedRegion.open("Local\\" + name)) {
            region.pointer().setInt(0, 6);
            assertEquals(6, local.pointer().getInt(0));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // On Windows no process finds an object before it is complete.
    void interruptDoesNotShortenTheWaitForASize() throws Exception {
        // JNA loses an interrupt while it loads its library.
        SharedRegion.openOrCreate(name, 4096).close();
        Path object = Files.createFile(
                Path.of("/dev/shm", name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            FutureTask<Boolean> opening = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                long start = System.nanoTime();
                assertReason(Reason.NOT_FOUND, () -> SharedRegion.openOrCreate(name, 4096));
                assertTrue(System.nanoTime() - start >= 200_000_000, "it gave up before its time");
                return Thread.currentThread().isInterrupted();
            });
            new Thread(opening).start();
            assertTrue(opening.get(), "the interrupt was lost");
        } finally {
            Files.delete(object);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void globalIsTheSameNamespaceOnLinux() {
        try (SharedRegion region = SharedRegion.create("Global\\" + name, 4096);
                SharedRegion plain = SharedRegion.open(name)) {
            region.pointer().setInt(0, 6);
            assertEquals(6, plain.pointer().getInt(0));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Access.class, names = {"READ_ONLY", "COPY_ON_WRITE"})
    void newRegionMustBeWritable(Access access) {
        RegionOptions options = RegionOptions.defaults().access(access);
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.create(name, 10, options));
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.openOrCreate(name, 10, options));
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
    }

    @Test
    void optionsThatDoNotApplyAreRefused() {
        RegionOptions defaults = RegionOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.create(name, 10, defaults.minimumSize(5)));
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.create(name, 10, defaults.exclusive()));
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.create(name, 10, defaults.name("y")));
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.open(name, defaults.lazy()));
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.open(name, defaults.exclusive()));
        assertThrows(IllegalArgumentException.class, () -> defaults.offset(-1));
        assertThrows(IllegalArgumentException.class, () -> defaults.length(0));
        assertThrows(IllegalArgumentException.class, () -> defaults.length(-1));
        assertThrows(IllegalArgumentException.class, () -> defaults.minimumSize(0));
        assertThrows(NullPointerException.class, () -> defaults.access(null));
    }

    @Test
    void tooLargeRegionFailsWithNoSpace() {
        assertReason(Reason.NO_SPACE, () -> SharedRegion.create(name, 1L << 46));
        assertReason(Reason.NO_SPACE, () -> SharedRegion.create(name, Long.MAX_VALUE));
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        SharedRegion.create(name, 10).close();
    }

    @Test
    @EnabledOnOs(OS.LINUX) // Windows creates nothing so large.
    void regionWithoutAddressSpaceFailsWithNoSpace() {
        RegionOptions part = RegionOptions.defaults().lazy().length(4096);
        try (SharedRegion region = SharedRegion.create(name, 1L << 62, part)) {
            assertEquals(4096, region.size());
            assertReason(Reason.NO_SPACE, () -> SharedRegion.open(name));
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
    }
}
