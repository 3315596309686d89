package dev.sharedregion;

import dev.sharedregion.internal.os.Failure;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Thrown if the operating system, or the state of a shared object, did not allow an operation. The message says what
 * was asked, which call failed with what code, and what to do. {@link #reason()} is the same information for programs.
 *
 * <p>Wrong arguments are reported with {@link IllegalArgumentException}, {@link IndexOutOfBoundsException} or
 * {@link NullPointerException} instead. Use after close is reported with {@link IllegalStateException}.
 */
public final class SharedMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why an operation failed. The list is complete, and the same on every system. */
    public enum Reason {
        /** The name is in use: by an existing object, a pair's server, or another program's file. */
        ALREADY_EXISTS,
        /** No object has this name, or no file has this path. */
        NOT_FOUND,
        /** The system refuses the access that was asked for. */
        ACCESS_DENIED,
        /**
         * The name belongs to another kind of object: for example an event instead of a region, a directory instead of
         * a file, or a table of values of another size.
         */
        WRONG_KIND,
        /** The object exists but is smaller than the size that was asked for. */
        TOO_SMALL,
        /** There is not enough memory, disk space or address space, or a message is too long for its receiver. */
        NO_SPACE,
        /** The file is empty, and no size was given to grow it to. */
        EMPTY_FILE,
        /**
         * Another process uses the file in a way that excludes this use, is the client of the pair, the writer of the
         * table or the server of the requests, is stopped in the middle of a signal, or is removing the object. Or the
         * channel has as many senders or receivers as it has room for.
         */
        IN_USE,
        /** The process on the other side of a pair, or the server of a request, has ended without closing it. */
        PEER_DIED,
        /** The other side of a pair, or the server of a request, has closed it. */
        CLOSED,
        /** The server's handler of a request has thrown an exception. The message contains the exception's text. */
        HANDLER_FAILED,
        /** A shared object has a content that the library never writes: another program has overwritten it. */
        CORRUPT,
        /**
         * The process or the system has reached its limit of handles, descriptors or mappings, or a lock its limit of
         * users.
         */
        TOO_MANY_OPEN,
        /** The system does not accept the name. */
        BAD_NAME,
        /** The system, or a part of it, lacks something that the library needs. */
        UNSUPPORTED,
        /** Any other failure: see {@link #errorCode()}. */
        SYSTEM_ERROR
    }

    /** Why the operation failed. */
    private final Reason reason;

    /** The system's code, or 0. */
    private final int errorCode;

    /** The system's name for the code, or the empty string. */
    private final String errorName;

    /**
     * Creates an exception without a system code. The library throws such exceptions itself. Programs use this
     * constructor to test how they handle one.
     *
     * @param reason why the operation failed
     * @param message what was asked, what failed and what to do
     * @throws NullPointerException if the reason is null
     */
    public SharedMemoryException(Reason reason, String message) {
        this(reason, message, 0, "");
    }

    /**
     * Creates an exception with a system code. The library throws such exceptions itself. Programs use this
     * constructor to test how they handle one.
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

    /** Returns the exception for a failure inside the library, with the stack trace of that failure. */
    static SharedMemoryException of(Failure failure) {
        Reason reason = Reason.valueOf(failure.reason().name());
        SharedMemoryException exception = new SharedMemoryException(
                reason, failure.getMessage(), failure.errorCode(), failure.errorName());
        exception.setStackTrace(failure.getStackTrace());
        for (Throwable suppressed : failure.getSuppressed()) {
            exception.addSuppressed(suppressed instanceof Failure also ? of(also) : suppressed);
        }
        return exception;
    }

    /** Calls into the library and turns a failure into an exception. */
    static <T> T translating(Supplier<T> call) {
        try {
            return call.get();
        } catch (Failure e) {
            throw of(e);
        }
    }

    /**
     * Returns why the operation failed.
     *
     * @return the reason, never null
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns true if the other side of a pair, or the server of a request, is gone: the reason is {@link
     * Reason#PEER_DIED} or {@link Reason#CLOSED}. A successor can take its place: {@link EventPair#awaitPeer} waits for
     * the successor in a pair, and a further request waits for the next server.
     *
     * @return true if the peer's process has ended or the peer has closed the object
     */
    public boolean isPeerGone() {
        return reason == Reason.PEER_DIED || reason == Reason.CLOSED;
    }

    /**
     * Returns the operating system's code: the result of {@code GetLastError} on Windows, {@code errno} on Linux.
     *
     * @return the code, or 0 if the library found the failure itself and no system call failed
     */
    public int errorCode() {
        return errorCode;
    }

    /**
     * Returns the operating system's name for {@link #errorCode()}, such as {@code ERROR_FILE_NOT_FOUND} or
     * {@code ENOENT}.
     *
     * @return the name, or the empty string if there is no code or the code has no known name
     */
    public String errorName() {
        return errorName;
    }
}
