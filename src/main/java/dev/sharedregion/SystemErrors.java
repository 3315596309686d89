package dev.sharedregion;

import static dev.sharedregion.SharedMemoryException.Reason.ACCESS_DENIED;
import static dev.sharedregion.SharedMemoryException.Reason.ALREADY_EXISTS;
import static dev.sharedregion.SharedMemoryException.Reason.BAD_NAME;
import static dev.sharedregion.SharedMemoryException.Reason.EMPTY_FILE;
import static dev.sharedregion.SharedMemoryException.Reason.IN_USE;
import static dev.sharedregion.SharedMemoryException.Reason.NOT_FOUND;
import static dev.sharedregion.SharedMemoryException.Reason.NO_SPACE;
import static dev.sharedregion.SharedMemoryException.Reason.SYSTEM_ERROR;
import static dev.sharedregion.SharedMemoryException.Reason.TOO_MANY_OPEN;
import static dev.sharedregion.SharedMemoryException.Reason.UNSUPPORTED;
import static dev.sharedregion.SharedMemoryException.Reason.WRONG_KIND;

import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.win32.WinError;
import dev.sharedregion.SharedMemoryException.Reason;
import java.util.List;

/** The one table that turns a system's error code into name, reason and hint. */
final class SystemErrors {
    /** The system that a table is of. */
    enum Source {
        WIN32,
        ERRNO
    }

    /** What is known of one code. */
    record Entry(Source source, int code, String name, Reason reason, String hint) {}

    private static final String START_FIRST = "Start the process that creates it first";
    private static final String CHOOSE_NAME = "Open it instead, or choose another name";
    private static final String ASK_LESS = "Ask for less, or free some memory or disk space";
    private static final String RAISE_QUOTA = "Ask for less, or raise the memory limit of this process or its job";
    private static final String CLOSE_SOME = "Close regions and events that are no longer used, or raise the limit";
    private static final String ASK_OR_GRANT =
            "Ask for less access, or have the owner grant this user more (Permissions, when it creates it)";
    private static final String OTHER_KIND = "Choose another name: this one belongs to another kind of object";

