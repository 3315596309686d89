package dev.sharedregion;

import dev.sharedregion.internal.os.Failure;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The operating system, or the state of a shared object, did not allow what was asked. The message says what was asked,
 * which call failed and with what code, and what to do; {@link #reason()} is for programs.
 *
 * <p>Wrong arguments are not reported with this exception but with {@link IllegalArgumentException},
 * {@link IndexOutOfBoundsException} or {@link NullPointerException}; use after close is an
 * {@link IllegalStateException}.
 */
public final class SharedMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why an operation failed: a closed list, the same on every system. */
    public enum Reason {
        /** The name is taken, by a living object or by another program's file. */
        ALREADY_EXISTS,
        /** No object has this name, or no file this path. */
        NOT_FOUND,
        /** The system refuses the access that was asked for. */
        ACCESS_DENIED,
        /** The name belongs to another kind of object: an event, not a region; a directory, not a file. */
        WRONG_KIND,
        /** The object exists but is smaller than what was asked for. */
        TOO_SMALL,
        /** Not enough memory, disk space or address space. */
        NO_SPACE,
        /** The file is empty and no size was given to grow it to. */
        EMPTY_FILE,
        /** Another process uses the file, or is removing the object, in a way that excludes this use. */
        IN_USE,
        /** The process on the other side of a pair has ended without closing it. */
        PEER_DIED,
        /** The other side of a pair has closed it. */
        CLOSED,
        /** What is in a shared object cannot be there: another program has written over it. */
        CORRUPT,
        /** The process or the system holds as many handles, descriptors or mappings as it may. */
        TOO_MANY_OPEN,
        /** The system does not accept the name. */
        BAD_NAME,
        /** The system, or a part of it, lacks what the library needs. */
        UNSUPPORTED,
        /** A failure that the library has no word for: see {@link #errorCode()}. */
        SYSTEM_ERROR
    }

    /** Why it failed. */
    private final Reason reason;

    /** The system's code, or 0. */
    private final int errorCode;

    /** The system's name for the code, or the empty string. */
    private final String errorName;

    /**
     * An exception without a system's code. The library throws such exceptions itself; this is for programs that test how they
     * handle one.
     *
     * @param reason why the operation failed
     * @param message what was asked, what failed and what to do
     * @throws NullPointerException if the reason is null
     */
    public SharedMemoryException(Reason reason, String message) {
        this(reason, message, 0, "");
    }

    /**
     * An exception with a system's code. The library throws such exceptions itself; this is for programs that test how they
     * handle one.
     *
     * @param reason why the operation failed
     * @param message what was asked, what failed and what to do
     * @param errorCode the system's code, or 0
     * @param errorName the system's name for the code, or the empty string
     * @throws NullPointerException if the reason or the name is null
     */
    public SharedMemoryException(Reason reason, String message, int errorCode, String errorName) {
        super(message);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.errorCode = errorCode;
        this.errorName = Objects.requireNonNull(errorName, "errorName");
    }

    /** The exception for a failure inside of the library, with the place where that came up. */
    static SharedMemoryException of(Failure failure) {
        SharedMemoryException exception = new SharedMemoryException(
                Reason.valueOf(failure.reason().name()), failure.getMessage(), failure.errorCode(), failure.errorName());
        exception.setStackTrace(failure.getStackTrace());
        for (Throwable suppressed : failure.getSuppressed()) {
            exception.addSuppressed(suppressed instanceof Failure also ? of(also) : suppressed);
        }
        return exception;
    }

    /** Runs a call into the library, and turns its failure into an exception. */
    static <T> T translating(Supplier<T> call) {
        try {
            return call.get();
        } catch (Failure e) {
            throw of(e);
        }
    }

    /**
     * Why it failed.
     *
     * @return the reason, never null
     */
    public Reason reason() {
        return reason;
    }

    /**
     * The operating system's own code: what {@code GetLastError} returned on Windows, {@code errno} on Linux.
     *
     * @return the code, or 0 where the library found the failure itself and no system call failed
     */
    public int errorCode() {
        return errorCode;
    }

    /**
     * The operating system's own name for {@link #errorCode()}, such as {@code ERROR_FILE_NOT_FOUND} or {@code ENOENT}.
     *
     * @return the name; the empty string where there is no code or no known name for it
     */
    public String errorName() {
        return errorName;
    }
}
