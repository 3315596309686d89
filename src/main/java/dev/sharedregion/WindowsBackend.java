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
import java.util.function.IntFunction;

/** Sections and events of Win32. */
final class WindowsBackend extends Backend {
    static final Pointer INVALID_HANDLE = WinBase.INVALID_HANDLE_VALUE.getPointer();

    /** Paths of this length or more need a prefix that lifts the limit (Win32: Maximum Path Length Limitation). */
    private static final int LONG_PATH = 248;

    /** How long exclusive use of a file waits for a program, such as a virus scanner, that has it open for a moment. */
    private static final long SHARING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** For the length of a view. */
    private static final long TO_THE_END = 0;

    /** Where views may begin: a multiple of this many bytes, 64 KiB on every Windows so far. */
    private final long granularity = granularity();

    private final WindowsAnonymous anonymous = new WindowsAnonymous(granularity);

    /** {@code CreateFileMapping} hands out an existing section too, and then says so in the last error only. */
    @Override
    RegionMapping createRegion(ObjectName name, long size, RegionOptions options) {
        String what = region(name);
        String failed = "Cannot create " + what;
        Pointer section =
                createSection(INVALID_HANDLE, WinNT.PAGE_READWRITE, size, name, options.permissions(), failed, failed);
        try {
            return map(section, null, size, true, options, what);
        } catch (RuntimeException | Error e) {
            Kernel32.CloseHandle(section);
            throw e;
        }
    }

    /**
     * Creates a section, and never opens one.
     *
     * @param name its name, or null
     * @param permissions who may open it by that
     * @param failed how messages begin
     * @param failedName how messages begin that are about the name
     */
    static Pointer createSection(
            Pointer file,
            int protection,
            long size,
            ObjectName name,
            Permissions permissions,
            String failed,
            String failedName) {
        try (SecurityAttributes security = SecurityAttributes.of(permissions, SecurityAttributes.Kind.SECTION)) {
            for (int attempt = 0; ; attempt++) {
                Pointer section = Kernel32.CreateFileMappingW(
                        file, security.pointer(), protection, high(size), low(size), name == null ? null : wide(name));
                int error = Native.getLastError();
                if (section == null) {
                    if (!isFull(error) || !Backlog.mayRetry(attempt)) {
                        throw sectionFailure(name, error, failed, failedName);
                    }
                } else if (name == null || error != WinError.ERROR_ALREADY_EXISTS) {
                    return section;
                } else {
                    try {
                        throw alreadyExists(failedName, section);
                    } finally {
                        Kernel32.CloseHandle(section);
                    }
                }
            }
        }
    }

    private static SharedMemoryException sectionFailure(
            ObjectName name, int error, String failed, String failedName) {
        if (error == WinError.ERROR_INVALID_PARAMETER) {
            return new SharedMemoryException(
                    Reason.NO_SPACE,
                    failed + ": CreateFileMappingW failed with ERROR_INVALID_PARAMETER (87), which can only be for "
                            + "the size: no section can be as large. Ask for less.",
                    error,
                    "ERROR_INVALID_PARAMETER");
        }
        boolean aboutName = error == WinError.ERROR_ACCESS_DENIED || error == WinError.ERROR_INVALID_HANDLE;
        if (name == null || !aboutName) {
            return creationFailure(name, failed, error);
        }
        openingError(name, failedName);
        return creationFailure(name, failedName, error);
    }

    @Override
    RegionMapping openRegion(ObjectName name, RegionOptions options, Permissions meant) {
        String what = region(name);
        String failed = "Cannot open " + what;
        int right = options.access == Access.READ_WRITE
                ? Kernel32.FILE_MAP_READ | Kernel32.FILE_MAP_WRITE
                : Kernel32.FILE_MAP_READ;
        Pointer section = open(access -> Kernel32.OpenFileMappingW(access, false, wide(name)), right, meant, failed);
        if (section == null) {
            throw failure(failed, "OpenFileMappingW", Native.getLastError());
        }
        Pointer whole = null;
        try {
            whole = wholeView(section, options.access, failed);
            long size = usableSize(whole, viewAccess(options.access), failed);
            if (size < options.minimumSize) {
                throw tooSmall(what, size, options.minimumSize);
            }
            if (isAll(size, options, what)) {
                return new WindowsMapping(whole, 0, size, false, section, null, options.access, what);
            }
            Kernel32.UnmapViewOfFile(whole);
            whole = null;
            return map(section, null, size, false, options, what);
        } catch (RuntimeException | Error e) {
            if (whole != null) {
                Kernel32.UnmapViewOfFile(whole);
            }
            Kernel32.CloseHandle(section);
            throw e;
        }
    }

