package dev.sharedregion.leaks;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.windows.Kernel32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The system resources of this process that could leak. On Linux: the descriptors, mappings and names of the library's
 * objects, by name, and the whole address space, which includes memory without a name. On Windows: the number of
 * handles and of mapped views.
 */
record Footprint(List<String> named, long addressSpace, int handles, int views) {
    /** The JVM itself starts and ends threads meanwhile, with a few handles each, and maps a file now and then. */
    private static final int JVM_HANDLES = 30;

    private static final int JVM_VIEWS = 5;

    /** The JVM's own: the C library reserves 64 MiB for each thread that allocates. */
    private static final long JVM_ADDRESS_SPACE = 2L << 30;

    /** The JVM puts a heap of less than 32 GB below this, where 32 bits can hold a reference; little else is there. */
    private static final long END_OF_HEAP = 1L << 35;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    static Footprint take() throws IOException {
        if (Platform.isWindows()) {
            return new Footprint(List.of(), 0, Windows.handles(), Windows.views());
        }
        List<String> named = new ArrayList<>();
        named.addAll(descriptors());
        named.addAll(mappings());
        named.addAll(names());
        return new Footprint(named.stream().sorted().toList(), virtualSize(), 0, 0);
    }

    /** Fails if the process now holds more, even after the collector has had time to free unreachable objects. */
    void assertNoMoreNow() throws IOException, InterruptedException {
        System.gc();
        Footprint now = take();
        for (long giveUp = System.nanoTime() + PATIENCE_NANOS; isLessThan(now) && System.nanoTime() - giveUp < 0; ) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(10);
            now = take();
        }
        assertFalse(isLessThan(now), "before: " + this + ", now: " + now);
    }

    /** As much of it as a reader takes in: what leaks does so thousands of times. */
    @Override
    public String toString() {
        return named.size() + " with names, such as "
                + named.stream().distinct().limit(5).toList() + "; " + addressSpace + " bytes of addresses; " + handles
                + " handles; " + views + " views";
    }

    private boolean isLessThan(Footprint now) {
        return hasMoreNames(now)
                || now.addressSpace > addressSpace + JVM_ADDRESS_SPACE
                || now.handles > handles + JVM_HANDLES
                || now.views > views + JVM_VIEWS;
    }

    /** What was being closed when this was taken may be gone. */
    private boolean hasMoreNames(Footprint now) {
        List<String> more = new ArrayList<>(now.named);
        named.forEach(more::remove);
        return !more.isEmpty();
    }

    /**
     * The bytes of memory that this process has on Linux beside the Java heap, which comes and goes as the JVM likes.
     */
    static long residentOutsideTheHeap() throws IOException {
        if (Platform.isWindows()) {
            return 0;
        }
        System.gc();
        long resident = 0;
        boolean counts = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.startsWith("Rss:") && counts) {
                resident += bytes(line);
            } else if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                counts = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16) >= END_OF_HEAP;
            }
        }
        return resident;
    }

    private static long virtualSize() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmSize:")) {
                return bytes(line);
            }
        }
        throw new IOException("no VmSize");
    }

    private static long bytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
    }

    /** The targets of the library's descriptors. The JVM and this listing have other descriptors open, too. */
    private static List<String> descriptors() throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                try {
                    targets.add("descriptor " + Files.readSymbolicLink(entry));
                } catch (IOException e) {
                    // It was closed since it was listed.
                }
            }
        }
        return targets.stream().filter(Footprint::isOurs).toList();
    }

    private static List<String> mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(Footprint::isOurs).toList();
        }
    }

    private static boolean isOurs(String path) {
        return path.contains("/dev/shm/") || path.contains("inotify") || path.contains("sharedregion-leak");
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/dev/shm"))) {
            return entries.map(entry -> "name " + entry).filter(path -> path.contains(TestNames.PROCESS)).toList();
        }
    }

    private interface Windows extends StdCallLibrary {
        Pointer GetCurrentProcess();

        boolean GetProcessHandleCount(Pointer process, IntByReference count);

        static int handles() {
            Windows kernel32 = Native.load("kernel32", Windows.class);
            IntByReference count = new IntByReference();
            kernel32.GetProcessHandleCount(kernel32.GetCurrentProcess(), count);
            return count.getValue();
        }

        /** How many ranges of the address space are mapped from sections. */
        static int views() {
            int views = 0;
            WinNT.MEMORY_BASIC_INFORMATION run = new WinNT.MEMORY_BASIC_INFORMATION();
            SIZE_T size = new SIZE_T(run.size());
            long at = 0;
            while (Kernel32.VirtualQuery(new Pointer(at), run.getPointer(), size).longValue() != 0) {
                run.read();
                at += run.regionSize.longValue();
                views += run.type.intValue() == WinNT.MEM_MAPPED ? 1 : 0;
            }
            return views;
        }
    }
}
