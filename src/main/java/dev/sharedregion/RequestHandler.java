package dev.sharedregion;

import java.nio.ByteBuffer;

/** Answers the requests to a {@link RequestServer}. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Answers a request.
     *
     * @param request the request
     * @return the reply: the remaining bytes of this buffer. Do not change the buffer after the return, because it may
     *     be sent later. It may be the buffer of the request. Null is an empty reply
     * @throws Exception if there is no reply. The request then fails with {@link
     *     SharedMemoryException.Reason#HANDLER_FAILED} and the text of this exception
     */
    ByteBuffer handle(Request request) throws Exception;
}
