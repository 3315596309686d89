package dev.sharedregion.internal.linux;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.FileAccess;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lifetime of objects, which the library implements on Linux: {@code src/docs/linux-objects.md}. */
@EnabledOnOs(OS.LINUX)
class LinuxLifetimeTest {
    private static final List<String> SUFFIXES = List.of("", ".event", ".written", ".read", ".pair", ".file");

    private final String name = TestNames.unique();
    private final Path file = Path.of("/dev/shm", name);

    @TempDir
    Path folder;

    @AfterEach
    void removeWhatTheTestMadeByHand() throws IOException {
        Files.deleteIfExists(file);
    }

    private int mode() throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void nameExistsFromCreateToTheLastClose() throws IOException {
        SharedRegion region = SharedRegion.create(name, 5000);
        assertEquals(5000, Files.size(file));
        assertEquals(0101600, mode(), "for the owner alone, with the mark");
        SharedRegion other = SharedRegion.open(name, RegionOptions.readOnly());
        region.close();
        assertTrue(Files.exists(file));
        other.close();
        assertFalse(Files.exists(file));
    }

    @Test
    void closeRemovesTheNameEvenIfAPointerOrABufferIsKept() {
        SharedRegion region = SharedRegion.create(name, 5000);
        var pointer = region.pointer();
        ByteBuffer buffer = region.buffer();
        region.close();
        assertFalse(Files.exists(file));
        SharedRegion.create(name, 100).close();
        assertEquals(0, buffer.getInt(0));
        assertNotEquals(null, pointer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "TERM", "INT"})
    void orderlyExitRemovesTheNames(String end) throws Exception {
        Path mapped = Files.write(folder.resolve("file"), new byte[100]);
        try (Peer peer = Peer.start(withDefaultInterrupt(Peer.javaCommand(List.of(), PeerProgram.class.getName())))) {
            for (String command : List.of(
                    "create %s 4096",
                    "createEvent %s.event",
                    "createPair %s",
                    "openPair %s",
                    "mapNamed %s.file " + mapped)) {
                peer.send(String.format(command, name));
                peer.expect("ok");
            }
            for (String suffix : SUFFIXES) {
                assertTrue(Files.exists(Path.of(file + suffix)), suffix);
            }
            if (end.equals("exit")) {
                peer.send("exit 0");
            } else {
                // The shell's own: not every system has the program.
                String kill = "kill -" + end + " " + peer.pid();
                assertEquals(0, new ProcessBuilder("sh", "-c", kill).inheritIO().start().waitFor());
            }
            int status = Map.of("exit", 0, "TERM", 128 + 15, "INT", 128 + 2).get(end);
            assertEquals(status, peer.exitStatus(), peer.errors());
        }
        for (String suffix : SUFFIXES) {
            assertFalse(Files.exists(Path.of(file + suffix)), suffix);
        }
    }

