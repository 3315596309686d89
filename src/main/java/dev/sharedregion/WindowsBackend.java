package dev.sharedregion;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.SharedMemoryException.Reason;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sections and events of Win32. */
final class WindowsBackend extends Backend {
    private static final Pointer INVALID_HANDLE = WinBase.INVALID_HANDLE_VALUE.getPointer();

    /** Paths of this length or more need a prefix that lifts the limit (Win32: Maximum Path Length Limitation). */
    private static final int LONG_PATH = 248;

    /** For the length of a view. */
    private static final long TO_THE_END = 0;

    /** Where views may begin: a multiple of this many bytes, 64 KiB on every Windows so far. */
    private final long granularity = granularity();

    @Override
    RegionMapping createRegion(ObjectName name, long size, RegionOptions options) {
        return createOrOpen(name, size, options, false);
    }

    @Override
    RegionMapping openOrCreateRegion(ObjectName name, long size, RegionOptions options) {
        return createOrOpen(name, size, options, true);
    }

    /** {@code CreateFileMapping} hands out an existing section too, and then says so in the last error only. */
    private RegionMapping createOrOpen(ObjectName name, long size, RegionOptions options, boolean openExisting) {
        String what = region(name);
        String failed = "Cannot create " + what;
        Pointer section = Kernel32.CreateFileMappingW(
                INVALID_HANDLE, null, WinNT.PAGE_READWRITE, high(size), low(size), new WString(name.toString()));
        int error = Native.getLastError();
        if (section == null) {
            throw sectionFailure(name, failed, error);
        }
        try {
            if (error != WinError.ERROR_ALREADY_EXISTS) {
                return map(section, null, size, true, options, what);
            }
            long existing = sectionSize(section, Access.READ_ONLY, failed);
            if (!openExisting) {
                throw exists(failed, existing + " bytes");
            }
            if (existing < size) {
                throw tooSmall(what, existing, size);
            }
            return map(section, null, existing, false, options, what);
        } catch (RuntimeException | Error e) {
            Kernel32.CloseHandle(section);
            throw e;
        }
    }

    @Override
    RegionMapping openRegion(ObjectName name, RegionOptions options) {
        String what = region(name);
        String failed = "Cannot open " + what;
        int right = options.access == Access.READ_WRITE
                ? Kernel32.FILE_MAP_READ | Kernel32.FILE_MAP_WRITE
                : Kernel32.FILE_MAP_READ;
        Pointer section = Kernel32.OpenFileMappingW(right, false, new WString(name.toString()));
        if (section == null) {
            throw failure(failed, "OpenFileMappingW", Native.getLastError());
        }
        try {
            long size = sectionSize(section, options.access, failed);
            if (size < options.minimumSize) {
                throw tooSmall(what, size, options.minimumSize);
            }
            return map(section, null, size, false, options, what);
        } catch (RuntimeException | Error e) {
            Kernel32.CloseHandle(section);
            throw e;
        }
    }

    @Override
    RegionMapping mapFile(Path file, long size, RegionOptions options) {
        String what = file(file);
        String failed = "Cannot map " + what;
        Pointer handle = openFile(file, options, failed);
        Pointer section = null;
        try {
            long fileSize = fileSize(handle, failed);
            long mapped = sizeToMap(file, fileSize, size, options);
            options.lengthIn(mapped, what);
            if (options.name != null) {
                refuseOccupied(options.name);
            }
            int protection = switch (options.access) {
                case READ_WRITE -> WinNT.PAGE_READWRITE;
                case READ_ONLY -> WinNT.PAGE_READONLY;
                case COPY_ON_WRITE -> WinNT.PAGE_WRITECOPY;
            };
            WString name = options.name == null ? null : new WString(options.name.toString());
            section = Kernel32.CreateFileMappingW(handle, null, protection, high(mapped), low(mapped), name);
            int error = Native.getLastError();
            if (section == null) {
                throw sectionFailure(
                        options.name, name == null ? failed : "Cannot create " + region(options.name), error);
            }
            if (name != null && error == WinError.ERROR_ALREADY_EXISTS) {
                throw exists("Cannot create " + region(options.name), "another region");
            }
            return map(section, handle, mapped, name != null, options, name == null ? what : region(options.name));
        } catch (RuntimeException | Error e) {
            if (section != null) {
                Kernel32.CloseHandle(section);
            }
            Kernel32.CloseHandle(handle);
            throw e;
        }
    }

