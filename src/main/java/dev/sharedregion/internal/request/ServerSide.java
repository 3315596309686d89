package dev.sharedregion.internal.request;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.message.ChannelReader;
import dev.sharedregion.internal.message.ChannelWriter;
import dev.sharedregion.internal.message.LaneReader;
import dev.sharedregion.internal.message.TooLong;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongFunction;

/**
 * The server in this process. One thread takes the requests; any threads answer them. A request is copied, and its
 * memory in the channel released, before its handler runs. So a request that kills the server does not come again to
 * its successor, and a cancellation is seen although its request is being handled.
 */
public final class ServerSide implements AutoCloseable {
    /** What answers requests. */
    @FunctionalInterface
    public interface Handler {
        ByteBuffer handle(Incoming request) throws Exception;
    }

    /** The most requests that are taken before they are handed to their handlers. */
    private static final int MOST_TAKEN = 16;

    /** How often to look which clients have gone. */
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long to wait until a server that has just died has let go of a channel: its system closes one by one. */
    private static final long LETTING_GO_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String what;
    private final ChannelReader requests;
    private final LongFunction<ChannelWriter> replyOpener;
    private final LaneReader.Sink sink = ChannelReader.assembling(new Requests());

    /** The thread that takes requests, or null. */
    private final AtomicReference<Thread> server = new AtomicReference<>();

    /** The requests that were taken and are not handed to their handlers. For the server thread. */
    private final Queue<Incoming> taken = new ArrayDeque<>();

    /** For the server thread. */
    private long nextSweep = System.nanoTime() + SWEEP_NANOS;

    /** By the number of their lanes; null where there is none. Changed by the thread that has this object's lock. */
    private final AtomicReferenceArray<ServedClient> clients;

    /** What a handler's question whether its request is cancelled does at first. */
    private final Runnable look = this::look;

    private volatile boolean closed;

    /**
     * Takes the requests' channel over.
     *
     * @param replyOpener opens the channel of the replies to a session
     */
    ServerSide(String what, ChannelReader requests, LongFunction<ChannelWriter> replyOpener) {
        this.what = what;
        this.requests = requests;
        this.replyOpener = replyOpener;
        this.clients = new AtomicReferenceArray<>(requests.channel().shape().senders() + 1);
    }

    // Serving.

    /**
     * Takes requests, and has the executor call the handler, until this is closed.
     *
     * @param executor null to call the handler in this thread
     */
    public void serve(Handler handler, Executor executor) throws InterruptedException {
        StackSpace.require();
        checkOpen();
        Handler used = executor == null ? handler : requiring(handler);
        if (!server.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException("Another thread is serving the " + what + ", and one at a time does. Give "
                    + "it an executor to have several requests handled at a time.");
        }
        try {
            long now = System.nanoTime();
            while (!closed) {
                if (!take()) {
                    now = System.nanoTime();
                }
                Incoming next = taken.poll();
                if (next != null) {
                    hand(next, now, used, executor);
                }
                // While the client reads its reply.
                now = System.nanoTime();
                if (now - nextSweep >= 0) {
                    sweep();
                }
            }
        } catch (IllegalStateException e) {
            if (!closed) {
                throw e;
            }
        } finally {
            server.set(null);
        }
    }

    /** Waits for requests if there are none. Returns false if that may have taken more than some microseconds. */
    private boolean take() throws InterruptedException {
        int room = MOST_TAKEN - taken.size();
        if (!taken.isEmpty()) {
            Deadline.checkInterrupt();
            requests.poll(sink, null, room);
            return true;
        }
        if (requests.receiveSoon(sink, null, room) > 0) {
            return true;
        }
        requests.receive(sink, null, room, nextSweep);
        return false;
    }

    private void hand(Incoming request, long now, Handler handler, Executor executor) {
        if (request.isGivenUp() || request.client.isGone(now)) {
            request.client.drop(request);
        } else if (executor == null) {
            handle(request, handler);
        } else {
            execute(request, handler, executor);
        }
    }

    /** The handler for the threads of an executor, which have not required stack. */
    private static Handler requiring(Handler handler) {
        return request -> {
            StackSpace.require();
            return handler.handle(request);
        };
    }

    private static void execute(Incoming request, Handler handler, Executor executor) {
        try {
            executor.execute(() -> handle(request, handler));
        } catch (RejectedExecutionException e) {
            fail(request, e);
        }
    }

    private static void handle(Incoming request, Handler handler) {
        try {
            request.client.reply(request, handler.handle(request));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(request, e);
        } catch (Exception e) {
            fail(request, e);
        } catch (Error e) {
            fail(request, e);
            throw e;
        }
    }

