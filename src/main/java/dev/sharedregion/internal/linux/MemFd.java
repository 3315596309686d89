package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.linux.Fcntl;
import dev.sharedregion.internal.linux.MmapMapping.Backing;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.Ticket;
import dev.sharedregion.internal.os.TicketedRegion;
import dev.sharedregion.internal.os.ViewRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The memory of regions without a name. These are files that exist only in the descriptors of their users, and that no
 * process can truncate. Other processes of the same user open them through {@code /proc}. See {@code memfd_create(2)}.
 */
public final class MemFd {
    private static final long KIBIBYTE = 1024;

    private MemFd() {}

    static TicketedRegion create(RegionRequest region, ViewRequest view) {
        Operation create = Ticket.CREATING;
        long key = Ticket.randomKey();
        try (FdGuard guard = new FdGuard()) {
            byte[] name = Native.toByteArray(name(key), StandardCharsets.US_ASCII);
            int fd = guard.hold(Errno.check(unsealed(name), create, "memfd_create"));
            if (!region.lazy()) {
                checkAvailable(region.size(), create);
            }
            FileSize.set(fd, region.size(), !region.lazy(), create);
            Errno.check(LibC.fchmod(fd, Rights.OWNER_MODE), create, "fchmod");
            long seals = LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW | LibC.F_SEAL_SEAL;
            Errno.check(LibC.fcntl(fd, LibC.F_ADD_SEALS, seals), create, "fcntl(F_ADD_SEALS)");
            Ticket ticket =
                    new Ticket(false, OwnerSlot.pid(), fd, new Ticket.Region(region.size(), key), view.writes());
            Backing backing = new Backing(null, fd, null, Ticket.REGION);
            return TicketedRegion.of(guard.dismiss(MmapMapping.of(backing, region.size(), view, true)), ticket);
        }
    }

    static TicketedRegion attach(String text, ViewRequest view) {
        Ticket ticket = Ticket.of(text, false);
        ticket.check(view);
        try (FdGuard guard = new FdGuard()) {
            int fd = guard.hold(open(ticket, view.writes()));
            checkIsMeant(Path.of("/proc/thread-self/fd", Integer.toString(fd)), ticket);
            checkIsMeant(FileStatus.of(fd, ticket.attaching()), ticket);
            checkSealed(fd, ticket);
            Ticket own = new Ticket(false, OwnerSlot.pid(), fd, ticket.region(), view.writes());
            Backing backing = new Backing(null, fd, null, ticket.attaching().object());
            return TicketedRegion.of(guard.dismiss(MmapMapping.of(backing, ticket.size(), view, false)), own);
        }
    }

    /** Opens the memory of a ticket. */
    private static int open(Ticket ticket, boolean write) {
        Path there = descriptor(ticket);
        byte[] path = Native.toByteArray(there.toString(), StandardCharsets.US_ASCII);
        // Before the file is opened, because opening a device can have effects. The caller checks the opened file.
        checkIsMeant(there, ticket);
        checkIsMeant(FileStatus.behind(path, ticket.attaching()), ticket);
        int fd = LibC.open(path, (write ? Fcntl.O_RDWR : Fcntl.O_RDONLY) | Fcntl.O_CLOEXEC | Fcntl.O_NONBLOCK, 0);
        if (fd < 0) {
            int errno = Native.getLastError();
            // The descriptor's number may belong to another object by now.
            checkIsMeant(there, ticket);
            throw Errno.failure(ticket.attaching(), "open", errno);
        }
        return fd;
    }

    /**
     * The path at which the process shows its descriptor. After its main thread has ended, only another thread shows
     * it.
     */
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

    private static void checkIsMeant(FileStatus file, Ticket ticket) {
        if (file == null || !file.isRegular() || file.size() != ticket.size()) {
            throw stale(ticket);
        }
        // Root may open the memory of every user, and the process id of the ticket can belong to a process of another
        // user by now.
        if (file.owner() != LibC.geteuid()) {
            throw ticket.attaching().failure(Reason.ACCESS_DENIED, "its memory belongs to user "
                    + Integer.toUnsignedString(file.owner()) + ", and this process runs as user "
                    + Integer.toUnsignedString(LibC.geteuid())
                    + ". Use a ticket from a process of the same user, or a region with a name.");
        }
    }

    /**
     * A file that is not sealed could be truncated. A file that does not support seals was not created by this
     * library.
     */
    private static void checkSealed(int fd, Ticket ticket) {
        int seals = LibC.fcntl(fd, LibC.F_GET_SEALS, 0);
        if (seals < 0 && Native.getLastError() != ErrNo.EINVAL) {
            throw Errno.last(ticket.attaching(), "fcntl(F_GET_SEALS)");
        }
        if (seals < 0 || (seals & LibC.F_SEAL_SHRINK) == 0) {
            throw stale(ticket);
        }
    }

    private static int unsealed(byte[] name) {
        int flags = LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING;
        int fd = LibC.memfd_create(name, flags | LibC.MFD_NOEXEC_SEAL);
        // Linux before 6.3 does not know that flag.
        return fd < 0 && Native.getLastError() == ErrNo.EINVAL ? LibC.memfd_create(name, flags) : fd;
    }

    /**
     * Fails if there is not enough memory. The limit of these files is not a file system but the machine. If the limit
     * is exceeded, the kernel ends processes.
     */
    private static void checkAvailable(long size, Operation operation) {
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
            String why = size + " bytes were asked for, and the machine has " + available
                    + " left. Ask for less, or free some memory.";
            throw operation.failure(Reason.NO_SPACE, why, ErrNo.ENOMEM, "ENOMEM");
        }
    }

    private static void checkIsMeant(Path descriptor, Ticket ticket) {
        String target;
        try {
            target = Files.readSymbolicLink(descriptor).toString();
        } catch (AccessDeniedException e) {
            throw ticket.forbidden("readlink", ErrNo.EACCES, "EACCES");
        } catch (IOException e) {
            throw stale(ticket);
        }
        if (!target.equals("/memfd:" + name(ticket.key()) + " (deleted)")) {
            throw stale(ticket);
        }
    }

    private static Failure stale(Ticket ticket) {
        return ticket.stale(Files.exists(Path.of("/proc", Long.toString(ticket.pid()))), 0, "");
    }

    private static String name(long key) {
        return "sharedregion-" + Ticket.keyDigits(key);
    }
}