    static final List<Entry> TABLE = List.of(
            win32(WinError.ERROR_FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND", NOT_FOUND,
                    START_FIRST + ", or check the Local\\ or Global\\ prefix"),
            win32(WinError.ERROR_PATH_NOT_FOUND, "ERROR_PATH_NOT_FOUND", NOT_FOUND, "Check the name or the path"),
            win32(WinError.ERROR_TOO_MANY_OPEN_FILES, "ERROR_TOO_MANY_OPEN_FILES", TOO_MANY_OPEN, CLOSE_SOME),
            win32(WinError.ERROR_ACCESS_DENIED, "ERROR_ACCESS_DENIED", ACCESS_DENIED, ASK_OR_GRANT),
            win32(WinError.ERROR_INVALID_HANDLE, "ERROR_INVALID_HANDLE", WRONG_KIND, OTHER_KIND),
            win32(WinError.ERROR_NOT_ENOUGH_MEMORY, "ERROR_NOT_ENOUGH_MEMORY", NO_SPACE, ASK_LESS),
            win32(WinError.ERROR_OUTOFMEMORY, "ERROR_OUTOFMEMORY", NO_SPACE, ASK_LESS),
            win32(WinError.ERROR_WRITE_PROTECT, "ERROR_WRITE_PROTECT", ACCESS_DENIED,
                    "Ask for READ_ONLY or COPY_ON_WRITE access"),
            win32(WinError.ERROR_SHARING_VIOLATION, "ERROR_SHARING_VIOLATION", IN_USE,
                    "Close it in the process that has it open, or do not ask for exclusive use"),
            win32(WinError.ERROR_LOCK_VIOLATION, "ERROR_LOCK_VIOLATION", IN_USE,
                    "Try again: the system or another process has locked a part of the file"),
            win32(WinError.ERROR_HANDLE_DISK_FULL, "ERROR_HANDLE_DISK_FULL", NO_SPACE, ASK_LESS),
            win32(WinError.ERROR_NOT_SUPPORTED, "ERROR_NOT_SUPPORTED", UNSUPPORTED,
                    "Use a file on a local disk: this file system or device cannot do it"),
            win32(WinError.ERROR_BAD_NETPATH, "ERROR_BAD_NETPATH", NOT_FOUND,
                    "Check the computer's name in the path, and the network"),
            win32(WinError.ERROR_BAD_NET_NAME, "ERROR_BAD_NET_NAME", NOT_FOUND, "Check the share's name in the path"),
            win32(WinError.ERROR_INVALID_PARAMETER, "ERROR_INVALID_PARAMETER", SYSTEM_ERROR,
                    "The system refused an argument: check size, offset and length"),
            win32(WinError.ERROR_DISK_FULL, "ERROR_DISK_FULL", NO_SPACE, ASK_LESS),
            win32(WinError.ERROR_INVALID_NAME, "ERROR_INVALID_NAME", BAD_NAME, "Check the name or the path"),
            win32(WinError.ERROR_ALREADY_EXISTS, "ERROR_ALREADY_EXISTS", ALREADY_EXISTS, CHOOSE_NAME),
            win32(WinError.ERROR_BAD_EXE_FORMAT, "ERROR_BAD_EXE_FORMAT", WRONG_KIND,
                    "Choose another name: this one belongs to the image of a program"),
            win32(WinError.ERROR_FILENAME_EXCED_RANGE, "ERROR_FILENAME_EXCED_RANGE", BAD_NAME, "Shorten the name"),
            win32(WinError.ERROR_PIPE_BUSY, "ERROR_PIPE_BUSY", WRONG_KIND, "Give a file on a disk: this is a pipe"),
            win32(WinError.ERROR_FILE_TOO_LARGE, "ERROR_FILE_TOO_LARGE", NO_SPACE,
                    "Ask for less: the file system takes no file as large"),
            win32(WinError.ERROR_PAGEFILE_QUOTA_EXCEEDED, "ERROR_PAGEFILE_QUOTA_EXCEEDED", NO_SPACE, RAISE_QUOTA),
            win32(WinError.ERROR_FILE_SYSTEM_LIMITATION, "ERROR_FILE_SYSTEM_LIMITATION", NO_SPACE,
                    "Ask for less, or use a file that is neither compressed, sparse nor heavily fragmented"),
            win32(WinError.ERROR_FILE_INVALID, "ERROR_FILE_INVALID", EMPTY_FILE, "Give the size to grow the file to"),
            win32(WinError.ERROR_USER_MAPPED_FILE, "ERROR_USER_MAPPED_FILE", IN_USE,
                    "Close the regions that map the file, in all processes"),
            win32(WinError.ERROR_NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES", NO_SPACE, ASK_LESS),
            win32(WinError.ERROR_COMMITMENT_LIMIT, "ERROR_COMMITMENT_LIMIT", NO_SPACE, ASK_LESS),
            win32(WinError.ERROR_NOT_ENOUGH_QUOTA, "ERROR_NOT_ENOUGH_QUOTA", NO_SPACE, RAISE_QUOTA),
            errno(ErrNo.EPERM, "EPERM", ACCESS_DENIED, "Run as the user who owns it"),
            errno(ErrNo.ENOENT, "ENOENT", NOT_FOUND, START_FIRST),
            errno(ErrNo.ENXIO, "ENXIO", WRONG_KIND, "Give a regular file: this is a device, pipe or socket"),
            errno(ErrNo.ENOMEM, "ENOMEM", NO_SPACE, ASK_LESS),
            errno(ErrNo.EACCES, "EACCES", ACCESS_DENIED, ASK_OR_GRANT),
            errno(ErrNo.EEXIST, "EEXIST", ALREADY_EXISTS, CHOOSE_NAME),
            errno(ErrNo.ENODEV, "ENODEV", WRONG_KIND, "Give a file of a file system whose files can be mapped"),
            errno(ErrNo.ENOTDIR, "ENOTDIR", NOT_FOUND, "Check the path"),
            errno(ErrNo.EISDIR, "EISDIR", WRONG_KIND, "Give a regular file: this is a directory"),
            errno(ErrNo.EINVAL, "EINVAL", SYSTEM_ERROR,
                    "The system refused an argument: check size, offset and length"),
            errno(ErrNo.ENFILE, "ENFILE", TOO_MANY_OPEN, CLOSE_SOME),
            errno(ErrNo.EMFILE, "EMFILE", TOO_MANY_OPEN, CLOSE_SOME),
            errno(ErrNo.ETXTBSY, "ETXTBSY", IN_USE, "Ask for READ_ONLY or COPY_ON_WRITE access: it is being executed"),
            errno(ErrNo.EFBIG, "EFBIG", NO_SPACE, ASK_LESS),
            errno(ErrNo.ENOSPC, "ENOSPC", NO_SPACE,
                    ASK_LESS + " (df shows how much there is; a container's /dev/shm is small unless told otherwise)"),
            errno(ErrNo.EROFS, "EROFS", ACCESS_DENIED, "Ask for READ_ONLY or COPY_ON_WRITE access"),
            errno(ErrNo.EAGAIN, "EAGAIN", IN_USE,
                    "Close it in the process that has it open, or do not ask for exclusive use"),
            errno(ErrNo.ENAMETOOLONG, "ENAMETOOLONG", BAD_NAME, "Shorten the name"),
            errno(ErrNo.ELOOP, "ELOOP", WRONG_KIND, "Choose another name, or remove the symbolic link that has it"),
            errno(ErrNo.EOVERFLOW, "EOVERFLOW", NO_SPACE, ASK_LESS),
            errno(ErrNo.EOPNOTSUPP, "EOPNOTSUPP", UNSUPPORTED,
                    "Mount a file system there that can do it, such as tmpfs"),
            errno(ErrNo.ENOSYS, "ENOSYS", UNSUPPORTED, "Use Linux 4.11 or newer, outside a sandbox that forbids it"));

    private SystemErrors() {}

    /**
     * The exception for a system call that failed.
     *
     * @param what what was being done, such as {@code Cannot open region "prices"}
     * @param call the function that failed
     */
    static SharedMemoryException failure(Source source, String what, String call, int code) {
        Entry entry = find(source, code);
        return new SharedMemoryException(
                entry.reason(),
                what + ": " + call + " failed with " + (entry.name().isEmpty() ? "error " : entry.name() + " (") + code
                        + (entry.name().isEmpty() ? ". " : "). ") + entry.hint() + ".",
                code,
                entry.name());
    }

    private static Entry find(Source source, int code) {
        for (Entry entry : TABLE) {
            if (entry.source() == source && entry.code() == code) {
                return entry;
            }
        }
        return new Entry(source, code, "", SYSTEM_ERROR, "Look the code up in the system's documentation");
    }

    private static Entry win32(int code, String name, Reason reason, String hint) {
        return new Entry(Source.WIN32, code, name, reason, hint);
    }

    private static Entry errno(int code, String name, Reason reason, String hint) {
        return new Entry(Source.ERRNO, code, name, reason, hint);
    }
}
