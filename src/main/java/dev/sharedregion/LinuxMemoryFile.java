package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.SharedMemoryException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The memory of regions without a name: files that exist nowhere but in the descriptors of their users, and that nobody can
 * cut shorter. Other processes of the same user get at them through {@code /proc}. See {@code memfd_create(2)}.
 */
final class LinuxMemoryFile {
    private static final int OWNER_ONLY = 0600;
    private static final long KIBIBYTE = 1024;

    private LinuxMemoryFile() {}

    /**
     * Creates one.
     *
     * @param key what a ticket knows it by, part of its name
     * @param reserve whether to take the memory now
     * @param failed how messages begin
     * @return its descriptor
     */
    static int create(long key, long size, boolean reserve, String failed) {
        int fd = unsealed((name(key) + '\0').getBytes(StandardCharsets.US_ASCII));
        check(fd, failed, "memfd_create");
        try {
            if (reserve) {
                checkAvailable(size, failed);
            }
            LinuxFile.setSize(fd, size, reserve, failed);
            check(LibC.fchmod(fd, OWNER_ONLY), failed, "fchmod");
            long seals = LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW | LibC.F_SEAL_SEAL;
            check(LibC.fcntl(fd, LibC.F_ADD_SEALS, seals), failed, "fcntl(F_ADD_SEALS)");
            return fd;
        } catch (RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    /** Opens the one that a ticket leads to, and no other. */
    static int open(Ticket ticket, boolean write, String failed) {
        Path there = descriptor(ticket);
        byte[] path = (there.toString() + '\0').getBytes(StandardCharsets.US_ASCII);
        // Before it is opened, which can have effects on a device; and after, on what was opened.
        checkIsMeant(there, ticket, failed);
        checkIsMeant(LinuxFile.behind(path, failed), ticket, failed);
        int flags = (write ? LibC.O_RDWR : LibC.O_RDONLY) | LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        int fd = LibC.open(path, flags, 0);
        if (fd < 0) {
            int errno = Native.getLastError();
            // Another may have taken the number since.
            checkIsMeant(there, ticket, failed);
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "open", errno);
        }
        try {
            checkIsMeant(Path.of("/proc/thread-self/fd", Integer.toString(fd)), ticket, failed);
            checkIsMeant(LinuxFile.of(fd, failed), ticket, failed);
            checkSealed(fd, ticket, failed);
            return fd;
        } catch (RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    /** Where the process shows its descriptor; once its main thread has ended, only another thread shows it. */
    private static Path descriptor(Ticket ticket) {
        Path process = Path.of("/proc", Long.toString(ticket.pid()));
        Path inProcess = Path.of("fd", Long.toString(ticket.handle()));
        Path there = process.resolve(inProcess);
        if (Files.isSymbolicLink(there)) {
            return there;
        }
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            return threads.map(thread -> thread.resolve(inProcess))
                    .filter(Files::isSymbolicLink)
                    .findAny()
                    .orElse(there);
        } catch (IOException | UncheckedIOException e) {
            return there;
        }
    }

    private static void checkIsMeant(LinuxFile file, Ticket ticket, String failed) {
        if (file == null || !file.isRegular() || file.size() != ticket.size()) {
            throw stale(ticket, failed);
        }
        // Root may open anyone's, and another user's process can have been given the number of the one that is meant.
        if (file.owner() != LibC.geteuid()) {
            throw new SharedMemoryException(
                    Reason.ACCESS_DENIED,
                    failed + ": its memory belongs to user " + Integer.toUnsignedString(file.owner())
                            + ", and this process runs as user " + Integer.toUnsignedString(LibC.geteuid())
                            + ". Take a ticket of a process of the same user, or use a region with a name.");
        }
    }

    /** What is not sealed could be cut short; what knows no seals is none of ours. */
    private static void checkSealed(int fd, Ticket ticket, String failed) {
        int seals = LibC.fcntl(fd, LibC.F_GET_SEALS, 0);
        if (seals < 0 && Native.getLastError() != ErrNo.EINVAL) {
            throw SystemErrors.failure(
                    SystemErrors.Source.ERRNO, failed, "fcntl(F_GET_SEALS)", Native.getLastError());
        }
        if (seals < 0 || (seals & LibC.F_SEAL_SHRINK) == 0) {
            throw stale(ticket, failed);
        }
    }

    private static int unsealed(byte[] name) {
        int flags = LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING;
        int fd = LibC.memfd_create(name, flags | LibC.MFD_NOEXEC_SEAL);
        // Linux before 6.3 does not know that flag.
        return fd < 0 && Native.getLastError() == ErrNo.EINVAL ? LibC.memfd_create(name, flags) : fd;
    }

    /**
     * Fails if there is not as much memory: unlike a file system's, the limit of these files is the machine, and to meet it
     * is to have the kernel end processes.
     */
    private static void checkAvailable(long size, String failed) {
        long available = 0;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:") || line.startsWith("SwapFree:")) {
                    available += Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return;
        }
        if (size > available) {
            throw new SharedMemoryException(
                    Reason.NO_SPACE,
                    failed + ": " + size + " bytes were asked for, and the machine has " + available
                            + " left. Ask for less, or free some memory.",
                    ErrNo.ENOMEM,
                    "ENOMEM");
        }
    }

    private static void checkIsMeant(Path descriptor, Ticket ticket, String failed) {
        String target;
        try {
            target = Files.readSymbolicLink(descriptor).toString();
        } catch (AccessDeniedException e) {
            throw Backend.forbiddenTicket(failed, "readlink", ErrNo.EACCES, "EACCES");
        } catch (IOException e) {
            throw stale(ticket, failed);
        }
        if (!target.equals("/memfd:" + name(ticket.key()) + " (deleted)")) {
            throw stale(ticket, failed);
        }
    }

    private static SharedMemoryException stale(Ticket ticket, String failed) {
        return Backend.staleTicket(Files.exists(Path.of("/proc", Long.toString(ticket.pid()))), failed, 0, "");
    }

    private static String name(long key) {
        return "sharedregion-" + Ticket.keyDigits(key);
    }

    private static void check(int result, String failed, String call) {
        if (result < 0) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, call, Native.getLastError());
        }
    }
}
