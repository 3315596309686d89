package dev.sharedregion.internal.linux;

import static dev.sharedregion.internal.os.Failure.Reason.ACCESS_DENIED;
import static dev.sharedregion.internal.os.Failure.Reason.ALREADY_EXISTS;
import static dev.sharedregion.internal.os.Failure.Reason.BAD_NAME;
import static dev.sharedregion.internal.os.Failure.Reason.IN_USE;
import static dev.sharedregion.internal.os.Failure.Reason.NOT_FOUND;
import static dev.sharedregion.internal.os.Failure.Reason.NO_SPACE;
import static dev.sharedregion.internal.os.Failure.Reason.SYSTEM_ERROR;
import static dev.sharedregion.internal.os.Failure.Reason.TOO_MANY_OPEN;
import static dev.sharedregion.internal.os.Failure.Reason.UNSUPPORTED;
import static dev.sharedregion.internal.os.Failure.Reason.WRONG_KIND;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.internal.os.ErrorTable;
import dev.sharedregion.internal.os.ErrorTable.Entry;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Operation;

/** The error codes of Linux, see {@code errno(3)}. */
public final class Errno {
    private static final String START_FIRST = "Start the process that creates it first";
    private static final String CHOOSE_NAME = "Open it instead, or choose another name";
    private static final String ASK_LESS = "Ask for less, or free some memory or disk space";
    private static final String CLOSE_SOME =
            "Close regions and events that are no longer used, or raise the limit";
    private static final String ASK_OR_GRANT =
            "Ask for less access, or have the owner grant this user more (Permissions, at creation)";

    public static final ErrorTable TABLE = new ErrorTable(
            new Entry(ErrNo.EPERM, "EPERM", ACCESS_DENIED, "Run as the user who owns it"),
            new Entry(ErrNo.ENOENT, "ENOENT", NOT_FOUND, START_FIRST),
            new Entry(ErrNo.ENXIO, "ENXIO", WRONG_KIND, "Give a regular file: this is a device, pipe or socket"),
            new Entry(ErrNo.ENOMEM, "ENOMEM", NO_SPACE, ASK_LESS),
            new Entry(ErrNo.EACCES, "EACCES", ACCESS_DENIED, ASK_OR_GRANT),
            new Entry(ErrNo.EEXIST, "EEXIST", ALREADY_EXISTS, CHOOSE_NAME),
            new Entry(ErrNo.ENODEV, "ENODEV", WRONG_KIND, "Give a file of a file system whose files can be mapped"),
            new Entry(ErrNo.ENOTDIR, "ENOTDIR", NOT_FOUND, "Check the path"),
            new Entry(ErrNo.EISDIR, "EISDIR", WRONG_KIND, "Give a regular file: this is a directory"),
            new Entry(ErrNo.EINVAL, "EINVAL", SYSTEM_ERROR,
                    "The system refused an argument: check size, offset and length"),
            new Entry(ErrNo.ENFILE, "ENFILE", TOO_MANY_OPEN, CLOSE_SOME),
            new Entry(ErrNo.EMFILE, "EMFILE", TOO_MANY_OPEN, CLOSE_SOME),
            new Entry(ErrNo.ETXTBSY, "ETXTBSY", IN_USE,
                    "Ask for READ_ONLY or COPY_ON_WRITE access: the file is being executed"),
            new Entry(ErrNo.EFBIG, "EFBIG", NO_SPACE, ASK_LESS),
            new Entry(ErrNo.ENOSPC, "ENOSPC", NO_SPACE,
                    ASK_LESS + " (df shows how much is free; a container's /dev/shm is small by default)"),
            new Entry(ErrNo.EROFS, "EROFS", ACCESS_DENIED, "Ask for READ_ONLY or COPY_ON_WRITE access"),
            new Entry(ErrNo.EAGAIN, "EAGAIN", IN_USE,
                    "Close it in the process that has it open, or do not ask for exclusive use"),
            new Entry(ErrNo.ENAMETOOLONG, "ENAMETOOLONG", BAD_NAME, "Shorten the name"),
            new Entry(ErrNo.ELOOP, "ELOOP", WRONG_KIND, "Choose another name, or remove the symbolic link that has it"),
            new Entry(ErrNo.EOVERFLOW, "EOVERFLOW", NO_SPACE, ASK_LESS),
            new Entry(ErrNo.EOPNOTSUPP, "EOPNOTSUPP", UNSUPPORTED,
                    "Mount a file system there that supports this, such as tmpfs"),
            new Entry(ErrNo.ENOSYS, "ENOSYS", UNSUPPORTED,
                    "Use Linux 4.11 or newer, outside a sandbox that forbids it"));

    private Errno() {}

    /** The failure of a call that has just failed in this thread. */
    static Failure last(Operation operation, String call) {
        return failure(operation, call, Native.getLastError());
    }

    static Failure failure(Operation operation, String call, int code) {
        return TABLE.failure(operation, call, code);
    }

    /** Returns the result of a call, or fails if it is negative. */
    static int check(int result, Operation operation, String call) {
        if (result < 0) {
            throw last(operation, call);
        }
        return result;
    }

    /**
     * Returns true if a call succeeded, and false if it failed with the one code that its caller knows how to handle.
     * Fails if it failed with another one.
     */
    static boolean succeeded(int result, int known, Operation operation, String call) {
        if (result < 0 && Native.getLastError() != known) {
            throw last(operation, call);
        }
        return result >= 0;
    }
}
