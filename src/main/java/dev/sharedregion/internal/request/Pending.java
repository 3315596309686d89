package dev.sharedregion.internal.request;

import dev.sharedregion.internal.message.Channel.Receiver;
import java.util.concurrent.atomic.AtomicReference;

/** A request that was not answered yet. */
public final class Pending implements RequestTable.Entry {
    final int id;
    final long deadline;
    final Asker asker;

    /**
     * The server that may have the request, or the last one that was there before it was sent; null until it is being
     * sent. From then on changed in turn only.
     */
    private final AtomicReference<Receiver> server = new AtomicReference<>();

    Pending(int id, long deadline, Asker asker) {
        this.id = id;
        this.deadline = deadline;
        this.asker = asker;
    }

    @Override
    public int id() {
        return id;
    }

    /** Whether a thread waits for the reply, and for nothing else. */
    boolean isCall() {
        return asker instanceof Call;
    }

    /** Says which server was there when the request began to be sent. */
    void sendTo(Receiver now) {
        server.setRelease(now);
    }

    /** Whether a server that may have had the request has gone. */
    synchronized boolean isLost(Receiver now) {
        Receiver before = server.get();
        if (before == null || now.equals(before)) {
            return false;
        }
        // A server that was not there before is gone already, or it is the one that gets the request. One that has been
        // there meanwhile and was closed has told what it had.
        boolean lost = before.alive() || !now.alive() && now.word() != 0;
        if (!lost) {
            server.set(now);
        }
        return lost;
    }

    /** The word of the server that has gone, once it is lost. */
    synchronized long lostServer(Receiver now) {
        return server.get().alive() ? server.get().word() : now.word();
    }
}