    @Override
    EventHandle createEvent(ObjectName name, EventOptions options) {
        String failed = "Cannot create " + event(name);
        Pointer event = Kernel32.CreateEventW(
                null, options.manualReset, options.initiallySet, new WString(name.toString()));
        int error = Native.getLastError();
        if (event == null) {
            throw creationFailure(name, failed, "CreateEventW", error);
        }
        if (error == WinError.ERROR_ALREADY_EXISTS) {
            Kernel32.CloseHandle(event);
            throw exists(failed, "an event");
        }
        return new WindowsEvent(event, event(name));
    }

    @Override
    EventHandle openEvent(ObjectName name, EventAccess access) {
        int right = access == EventAccess.FULL ? WinNT.SYNCHRONIZE | Kernel32.EVENT_MODIFY_STATE : WinNT.SYNCHRONIZE;
        Pointer event = Kernel32.OpenEventW(right, false, new WString(name.toString()));
        if (event == null) {
            throw failure("Cannot open " + event(name), "OpenEventW", Native.getLastError());
        }
        return new WindowsEvent(event, event(name));
    }

    /** Maps the part that the options name, and takes the handles over if that succeeds. */
    private RegionMapping map(
            Pointer section, Pointer file, long size, boolean created, RegionOptions options, String what) {
        long view = options.lengthIn(size, what);
        long hidden = options.offset % granularity;
        if (Native.POINTER_SIZE == Integer.BYTES && view + hidden > Integer.MAX_VALUE) {
            throw new SharedMemoryException(
                    Reason.NO_SPACE,
                    "Cannot map " + what + ": a 32-bit process has no room for " + view
                            + " bytes. Map a part of it, or use a 64-bit JVM.");
        }
        // A file's section ends with the file, within the last page that the system reports, and is mapped no further.
        long length = size - options.offset - view < granularity ? TO_THE_END : view + hidden;
        Pointer base = mapView(section, options.access, options.offset - hidden, length, "Cannot map " + what);
        return new WindowsMapping(base, hidden, view, created, section, file, options.access, what);
    }

