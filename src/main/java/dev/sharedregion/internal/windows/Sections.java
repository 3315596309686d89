package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.MEMORY_BASIC_INFORMATION;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Backlog;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.Trust;
import java.util.function.IntFunction;

/** Creates sections and maps views of them. */
public final class Sections {
    public static final Pointer INVALID_HANDLE = WinBase.INVALID_HANDLE_VALUE.getPointer();

    /** As the length of a view. */
    static final long TO_THE_END = 0;

    /** Where views may begin: a multiple of this many bytes, 64 KiB on every Windows so far. */
    static final long GRANULARITY = granularity();

    private Sections() {}

    /**
     * A section to create.
     *
     * @param file the file behind it, or {@link #INVALID_HANDLE} for memory
     * @param protection the protection of its pages
     * @param name its name, or null
     * @param rights who may open it by this name
     */
    record NewSection(Pointer file, int protection, long size, ObjectName name, Rights rights) {
        /** A section of memory. */
        static NewSection ofMemory(long size, ObjectName name, Rights rights) {
            return new NewSection(INVALID_HANDLE, WinNT.PAGE_READWRITE, size, name, rights);
        }
    }

    /**
     * Creates a section, and never opens an existing one. {@code CreateFileMapping} also returns an existing section,
     * and reports that only in the last error.
     *
     * @param operation for messages about the memory
     */
    static Pointer create(NewSection section, Operation operation) {
        WString name = section.name == null ? null : new WString(section.name.toString());
        int high = (int) (section.size >>> Integer.SIZE);
        int low = (int) section.size;
        try (SecurityAttributes security = SecurityAttributes.of(section.rights, SecurityAttributes.Kind.SECTION)) {
            for (int attempt = 0; ; attempt++) {
                Pointer handle = Kernel32.CreateFileMappingW(
                        section.file, security.pointer(), section.protection, high, low, name);
                int error = Native.getLastError();
                if (handle == null) {
                    if (!isFull(error) || !Backlog.mayRetry(attempt)) {
                        throw creationFailure(section.name, error, operation);
                    }
                } else if (name == null || error != WinError.ERROR_ALREADY_EXISTS) {
                    return handle;
                } else {
                    throw existsAndClose(naming(section.name), handle);
                }
            }
        }
    }

    /** For messages about the name of a section to create. */
    private static Operation naming(ObjectName name) {
        return new Operation("create", name.region());
    }

    private static Failure creationFailure(ObjectName name, int error, Operation operation) {
        if (error == WinError.ERROR_INVALID_PARAMETER) {
            String why = "CreateFileMappingW failed with ERROR_INVALID_PARAMETER (87), which means that no section can "
                    + "be this large. Ask for less.";
            return operation.failure(Reason.NO_SPACE, why, error, "ERROR_INVALID_PARAMETER");
        }
        boolean aboutName = error == WinError.ERROR_ACCESS_DENIED || error == WinError.ERROR_INVALID_HANDLE;
        if (name == null || !aboutName) {
            return Win32Errors.failure(operation, "CreateFileMappingW", error);
        }
        openingError(name);
        if (error == WinError.ERROR_ACCESS_DENIED && name.isGlobal()) {
            // Windows requires the privilege only for sections, not for events.
            String why = "CreateFileMappingW failed with ERROR_ACCESS_DENIED (5). A process needs "
                    + "SeCreateGlobalPrivilege to create it in Global\\. Services and administrators have that: run as "
                    + "one of them, or use Local\\.";
            return naming(name).failure(Reason.ACCESS_DENIED, why, error, "ERROR_ACCESS_DENIED");
        }
        return Win32Errors.failure(naming(name), "CreateFileMappingW", error);
    }

    /**
     * Fails if an object has the name, or if this cannot be found out. For callers that have harm to avoid before they
     * create the object.
     */
    static void refuseOccupied(ObjectName name) {
        int error = openingError(name);
        if (error != WinError.ERROR_FILE_NOT_FOUND) {
            throw Win32Errors.failure(naming(name), "OpenFileMappingW", error);
        }
    }

