package dev.sharedregion.internal.request;

import dev.sharedregion.internal.message.Channel;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import java.util.concurrent.TimeUnit;

/** Which process is the server: the receiver of the requests. Looks at it from time to time, for a client. */
final class ServerWatch {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String what;
    private final Channel requests;
    private volatile long server;
    private volatile long nextLook = System.nanoTime();

    ServerWatch(String what, Channel requests) {
        this.what = what;
        this.requests = requests;
    }

    /** When the next look is due. */
    long nextLook() {
        return nextLook;
    }

    /** The word of the server's process, as it was at most 50 ms ago; 0 if there is no server. */
    long server() {
        return isDue() ? look() : server;
    }

    /** Whether there was a server at the last look. */
    boolean isThere() {
        return server != 0;
    }

    boolean isDue() {
        return System.nanoTime() - nextLook >= 0;
    }

    /** Looks now. */
    long look() {
        nextLook = System.nanoTime() + LOOK_NANOS;
        long found = requests.receiver();
        server = found;
        return found;
    }

    /** The failure of a request to a server that has gone. */
    Failure gone(long which) {
        Operation operation = new Operation("get a reply from", what);
        String process = OwnerSlot.process(which);
        return requests.isReceiverClosed()
                ? operation.failure(Reason.CLOSED, process + " has closed it. It may have begun with the request.")
                : operation.failure(
                        Reason.PEER_DIED,
                        process + ", which was the server, has ended or closed it. It may have begun with the request.");
    }
}
