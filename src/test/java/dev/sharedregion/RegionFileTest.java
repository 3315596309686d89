package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import com.sun.jna.platform.linux.Fcntl;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.FileAccess;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.linux.LibC;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionFileTest {
    /** Windows cannot delete a file while a view of it waits for the collector. */
    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    private final String name = TestNames.unique();
    private Path file;

    @BeforeEach
    void createFile() throws IOException {
        file = folder.resolve("a % file.bin");
        Files.write(file, new byte[] {1, 2, 3, 4, 5});
    }

    @Test
    void fileIsCurrentWhileItsPathLeadsToIt() throws IOException {
        Path file = Files.write(folder.resolve("current"), new byte[10]);
        try (SharedRegion region = SharedRegion.map(file, 0);
                SharedRegion anonymous = SharedRegion.anonymous(1)) {
            assertTrue(region.isCurrent());
            assertTrue(anonymous.isCurrent());
            Path moved = Files.move(file, folder.resolve("moved"));
            assertFalse(region.isCurrent());
            Files.write(file, new byte[10]);
            assertFalse(region.isCurrent(), "another file is there");
            Files.delete(file);
            Files.move(moved, file);
            assertTrue(region.isCurrent());
        }
    }

    @Test
    void sizeZeroMapsTheWholeFile() throws IOException {
        try (SharedRegion region = SharedRegion.map(file, 0)) {
            assertEquals(5, region.size());
            assertEquals(5, region.pointer().getByte(4));
            assertFalse(region.created());
            assertEquals(file.toString(), region.name());
            region.pointer().setByte(0, (byte) 9);
            region.flush();
        }
        assertArrayEquals(new byte[] {9, 2, 3, 4, 5}, Files.readAllBytes(file));
    }

    /** The JVM of a locale that lacks the characters cannot spell the name, but can find the file in its folder. */
    @Test
    void fileNameMayHaveAnyCharactersInAnyLocale() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        if (Platform.isLinux()) {
            int create = 0100;
            byte[] path = (inner + "/数据 é🙂.bin\0").getBytes(StandardCharsets.UTF_8);
            int fd = LibC.open(path, Fcntl.O_RDWR | create, 0600);
            assertTrue(fd >= 0);
            LibC.close(fd);
        } else {
            Files.createFile(inner.resolve("数据 é🙂.bin"));
        }
        try (Stream<Path> files = Files.list(inner);
                SharedRegion region = SharedRegion.map(
                        files.findFirst().orElseThrow(), 100, RegionOptions.defaults().name(name));
                SharedRegion byName = SharedRegion.open(name)) {
            region.pointer().setInt(0, 42);
            assertEquals(42, byName.pointer().getInt(0));
        }
    }

    @Test
    void largerSizeGrowsTheFileWithZeros() throws IOException {
        for (RegionOptions options : new RegionOptions[] {RegionOptions.defaults(), RegionOptions.defaults().lazy()}) {
            long size = Files.size(file) + 100_000;
            try (SharedRegion region = SharedRegion.map(file, size, options)) {
                assertEquals(size, region.size());
                for (long at = 5; at < size; at++) {
                    assertEquals(0, region.pointer().getByte(at));
                }
            }
            assertEquals(size, Files.size(file));
        }
        assertEquals(5, Files.readAllBytes(file)[4]);
    }

    @Test
    void smallerSizeMapsTheStartAndLeavesTheFile() throws IOException {
        try (SharedRegion region = SharedRegion.map(file, 2)) {
            assertEquals(2, region.size());
            assertThrows(IndexOutOfBoundsException.class, () -> region.pointer().getByte(2));
        }
        assertEquals(5, Files.size(file));
    }

    @Test
    void partOfAFileIsMapped() throws IOException {
        Files.write(file, new byte[200_000]);
        try (SharedRegion part = SharedRegion.map(file, 0, RegionOptions.defaults().offset(70_001).length(10))) {
            assertEquals(10, part.size());
            part.pointer().setByte(9, (byte) 8);
            part.flush();
        }
        assertEquals(8, Files.readAllBytes(file)[70_010]);
    }

    @Test
    void viewBeyondTheEndIsRefusedBeforeTheFileGrows() throws IOException {
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> SharedRegion.map(file, 100, RegionOptions.defaults().offset(100)));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> SharedRegion.map(file, 0, RegionOptions.defaults().offset(1).length(5)));
        assertEquals(5, Files.size(file));
    }

    @Test
    void writesOfOneViewAreVisibleInAnother() {
        try (SharedRegion one = SharedRegion.map(file, 0);
                SharedRegion two = SharedRegion.map(file, 0, RegionOptions.readOnly());
                SharedRegion copy = SharedRegion.map(file, 0, RegionOptions.copyOnWrite())) {
            one.pointer().setByte(1, (byte) 77);
            assertEquals(77, two.pointer().getByte(1));
            copy.pointer().setByte(1, (byte) 78);
            assertEquals(77, one.pointer().getByte(1));
            assertThrows(UnsupportedOperationException.class, () -> two.pointer().setByte(1, (byte) 1));
            two.flush();
        }
    }

    @Test
    void emptyFileRequiresASize() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        SharedMemoryException e = assertReason(Reason.EMPTY_FILE, () -> SharedRegion.map(empty, 0));
        assertTrue(e.getMessage().contains(empty.toString()), e.getMessage());
        try (SharedRegion region = SharedRegion.map(empty, 10)) {
            assertEquals(10, region.size());
        }
    }

    @Test
    void onlyReadWriteAccessGrowsAFile() throws IOException {
        for (RegionOptions options : new RegionOptions[] {RegionOptions.readOnly(), RegionOptions.copyOnWrite()}) {
            SharedMemoryException e = assertReason(Reason.TOO_SMALL, () -> SharedRegion.map(file, 6, options));
            assertTrue(e.getMessage().contains("5 bytes") && e.getMessage().contains("6 were"), e.getMessage());
        }
        assertEquals(5, Files.size(file));
    }

    @Test
    void missingFileAndADirectoryAreRefused() {
        Path missing = folder.resolve("missing");
        SharedMemoryException e = assertReason(Reason.NOT_FOUND, () -> SharedRegion.map(missing, 10));
        assertTrue(e.getMessage().contains("Create it first"), e.getMessage());
        assertFalse(Files.exists(missing));
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.map(folder.resolve("no/such/folder"), 10));
        assertReason(Reason.WRONG_KIND, () -> SharedRegion.map(folder, 10));
        assertReason(Reason.WRONG_KIND, () -> SharedRegion.map(folder, 0, RegionOptions.readOnly()));
    }

    @Test
    void wrongArgumentsAreRefused() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.map(file, -1));
        assertThrows(NullPointerException.class, () -> SharedRegion.map(null, 1));
        RegionOptions minimum = RegionOptions.defaults().minimumSize(1);
        assertThrows(IllegalArgumentException.class, () -> SharedRegion.map(file, 0, minimum));
        Path zip = folder.resolve("archive.zip");
        try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            assertThrows(IllegalArgumentException.class, () -> SharedRegion.map(archive.getPath("x"), 1));
        }
    }

    @Test
    void readOnlyFileIsNotMappedForWriting() throws IOException {
        FileAccess.withReadOnly(file, readOnly -> {
            assertReason(Reason.ACCESS_DENIED, () -> SharedRegion.map(readOnly, 0));
            assertReason(Reason.ACCESS_DENIED, () -> SharedRegion.map(readOnly, 100_000));
        });
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, Files.readAllBytes(file));
    }

    @Test
    void readOnlyFileIsMappedReadOnlyOrCopyOnWrite() throws IOException {
        assertTrue(file.toFile().setReadOnly());
        try (SharedRegion reader = SharedRegion.map(file, 0, RegionOptions.readOnly());
                SharedRegion copy = SharedRegion.map(file, 0, RegionOptions.copyOnWrite())) {
            copy.pointer().setByte(0, (byte) 5);
            assertEquals(1, reader.pointer().getByte(0));
        }
    }

    @Test
    void exclusiveUseExcludesOthers() {
        RegionOptions exclusive = RegionOptions.defaults().exclusive();
        try (SharedRegion owner = SharedRegion.map(file, 0, exclusive)) {
            assertReason(Reason.IN_USE, () -> SharedRegion.map(file, 0));
            assertReason(Reason.IN_USE, () -> SharedRegion.map(file, 0, exclusive));
            assertReason(Reason.IN_USE, () -> SharedRegion.map(file, 0, RegionOptions.readOnly()));
            assertEquals(1, owner.pointer().getByte(0));
        }
        try (SharedRegion sharer = SharedRegion.map(file, 0)) {
            assertReason(Reason.IN_USE, () -> SharedRegion.map(file, 0, exclusive));
            assertEquals(5, sharer.size());
        }
    }

    @Test
    @Timeout(120)
    @EnabledOnOs(OS.LINUX)
    void userByNamePreventsExclusiveUse() {
        RegionOptions exclusive = RegionOptions.defaults().exclusive();
        SharedRegion owner = SharedRegion.map(file, 0, exclusive.name(name));
        try (Peer peer = Peer.java(PeerProgram.class)) {
            peer.send("open " + name);
            peer.expect("ok");
            assertReason(Reason.IN_USE, () -> SharedRegion.map(file, 0));
            assertReason(Reason.IN_USE, () -> SharedRegion.map(file, 0, RegionOptions.readOnly().exclusive()));
            // So that the memory outlives the close.
            assertEquals(1, owner.pointer().getByte(0));
            owner.close();
            assertReason(Reason.IN_USE, () -> SharedRegion.map(file, 0, exclusive));
            SharedRegion.map(file, 0, RegionOptions.readOnly()).close();
            peer.send("close");
            peer.expect("ok");
            try (SharedRegion next = SharedRegion.map(file, 0, RegionOptions.readOnly().exclusive())) {
                assertReason(Reason.IN_USE, () -> SharedRegion.map(file, 0));
                assertEquals(1, next.pointer().getByte(0));
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void lockOnTheWholeFileIsNotTakenForExclusiveUse() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            try (FileLock lock = channel.lock()) {
                SharedRegion.map(file, 0).close();
                assertTrue(lock.isValid());
            }
            try (FileLock lock = channel.lock(0, Long.MAX_VALUE, true)) {
                SharedRegion.map(file, 0).close();
                assertTrue(lock.isShared());
            }
        }
    }

    @Test
    void namedFileIsOpenedByItsName() throws IOException {
        try (SharedRegion region = SharedRegion.map(file, 8192, RegionOptions.defaults().name(name))) {
            assertTrue(region.created());
            assertEquals(name, region.name());
            try (SharedRegion other = SharedRegion.open(name, RegionOptions.defaults().minimumSize(8192));
                    SharedRegion reader = SharedRegion.open(name, RegionOptions.readOnly().offset(4).length(1))) {
                other.pointer().setByte(8191, (byte) 6);
                assertEquals(6, region.pointer().getByte(8191));
                assertEquals(5, reader.pointer().getByte(0));
                assertEquals(8192, other.size());
                other.flush();
            }
            assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 10));
            Path second = folder.resolve("second");
            Files.write(second, new byte[3]);
            assertReason(
                    Reason.ALREADY_EXISTS,
                    () -> SharedRegion.map(second, 10, RegionOptions.defaults().name(name)));
            assertEquals(3, Files.size(second), "a file that cannot have the name is not grown");
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        assertEquals(6, Files.readAllBytes(file)[8191]);
    }

    @Test
    void failedNamingDoesNotTruncateTheFile() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        RegionOptions named = RegionOptions.defaults().name(name);
        try {
            for (int round = 0; round < 200; round++) {
                Path each = Files.createFile(folder.resolve("race" + round));
                List<Future<SharedRegion>> threads = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    threads.add(pool.submit(() -> {
                        try {
                            return SharedRegion.map(each, 100_000, named);
                        } catch (SharedMemoryException e) {
                            assertEquals(Reason.ALREADY_EXISTS, e.reason(), e.getMessage());
                            return null;
                        }
                    }));
                }
                for (Future<SharedRegion> thread : threads) {
                    thread.get();
                }
                int mapped = 0;
                for (Future<SharedRegion> thread : threads) {
                    try (SharedRegion region = thread.get()) {
                        if (region != null) {
                            mapped++;
                            assertEquals(100_000, Files.size(each));
                            region.pointer().setInt(99_996, 1);
                        }
                    }
                }
                assertEquals(1, mapped);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void growthIsUndoneIfTheFileCannotBeMapped() throws IOException {
        RegionOptions lazy = RegionOptions.defaults().lazy();
        assertReason(Reason.NO_SPACE, () -> SharedRegion.map(file, 1L << 48, lazy));
        assertEquals(5, Files.size(file));
    }

    /** A process whose next call of one of these functions waits until the file is removed. */
    private static Peer pausing(String functions, Path paused) throws IOException, InterruptedException {
        Peer peer = Peer.java(PeerProgram.class, Tools.cLibrary("libfaults").toString());
        peer.send("pauseAt " + functions + " " + paused);
        peer.expect("ok");
        return peer;
    }

    private static void awaitFile(Path there) throws InterruptedException {
        while (!Files.exists(there)) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    @Timeout(120)
    @EnabledOnOs(OS.LINUX)
    void undoneGrowthKeepsAnotherProcessesGrowth() throws Exception {
        Path growing = Files.createFile(folder.resolve("growing"));
        Path paused = folder.resolve("paused");
        int size = 1 << 20;
        try (Peer small = pausing("ftruncate,fallocate", paused)) {
            small.send("mapLazy " + growing + " 4096");
            awaitFile(paused);
            try (SharedRegion large = SharedRegion.map(growing, size)) {
                large.pointer().setByte(size - 1, (byte) 7);
                large.flush();
                Files.delete(paused);
                small.expect("ok");
                assertEquals(size, Files.size(growing));
                assertEquals(7, large.pointer().getByte(size - 1));
            }
            small.send("size");
            small.expect("4096");
        }
    }

    @ParameterizedTest
    @CsvSource({"mapLazy, 4096, true", "map, 4096, true", "mapLazy, 200000, false", "map, 200000, false"})
    @Timeout(120)
    @EnabledOnOs(OS.LINUX)
    void growthKeepsDataThatAnotherProgramAppends(String map, int size, boolean fallocate) throws Exception {
        Path growing = Files.write(folder.resolve("growing"), new byte[] {1, 2, 3, 4, 5});
        Path paused = folder.resolve("paused");
        byte[] appended = new byte[8192];
        Arrays.fill(appended, (byte) 9);
        try (Peer peer = pausing("ftruncate,fallocate", paused)) {
            if (!fallocate) {
                int notSupported = 95;
                peer.send("failAt fallocate " + notSupported + " 1");
                peer.expect("ok");
            }
            peer.send(map + " " + growing + " " + size);
            awaitFile(paused);
            Files.write(growing, appended, StandardOpenOption.APPEND);
            Files.delete(paused);
            peer.expect("ok");
            peer.send("size");
            peer.expect("" + size);
        }
        byte[] content = Files.readAllBytes(growing);
        assertEquals(Math.max(size, 5 + appended.length), content.length);
        assertEquals(5, content[4]);
        assertArrayEquals(appended, Arrays.copyOfRange(content, 5, 5 + appended.length));
    }

    @Test
    @Timeout(120)
    @EnabledOnOs(OS.LINUX)
    void undoneGrowthKeepsAppendedData() throws Exception {
        Path growing = Files.write(folder.resolve("growing"), new byte[] {1, 2, 3, 4, 5});
        Path paused = folder.resolve("paused");
        try (Peer peer = pausing("fallocate", paused)) {
            int outOfMemory = 12;
            peer.send("failAt mmap " + outOfMemory + " 1");
            peer.expect("ok");
            peer.send("map " + growing + " 4096");
            awaitFile(paused);
            Files.write(growing, new byte[] {6, 7}, StandardOpenOption.APPEND);
            Files.delete(paused);
            peer.expect("NO_SPACE");
        }
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 0}, Arrays.copyOf(Files.readAllBytes(growing), 8));
    }

    @Test
    void readOnlyNamedFileCannotBeOpenedForWriting() {
        try (SharedRegion region = SharedRegion.map(file, 0, RegionOptions.readOnly().name(name));
                SharedRegion reader = SharedRegion.open(name, RegionOptions.readOnly())) {
            assertEquals(1, reader.pointer().getByte(0));
            assertReason(Reason.ACCESS_DENIED, () -> SharedRegion.open(name));
            assertEquals(5, region.size());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void replacedNamedFileIsNotFound() throws IOException {
        try (SharedRegion region = SharedRegion.map(file, 0, RegionOptions.defaults().name(name))) {
            Files.delete(file);
            Files.write(file, new byte[10], StandardOpenOption.CREATE_NEW);
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
            assertEquals(1, region.pointer().getByte(0));
        }
    }
}