    @Override
    Anonymous createAnonymous(long size, RegionOptions options) {
        long key = Backend.randomKey();
        Pointer section = anonymous.create(key, size, "Cannot create an " + Anonymous.WHAT);
        return mapAnonymous(section, size, key, true, options, Anonymous.WHAT);
    }

    @Override
    Anonymous attach(String text, RegionOptions options) {
        Ticket ticket = Ticket.of(text, true);
        String what = Anonymous.what(ticket);
        checkTicket(ticket, options, what);
        Pointer section = anonymous.open(ticket, "Cannot attach the " + what);
        return mapAnonymous(section, ticket.size(), ticket.key(), false, options, what);
    }

    private Anonymous mapAnonymous(
            Pointer section, long size, long key, boolean created, RegionOptions options, String what) {
        RegionMapping mapping = null;
        try {
            long handle = Pointer.nativeValue(section);
            Ticket ticket = new Ticket(true, Places.pid(), handle, size, key, options.access == Access.READ_WRITE);
            mapping = map(section, null, size, created, options, what);
            return new Anonymous(mapping, ticket);
        } catch (RuntimeException | Error e) {
            if (mapping == null) {
                Kernel32.CloseHandle(section);
            } else {
                mapping.free();
            }
            throw e;
        }
    }

    /**
     * Opens an object; null if that fails.
     *
     * @param open the call, which takes the rights to ask for
     * @param meant as for {@link #openRegion}
     */
    private static Pointer open(IntFunction<Pointer> open, int right, Permissions meant, String failed) {
        if (meant == null || meant.others != Permissions.Others.NOTHING || meant.sddl != null) {
            return open.apply(right);
        }
        Pointer handle = open.apply(right | WinNT.READ_CONTROL);
        // An owner may always read who that is.
        boolean anothers = handle == null && Native.getLastError() == WinError.ERROR_ACCESS_DENIED;
        if (anothers) {
            handle = open.apply(right);
        }
        if (handle == null) {
            return null;
        }
        try {
            if (anothers || !WindowsOwner.isTrusted(handle, failed)) {
                throw alreadyExists(failed, ANOTHERS);
            }
            return handle;
        } catch (RuntimeException | Error e) {
            Kernel32.CloseHandle(handle);
            throw e;
        }
    }

    @Override
    RegionMapping mapFile(Path file, long size, RegionOptions options) {
        String what = file(file);
        String failed = "Cannot map " + what;
        Pointer handle = openFile(file, options, failed);
        Pointer section = null;
        long fileSize = 0;
        long grown = 0;
        try {
            checkIsOnDisk(handle, failed);
            fileSize = fileSize(handle, failed);
            long mapped = sizeToMap(file, fileSize, size, options);
            options.lengthIn(mapped, what);
            String failedName = options.name == null ? failed : "Cannot create " + region(options.name);
            if (options.name != null) {
                refuseOccupied(options.name, failedName);
            }
            int protection = switch (options.access) {
                case READ_WRITE -> WinNT.PAGE_READWRITE;
                case READ_ONLY -> WinNT.PAGE_READONLY;
                case COPY_ON_WRITE -> WinNT.PAGE_WRITECOPY;
            };
            grown = mapped;
            section = createSection(
                    handle, protection, mapped, options.name, options.permissions(), failed, failedName);
            boolean named = options.name != null;
            return map(section, handle, mapped, named, options, named ? region(options.name) : what);
        } catch (RuntimeException | Error e) {
            if (section != null) {
                Kernel32.CloseHandle(section);
            }
            shrinkBack(handle, fileSize, grown);
            Kernel32.CloseHandle(handle);
            throw e;
        }
    }

    /**
     * Takes a section's growth of its file back, after a failure: the file has grown even where there was no section in the
     * end. Windows refuses to shrink it while anybody maps the file.
     */
    private static void shrinkBack(Pointer file, long from, long to) {
        long[] now = new long[1];
        if (to > from && Kernel32.GetFileSizeEx(file, now) && now[0] == to) {
            Kernel32.SetFileInformationByHandle(
                    file, Kernel32.FILE_END_OF_FILE_INFO, new long[] {from}, Long.BYTES);
        }
    }

