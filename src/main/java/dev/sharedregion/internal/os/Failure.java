package dev.sharedregion.internal.os;

import java.util.Objects;

/**
 * The operating system, or the state of a shared object, did not allow an operation. The public types turn it into
 * their own exception, which has the same parts.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why an operation failed. The constants are those of the public exception, which documents them. */
    public enum Reason {
        ALREADY_EXISTS,
        NOT_FOUND,
        ACCESS_DENIED,
        WRONG_KIND,
        TOO_SMALL,
        NO_SPACE,
        EMPTY_FILE,
        IN_USE,
        PEER_DIED,
        CLOSED,
        HANDLER_FAILED,
        CORRUPT,
        TOO_MANY_OPEN,
        BAD_NAME,
        UNSUPPORTED,
        SYSTEM_ERROR
    }

    private final Reason reason;
    private final int errorCode;
    private final String errorName;

    /** A failure that the library found by itself, without a code of the system. */
    public Failure(Reason reason, String message) {
        this(reason, message, 0, "");
    }

    /**
     * A failure with the system's code.
     *
     * @param errorCode the code, or 0
     * @param errorName the system's name for the code, or the empty string
     */
    public Failure(Reason reason, String message, int errorCode, String errorName) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
        this.errorCode = errorCode;
        this.errorName = errorName;
    }

    public Reason reason() {
        return reason;
    }

    public int errorCode() {
        return errorCode;
    }

    public String errorName() {
        return errorName;
    }
}