    private static void fail(Incoming request, Throwable why) {
        request.client.fail(request, RequestFormat.HANDLER_FAILED, text(why));
    }

    private static String text(Throwable thrown) {
        try {
            return "its handler has thrown " + thrown;
        } catch (RuntimeException e) {
            return "its handler has thrown " + thrown.getClass().getName();
        }
    }

    /** Looks for cancellations, if this is the thread that takes requests, and it may take more of them. */
    private void look() {
        int room = MOST_TAKEN - taken.size();
        if (Thread.currentThread() == server.get() && room > 0) {
            try {
                requests.poll(sink, null, room);
            } catch (IllegalStateException | Failure e) {
                // Closed, and so is the client's channel. Or overwritten, which the next take finds, too.
            }
        }
    }

    private final class Requests implements ChannelReader.Messages {
        @Override
        public void accept(int sender, int type, ByteBuffer message) {
            int id = RequestFormat.id(type);
            if (!RequestFormat.isContent(type)) {
                cancel(sender, id);
            } else if (message.remaining() >= RequestFormat.REQUEST) {
                ServedClient client = client(sender, message.getLong(RequestFormat.SESSION));
                if (client != null) {
                    add(client, id, message);
                }
            }
        }

        private void add(ServedClient client, int id, ByteBuffer message) {
            ByteBuffer bytes = RequestFormat.copy(message, RequestFormat.REQUEST);
            Incoming request = new Incoming(client, id, bytes, look);
            if (client.begin(request)) {
                taken.add(request);
            }
        }

        private void cancel(int sender, int id) {
            ServedClient client = clients.get(sender);
            Incoming request = client == null ? null : client.unanswered(id);
            if (request != null) {
                request.cancel();
            }
        }

        @Override
        public void drop(int sender, int type, ByteBuffer beginning, TooLong why) {
            if (RequestFormat.isContent(type) && beginning.remaining() >= RequestFormat.REQUEST) {
                ServedClient client = client(sender, beginning.getLong(RequestFormat.SESSION));
                if (client != null) {
                    client.sendFailure(
                            type,
                            RequestFormat.TOO_LONG,
                            RequestFormat.text("the request", why, RequestFormat.REQUEST));
                }
            }
        }
    }

    // The clients.

    /** The client with this session in a lane; null if it has gone. */
    private ServedClient client(int lane, long session) {
        ServedClient client = clients.get(lane);
        return client != null && client.session == session ? client : newClient(lane, session);
    }

    private synchronized ServedClient newClient(int lane, long session) {
        drop(lane);
        ServedClient client = closed ? null : open(lane, session);
        clients.set(lane, client);
        nextSweep = System.nanoTime();
        return client;
    }

    private ServedClient open(int lane, long session) {
        Backoff backoff = Backoff.upTo(LETTING_GO_NANOS);
        while (true) {
            try {
                return new ServedClient(lane, session, replyOpener.apply(session));
            } catch (InternalError e) {
                // Another program has truncated the channel.
                return null;
            } catch (Failure e) {
                if (e.reason() != Reason.IN_USE || !backoff.pause()) {
                    return null;
                }
            }
        }
    }

    private void drop(int lane) {
        ServedClient client = clients.getAndSet(lane, null);
        if (client != null) {
            client.close();
        }
    }

    /** Closes the channels of clients that have gone. */
    private synchronized void sweep() {
        for (int lane = 1; lane < clients.length(); lane++) {
            ServedClient client = clients.get(lane);
            if (client != null && client.isGone(System.nanoTime())) {
                drop(lane);
            }
        }
        nextSweep = System.nanoTime() + SWEEP_NANOS;
    }

    // Close.

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The " + what + " is closed.");
        }
    }

    public boolean isClosed() {
        return closed;
    }

    public int capacity() {
        return requests.channel().shape().capacity();
    }

    /** Ends serving, tells the clients, and gives everything back. May be called again. */
    @Override
    public void close() {
        closed = true;
        try {
            synchronized (this) {
                for (int lane = 1; lane < clients.length(); lane++) {
                    ServedClient client = clients.get(lane);
                    if (client != null) {
                        client.sayClosed();
                        drop(lane);
                    }
                }
            }
        } finally {
            // At last, so that a successor finds the clients' channels free.
            requests.close();
        }
    }

    @Override
    public String toString() {
        return what + (closed ? " (closed)" : " (" + requests + ")");
    }
}
