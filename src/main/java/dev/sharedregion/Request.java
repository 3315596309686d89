package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.request.Incoming;
import java.nio.ByteBuffer;

/** A request to a {@link RequestServer}, which a {@link RequestHandler} answers. */
public final class Request {
    private final Incoming incoming;

    Request(Incoming incoming) {
        this.incoming = incoming;
    }

    /**
     * Returns the bytes of the request, in the machine's byte order. They are a copy for this request alone: the
     * handler may keep and change them.
     *
     * @return the same buffer at each call
     */
    public ByteBuffer bytes() {
        return incoming.bytes();
    }

    /**
     * Returns true if the reply is no longer needed: the client's timeout has passed, or the client has cancelled the
     * request, has closed its side, or its process has ended. The end of a process is detected within 50 milliseconds.
     * A long handler can call this method at intervals, and end early. Its reply is then dropped.
     *
     * @return true if the reply will be dropped
     */
    public boolean isCancelled() {
        StackSpace.require();
        return incoming.isCancelled();
    }

    /**
     * Returns the number of the client, from 1 on. At any time, no two clients of the server have the same number. When
     * a client has gone, another one may get its number.
     *
     * @return the number
     */
    public int client() {
        return incoming.client();
    }

    /** Returns the number of bytes and the client, for messages. */
    @Override
    public String toString() {
        return "request of " + bytes().capacity() + " bytes from client " + client();
    }
}
