package dev.sharedregion.internal.windows;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import dev.sharedregion.Access;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.os.Ticket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Objects that other programs created and the library never creates: memory that is only reserved, pipes, devices. */
@EnabledOnOs(OS.WINDOWS)
class WindowsSectionsTest {
    private static final int SEC_RESERVE = 0x04000000;
    private static final int REGION = 1 << 17;
    private static final long KEY = 0x0123456789abcdefL;
    private static final int SECTION = 1 << 18;

    private final String name = TestNames.unique();
    private Pointer section;
    private Pointer view;

    private void reserve(String sectionName) {
        section = Kernel32.CreateFileMappingW(
                Sections.INVALID_HANDLE, null, WinNT.PAGE_READWRITE | SEC_RESERVE, 0, SECTION,
                sectionName == null ? null : new WString(sectionName));
        assertNotNull(section, () -> "error " + Native.getLastError());
        view = Kernel32.MapViewOfFile(
                section, WinBase.FILE_MAP_READ | WinBase.FILE_MAP_WRITE, 0, 0, new SIZE_T(0));
        assertNotNull(view, () -> "error " + Native.getLastError());
    }

    private Pointer commit(long offset, long length) {
        Pointer committed = com.sun.jna.platform.win32.Kernel32.INSTANCE.VirtualAllocEx(
                com.sun.jna.platform.win32.Kernel32.INSTANCE.GetCurrentProcess(),
                view.share(offset), new SIZE_T(length), WinNT.MEM_COMMIT, WinNT.PAGE_READWRITE);
        assertNotNull(committed, () -> "error " + Native.getLastError());
        return view.share(offset);
    }

    /** As {@code TicketedSection} writes it. */
    private void writeTrailer() {
        Pointer trailer = commit(REGION, TicketLayout.SIZE);
        trailer.setLong(TicketLayout.MAGIC, TicketLayout.MAGIC_VALUE);
        trailer.setLong(TicketLayout.KEY, KEY);
        trailer.setLong(TicketLayout.REGION_SIZE, REGION);
    }

    private String ticket() {
        long pid = ProcessHandle.current().pid();
        return new Ticket(true, pid, Pointer.nativeValue(section), new Ticket.Region(REGION, KEY), true).toString();
    }

    @AfterEach
    void close() {
        if (view != null) {
            Kernel32.UnmapViewOfFile(view);
        }
        if (section != null) {
            Kernel32.CloseHandle(section);
        }
    }

    /** On Windows, unlike Wine, a read of its trailer ends the process. */
    @Test
    void ticketOfASectionWithoutATrailerIsRefused() {
        reserve(null);
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(ticket()));
        commit(0, REGION);
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(ticket()));
    }

    @Test
    void ticketOfAPartlyCommittedSectionIsRefused() {
        reserve(null);
        writeTrailer();
        for (Access access : Access.values()) {
            RegionOptions options = RegionOptions.defaults().access(access);
            assertReason(Reason.UNSUPPORTED, () -> SharedRegion.attach(ticket(), options));
            assertReason(Reason.UNSUPPORTED, () -> SharedRegion.attach(ticket(), options.offset(4096).length(1)));
        }
        commit(0, REGION);
        for (Access access : Access.values()) {
            try (SharedRegion region = SharedRegion.attach(ticket(), RegionOptions.defaults().access(access))) {
                assertEquals(0, region.pointer().getByte(REGION - 1));
            }
        }
    }

    @Test
    void regionSpansOnlyTheCommittedPartOfASection() {
        reserve(name);
        assertReason(Reason.UNSUPPORTED, () -> SharedRegion.open(name));
        commit(0, REGION);
        for (Access access : Access.values()) {
            RegionOptions options = RegionOptions.defaults().access(access);
            try (SharedRegion region = SharedRegion.open(name, options)) {
                assertEquals(REGION, region.size());
            }
            assertReason(Reason.TOO_SMALL, () -> SharedRegion.open(name, options.minimumSize(REGION + 1)));
        }
    }

    @Test
    void createFailsIfReservedMemoryHasTheName() {
        reserve(name);
        var e = assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 4096));
        assertTrue(e.getMessage().contains(name) && e.errorName().equals("ERROR_ALREADY_EXISTS"), e.getMessage());
        assertReason(Reason.UNSUPPORTED, () -> SharedRegion.openOrCreate(name, 4096));
    }

    @Test
    void pipeIsRefused() {
        String path = "\\\\.\\pipe\\" + name;
        List<HANDLE> instances = new ArrayList<>();
        try {
            // Each look at a pipe may use up an instance of it.
            for (int i = 0; i < 4; i++) {
                instances.add(com.sun.jna.platform.win32.Kernel32.INSTANCE.CreateNamedPipe(
                        path, WinBase.PIPE_ACCESS_DUPLEX, 0, WinBase.PIPE_UNLIMITED_INSTANCES, 4096, 4096, 0, null));
                assertNotEquals(WinBase.INVALID_HANDLE_VALUE, instances.get(i), () -> "error " + Native.getLastError());
            }
            assertReason(Reason.WRONG_KIND, () -> SharedRegion.map(Path.of(path), 4096));
        } finally {
            instances.forEach(com.sun.jna.platform.win32.Kernel32.INSTANCE::CloseHandle);
        }
    }

    @Test
    void deviceIsRefused() {
        Path device = Path.of("NUL");
        Pointer handle = Kernel32.CreateFileW(
                new WString(device.toAbsolutePath().toString()),
                WinNT.GENERIC_READ,
                0,
                null,
                WinNT.OPEN_EXISTING,
                0,
                null);
        assumeFalse(Sections.INVALID_HANDLE.equals(handle), "a path with a folder is no device on this Windows");
        Kernel32.CloseHandle(handle);
        for (RegionOptions options : List.of(RegionOptions.defaults(), RegionOptions.readOnly())) {
            assertReason(Reason.WRONG_KIND, () -> SharedRegion.map(device, 0, options));
            assertReason(Reason.WRONG_KIND, () -> SharedRegion.map(device, 4096, options));
        }
    }
}
