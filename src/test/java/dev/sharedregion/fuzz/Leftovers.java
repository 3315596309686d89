package dev.sharedregion.fuzz;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The leftovers of the fuzzer's objects: names, descriptors and mappings, or handles. */
final class Leftovers {
    /** The JVM's own come and go: threads have a few each. */
    private static final int JVM_HANDLES = 60;

    private final String prefix;
    private final Path folder;
    private final int handlesBefore = Platform.isWindows() ? handles() : 0;

    private interface Kernel32 extends StdCallLibrary {
        Kernel32 INSTANCE = Native.load("kernel32", Kernel32.class);

        Pointer GetCurrentProcess();

        boolean GetProcessHandleCount(Pointer process, IntByReference count);
    }

    Leftovers(String prefix, Path folder) {
        this.prefix = prefix;
        this.folder = folder;
    }

    /** Removes the names that are to stay: those of regions without the library's mark. */
    void removePersistent() throws IOException {
        if (Platform.isWindows()) {
            return;
        }
        try (Stream<Path> names = Files.list(Path.of("/dev/shm"))) {
            for (Path file : names.filter(each -> isOurs(each.toString())).toList()) {
                try {
                    if (((int) Files.getAttribute(file, "unix:mode") & 01000) == 0) {
                        // Not by its name, which the locale C does not show as it is.
                        Files.delete(file);
                    }
                } catch (NoSuchFileException e) {
                    // The collector has closed it since it was listed.
                }
            }
        }
    }

    /** Empty, or what is left; on Linux each one, on Windows how many handles. */
    List<String> find() throws IOException {
        List<String> found = new ArrayList<>();
        if (Platform.isWindows()) {
            int more = handles() - handlesBefore;
            if (more > JVM_HANDLES) {
                found.add(more + " handles more than before");
            }
            return found;
        }
        try (Stream<Path> names = Files.list(Path.of("/dev/shm"))) {
            names.map(Path::toString).filter(this::isOurs).forEach(found::add);
        }
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (isOurs(target)) {
                        found.add(descriptor + " -> " + target);
                    }
                } catch (IOException e) {
                    // It was closed since it was listed.
                }
            }
        }
        Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(this::isOurs).forEach(found::add);
        return found;
    }

    private boolean isOurs(String path) {
        return path.contains(prefix) || path.contains(folder.toString()) || path.contains("/memfd:sharedregion-");
    }

    private static int handles() {
        IntByReference count = new IntByReference();
        Kernel32.INSTANCE.GetProcessHandleCount(Kernel32.INSTANCE.GetCurrentProcess(), count);
        return count.getValue();
    }
}
