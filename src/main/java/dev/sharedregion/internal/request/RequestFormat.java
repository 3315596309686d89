package dev.sharedregion.internal.request;

import dev.sharedregion.internal.message.TooLong;
import dev.sharedregion.internal.os.Failure.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What requests and replies are as messages. {@code src/docs/requests.md} has the protocol. */
public final class RequestFormat {
    /** In a message's type: a cancellation, if a client has sent it, and a failure, if the server has. */
    public static final int OTHER = 1 << 31;

    /** int64, at the start of a request: the session of its client. */
    public static final int SESSION = 0;

    /** The bytes of a request begin here. */
    public static final int REQUEST = 8;

    /** int32, at the start of a failure: why the server has no reply. */
    public static final int CAUSE = 0;

    /** The text of a failure in UTF-8 begins here. */
    public static final int TEXT = 4;

    /** A failure's cause: the handler has thrown what the text says. */
    public static final int HANDLER_FAILED = 1;

    /** A failure's cause: the server was closed. */
    public static final int SERVER_CLOSED = 2;

    /** A failure's cause: the request is longer than the server takes. */
    public static final int TOO_LONG = 3;

    private RequestFormat() {}

    /** The id of the request that a message of this type is about. */
    static int id(int type) {
        return type & ~OTHER;
    }

    /** Whether a message of this type is a request, or a reply to one. */
    static boolean isContent(int type) {
        return (type & OTHER) == 0;
    }

    /** The reason of a failure with this cause. */
    static Reason reason(int cause) {
        return switch (cause) {
            case SERVER_CLOSED -> Reason.CLOSED;
            case TOO_LONG -> Reason.NO_SPACE;
            default -> Reason.HANDLER_FAILED;
        };
    }

    /** Says what was dropped: a request or a reply, which begins at this place in its message. */
    static String text(String dropped, TooLong why, int from) {
        return dropped + " of " + (why.length() - from) + " bytes was dropped, because at most " + (why.limit() - from)
                + " bytes are taken. RequestOptions.longest sets that number.";
    }

    /** A copy of the bytes from this place on, in native order. */
    static ByteBuffer copy(ByteBuffer message, int from) {
        int length = message.remaining() - from;
        return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder()).put(0, message, from, length);
    }
}
