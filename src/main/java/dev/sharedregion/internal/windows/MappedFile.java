package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.FileRequest;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.ViewRequest;
import dev.sharedregion.internal.windows.SectionView.Backing;
import dev.sharedregion.internal.windows.Sections.NewSection;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Regions that are sections of a file. */
final class MappedFile {
    /** Paths of this length or more need a prefix that lifts the limit (Win32: Maximum Path Length Limitation). */
    private static final int LONG_PATH = 248;

    /** How long exclusive use of a file waits for a program, such as a virus scanner, that has it open for a moment. */
    private static final long SHARING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** How a file is opened that others may use and delete, too. */
    private static final int SHARED = WinNT.FILE_SHARE_READ | WinNT.FILE_SHARE_WRITE | WinNT.FILE_SHARE_DELETE;

    // BY_HANDLE_FILE_INFORMATION, in numbers of 32 bits.
    private static final int VOLUME = 7;
    private static final int INDEX = 11;
    private static final int INFORMATION = 13;

    private MappedFile() {}

    static RegionMapping map(FileRequest request, ViewRequest view) {
        Operation map = new Operation("map", request.what());
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer file = guard.hold(openFile(request, view, map));
            checkIsOnDisk(file, map);
            long fileSize = fileSize(file, map);
            long size = request.sizeToMap(fileSize, view);
            view.lengthIn(size, request.what());
            if (request.alias() != null) {
                Sections.refuseOccupied(request.alias().name());
            }
            try {
                return guard.dismiss(mapSection(file, size, request, view));
            } catch (RuntimeException | Error e) {
                shrinkBack(file, fileSize, size);
                throw e;
            }
        }
    }

    private static RegionMapping mapSection(Pointer file, long size, FileRequest request, ViewRequest view) {
        int protection = switch (view.protection()) {
            case READ_WRITE -> WinNT.PAGE_READWRITE;
            case READ_ONLY -> WinNT.PAGE_READONLY;
            case COPY_ON_WRITE -> WinNT.PAGE_WRITECOPY;
        };
        FileRequest.Alias alias = request.alias();
        NewSection newSection = alias == null
                ? new NewSection(file, protection, size, null, Rights.OWNER_ONLY)
                : new NewSection(file, protection, size, alias.name(), alias.rights());
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer section = guard.hold(Sections.create(newSection, new Operation("map", request.what())));
            Backing backing = alias == null
                    ? new Backing(section, file, path(request), request.what())
                    : new Backing(section, file, null, alias.name().region());
            return guard.dismiss(SectionView.of(backing, size, view, alias != null));
        }
    }

    /**
     * Takes the growth of a file back after a failure: the file has grown even if no section was created in the end.
     * Windows refuses to truncate the file while any process maps it.
     */
    private static void shrinkBack(Pointer file, long from, long to) {
        long[] now = new long[1];
        if (to > from && Kernel32.GetFileSizeEx(file, now) && now[0] == to) {
            Kernel32.SetFileInformationByHandle(file, WinBase.FileEndOfFileInfo, new long[] {from}, Long.BYTES);
        }
    }

    private static Pointer openFile(FileRequest request, ViewRequest view, Operation operation) {
        int access = view.writes() ? WinNT.GENERIC_READ | WinNT.GENERIC_WRITE : WinNT.GENERIC_READ;
        Backoff backoff = Backoff.upTo(SHARING_NANOS);
        while (true) {
            Pointer handle = openExisting(path(request), access, request.exclusive() ? 0 : SHARED);
            if (!Sections.INVALID_HANDLE.equals(handle)) {
                return handle;
            }
            int error = Native.getLastError();
            if (!request.exclusive() || error != WinError.ERROR_SHARING_VIOLATION || !backoff.pause()) {
                throw error == WinError.ERROR_FILE_NOT_FOUND
                        ? operation.noSuchFile(error, "ERROR_FILE_NOT_FOUND")
                        : Win32Errors.failure(operation, "CreateFileW", error);
            }
        }
    }

    private static Pointer openExisting(WString path, int access, int shareMode) {
        int attributes = WinNT.FILE_ATTRIBUTE_NORMAL;
        return Kernel32.CreateFileW(path, access, shareMode, null, WinNT.OPEN_EXISTING, attributes, null);
    }

    /** Whether this very file is at the path. Asks for no right to it, which any sharing mode allows. */
    static boolean isAt(WString path, Pointer file, Operation operation) {
        Pointer there = openExisting(path, 0, SHARED);
        if (Sections.INVALID_HANDLE.equals(there)) {
            int error = Native.getLastError();
            if (error == WinError.ERROR_FILE_NOT_FOUND || error == WinError.ERROR_PATH_NOT_FOUND) {
                return false;
            }
            throw Win32Errors.failure(operation, "CreateFileW", error);
        }
        try {
            int[] expected = information(file, operation);
            int[] found = information(there, operation);
            return expected[VOLUME] == found[VOLUME]
                    && Arrays.equals(expected, INDEX, INFORMATION, found, INDEX, INFORMATION);
        } finally {
            Kernel32.CloseHandle(there);
        }
    }

    private static int[] information(Pointer file, Operation operation) {
        int[] information = new int[INFORMATION];
        if (!Kernel32.GetFileInformationByHandle(file, information)) {
            throw Win32Errors.last(operation, "GetFileInformationByHandle");
        }
        return information;
    }

    private static WString path(FileRequest request) {
        String path = request.path().toAbsolutePath().normalize().toString();
        if (path.length() < LONG_PATH || path.startsWith("\\\\?\\")) {
            return new WString(path);
        }
        return new WString(path.startsWith("\\\\") ? "\\\\?\\UNC" + path.substring(1) : "\\\\?\\" + path);
    }

    private static void checkIsOnDisk(Pointer file, Operation operation) {
        int type = Kernel32.GetFileType(file);
        int error = Native.getLastError();
        if (type == WinNT.FILE_TYPE_UNKNOWN && error != WinError.ERROR_SUCCESS) {
            throw Win32Errors.failure(operation, "GetFileType", error);
        }
        if (type != WinNT.FILE_TYPE_DISK) {
            throw operation.failure(Reason.WRONG_KIND, "it is a device or a pipe. Give a file on a disk.");
        }
    }

    private static long fileSize(Pointer file, Operation operation) {
        long[] size = new long[1];
        if (!Kernel32.GetFileSizeEx(file, size)) {
            throw Win32Errors.last(operation, "GetFileSizeEx");
        }
        return size[0];
    }
}
