package dev.sharedregion.internal.request;

import dev.sharedregion.internal.message.Channel.Receiver;

/** A request that was not answered yet. */
public final class Pending {
    final int id;
    final long deadline;
    final Asker asker;

    /**
     * The server that may have the request, or the last one that was there before it was sent; null until it is being
     * sent. Guarded by this.
     */
    private Receiver server;

    Pending(int id, long deadline, Asker asker) {
        this.id = id;
        this.deadline = deadline;
        this.asker = asker;
    }

    /** Whether a thread waits for the reply, and for nothing else. */
    boolean isCall() {
        return asker instanceof Call;
    }

    /** Says which server was there when the request began to be sent. */
    synchronized void sendTo(Receiver now) {
        server = now;
    }

    /** Whether a server that may have had the request has gone. */
    synchronized boolean isLost(Receiver now) {
        if (server == null || now.equals(server)) {
            return false;
        }
        // A server that was not there before is gone already, or it is the one that gets the request. One that has been
        // there meanwhile and was closed has told what it had.
        boolean lost = server.alive() || !now.alive() && now.word() != 0;
        if (!lost) {
            server = now;
        }
        return lost;
    }

    /** The word of the server that has gone, once it is lost. */
    synchronized long lostServer(Receiver now) {
        return server.alive() ? server.word() : now.word();
    }
}
