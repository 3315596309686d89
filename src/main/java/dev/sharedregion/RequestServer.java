package dev.sharedregion;

import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.message.ChannelOpener.Mode;
import dev.sharedregion.internal.message.ChannelShape;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.request.RequestNames;
import dev.sharedregion.internal.request.RequestOpener;
import dev.sharedregion.internal.request.ServerSide;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Answers the requests of any number of {@linkplain RequestClient clients}, which may be other processes.
 *
 * <pre>{@code
 * try (RequestServer prices = RequestServer.openOrCreate("prices", 1 << 16)) {
 *     prices.serve(request -> UTF_8.encode(price(UTF_8.decode(request.bytes()))));
 * }
 * }</pre>
 *
 * <p><b>Objects.</b> The requests to the server {@code x} are the channel {@code x.requests}, as {@link
 * MessageReceiver} says. The replies to a client are a channel that this client creates.
 *
 * <p><b>Requests.</b> A request is handed to its handler at most once. If this process is killed while it handles a
 * request, the client detects that, and the successor of this server does not get the request again. Requests that this
 * server has not taken stay in the channel for the next one.
 *
 * <p><b>Replies.</b> A client that is stopped, or does not take its replies, delays neither this server nor other
 * clients. Replies for which its channel has no room are sent by a separate thread. For each client, up to 16 MiB of
 * these and one more reply are kept. Further replies are dropped, and the timeout of their requests passes.
 *
 * <p><b>Lifetime.</b> There is one server at a time. After it was closed or its process has ended, even by {@code kill
 * -9}, {@link #openOrCreate(String, int)} opens a successor. The successor answers the same clients.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread, but one thread at a time serves. {@link
 * #close()} ends {@code serve}. It does not wait for handlers that are running. The requests that were taken and are
 * not answered then fail with {@link SharedMemoryException.Reason#CLOSED}. After it, every method except {@link
 * #close()}, {@link #name()}, {@link #capacity()}, {@link #isClosed()} and {@code toString()} throws {@link
 * IllegalStateException}. If a server becomes unreachable without being closed, the garbage collector closes it.
 *
 * <p><b>When another program overwrites the channels.</b> A process that may write to them can write anything. The
 * server may then get requests that no client has sent. {@code serve} fails with the reason {@code CORRUPT} if it finds
 * that {@code x.requests} is overwritten. If a client's channel of replies is overwritten, that client gets no replies.
 */
public final class RequestServer implements AutoCloseable {
    private final String name;
    private final ServerSide side;
    private final Closer closer;

    private RequestServer(String name, ServerSide side) {
        this.name = name;
        this.side = side;
        this.closer = new Closer(this, side::close);
    }

    /**
     * Creates a server with {@linkplain RequestOptions#defaults() default options}.
     *
     * @param name the name of the server
     * @param capacity the size in bytes of each client's ring: a multiple of 64 from 128 to 1,073,741,824
     * @return the server
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException as {@link #create(String, int, RequestOptions)}
     */
    public static RequestServer create(String name, int capacity) {
        StackSpace.require();
        return create(name, capacity, RequestOptions.defaults());
    }

    /**
     * Creates a server. Its channel takes {@code clients} × {@code capacity} bytes of memory and a little more. Each
     * client's replies take as much again as its requests. A request of up to half of the capacity, less 16 bytes, and
     * a reply of up to 8 bytes more, go as a whole. Longer ones go in parts, which takes longer.
     *
     * @param name the name of the server
     * @param capacity the size in bytes of each client's ring: a multiple of 64 from 128 to 1,073,741,824
     * @param options the options
     * @return the server
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if there is a server of this name, or a client of an earlier
     *     one; otherwise as {@link MessageReceiver#create(String, int, MessageOptions)}
     */
    public static RequestServer create(String name, int capacity, RequestOptions options) {
        StackSpace.require();
        return open(name, Mode.CREATE, capacity, options);
    }

    /**
     * Creates a server, or the successor of one that has gone, with {@linkplain RequestOptions#defaults() default
     * options}.
     *
     * @param name the name of the server
     * @param capacity the size in bytes of each client's ring: a multiple of 64 from 128 to 1,073,741,824
     * @return the server
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException as {@link #openOrCreate(String, int, RequestOptions)}
     */
    public static RequestServer openOrCreate(String name, int capacity) {
        StackSpace.require();
        return openOrCreate(name, capacity, RequestOptions.defaults());
    }

    /**
     * Creates a server, or the successor of one that has gone and still has clients.
     *
     * @param name the name of the server
     * @param capacity the size in bytes of each client's ring: a multiple of 64 from 128 to 1,073,741,824
     * @param options the options
     * @return the server
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException {@code IN_USE} if there is a server (the message names a process); {@code
     *     WRONG_KIND} if the clients' channel has another capacity or room for another number of clients; otherwise as
     *     {@link MessageReceiver#openOrCreate(String, int, MessageOptions)}
     */
    public static RequestServer openOrCreate(String name, int capacity, RequestOptions options) {
        StackSpace.require();
        return open(name, Mode.OPEN_OR_CREATE, capacity, options);
    }

    private static RequestServer open(String name, Mode mode, int capacity, RequestOptions options) {
        Objects.requireNonNull(options, "options");
        RequestNames names = options.names(name);
        ChannelShape shape = options.shape(capacity);
        return Opening.of(
                () -> RequestOpener.server(ThisSystem.get(), names, mode, shape, options.longest()),
                ServerSide::close,
                side -> new RequestServer(name, side));
    }

    /**
     * Takes requests and answers them, one after the other, in this thread. Returns when this server is closed.
     *
     * @param handler answers them. If it throws an {@link Error}, this method throws the same
     * @throws InterruptedException as {@link #serve(RequestHandler, Executor)}
     * @throws IllegalStateException as {@link #serve(RequestHandler, Executor)}
     * @throws SharedMemoryException as {@link #serve(RequestHandler, Executor)}
     */
    public void serve(RequestHandler handler) throws InterruptedException {
        StackSpace.require();
        serveBy(null, handler);
    }

    /**
     * Takes requests in this thread, and lets an executor answer them. Returns when this server is closed. If the
     * executor rejects a request, that request fails as if its handler had thrown the same exception.
     *
     * <p>The handlers of an executor with several threads run at the same time. An executor with an unbounded queue
     * takes all requests. A bounded executor that runs further tasks in the calling thread ({@link
     * java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy}) leaves requests in the channel, so that clients wait
     * until there is room.
     *
     * @param handler answers the requests
     * @param executor runs the handler. It is not shut down
     * @throws InterruptedException if the thread is interrupted before or while it takes requests. Those that were
     *     taken and not handed to the executor are kept for the next call
     * @throws IllegalStateException if this server was closed before the call, or if another thread is serving
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the channel
     */
    public void serve(RequestHandler handler, Executor executor) throws InterruptedException {
        StackSpace.require();
        Objects.requireNonNull(executor, "executor");
        serveBy(executor, handler);
    }

    private void serveBy(Executor executor, RequestHandler handler) throws InterruptedException {
        Objects.requireNonNull(handler, "handler");
        try {
            side.serve(incoming -> handler.handle(new Request(incoming)), executor);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not close a server while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns the name, exactly as it was given.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the size of each client's ring.
     *
     * @return the size in bytes
     */
    public int capacity() {
        return side.capacity();
    }

    /**
     * Returns true if this server is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return side.isClosed();
    }

    /**
     * Closes this server and ends {@code serve}. Requests that were taken and not answered fail with {@link
     * SharedMemoryException.Reason#CLOSED}. Further calls do nothing.
     */
    @Override
    public void close() {
        closer.close();
    }

    /** Returns the name, the capacity, the clients and the process of the server, for messages. */
    @Override
    public String toString() {
        StackSpace.require();
        return side.toString();
    }
}