    @Override
    void checkSddl(String descriptor) {
        SecurityAttributes.check(descriptor);
    }

    @Override
    EventHandle createEvent(ObjectName name, EventOptions options) {
        String failed = "Cannot create " + event(name);
        Pointer event;
        int error;
        try (SecurityAttributes security =
                SecurityAttributes.of(options.permissions, SecurityAttributes.Kind.EVENT)) {
            event = Kernel32.CreateEventW(security.pointer(), options.manualReset, options.initiallySet, wide(name));
            error = Native.getLastError();
        }
        if (event != null && error != WinError.ERROR_ALREADY_EXISTS) {
            return new WindowsEvent(event, event(name));
        }
        if (event != null) {
            Kernel32.CloseHandle(event);
            throw alreadyExists(failed, "an event");
        }
        if (error == WinError.ERROR_ACCESS_DENIED) {
            refuseExistingEvent(name, failed);
        }
        throw failure(failed, "CreateEventW", error);
    }

    /** Fails if the name is an event's whose owner does not let this process do all that {@code CreateEvent} asks for. */
    private static void refuseExistingEvent(ObjectName name, String failed) {
        Pointer event = Kernel32.OpenEventW(WinNT.SYNCHRONIZE, false, wide(name));
        int error = Native.getLastError();
        if (event != null) {
            Kernel32.CloseHandle(event);
        }
        if (event != null || error == WinError.ERROR_ACCESS_DENIED) {
            throw alreadyExists(failed, "an event of another user");
        }
    }

    @Override
    EventHandle openEvent(ObjectName name, EventAccess access, Permissions meant) {
        String failed = "Cannot open " + event(name);
        int right = access == EventAccess.FULL ? WinNT.SYNCHRONIZE | WinNT.EVENT_MODIFY_STATE : WinNT.SYNCHRONIZE;
        Pointer event = open(rights -> Kernel32.OpenEventW(rights, false, wide(name)), right, meant, failed);
        if (event == null) {
            throw failure(failed, "OpenEventW", Native.getLastError());
        }
        return new WindowsEvent(event, event(name));
    }

    /** Parking for microseconds takes up to 15.6 ms on Windows, a tick of the clock. */
    @Override
    void pause(long nanos) {
        long start = System.nanoTime();
        do {
            Thread.yield();
        } while (System.nanoTime() - start < nanos);
    }

    @Override
    Places places(RegionMapping mapping, PairBlock block) {
        return new WindowsPlaces(block);
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
        String failed = "Cannot map " + what;
        Pointer base = mapView(section, options.access, options.offset - hidden, length, failed);
        try {
            if (file == null && !created) {
                checkUsable(base, hidden + view, options.access, failed);
            }
            return new WindowsMapping(base, hidden, view, created, section, file, options.access, what);
        } catch (RuntimeException | Error e) {
            Kernel32.UnmapViewOfFile(base);
            throw e;
        }
    }

