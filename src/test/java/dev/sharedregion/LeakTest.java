package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** 10,000 times created and closed, and nothing more is open than before. */
class LeakTest {
    private static final int CYCLES = 10_000;

    /** The JVM itself starts and ends threads meanwhile, which have a few handles each. */
    private static final int JVM_HANDLES = 30;

    private final String name = TestNames.unique();

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    /** What descriptors lead to, of all that the library opens; the JVM and the listing itself open others meanwhile. */
    private static List<String> descriptors() throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(entry).toString());
                } catch (IOException e) {
                    // It was closed since it was listed.
                }
            }
        }
        String temporary = System.getProperty("java.io.tmpdir");
        return targets.stream()
                .filter(target -> target.startsWith("/dev/shm/") || target.startsWith(temporary))
                .sorted()
                .toList();
    }

    private static List<String> shm() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/dev/shm"))) {
            String mine = "sharedregion-test-" + ProcessHandle.current().pid() + "-";
            return entries.map(Path::toString).filter(path -> path.contains(mine)).sorted().toList();
        }
    }

    private interface WindowsHandles extends StdCallLibrary {
        Pointer GetCurrentProcess();

        boolean GetProcessHandleCount(Pointer process, IntByReference count);

        static int count() {
            WindowsHandles kernel32 = Native.load("kernel32", WindowsHandles.class);
            IntByReference count = new IntByReference();
            kernel32.GetProcessHandleCount(kernel32.GetCurrentProcess(), count);
            return count.getValue();
        }
    }

    private interface Cycle {
        void run() throws Exception;
    }

    private static void leavesNothing(int cycles, Cycle cycle) throws Exception {
        repeat(10, cycle);
        if (Platform.isWindows()) {
            int before = WindowsHandles.count();
            repeat(cycles, cycle);
            int more = WindowsHandles.count() - before;
            assertTrue(more < JVM_HANDLES, () -> more + " handles more after " + cycles + " cycles");
        } else {
            List<List<String>> before = List.of(descriptors(), shm());
            repeat(cycles, cycle);
            assertEquals(before, List.of(descriptors(), shm()));
        }
    }

    private static void repeat(int cycles, Cycle cycle) throws Exception {
        for (int i = 0; i < cycles; i++) {
            cycle.run();
        }
    }

    @Test
    void regions() throws Exception {
        leavesNothing(CYCLES, () -> {
            try (SharedRegion region = SharedRegion.create(name, 4096);
                    SharedRegion other = SharedRegion.open(name, RegionOptions.readOnly());
                    SharedRegion either = SharedRegion.openOrCreate(name, 4096)) {
                region.flush();
                other.close();
                either.close();
            }
        });
    }

    @Test
    void regionsWithPointersAndBuffers() throws Exception {
        leavesNothing(CYCLES, () -> {
            try (SharedRegion region = SharedRegion.create(name, 4096)) {
                region.pointer().setInt(0, 1);
                region.buffer().putInt(4, 1);
            }
        });
    }

    @Test
    void files() throws Exception {
        Path file = folder.resolve("file");
        Files.write(file, new byte[100]);
        leavesNothing(CYCLES, () -> {
            SharedRegion.map(file, 0).close();
            SharedRegion.map(file, 0, RegionOptions.defaults().name(name)).close();
        });
    }

    @Test
    void events() throws Exception {
        leavesNothing(CYCLES, () -> {
            try (NamedEvent event = NamedEvent.create(name);
                    NamedEvent other = NamedEvent.open(name)) {
                event.set();
                other.await(Duration.ofMinutes(1));
            }
        });
    }

    @Test
    void interruptedWaits() throws Exception {
        leavesNothing(CYCLES, () -> {
            try (NamedEvent event = NamedEvent.create(name)) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> event.await(Duration.ofMinutes(1)));
                event.await(Duration.ofNanos(1));
            }
        });
    }

    @Test
    void pairs() throws Exception {
        leavesNothing(CYCLES, () -> {
            try (EventPair server = EventPair.create(name);
                    EventPair client = EventPair.open(name)) {
                server.signalWritten();
                client.awaitWritten(Duration.ofMinutes(1));
            }
        });
    }

    @Test
    void whatFails() throws Exception {
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
                    () -> EventPair.open(name));
            leavesNothing(CYCLES / 10, () -> {
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