    /** {@code MapViewOfFile}; when address space is short, the collector may know some that nobody uses any more. */
    private static Pointer mapView(Pointer section, Access access, long offset, long length, String failed) {
        int right = switch (access) {
            case READ_WRITE -> Kernel32.FILE_MAP_READ | Kernel32.FILE_MAP_WRITE;
            case READ_ONLY -> Kernel32.FILE_MAP_READ;
            case COPY_ON_WRITE -> Kernel32.FILE_MAP_COPY;
        };
        for (int attempt = 0; ; attempt++) {
            Pointer base =
                    Kernel32.MapViewOfFile(section, right, high(offset), low(offset), new SIZE_T(length));
            if (base != null) {
                return base;
            }
            int error = Native.getLastError();
            boolean full = error == WinError.ERROR_NOT_ENOUGH_MEMORY || error == WinError.ERROR_COMMITMENT_LIMIT;
            if (!full || attempt == 3) {
                throw failure(failed, "MapViewOfFile", error);
            }
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20L << attempt));
        }
    }

    /**
     * What {@code VirtualQuery} says of a view of the whole section. The system tells the size only to who may query the
     * section, which its owner may not have granted to those who may read it.
     */
    private static long sectionSize(Pointer section, Access access, String failed) {
        Access right = access == Access.COPY_ON_WRITE ? Access.READ_ONLY : access;
        Pointer base = mapView(section, right, 0, TO_THE_END, failed);
        try (Memory information = new Memory(MemoryBasicInformationLayout.SIZE)) {
            long size = 0;
            while (Kernel32.VirtualQuery(base.share(size), information, new SIZE_T(information.size())).longValue() != 0
                    && information.getInt(MemoryBasicInformationLayout.STATE) != WinNT.MEM_FREE
                    && base.equals(information.getPointer(MemoryBasicInformationLayout.ALLOCATION_BASE))) {
                // Pages in other states, as a sparse section has them, are reported one run after the other.
                Pointer run = information.getPointer(MemoryBasicInformationLayout.REGION_SIZE);
                size += Pointer.nativeValue(run);
            }
            return size;
        } finally {
            Kernel32.UnmapViewOfFile(base);
        }
    }

    /** Fails if an object has the name, before the file that is to get it is grown. */
    private static void refuseOccupied(ObjectName name) {
        String failed = "Cannot create " + region(name);
        Pointer section = Kernel32.OpenFileMappingW(Kernel32.FILE_MAP_READ, false, new WString(name.toString()));
        int error = Native.getLastError();
        if (section != null) {
            Kernel32.CloseHandle(section);
            throw exists(failed, "another region");
        }
        if (error != WinError.ERROR_FILE_NOT_FOUND) {
            throw failure(failed, "OpenFileMappingW", error);
        }
    }

    private static Pointer openFile(Path file, RegionOptions options, String failed) {
        boolean write = options.access == Access.READ_WRITE;
        int shared = WinNT.FILE_SHARE_READ | WinNT.FILE_SHARE_WRITE | WinNT.FILE_SHARE_DELETE;
        Pointer handle = Kernel32.CreateFileW(
                new WString(win32Path(file)),
                write ? WinNT.GENERIC_READ | WinNT.GENERIC_WRITE : WinNT.GENERIC_READ,
                options.exclusive ? 0 : shared,
                null,
                WinNT.OPEN_EXISTING,
                WinNT.FILE_ATTRIBUTE_NORMAL,
                null);
        if (!INVALID_HANDLE.equals(handle)) {
            return handle;
        }
        int error = Native.getLastError();
        if (error == WinError.ERROR_FILE_NOT_FOUND) {
            throw new SharedMemoryException(
                    Reason.NOT_FOUND, failed + ": there is no such file (ERROR_FILE_NOT_FOUND). Create it first, for "
                            + "instance with Files.createFile.", error, "ERROR_FILE_NOT_FOUND");
        }
        throw failure(failed, "CreateFileW", error);
    }

    private static String win32Path(Path file) {
        String path = file.toAbsolutePath().normalize().toString();
        if (path.length() < LONG_PATH || path.startsWith("\\\\?\\")) {
            return path;
        }
        return path.startsWith("\\\\") ? "\\\\?\\UNC" + path.substring(1) : "\\\\?\\" + path;
    }

    private static long fileSize(Pointer file, String failed) {
        long[] size = new long[1];
        if (!Kernel32.GetFileSizeEx(file, size)) {
            throw failure(failed, "GetFileSizeEx", Native.getLastError());
        }
        return size[0];
    }

    private static SharedMemoryException exists(String failed, String which) {
        return new SharedMemoryException(
                Reason.ALREADY_EXISTS,
                failed + ": it exists (" + which + "). Open it instead, or choose another name.",
                WinError.ERROR_ALREADY_EXISTS,
                "ERROR_ALREADY_EXISTS");
    }

    private static SharedMemoryException sectionFailure(ObjectName name, String failed, int error) {
        if (error == WinError.ERROR_INVALID_PARAMETER) {
            return new SharedMemoryException(
                    Reason.NO_SPACE,
                    failed + ": CreateFileMappingW failed with ERROR_INVALID_PARAMETER (87), which can only be for the "
                            + "size: no section can be as large. Ask for less.",
                    error,
                    "ERROR_INVALID_PARAMETER");
        }
        return creationFailure(name, failed, "CreateFileMappingW", error);
    }

    /** The name may be null, for a section that has none. */
    private static SharedMemoryException creationFailure(ObjectName name, String failed, String call, int error) {
        if (error == WinError.ERROR_ACCESS_DENIED && name != null && name.isGlobal()) {
            return new SharedMemoryException(
                    Reason.ACCESS_DENIED,
                    failed + ": " + call + " failed with ERROR_ACCESS_DENIED (5). To create in Global\\ a process needs "
                            + "SeCreateGlobalPrivilege, which services and administrators have: run as one of them, or "
                            + "use Local\\.",
                    error,
                    "ERROR_ACCESS_DENIED");
        }
        return failure(failed, call, error);
    }

    private static SharedMemoryException failure(String failed, String call, int error) {
        return SystemErrors.failure(SystemErrors.Source.WIN32, failed, call, error);
    }

    private static long granularity() {
        WinBase.SYSTEM_INFO info = new WinBase.SYSTEM_INFO();
        com.sun.jna.platform.win32.Kernel32.INSTANCE.GetSystemInfo(info);
        return info.dwAllocationGranularity.longValue();
    }

    private static int high(long value) {
        return (int) (value >>> Integer.SIZE);
    }

    private static int low(long value) {
        return (int) value;
    }
}
