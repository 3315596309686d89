package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.PointerByReference;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.Ticket;
import dev.sharedregion.internal.os.TicketedRegion;
import dev.sharedregion.internal.os.ViewRequest;
import dev.sharedregion.internal.windows.SectionView.Backing;
import dev.sharedregion.internal.windows.Sections.NewSection;
import java.util.function.Predicate;

/**
 * The sections of regions without a name. Other processes of the same user get handles of them with
 * {@code DuplicateHandle}. The number of a closed handle is used again, so each of these sections contains, behind its
 * memory, data that identifies it.
 */
final class TicketedSection {
    private static final int DUPLICATE_SAME_ACCESS = 2;

    private TicketedSection() {}

    static TicketedRegion create(RegionRequest region, ViewRequest view) {
        Operation create = Ticket.CREATING;
        long key = Ticket.randomKey();
        long size = region.size();
        long length = TicketLayout.offset(size) + TicketLayout.SIZE;
        // The system refuses a size beyond the largest long.
        NewSection request = NewSection.ofMemory(length > size ? length : Long.MAX_VALUE, null, Rights.OWNER_ONLY);
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer section = guard.hold(Sections.create(request, create));
            withTrailer(section, Protection.READ_WRITE, size, create, trailer -> {
                trailer.setLong(TicketLayout.KEY, key);
                trailer.setLong(TicketLayout.REGION_SIZE, size);
                trailer.setLong(TicketLayout.MAGIC, TicketLayout.MAGIC_VALUE);
                return true;
            });
            return map(guard, section, new Ticket.Region(size, key), view, true);
        }
    }

    static TicketedRegion attach(String text, ViewRequest view) {
        Ticket ticket = Ticket.of(text, true);
        ticket.check(view);
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer section = guard.hold(open(ticket));
            checkIsMeant(section, ticket);
            return map(guard, section, ticket.region(), view, false);
        }
    }

    private static TicketedRegion map(
            ScopeGuard<Pointer> guard, Pointer section, Ticket.Region region, ViewRequest view, boolean created) {
        Ticket ticket = new Ticket(true, OwnerSlot.pid(), Pointer.nativeValue(section), region, view.writes());
        Backing backing = new Backing(section, null, null, Ticket.REGION);
        return TicketedRegion.of(guard.dismiss(SectionView.of(backing, region.size(), view, created)), ticket);
    }

    /** Returns a handle of the region of a ticket. */
    private static Pointer open(Ticket ticket) {
        int right = WinNT.PROCESS_DUP_HANDLE | WinNT.SYNCHRONIZE;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer process = guard.hold(Kernel32.OpenProcess(right, false, (int) ticket.pid()));
            if (process != null) {
                return duplicate(process, ticket);
            }
        }
        int error = Native.getLastError();
        throw switch (error) {
            case WinError.ERROR_INVALID_PARAMETER -> ticket.stale(false, error, "ERROR_INVALID_PARAMETER");
            case WinError.ERROR_ACCESS_DENIED -> ticket.forbidden("OpenProcess", error, "ERROR_ACCESS_DENIED");
            default -> Win32Errors.failure(ticket.attaching(), "OpenProcess", error);
        };
    }

    private static Pointer duplicate(Pointer process, Ticket ticket) {
        Pointer theirs = new Pointer(ticket.handle());
        Pointer self = Kernel32.GetCurrentProcess();
        PointerByReference section = new PointerByReference();
        if (Kernel32.DuplicateHandle(process, theirs, self, section, 0, false, DUPLICATE_SAME_ACCESS)) {
            return section.getValue();
        }
        int error = Native.getLastError();
        boolean processLives = Kernel32.WaitForSingleObject(process, 0) != WinBase.WAIT_OBJECT_0;
        Failure failure = Win32Errors.failure(ticket.attaching(), "DuplicateHandle", error);
        if (processLives && failure.reason() == Reason.NO_SPACE) {
            throw failure;
        }
        // Windows returns ERROR_ACCESS_DENIED for a process that has ended, or is ending.
        throw ticket.stale(processLives, error, failure.errorName());
    }

    private static void checkIsMeant(Pointer section, Ticket ticket) {
        Predicate<Pointer> isMeant = trailer -> trailer.getLong(TicketLayout.MAGIC) == TicketLayout.MAGIC_VALUE
                && trailer.getLong(TicketLayout.KEY) == ticket.key()
                && trailer.getLong(TicketLayout.REGION_SIZE) == ticket.size();
        try {
            if (withTrailer(section, Protection.READ_ONLY, ticket.size(), ticket.attaching(), isMeant)) {
                return;
            }
        } catch (Failure e) {
            if (e.reason() == Reason.NO_SPACE) {
                throw e;
            }
            // If it cannot be mapped, it is another object or a smaller section.
            throw ticket.stale(true, e.errorCode(), e.errorName());
        }
        throw ticket.stale(true, 0, "");
    }

    private static boolean withTrailer(
            Pointer section, Protection protection, long size, Operation operation, Predicate<Pointer> use) {
        long offset = TicketLayout.offset(size);
        long hidden = offset % Sections.GRANULARITY;
        long length = hidden + TicketLayout.SIZE;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::UnmapViewOfFile)) {
            Pointer base = guard.hold(Sections.mapView(section, protection, offset - hidden, length, operation));
            Sections.checkUsable(base, length, protection, operation);
            return use.test(base.share(hidden));
        }
    }
}
