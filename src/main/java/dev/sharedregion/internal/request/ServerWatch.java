package dev.sharedregion.internal.request;

import dev.sharedregion.internal.message.Channel;
import dev.sharedregion.internal.message.Channel.Receiver;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import java.util.concurrent.TimeUnit;

/** Which process is the server: the receiver of the requests. Looks at it from time to time, for a client. */
final class ServerWatch {
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String what;
    private final Channel requests;
    private volatile Receiver server = new Receiver(0, false);
    private volatile long nextLook = System.nanoTime();

    /** Whether the last look has found a server alive again that had died. Guarded by this. */
    private boolean wasRevived;

    ServerWatch(String what, Channel requests) {
        this.what = what;
        this.requests = requests;
    }

    /** When the next look is due. */
    long nextLook() {
        return nextLook;
    }

    boolean isDue(long now) {
        return now - nextLook >= 0;
    }

    /** The server, as it was at most 50 ms ago. */
    Receiver server(long now) {
        return isDue(now) ? look() : server;
    }

    /** Whether there was a server at the last look. */
    boolean isThere() {
        return server.alive();
    }

    /** Looks now. */
    synchronized Receiver look() {
        nextLook = System.nanoTime() + LOOK_NANOS;
        Receiver found = requests.receiver();
        boolean revived = found.alive() && !server.alive() && found.word() == server.word();
        // Another process that takes the place has it a moment before it writes its word. The same process keeps it.
        server = revived && !wasRevived ? server : found;
        wasRevived = revived;
        return server;
    }

    /** The failure of a request to a server that has gone. */
    Failure gone(Pending asked, Receiver now) {
        Operation operation = new Operation("get a reply from", what);
        String process = OwnerSlot.process(asked.lostServer(now));
        return now.word() == 0
                ? operation.failure(Reason.CLOSED, process + " has closed it. It may have handled the request.")
                : operation.failure(
                        Reason.PEER_DIED,
                        process + " is not the server any more, and may have handled the request. Ask the next one.");
    }
}