    /** Exits while its threads create objects; and creates some more when the library's own hook has run. */
    static final class ExitingCreator {
        public static void main(String[] arguments) throws InterruptedException {
            String name = arguments[0];
            SharedRegion first = SharedRegion.create(name, 10);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> createLate(name, arguments[1])));
            Queue<SharedRegion> kept = new ConcurrentLinkedQueue<>(List.of(first));
            for (int i = 0; i < 4; i++) {
                String prefix = name + "-" + i + "-";
                Thread thread = new Thread(() -> {
                    for (int each = 0; each < 2_000; each++) {
                        kept.add(SharedRegion.create(prefix + each, 10));
                    }
                });
                thread.setDaemon(true);
                thread.start();
            }
            while (kept.size() < 100) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            System.exit(0);
        }

        private static void createLate(String name, String parents) {
            while (Files.exists(Path.of("/dev/shm", name))) {
                Thread.onSpinWait();
            }
            List<Object> kept = List.of(
                    SharedRegion.create(name + "-region", 10),
                    SharedRegion.openOrCreate(name + "-either", 10),
                    NamedEvent.create(name + "-event"),
                    EventPair.create(name + "-pair"),
                    SharedRegion.open(parents));
            System.out.println(kept.size() + " made");
        }
    }

    @Test
    @Timeout(120)
    void objectCreatedDuringTheExitLeavesNoName() throws IOException {
        SharedRegion region = SharedRegion.create(name, 10);
        try (Peer peer = Peer.java(ExitingCreator.class, name + "-peer", name)) {
            peer.expect("5 made");
            assertEquals(0, peer.exitStatus(), peer.errors());
        }
        assertEquals(List.of(file), names());
        region.close();
        assertEquals(List.of(), names());
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> all = Files.list(file.getParent())) {
            return all.filter(each -> each.toString().startsWith(file.toString())).toList();
        }
    }

    /** Prints how many hooks of the library the JVM has: before, while, and after one object and two are open. */
    static final class HookCounter {
        public static void main(String[] arguments) throws ReflectiveOperationException {
            System.out.println(count());
            try (SharedRegion region = SharedRegion.create(arguments[0], 10)) {
                System.out.println(count() + " " + region.created());
                SharedRegion.open(arguments[0]).close();
                System.out.println(count());
            }
            System.out.println(count());
        }

        private static long count() throws ReflectiveOperationException {
            Field hooks = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
            hooks.setAccessible(true);
            return ((Map<?, ?>) hooks.get(null))
                    .keySet().stream().filter(hook -> ((Thread) hook).getName().startsWith("sharedregion")).count();
        }
    }

    @Test
    @Timeout(120)
    void shutdownHookIsRegisteredOnlyWhileAnObjectIsInUse() {
        List<String> open = List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED");
        try (Peer peer = Peer.java(open, HookCounter.class.getName(), name)) {
            for (String count : List.of("0", "1 true", "1", "0")) {
                peer.expect(count);
            }
        }
    }

    /** A process that was started in the background ignores Ctrl-C, and its children would, too. */
    private static List<String> withDefaultInterrupt(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("env", "--default-signal=INT"));
        whole.addAll(command);
        return whole;
    }

    @Test
    void memoryIsReservedUnlessLazy() throws IOException {
        long size = 1 << 20;
        SharedRegion region = SharedRegion.create(name, size);
        assertTrue(blocks() * 512 >= size, "reserved");
        region.close();
        region = SharedRegion.create(name, size, RegionOptions.defaults().lazy());
        assertEquals(0, blocks());
        region.close();
    }

    private long blocks() throws IOException {
        // The JDK does not tell the number of blocks.
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes()).trim());
    }

    @Test
    void regionIsCurrentUntilItsNameLeadsElsewhere() throws IOException {
        try (SharedRegion region = SharedRegion.create(name, 10);
                SharedRegion opened = SharedRegion.open(name)) {
            assertTrue(region.isCurrent());
            assertTrue(opened.isCurrent());
            Files.delete(file);
            assertFalse(region.isCurrent());
            try (SharedRegion next = SharedRegion.create(name, 10)) {
                assertTrue(next.isCurrent());
                assertFalse(opened.isCurrent());
            }
        }
    }

    @Test
    void namedFileIsCurrentWhileItsNameAndItsPathLeadToIt() throws IOException {
        Path mapped = Files.createTempFile("current", "");
        try (SharedRegion region = SharedRegion.map(mapped, 10, RegionOptions.defaults().name(name));
                SharedRegion opened = SharedRegion.open(name)) {
            assertTrue(region.isCurrent());
            assertTrue(opened.isCurrent());
            Files.delete(mapped);
            assertFalse(region.isCurrent());
            assertFalse(opened.isCurrent());
        }
    }

    @Test
    void persistentRegionStaysUntilItIsRemoved() throws IOException {
        RegionOptions persistent = RegionOptions.defaults().persistent();
        try (SharedRegion region = SharedRegion.create(name, 10, persistent)) {
            region.pointer().setByte(9, (byte) 7);
        }
        try (SharedRegion opened = SharedRegion.open(name)) {
            assertEquals(7, opened.pointer().getByte(9));
        }
        SharedMemoryException e = assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 10));
        assertTrue(e.getMessage().contains("SharedRegion.remove"), e.getMessage());
        try (SharedRegion found = SharedRegion.openOrCreate(name, 10, persistent)) {
            assertFalse(found.created());
            assertTrue(SharedRegion.remove(name));
            assertFalse(found.isCurrent());
            assertEquals(7, found.pointer().getByte(9));
        }
        assertFalse(Files.exists(file));
        assertFalse(SharedRegion.remove(name));
    }

    @Test
    void removeRefusesRegionsInUseAndEvents() throws IOException {
        try (SharedRegion region = SharedRegion.create(name, 10)) {
            assertReason(Reason.IN_USE, () -> SharedRegion.remove(name));
            assertTrue(region.isCurrent());
        }
        try (NamedEvent event = NamedEvent.create(name)) {
            assertReason(Reason.WRONG_KIND, () -> SharedRegion.remove(name));
            event.set();
        }
        Files.write(file, new byte[10]);
        assertTrue(SharedRegion.remove(name), "another program's");
        Files.write(file, new byte[10]);
        Files.setAttribute(file, "unix:mode", 01600);
        assertTrue(SharedRegion.remove(name), "a leftover");
        assertFalse(Files.exists(file));
    }

    @Test
    void messageNamesAPosixSemaphore() throws IOException {
        Path semaphore = Path.of("/dev/shm", "sem." + name);
        Files.write(semaphore, new byte[32]);
        try {
            SharedMemoryException e = assertReason(Reason.WRONG_KIND, () -> NamedEvent.open("sem." + name));
            assertTrue(
                    e.getMessage().contains("POSIX semaphore")
                            && e.getMessage().contains("sem_open(\"/" + name + "\")"),
                    e.getMessage());
        } finally {
            Files.delete(semaphore);
        }
    }

    @Test
    void anotherProgramsObjectIsOpenedButNeverRemovedOrReclaimed() throws IOException {
        Files.write(file, new byte[] {1, 2, 3, 4});
        assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.openOrCreate(name, 4));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        try (SharedRegion region = SharedRegion.open(name)) {
            assertEquals(4, region.size());
            region.pointer().setByte(0, (byte) 9);
        }
        SharedMemoryException e = assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 10));
        assertTrue(e.getMessage().contains("4 bytes, created by another program"), e.getMessage());
        try (SharedRegion region = SharedRegion.openOrCreate(name, 4)) {
            assertFalse(region.created());
        }
        assertReason(Reason.WRONG_KIND, () -> NamedEvent.create(name));
        assertReason(Reason.WRONG_KIND, () -> NamedEvent.open(name));
        assertArrayEquals(new byte[] {9, 2, 3, 4}, Files.readAllBytes(file));
    }

    @Test
    void openWaitsForTheSizeOfAnotherProgramsObject() throws Exception {
        Files.createFile(file);
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<SharedRegion> opened = pool.submit(() -> SharedRegion.open(name, Duration.ofMinutes(2)));
            Files.write(file, new byte[64]);
            try (SharedRegion region = opened.get()) {
                assertEquals(64, region.size());
            }
        } finally {
            pool.shutdownNow();
        }
        assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 10));
    }

    @Test
    void anotherProgramsObjectWithoutASizeIsNotReplaced() throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.openOrCreate(name, 10));
        assertEquals(0, Files.size(file));
    }

    @Test
    void anotherUserOpensAReadableObjectReadOnly() throws IOException {
        Files.write(file, new byte[] {1, 2, 3, 4});
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        FileAccess.asOrdinaryUser(() -> {
            assertReason(Reason.ACCESS_DENIED, () -> SharedRegion.open(name));
            try (SharedRegion region = SharedRegion.open(name, RegionOptions.readOnly());
                    SharedRegion copy = SharedRegion.open(name, RegionOptions.copyOnWrite())) {
                copy.pointer().setByte(0, (byte) 9);
                assertEquals(1, region.pointer().getByte(0));
            }
        });
    }

    @Test
    void leftoverOfTheLibraryIsReclaimed() throws IOException {
        Files.write(file, new byte[] {1, 2, 3, 4});
        markAsOurs();
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        assertFalse(Files.exists(file), "found dead, and so removed");
        Files.write(file, new byte[] {1, 2, 3, 4});
        markAsOurs();
        try (SharedRegion region = SharedRegion.openOrCreate(name, 4)) {
            assertTrue(region.created());
            assertEquals(0, region.pointer().getInt(0));
        }
        Files.write(file, new byte[64]);
        markAsOurs();
        try (NamedEvent event = NamedEvent.create(name)) {
            assertEquals(name, event.name());
        }
    }

    private void markAsOurs() throws IOException {
        Files.setAttribute(file, "unix:mode", 01600);
    }

    @Test
    void symbolicLinksDirectoriesAndPipesAreRefusedUnchanged() throws Exception {
        Path target = Files.createTempFile("target", "");
        Files.write(target, new byte[100]);
        Files.createSymbolicLink(file, target);
        refusedAsItIs();
        assertTrue(Files.isSymbolicLink(file));
        assertArrayEquals(new byte[100], Files.readAllBytes(target));
        Files.delete(target);
        refusedAsItIs();
        Files.delete(file);

        Files.createDirectory(file);
        refusedAsItIs();
        assertTrue(Files.isDirectory(file));
        Files.delete(file);

        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        refusedAsItIs();
    }

    private void refusedAsItIs() {
        assertReason(Reason.WRONG_KIND, () -> SharedRegion.open(name));
        assertReason(Reason.WRONG_KIND, () -> SharedRegion.open(name, RegionOptions.readOnly()));
        assertReason(Reason.WRONG_KIND, () -> NamedEvent.open(name));
        assertReason(Reason.WRONG_KIND, () -> SharedRegion.create(name, 10));
        assertReason(Reason.WRONG_KIND, () -> SharedRegion.openOrCreate(name, 10));
        assertReason(Reason.WRONG_KIND, () -> NamedEvent.create(name));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void waitForAStoppedRemoverEndsInTime() throws Exception {
        Files.write(file, new byte[] {1, 2, 3, 4});
        markAsOurs();
        try (Peer stopped = Peer.start(List.of(
                Tools.find("python3"),
                "-c",
                "import fcntl,sys\n"
                        + "f=open(sys.argv[1])\n"
                        + "fcntl.flock(f,fcntl.LOCK_EX)\n"
                        + "print('locked',flush=True)\n"
                        + "input()",
                file.toString()))) {
            stopped.expect("locked");
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name, Duration.ofMillis(50)));
            Thread.currentThread().interrupt();
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
            assertTrue(Thread.interrupted(), "an open that does not wait leaves the interrupt alone");
            assertReason(Reason.IN_USE, () -> SharedRegion.create(name, 10));
            stopped.send("");
            assertEquals(0, stopped.exitStatus());
        }
        SharedRegion.create(name, 10).close();
    }

    /** As while other processes create and remove the object again and again. */
    @Test
    @Timeout(120)
    @Execution(ExecutionMode.CONCURRENT)
    void creatorGivesUpIfItCannotOpenAnExistingObject() throws Exception {
        try (SharedRegion region = SharedRegion.create(name, 10);
                Peer peer = Peer.java(PeerProgram.class, Tools.cLibrary("libfaults").toString())) {
            int noSuchFile = 2;
            peer.send("failAt open " + noSuchFile + " " + Integer.MAX_VALUE);
            peer.expect("ok");
            peer.send("create " + region.name() + " 10");
            peer.expect("IN_USE");
        }
    }

    @Test
    void eventOfAnotherVersionIsRefusedUnchanged() throws IOException {
        byte[] content = ByteBuffer.allocate(64)
                .order(ByteOrder.nativeOrder())
                .put("SREvent\n".getBytes())
                .putInt(2)
                .array();
        Files.write(file, content);
        SharedMemoryException e = assertReason(Reason.UNSUPPORTED, () -> NamedEvent.open(name));
        assertTrue(e.getMessage().contains("version 2"), e.getMessage());
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    /** A region may have any content, also what looks like an alias or an event; it stays a region. */
    @Test
    void contentDoesNotChangeARegionsKind() throws IOException {
        byte[] alias;
        try (SharedRegion named = SharedRegion.map(
                Files.write(Files.createTempFile("secret", ""), new byte[100]),
                0,
                RegionOptions.defaults().name(name))) {
            alias = Files.readAllBytes(file);
            Files.delete(Path.of(new String(alias, AliasLayout.PATH, 4096, StandardCharsets.UTF_8).split("\0")[0]));
            assertEquals(100, named.size());
        }
        byte[] event;
        try (NamedEvent real = NamedEvent.create(name)) {
            event = Files.readAllBytes(file);
            assertEquals(01700, mode() & 07777, () -> "" + real);
        }
        for (byte[] content : List.of(alias, event)) {
            try (SharedRegion region = SharedRegion.create(name, content.length)) {
                region.buffer().put(content);
                try (SharedRegion other = SharedRegion.open(name)) {
                    assertEquals(content.length, other.size());
                    assertEquals(content[0], other.pointer().getByte(0));
                }
                assertReason(Reason.WRONG_KIND, () -> NamedEvent.open(name));
            }
        }
    }

    @Test
    void aliasThatOthersCanWriteIsNotTrusted() throws IOException {
        Path target = Files.createTempFile("target", "");
        Files.write(target, new byte[100]);
        try (SharedRegion region = SharedRegion.map(target, 0, RegionOptions.defaults().name(name))) {
            Files.setAttribute(file, "unix:mode", 01722);
            assertReason(Reason.ACCESS_DENIED, () -> SharedRegion.open(name));
            Files.setAttribute(file, "unix:mode", 01700);
            SharedRegion.open(name).close();
            assertEquals(100, region.size());
        } finally {
            Files.delete(target);
        }
    }
}
