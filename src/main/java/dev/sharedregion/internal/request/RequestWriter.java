package dev.sharedregion.internal.request;

import dev.sharedregion.internal.message.Channel;
import dev.sharedregion.internal.message.ChannelWriter;
import dev.sharedregion.internal.message.ChannelWriter.Outgoing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Sends a client's requests and cancellations. */
final class RequestWriter implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ChannelWriter writer;
    private final long session;

    /** The cancellations for which there was no room yet. */
    private final Queue<Integer> unsent = new ConcurrentLinkedQueue<>();

    RequestWriter(ChannelWriter writer, long session) {
        this.writer = writer;
        this.session = session;
    }

    Channel channel() {
        return writer.channel();
    }

    /** Sends the remaining bytes of a buffer as a request. Returns false if the deadline passed before. */
    boolean send(int id, ByteBuffer request, long deadline) throws InterruptedException {
        sendCancellations();
        boolean fits = request.remaining() <= writer.largestRecord() - RequestFormat.REQUEST;
        return fits ? sendWhole(id, request, deadline) : sendParts(id, request, deadline);
    }

    private boolean sendWhole(int id, ByteBuffer request, long deadline) throws InterruptedException {
        int length = request.remaining();
        Outgoing claim = writer.claim(id, RequestFormat.REQUEST + length, deadline);
        if (claim == null) {
            return false;
        }
        boolean written = false;
        try {
            claim.bytes()
                    .putLong(RequestFormat.SESSION, session)
                    .put(RequestFormat.REQUEST, request, request.position(), length);
            written = true;
        } finally {
            if (!written) {
                writer.abort(claim);
            }
        }
        writer.commit(claim);
        return true;
    }

    private boolean sendParts(int id, ByteBuffer request, long deadline) throws InterruptedException {
        Outgoing parts = writer.begin(id, deadline);
        if (parts == null) {
            return false;
        }
        ByteBuffer head = ByteBuffer.allocate(RequestFormat.REQUEST).order(ByteOrder.nativeOrder());
        head.putLong(RequestFormat.SESSION, session);
        try {
            return writer.write(parts, head, deadline)
                    && writer.write(parts, request.duplicate(), deadline)
                    && writer.finish(parts, NOTHING, deadline);
        } finally {
            writer.abort(parts);
        }
    }

    /** Tells the server that nobody wants the reply to a request any more, now or as soon as there is room. */
    void cancel(int id) {
        unsent.add(id);
        sendCancellations();
    }

    /** Sends the cancellations for which there is room. */
    void sendCancellations() {
        if (!unsent.isEmpty()) {
            sendUnsent();
        }
    }

    private synchronized void sendUnsent() {
        for (Integer id = unsent.peek(); id != null; id = unsent.peek()) {
            if (!writer.offer(id | RequestFormat.OTHER, NOTHING)) {
                return;
            }
            unsent.poll();
        }
    }

    void dropCancellations() {
        unsent.clear();
    }

    boolean hasUnsent() {
        return !unsent.isEmpty();
    }

    @Override
    public void close() {
        writer.close();
    }
}
