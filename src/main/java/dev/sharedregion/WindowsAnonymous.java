package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.PointerByReference;
import dev.sharedregion.SharedMemoryException.Reason;
import java.util.function.Function;

/**
 * The sections of regions without a name, of which other processes of the same user get handles by {@code DuplicateHandle}.
 * A handle's number is used again once it is closed, so each of these sections says behind its memory which one it is.
 */
final class WindowsAnonymous {
    private static final int DUPLICATE_SAME_ACCESS = 2;

    private final long granularity;

    /**
     * For one system.
     *
     * @param granularity where views may begin
     */
    WindowsAnonymous(long granularity) {
        this.granularity = granularity;
    }

    /**
     * Creates one.
     *
     * @param key what a ticket knows it by
     * @param failed how messages begin
     */
    Pointer create(long key, long size, String failed) {
        long length = WindowsTicketLayout.offset(size) + WindowsTicketLayout.SIZE;
        // Beyond the largest long it is for the system to refuse.
        Pointer section = WindowsBackend.createSection(
                WindowsBackend.INVALID_HANDLE,
                WinNT.PAGE_READWRITE,
                length > size ? length : Long.MAX_VALUE,
                null,
                Permissions.ownerOnly(),
                failed,
                failed);
        try {
            return withTrailer(section, Access.READ_WRITE, size, failed, trailer -> {
                trailer.setLong(WindowsTicketLayout.KEY, key);
                trailer.setLong(WindowsTicketLayout.REGION_SIZE, size);
                trailer.setLong(WindowsTicketLayout.MAGIC, WindowsTicketLayout.MAGIC_VALUE);
                return section;
            });
        } catch (RuntimeException | Error e) {
            Kernel32.CloseHandle(section);
            throw e;
        }
    }

    /** A handle of the one that a ticket leads to, and of no other. */
    Pointer open(Ticket ticket, String failed) {
        Pointer process = Kernel32.OpenProcess(WinNT.PROCESS_DUP_HANDLE | WinNT.SYNCHRONIZE, false, (int) ticket.pid());
        if (process == null) {
            int error = Native.getLastError();
            if (error == WinError.ERROR_INVALID_PARAMETER) {
                throw Backend.staleTicket(false, failed, error, "ERROR_INVALID_PARAMETER");
            }
            if (error == WinError.ERROR_ACCESS_DENIED) {
                throw Backend.forbiddenTicket(failed, "OpenProcess", error, "ERROR_ACCESS_DENIED");
            }
            throw SystemErrors.failure(SystemErrors.Source.WIN32, failed, "OpenProcess", error);
        }
        Pointer section;
        try {
            section = duplicate(process, ticket, failed);
        } finally {
            Kernel32.CloseHandle(process);
        }
        try {
            checkIsMeant(section, ticket, failed);
            return section;
        } catch (RuntimeException | Error e) {
            Kernel32.CloseHandle(section);
            throw e;
        }
    }

    private static Pointer duplicate(Pointer process, Ticket ticket, String failed) {
        PointerByReference section = new PointerByReference();
        if (Kernel32.DuplicateHandle(
                process,
                new Pointer(ticket.handle()),
                Kernel32.GetCurrentProcess(),
                section,
                0,
                false,
                DUPLICATE_SAME_ACCESS)) {
            return section.getValue();
        }
        int error = Native.getLastError();
        boolean processLives = !hasEnded(process);
        SharedMemoryException failure =
                SystemErrors.failure(SystemErrors.Source.WIN32, failed, "DuplicateHandle", error);
        if (processLives && failure.reason() == Reason.NO_SPACE) {
            throw failure;
        }
        // Windows answers ERROR_ACCESS_DENIED for a process that has ended, or is ending.
        throw Backend.staleTicket(processLives, failed, error, failure.errorName());
    }

    private static boolean hasEnded(Pointer process) {
        return Kernel32.WaitForSingleObject(process, 0) == WinBase.WAIT_OBJECT_0;
    }

    private void checkIsMeant(Pointer section, Ticket ticket, String failed) {
        boolean isMeant;
        try {
            isMeant = withTrailer(
                    section,
                    Access.READ_ONLY,
                    ticket.size(),
                    failed,
                    trailer -> trailer.getLong(WindowsTicketLayout.MAGIC) == WindowsTicketLayout.MAGIC_VALUE
                            && trailer.getLong(WindowsTicketLayout.KEY) == ticket.key()
                            && trailer.getLong(WindowsTicketLayout.REGION_SIZE) == ticket.size());
        } catch (SharedMemoryException e) {
            if (e.reason() == Reason.NO_SPACE) {
                throw e;
            }
            // What cannot be mapped there is another object, or a smaller section.
            throw Backend.staleTicket(true, failed, e.errorCode(), e.errorName());
        }
        if (!isMeant) {
            throw Backend.staleTicket(true, failed, 0, "");
        }
    }

    private <T> T withTrailer(
            Pointer section, Access access, long size, String failed, Function<Pointer, T> use) {
        long offset = WindowsTicketLayout.offset(size);
        long hidden = offset % granularity;
        Pointer base = WindowsBackend.mapView(
                section, access, offset - hidden, hidden + WindowsTicketLayout.SIZE, failed);
        try {
            WindowsBackend.checkUsable(base, hidden + WindowsTicketLayout.SIZE, access, failed);
            return use.apply(base.share(hidden));
        } finally {
            Kernel32.UnmapViewOfFile(base);
        }
    }
}
