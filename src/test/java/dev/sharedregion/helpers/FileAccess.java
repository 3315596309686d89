package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

/** Runs code with fewer rights to files than the tests have; root on Linux has them all. */
public final class FileAccess {
    private static final int NOBODY = 65534;

    private FileAccess() {}

    /** The user id that file accesses of the calling thread are checked for ({@code man 2 setfsuid}). */
    private static final class LibC {
        static {
            Native.register(LibC.class, Platform.C_LIBRARY_NAME);
        }

        static native int setfsuid(int user);
    }

    /** Runs code with a file that this process may read but not write. */
    public static void withReadOnly(Path file, Consumer<Path> action) throws IOException {
        if (Platform.isWindows()) {
            Files.setAttribute(file, "dos:readonly", true);
            // Wine runs as root in a container. Root may write to all files except some of the kernel.
            boolean writable = canWrite(file);
            action.accept(writable ? Path.of("Z:\\sys\\kernel\\notes") : file);
            return;
        }
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        asOrdinaryUser(() -> action.accept(file));
    }

    private static boolean canWrite(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.isOpen();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Runs it as another user if this is root; other users have no such power, and run it as themselves. Linux only.
     */
    public static void asOrdinaryUser(Runnable action) {
        if (!isRoot()) {
            action.run();
            return;
        }
        LibC.setfsuid(NOBODY);
        try {
            assertEquals(NOBODY, LibC.setfsuid(NOBODY), "not changed");
            action.run();
        } finally {
            LibC.setfsuid(0);
        }
    }

    public static boolean isRoot() {
        return !Platform.isWindows() && dev.sharedregion.internal.linux.LibC.geteuid() == 0;
    }
}