    /**
     * Fails if an object has the name. For callers whose creation was refused for an unknown reason. Otherwise returns
     * why no object was opened.
     */
    private static int openingError(ObjectName name) {
        Pointer section = Kernel32.OpenFileMappingW(WinBase.FILE_MAP_READ, false, new WString(name.toString()));
        int error = Native.getLastError();
        if (section != null) {
            throw existsAndClose(naming(name), section);
        }
        if (error == WinError.ERROR_ACCESS_DENIED) {
            throw exists(naming(name), "owned by another user, and this user may not open it");
        }
        return error;
    }

    /**
     * The failure for a section that has the name, even if no view of it, or no size, is available. Closes the
     * section.
     */
    private static Failure existsAndClose(Operation operation, Pointer section) {
        try {
            return exists(operation, size(section, operation) + " bytes");
        } catch (Failure e) {
            return exists(operation, "a section that this library cannot open");
        } finally {
            Kernel32.CloseHandle(section);
        }
    }

    /** Whether a section has the name, also one that may not be opened. False if the system cannot look. */
    static boolean isTaken(ObjectName name) {
        Pointer section = Kernel32.OpenFileMappingW(WinBase.FILE_MAP_READ, false, new WString(name.toString()));
        if (section == null) {
            return Native.getLastError() == WinError.ERROR_ACCESS_DENIED;
        }
        Kernel32.CloseHandle(section);
        return true;
    }

    static Failure exists(Operation operation, String which) {
        return operation.exists(which, WinError.ERROR_ALREADY_EXISTS, "ERROR_ALREADY_EXISTS");
    }

