package dev.sharedregion.internal.request;

import java.nio.ByteBuffer;

/** A request that the server has taken. */
public final class Incoming implements RequestTable.Entry {
    final ServedClient client;
    final int id;
    private final ByteBuffer bytes;
    private final Runnable look;
    private volatile boolean cancelled;

    /**
     * @param bytes of the request, which are its own
     * @param look looks for cancellations, if this thread is the one that does
     */
    Incoming(ServedClient client, int id, ByteBuffer bytes, Runnable look) {
        this.client = client;
        this.id = id;
        this.bytes = bytes;
        this.look = look;
    }

    @Override
    public int id() {
        return id;
    }

    /** The bytes of the request, in native order. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** The number of the client's lane. */
    public int client() {
        return client.number;
    }

    void cancel() {
        cancelled = true;
    }

    /** Whether it is known that nobody wants the reply any more. */
    boolean isGivenUp() {
        return cancelled;
    }

    /** Looks whether nobody wants the reply any more. */
    public boolean isCancelled() {
        if (!cancelled) {
            look.run();
            if (client.isGone(System.nanoTime())) {
                cancelled = true;
            }
        }
        return cancelled;
    }
}
