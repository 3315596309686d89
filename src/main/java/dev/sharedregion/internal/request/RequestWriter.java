package dev.sharedregion.internal.request;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.message.Channel;
import dev.sharedregion.internal.message.ChannelWriter;
import dev.sharedregion.internal.message.ChannelWriter.Outgoing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Sends a client's requests and cancellations. */
final class RequestWriter implements AutoCloseable {
    /** What is told how far a request is. */
    interface Progress {
        /**
         * There is room, and now it is sent.
         *
         * @param now the time, or a little before
         */
        void begin(long now);

        /** Some of it may have been sent. Throws if no more is to be sent. */
        void goOn();
    }

    /** Writes a part of a request, and goes on when it is called again. */
    @FunctionalInterface
    private interface Writing {
        /** Returns false if the deadline passed before it was done. */
        boolean until(long deadline) throws InterruptedException;
    }

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

    /** Sends the remaining bytes of a buffer as a request, if there is room at once for all of them. */
    boolean offer(int id, ByteBuffer request, long now, Progress progress) {
        sendCancellations();
        int length = request.remaining();
        return fits(length)
                && writer.offer(id, RequestFormat.REQUEST + length, (ring, at) -> {
                    progress.begin(now);
                    write(ring, at, request, length);
                });
    }

    /** Sends the remaining bytes of a buffer as a request. Returns false if the deadline passed before. */
    boolean send(int id, ByteBuffer request, long deadline, Progress progress) throws InterruptedException {
        int length = request.remaining();
        if (!fits(length)) {
            return sendParts(id, request, deadline, progress);
        }
        ChannelWriter.Content content = (ring, at) -> {
            progress.begin(System.nanoTime());
            write(ring, at, request, length);
        };
        return writer.sendWhenRoom(id, RequestFormat.REQUEST + length, content, deadline);
    }

    private boolean fits(int length) {
        return length <= writer.largestRecord() - RequestFormat.REQUEST;
    }

    private void write(ByteBuffer ring, int at, ByteBuffer request, int length) {
        ring.putLong(at + RequestFormat.SESSION, session);
        ring.put(at + RequestFormat.REQUEST, request, request.position(), length);
    }

    private boolean sendParts(int id, ByteBuffer request, long deadline, Progress progress)
            throws InterruptedException {
        Outgoing parts = writer.begin(id, deadline);
        if (parts == null) {
            return false;
        }
        ByteBuffer head = ByteBuffer.allocate(RequestFormat.REQUEST).order(ByteOrder.nativeOrder());
        head.putLong(RequestFormat.SESSION, session);
        try {
            progress.begin(System.nanoTime());
            return write(end -> writer.write(parts, head, end), deadline, progress)
                    && write(rest(parts, request), deadline, progress)
                    && write(end -> writer.finish(parts, NOTHING, end), deadline, progress);
        } finally {
            writer.abort(parts);
        }
    }

    private Writing rest(Outgoing parts, ByteBuffer request) {
        ByteBuffer rest = request.duplicate();
        return end -> writer.write(parts, rest, end);
    }

    /** Writes until all is written or the deadline has passed, and tells now and then that it goes on. */
    private static boolean write(Writing writing, long deadline, Progress progress) throws InterruptedException {
        while (!writing.until(Deadline.earlier(deadline, System.nanoTime() + ServerWatch.LOOK_NANOS))) {
            progress.goOn();
            if (Deadline.hasPassed(deadline)) {
                return false;
            }
        }
        return true;
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
