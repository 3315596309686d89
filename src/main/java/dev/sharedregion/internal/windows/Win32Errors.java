package dev.sharedregion.internal.windows;

import static dev.sharedregion.internal.os.Failure.Reason.ACCESS_DENIED;
import static dev.sharedregion.internal.os.Failure.Reason.ALREADY_EXISTS;
import static dev.sharedregion.internal.os.Failure.Reason.BAD_NAME;
import static dev.sharedregion.internal.os.Failure.Reason.EMPTY_FILE;
import static dev.sharedregion.internal.os.Failure.Reason.IN_USE;
import static dev.sharedregion.internal.os.Failure.Reason.NOT_FOUND;
import static dev.sharedregion.internal.os.Failure.Reason.NO_SPACE;
import static dev.sharedregion.internal.os.Failure.Reason.SYSTEM_ERROR;
import static dev.sharedregion.internal.os.Failure.Reason.TOO_MANY_OPEN;
import static dev.sharedregion.internal.os.Failure.Reason.UNSUPPORTED;
import static dev.sharedregion.internal.os.Failure.Reason.WRONG_KIND;

import com.sun.jna.Native;
import com.sun.jna.platform.win32.WinError;
import dev.sharedregion.internal.os.ErrorTable;
import dev.sharedregion.internal.os.ErrorTable.Entry;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;

/** The error codes of Win32. */
public final class Win32Errors {
    private static final String START_FIRST = "Start the process that creates it first";
    private static final String CHOOSE_NAME = "Open it instead, or choose another name";
    private static final String ASK_LESS = "Ask for less, or free some memory or disk space";
    private static final String RAISE_QUOTA = "Ask for less, or raise the memory limit of this process or its job";
    private static final String CLOSE_SOME =
            "Close regions and events that are no longer used, or raise the limit";
    private static final String ASK_OR_GRANT =
            "Ask for less access, or have the owner grant this user more (Permissions, at creation)";
    private static final String OTHER_KIND = "Choose another name: this one belongs to another kind of object";

    public static final ErrorTable TABLE = new ErrorTable(
            new Entry(WinError.ERROR_FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND", NOT_FOUND,
                    START_FIRST + ", or check the Local\\ or Global\\ prefix"),
            new Entry(WinError.ERROR_PATH_NOT_FOUND, "ERROR_PATH_NOT_FOUND", NOT_FOUND, "Check the name or the path"),
            new Entry(WinError.ERROR_TOO_MANY_OPEN_FILES, "ERROR_TOO_MANY_OPEN_FILES", TOO_MANY_OPEN, CLOSE_SOME),
            new Entry(WinError.ERROR_ACCESS_DENIED, "ERROR_ACCESS_DENIED", ACCESS_DENIED, ASK_OR_GRANT),
            new Entry(WinError.ERROR_INVALID_HANDLE, "ERROR_INVALID_HANDLE", WRONG_KIND, OTHER_KIND),
            new Entry(WinError.ERROR_NOT_ENOUGH_MEMORY, "ERROR_NOT_ENOUGH_MEMORY", NO_SPACE, ASK_LESS),
            new Entry(WinError.ERROR_OUTOFMEMORY, "ERROR_OUTOFMEMORY", NO_SPACE, ASK_LESS),
            new Entry(WinError.ERROR_WRITE_PROTECT, "ERROR_WRITE_PROTECT", ACCESS_DENIED,
                    "Ask for READ_ONLY or COPY_ON_WRITE access"),
            new Entry(WinError.ERROR_SHARING_VIOLATION, "ERROR_SHARING_VIOLATION", IN_USE,
                    "Close it in the process that has it open, or do not ask for exclusive use"),
            new Entry(WinError.ERROR_LOCK_VIOLATION, "ERROR_LOCK_VIOLATION", IN_USE,
                    "Try again: the system or another process has locked a part of the file"),
            new Entry(WinError.ERROR_HANDLE_DISK_FULL, "ERROR_HANDLE_DISK_FULL", NO_SPACE, ASK_LESS),
            new Entry(WinError.ERROR_NOT_SUPPORTED, "ERROR_NOT_SUPPORTED", UNSUPPORTED,
                    "Use a file on a local disk: this file system or device does not support this"),
            new Entry(WinError.ERROR_BAD_NETPATH, "ERROR_BAD_NETPATH", NOT_FOUND,
                    "Check the computer's name in the path, and the network"),
            new Entry(WinError.ERROR_BAD_NET_NAME, "ERROR_BAD_NET_NAME", NOT_FOUND,
                    "Check the share's name in the path"),
            new Entry(WinError.ERROR_INVALID_PARAMETER, "ERROR_INVALID_PARAMETER", SYSTEM_ERROR,
                    "The system refused an argument: check size, offset and length"),
            new Entry(WinError.ERROR_DISK_FULL, "ERROR_DISK_FULL", NO_SPACE, ASK_LESS),
            new Entry(WinError.ERROR_INVALID_NAME, "ERROR_INVALID_NAME", BAD_NAME, "Check the name or the path"),
            new Entry(WinError.ERROR_ALREADY_EXISTS, "ERROR_ALREADY_EXISTS", ALREADY_EXISTS, CHOOSE_NAME),
            new Entry(WinError.ERROR_BAD_EXE_FORMAT, "ERROR_BAD_EXE_FORMAT", WRONG_KIND,
                    "Choose another name: this one belongs to the image of a program"),
            new Entry(WinError.ERROR_FILENAME_EXCED_RANGE, "ERROR_FILENAME_EXCED_RANGE", BAD_NAME, "Shorten the name"),
            new Entry(WinError.ERROR_PIPE_BUSY, "ERROR_PIPE_BUSY", WRONG_KIND, "Give a file on a disk: this is a pipe"),
            new Entry(WinError.ERROR_FILE_TOO_LARGE, "ERROR_FILE_TOO_LARGE", NO_SPACE,
                    "Ask for less: the file system does not support a file of this size"),
            new Entry(WinError.ERROR_PAGEFILE_QUOTA_EXCEEDED, "ERROR_PAGEFILE_QUOTA_EXCEEDED", NO_SPACE, RAISE_QUOTA),
            new Entry(WinError.ERROR_FILE_SYSTEM_LIMITATION, "ERROR_FILE_SYSTEM_LIMITATION", NO_SPACE,
                    "Ask for less, or use a file that is neither compressed, sparse nor heavily fragmented"),
            new Entry(WinError.ERROR_FILE_INVALID, "ERROR_FILE_INVALID", EMPTY_FILE,
                    "Give the size to grow the file to"),
            new Entry(WinError.ERROR_USER_MAPPED_FILE, "ERROR_USER_MAPPED_FILE", IN_USE,
                    "Close the regions that map the file, in all processes"),
            new Entry(WinError.ERROR_NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES", NO_SPACE, ASK_LESS),
            new Entry(WinError.ERROR_COMMITMENT_LIMIT, "ERROR_COMMITMENT_LIMIT", NO_SPACE, ASK_LESS),
            new Entry(WinError.ERROR_NOT_ENOUGH_QUOTA, "ERROR_NOT_ENOUGH_QUOTA", NO_SPACE, RAISE_QUOTA));

    private Win32Errors() {}

    /** The failure of a call that has just failed in this thread. */
    static Failure last(Operation operation, String call) {
        return failure(operation, call, Native.getLastError());
    }

    static Failure failure(Operation operation, String call, int code) {
        return TABLE.failure(operation, call, code);
    }
}