    /**
     * Opens an object.
     *
     * @param open the call, whose argument is the rights to ask for
     * @param call its name
     */
    static Pointer open(IntFunction<Pointer> open, String call, int right, Trust trust, Operation operation) {
        boolean anyones =
                trust.isAnyone() || trust.rights().others() != Rights.Others.NOTHING || trust.rights().sddl() != null;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer handle = guard.hold(open.apply(anyones ? right : right | WinNT.READ_CONTROL));
            // An owner may always read who the owner is.
            boolean anothers = !anyones && handle == null && Native.getLastError() == WinError.ERROR_ACCESS_DENIED;
            if (anothers) {
                handle = guard.hold(open.apply(right));
            }
            if (handle == null) {
                throw Win32Errors.last(operation, call);
            }
            if (anothers || !anyones && !ObjectOwner.isTrusted(handle, operation)) {
                throw exists(operation, OperatingSystem.ANOTHERS);
            }
            return guard.dismiss(handle);
        }
    }

    /**
     * {@code MapViewOfFile}. Calls the garbage collector if address space is short, because some views may be unused.
     */
    static Pointer mapView(Pointer section, Protection protection, long offset, long length, Operation operation) {
        int right = switch (protection) {
            case READ_WRITE -> WinBase.FILE_MAP_READ | WinBase.FILE_MAP_WRITE;
            case READ_ONLY -> WinBase.FILE_MAP_READ;
            case COPY_ON_WRITE -> WinBase.FILE_MAP_COPY;
        };
        int high = (int) (offset >>> Integer.SIZE);
        for (int attempt = 0; ; attempt++) {
            Pointer base = Kernel32.MapViewOfFile(section, right, high, (int) offset, new SIZE_T(length));
            if (base != null) {
                return base;
            }
            int error = Native.getLastError();
            if (error == WinError.ERROR_INVALID_PARAMETER && protection == Protection.READ_WRITE) {
                // The offset and the length have been checked. The system has no code of its own for this.
                String why = "MapViewOfFile failed with ERROR_INVALID_PARAMETER (87): its creator made it read-only. "
                        + "Ask for READ_ONLY or COPY_ON_WRITE access.";
                throw operation.failure(Reason.ACCESS_DENIED, why, error, "ERROR_INVALID_PARAMETER");
            }
            if (!isFull(error) || !Backlog.mayRetry(attempt)) {
                throw Win32Errors.failure(operation, "MapViewOfFile", error);
            }
        }
    }

    /**
     * The size that {@code VirtualQuery} reports for a view of the whole section. The system reports the size of a
     * section only to a process that may query it, and a section's owner may grant reading without querying.
     */
    private static long size(Pointer section, Operation operation) {
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::UnmapViewOfFile)) {
            Pointer whole = guard.hold(mapView(section, Protection.READ_ONLY, 0, TO_THE_END, operation));
            return usableSize(whole, Protection.READ_ONLY, operation);
        }
    }

    /**
     * Checks a view of a section that another process created. Its owner may have committed only a part of it, and may
     * have given its pages their own protection.
     *
     * @param length the number of bytes of the view that will be accessed
     */
    static void checkUsable(Pointer base, long length, Protection protection, Operation operation) {
        long usable = usableSize(base, protection, operation);
        if (usable < length) {
            throw operation.failure(Reason.UNSUPPORTED, "only the first " + usable + " of " + length
                    + " bytes can be accessed. Have its creator commit all of its memory.");
        }
    }

    /** How many bytes from the start of a view can be accessed, as {@code VirtualQuery} reports it. */
    static long usableSize(Pointer base, Protection protection, Operation operation) {
        MEMORY_BASIC_INFORMATION run = new MEMORY_BASIC_INFORMATION();
        long size = 0;
        while (isQueried(base.share(size), run, operation)
                && run.state.intValue() == WinNT.MEM_COMMIT
                && base.equals(run.allocationBase)) {
            if (run.type.intValue() != WinNT.MEM_MAPPED) {
                throw operation.failure(Reason.WRONG_KIND, "it is the image of a program (SEC_IMAGE), whose pages "
                        + "protect themselves. Choose another name.");
            }
            // Pages of another protection are reported as another run.
            if (!permits(run.protect.intValue(), protection)) {
                break;
            }
            size += run.regionSize.longValue();
        }
        if (size == 0) {
            throw operation.failure(Reason.UNSUPPORTED, "its memory is reserved only (SEC_RESERVE) or protected, and "
                    + "an access would end the process. Have its creator commit it.");
        }
        return size;
    }

    /** Returns true if pages of this protection can be read and, if the access needs it, written to. */
    private static boolean permits(int pages, Protection protection) {
        int writable = WinNT.PAGE_READWRITE | WinNT.PAGE_WRITECOPY | WinNT.PAGE_EXECUTE_READWRITE
                | Kernel32.PAGE_EXECUTE_WRITECOPY;
        int readable = writable | WinNT.PAGE_READONLY | WinNT.PAGE_EXECUTE_READ;
        return (pages & WinNT.PAGE_GUARD) == 0
                && (pages & (protection == Protection.READ_ONLY ? readable : writable)) != 0;
    }

    /** Returns false beyond the last possible address. */
    private static boolean isQueried(Pointer address, MEMORY_BASIC_INFORMATION run, Operation operation) {
        if (Kernel32.VirtualQuery(address, run.getPointer(), new SIZE_T(run.size())).longValue() != 0) {
            run.read();
            return true;
        }
        int error = Native.getLastError();
        if (error != WinError.ERROR_INVALID_PARAMETER) {
            throw Win32Errors.failure(operation, "VirtualQuery", error);
        }
        return false;
    }

    private static boolean isFull(int error) {
        return error == WinError.ERROR_NOT_ENOUGH_MEMORY
                || error == WinError.ERROR_NO_SYSTEM_RESOURCES
                || error == WinError.ERROR_COMMITMENT_LIMIT
                || error == WinError.ERROR_PAGEFILE_QUOTA_EXCEEDED
                || error == WinError.ERROR_NOT_ENOUGH_QUOTA;
    }

    private static long granularity() {
        WinBase.SYSTEM_INFO info = new WinBase.SYSTEM_INFO();
        com.sun.jna.platform.win32.Kernel32.INSTANCE.GetSystemInfo(info);
        return info.dwAllocationGranularity.longValue();
    }
}
