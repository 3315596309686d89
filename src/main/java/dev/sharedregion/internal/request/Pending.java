package dev.sharedregion.internal.request;

/** A request that was not answered yet. */
public final class Pending {
    final int id;
    final long deadline;
    final Asker asker;

    /** The process that was the server when the request was sent. 0: there was none, or it is not sent yet. */
    volatile long server;

    Pending(int id, long deadline, Asker asker) {
        this.id = id;
        this.deadline = deadline;
        this.asker = asker;
    }

    /** Whether a thread waits for the reply, and for nothing else. */
    boolean isCall() {
        return asker instanceof Call;
    }
}
