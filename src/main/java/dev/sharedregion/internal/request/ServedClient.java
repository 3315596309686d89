package dev.sharedregion.internal.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sharedregion.internal.message.ChannelWriter;
import dev.sharedregion.internal.os.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** A client, as the server sees it: its unanswered requests, and the channel of its replies. */
final class ServedClient implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** How long to believe that the client still lives. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    final int number;
    final long session;
    private final ChannelWriter writer;
    private final ReplyQueue queue;
    private final RequestTable<Incoming> unanswered = new RequestTable<>();
    private volatile boolean gone;
    private volatile long nextLook = System.nanoTime();

    ServedClient(int number, long session, ChannelWriter writer) {
        this.number = number;
        this.session = session;
        this.writer = writer;
        this.queue = new ReplyQueue(writer);
    }

    /** Notes a request. Returns false if there is one with its id. */
    boolean begin(Incoming request) {
        return unanswered.add(request);
    }

    /** The unanswered request with this id, or null. */
    Incoming unanswered(int id) {
        return unanswered.get(id);
    }

    /** Answers a request, unless it was answered before or nobody wants the answer. */
    void reply(Incoming request, ByteBuffer reply) {
        if (unanswered.remove(request) && !request.isGivenUp()) {
            send(request.id, reply == null ? NOTHING : reply);
        }
    }

    /** Answers a request with a failure, likewise. */
    void fail(Incoming request, int cause, String why) {
        if (unanswered.remove(request) && !request.isGivenUp()) {
            sendFailure(request.id, cause, why);
        }
    }

    /** Forgets a request whose answer nobody wants. */
    void drop(Incoming request) {
        unanswered.remove(request);
    }

    void sendFailure(int id, int cause, String why) {
        byte[] text = why.getBytes(UTF_8);
        ByteBuffer failure = ByteBuffer.allocate(RequestFormat.TEXT + text.length).order(ByteOrder.nativeOrder());
        failure.putInt(RequestFormat.CAUSE, cause).put(RequestFormat.TEXT, text);
        send(id | RequestFormat.OTHER, failure);
    }

    private void send(int type, ByteBuffer bytes) {
        try {
            boolean fits = bytes.remaining() <= writer.largestRecord();
            if (!fits || !queue.isEmpty() || !writer.offer(type, bytes)) {
                queue.add(type, bytes);
            }
        } catch (IllegalStateException | Failure | InternalError e) {
            // The client has gone, and this is closed; or another program has overwritten or truncated its channel.
            gone = true;
        }
    }

    /** Whether the client has closed its side or died, as it was at most 50 ms ago. */
    boolean isGone(long now) {
        if (!gone && now - nextLook >= 0) {
            look();
        }
        return gone;
    }

    private void look() {
        nextLook = System.nanoTime() + LOOK_NANOS;
        try {
            gone = !writer.channel().receiver().alive();
        } catch (IllegalStateException | InternalError e) {
            gone = true;
        } catch (Failure e) {
            // The system does not tell. The next look asks again.
        }
    }

    /** Tells the client that the server closes. */
    void sayClosed() {
        unanswered.all().forEach(each ->
                fail(each, RequestFormat.SERVER_CLOSED, "the server was closed before it has replied."));
    }

    /** Drops what was not sent to the client. */
    @Override
    public void close() {
        gone = true;
        queue.close();
        writer.close();
    }
}