    /** {@code MapViewOfFile}; when address space is short, the collector may know some that nobody uses any more. */
    static Pointer mapView(Pointer section, Access access, long offset, long length, String failed) {
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
            if (error == WinError.ERROR_INVALID_PARAMETER && access == Access.READ_WRITE) {
                // The offset and the length have been checked; the system names no code of its own for this.
                throw new SharedMemoryException(
                        Reason.ACCESS_DENIED,
                        failed + ": MapViewOfFile failed with ERROR_INVALID_PARAMETER (87): its creator made it for reading "
                                + "only. Ask for READ_ONLY or COPY_ON_WRITE access.",
                        error,
                        "ERROR_INVALID_PARAMETER");
            }
            if (!isFull(error) || !Backlog.mayRetry(attempt)) {
                throw failure(failed, "MapViewOfFile", error);
            }
        }
    }

    /** Whether the view that told the size is what was asked for. */
    private static boolean isAll(long size, RegionOptions options, String what) {
        return options.offset == 0
                && options.lengthIn(size, what) == size
                && options.access != Access.COPY_ON_WRITE
                && (Native.POINTER_SIZE == Long.BYTES || size <= Integer.MAX_VALUE);
    }

    /**
     * What {@code VirtualQuery} says of a view of the whole section. The system tells the size only to who may query the
     * section, which its owner may not have granted to those who may read it.
     */
    private static long sectionSize(Pointer section, String failed) {
        Pointer whole = wholeView(section, Access.READ_ONLY, failed);
        try {
            return usableSize(whole, Access.READ_ONLY, failed);
        } finally {
            Kernel32.UnmapViewOfFile(whole);
        }
    }

    /** To see how large it is: not for copies, which the system would have to be ready for. */
    private static Pointer wholeView(Pointer section, Access access, String failed) {
        return mapView(section, viewAccess(access), 0, TO_THE_END, failed);
    }

    private static Access viewAccess(Access access) {
        return access == Access.COPY_ON_WRITE ? Access.READ_ONLY : access;
    }

    /**
     * Checks a view of a section that another process created: its owner may have committed only a part of it, and may have
     * given its pages a protection of their own.
     *
     * @param length how many bytes of the view are going to be accessed
     */
    static void checkUsable(Pointer base, long length, Access access, String failed) {
        long usable = usableSize(base, access, failed);
        if (usable < length) {
            throw new SharedMemoryException(
                    Reason.UNSUPPORTED,
                    failed + ": only the first " + usable + " of " + length + " bytes can be accessed. Have its creator "
                            + "commit all of its memory.");
        }
    }

    /** How many bytes from the start of a view can be accessed, as {@code VirtualQuery} reports it. */
    private static long usableSize(Pointer base, Access access, String failed) {
        try (Memory information = new Memory(MemoryBasicInformationLayout.SIZE)) {
            long size = 0;
            while (isQueried(base.share(size), information, failed)
                    && information.getInt(MemoryBasicInformationLayout.STATE) == WinNT.MEM_COMMIT
                    && base.equals(information.getPointer(MemoryBasicInformationLayout.ALLOCATION_BASE))) {
                if (information.getInt(MemoryBasicInformationLayout.TYPE) != WinNT.MEM_MAPPED) {
                    throw new SharedMemoryException(
                            Reason.WRONG_KIND,
                            failed + ": it is the image of a program (SEC_IMAGE), whose pages protect themselves. Choose "
                                    + "another name.");
                }
                // Pages of another protection are reported as another run.
                if (!permits(information.getInt(MemoryBasicInformationLayout.PROTECT), access)) {
                    break;
                }
                size += Pointer.nativeValue(information.getPointer(MemoryBasicInformationLayout.REGION_SIZE));
            }
            if (size == 0) {
                throw new SharedMemoryException(
                        Reason.UNSUPPORTED,
                        failed + ": its memory is reserved only (SEC_RESERVE) or protected, and touching it would end the "
                                + "process. Have its creator commit it.");
            }
            return size;
        }
    }

    /** Whether pages of this protection can be read, and where the access needs that, written to. */
    private static boolean permits(int protection, Access access) {
        int writable = WinNT.PAGE_READWRITE | WinNT.PAGE_WRITECOPY | WinNT.PAGE_EXECUTE_READWRITE
                | Kernel32.PAGE_EXECUTE_WRITECOPY;
        int readable = writable | WinNT.PAGE_READONLY | WinNT.PAGE_EXECUTE_READ;
        return (protection & WinNT.PAGE_GUARD) == 0
                && (protection & (access == Access.READ_ONLY ? readable : writable)) != 0;
    }

    /** False beyond the last address that there can be. */
    private static boolean isQueried(Pointer address, Memory information, String failed) {
        if (Kernel32.VirtualQuery(address, information, new SIZE_T(information.size())).longValue() != 0) {
            return true;
        }
        int error = Native.getLastError();
        if (error != WinError.ERROR_INVALID_PARAMETER) {
            throw failure(failed, "VirtualQuery", error);
        }
        return false;
    }

    /** Fails if an object has the name, or if that cannot be told: for creators that have harm to avoid. */
    private static void refuseOccupied(ObjectName name, String failed) {
        int error = openingError(name, failed);
        if (error != WinError.ERROR_FILE_NOT_FOUND) {
            throw failure(failed, "OpenFileMappingW", error);
        }
    }

    /** Fails if an object has the name: for creators that were refused without the reason. Otherwise why none was opened. */
    private static int openingError(ObjectName name, String failed) {
        Pointer section = Kernel32.OpenFileMappingW(Kernel32.FILE_MAP_READ, false, wide(name));
        int error = Native.getLastError();
        if (section != null) {
            try {
                throw alreadyExists(failed, section);
            } finally {
                Kernel32.CloseHandle(section);
            }
        }
        if (error == WinError.ERROR_ACCESS_DENIED) {
            throw alreadyExists(failed, "another user's, which this one may not open");
        }
        return error;
    }

    private static Pointer openFile(Path file, RegionOptions options, String failed) {
        boolean write = options.access == Access.READ_WRITE;
        int shared = WinNT.FILE_SHARE_READ | WinNT.FILE_SHARE_WRITE | WinNT.FILE_SHARE_DELETE;
        long giveUp = System.nanoTime() + SHARING_NANOS;
        int error;
        while (true) {
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
            error = Native.getLastError();
            if (!options.exclusive || error != WinError.ERROR_SHARING_VIOLATION || System.nanoTime() - giveUp >= 0) {
                break;
            }
            Waiting.rest();
        }
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

    private static void checkIsOnDisk(Pointer file, String failed) {
        int type = Kernel32.GetFileType(file);
        int error = Native.getLastError();
        if (type == WinNT.FILE_TYPE_UNKNOWN && error != WinError.ERROR_SUCCESS) {
            throw failure(failed, "GetFileType", error);
        }
        if (type != WinNT.FILE_TYPE_DISK) {
            throw new SharedMemoryException(
                    Reason.WRONG_KIND, failed + ": it is a device or a pipe. Give a file on a disk.");
        }
    }

    private static long fileSize(Pointer file, String failed) {
        long[] size = new long[1];
        if (!Kernel32.GetFileSizeEx(file, size)) {
            throw failure(failed, "GetFileSizeEx", Native.getLastError());
        }
        return size[0];
    }

    /** The error for a section that has the name: also one of which no view, or no size, can be had. */
    private static SharedMemoryException alreadyExists(String failed, Pointer section) {
        String which;
        try {
            which = sectionSize(section, failed) + " bytes";
        } catch (SharedMemoryException e) {
            which = "a section that this library cannot open";
        }
        return alreadyExists(failed, which);
    }

    private static SharedMemoryException alreadyExists(String failed, String which) {
        return exists(failed, which, WinError.ERROR_ALREADY_EXISTS, "ERROR_ALREADY_EXISTS");
    }

    private static boolean isFull(int error) {
        return error == WinError.ERROR_NOT_ENOUGH_MEMORY
                || error == WinError.ERROR_NO_SYSTEM_RESOURCES
                || error == WinError.ERROR_COMMITMENT_LIMIT
                || error == WinError.ERROR_PAGEFILE_QUOTA_EXCEEDED
                || error == WinError.ERROR_NOT_ENOUGH_QUOTA;
    }

    /**
     * The error for a section that could not be created; Windows asks for the privilege for sections only, not for events.
     *
     * @param name may be null
     */
    private static SharedMemoryException creationFailure(ObjectName name, String failed, int error) {
        if (error == WinError.ERROR_ACCESS_DENIED && name != null && name.isGlobal()) {
            return new SharedMemoryException(
                    Reason.ACCESS_DENIED,
                    failed + ": CreateFileMappingW failed with ERROR_ACCESS_DENIED (5). To create in Global\\ a process needs "
                            + "SeCreateGlobalPrivilege, which services and administrators have: run as one of them, or "
                            + "use Local\\.",
                    error,
                    "ERROR_ACCESS_DENIED");
        }
        return failure(failed, "CreateFileMappingW", error);
    }

    private static SharedMemoryException failure(String failed, String call, int error) {
        return SystemErrors.failure(SystemErrors.Source.WIN32, failed, call, error);
    }

    private static long granularity() {
        WinBase.SYSTEM_INFO info = new WinBase.SYSTEM_INFO();
        com.sun.jna.platform.win32.Kernel32.INSTANCE.GetSystemInfo(info);
        return info.dwAllocationGranularity.longValue();
    }

    private static WString wide(ObjectName name) {
        return new WString(name.toString());
    }

    private static int high(long value) {
        return (int) (value >>> Integer.SIZE);
    }

    private static int low(long value) {
        return (int) value;
    }
}
