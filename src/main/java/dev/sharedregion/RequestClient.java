package dev.sharedregion;

import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.request.ClientSide;
import dev.sharedregion.internal.request.RequestNames;
import dev.sharedregion.internal.request.RequestOpener;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to a {@linkplain RequestServer server}, which may be another process, and gets its replies.
 *
 * <pre>{@code
 * try (RequestClient prices = RequestClient.open("prices", Duration.ofSeconds(10))) {
 *     ByteBuffer reply = prices.call(UTF_8.encode("EURUSD"), Duration.ofSeconds(1));
 * }
 * }</pre>
 *
 * <p>{@link #call} is the fastest way: the calling thread itself receives the reply. Several threads may call at the
 * same time. {@link #request} returns at once, and any number of its futures may be pending. A thread completes them: a
 * virtual one on JDK 21 and newer, a daemon on older JDKs. This thread runs only while futures are pending. The actions
 * that depend on such a future run in this thread, and while an action runs, no other future of this client is
 * completed. Run long actions in an executor ({@link CompletableFuture#thenAcceptAsync}).
 *
 * <p><b>Objects.</b> The requests to the server {@code x} are the channel {@code x.requests}, as {@link MessageSender}
 * says. The replies to this client are the channel {@code x.reply.S}, where S is a random number of 16 digits.
 *
 * <p><b>Order.</b> The server takes the requests of one client in their order. The replies come in any order.
 *
 * <p><b>When there is no reply:</b>
 * <ul>
 * <li>The timeout has passed: {@link TimeoutException}. {@link Request#isCancelled} then tells the server. It does so,
 * too, if the future is cancelled or completed by the program. A reply that comes later is dropped.
 * <li>The handler has thrown an exception: {@link SharedMemoryException} with the reason {@code HANDLER_FAILED} and the
 * exception's text.
 * <li>The server that was running when the request was sent has gone: the reason is {@code PEER_DIED}, or {@code
 * CLOSED} if the server was closed. {@link SharedMemoryException#isPeerGone()} is true for both. The client detects
 * this within 50 milliseconds. The server may have handled the request or not.
 * <li>The request or the reply is longer than {@link RequestOptions#longest}: {@code NO_SPACE}.
 * <li>This client is closed: {@link IllegalStateException}.
 * </ul>
 * While there is no server, requests wait in the channel for the next one until their timeout passes. So a client can
 * continue with the successor of a server that has gone.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. {@link #close()} fails the pending requests.
 * After it, every method except {@link #close()}, {@link #name()}, {@link #isClosed()} and {@code toString()} throws
 * {@link IllegalStateException}. If a client becomes unreachable without being closed, and has no pending futures, the
 * garbage collector closes it.
 *
 * <p><b>When another program overwrites the channels.</b> A process that may write to them can write anything. The
 * client may then get replies that the server has not sent, but every call returns, at its timeout at the latest. A
 * call that finds the content wrong fails with a {@link SharedMemoryException} whose reason is {@code CORRUPT}.
 */
public final class RequestClient implements AutoCloseable {
    private final String name;
    private final ClientSide side;
    private final Closer closer;

    private RequestClient(String name, ClientSide side) {
        this.name = name;
        this.side = side;
        this.closer = new Closer(this, side::close);
    }

    /**
     * Becomes a client of a server, with {@linkplain RequestOptions#defaults() default options}.
     *
     * @param name the name of the server
     * @return the client
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #open(String, RequestOptions)}
     */
    public static RequestClient open(String name) {
        StackSpace.require();
        return open(name, RequestOptions.defaults());
    }

    /**
     * Becomes a client of a server.
     *
     * @param name the name of the server
     * @param options the options
     * @return the client
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is no server of this name, and no client of an earlier
     *     one; {@code IN_USE} if it has as many clients as it has room for; {@code WRONG_KIND} if {@code x.requests}
     *     is a channel for broadcast; otherwise as {@link MessageSender#open(String)} and {@link
     *     MessageReceiver#create(String, int, MessageOptions)}
     */
    public static RequestClient open(String name, RequestOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        RequestNames names = options.names(name);
        return Opening.of(
                () -> RequestOpener.client(ThisSystem.get(), names, options.longest()),
                ClientSide::close,
                side -> new RequestClient(name, side));
    }

    /**
     * Becomes a client of a server, with {@linkplain RequestOptions#defaults() default options}. If there is no such
     * server yet, waits for it.
     *
     * @param name the name of the server
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once. While it waits, the method looks for
     *     the name every few milliseconds, with at most 20 milliseconds between two looks
     * @return the client
     * @throws InterruptedException if the thread is interrupted before the server is there
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, RequestOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static RequestClient open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, RequestOptions.defaults());
    }

    /**
     * Becomes a client of a server. If there is no such server yet, waits for it.
     *
     * @param name the name of the server
     * @param timeout the longest time to wait, as in {@link #open(String, Duration)}
     * @param options the options
     * @return the client
     * @throws InterruptedException if the thread is interrupted before the server is there
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, RequestOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static RequestClient open(String name, Duration timeout, RequestOptions options)
            throws InterruptedException {
        StackSpace.require();
        return Opening.whenFound(timeout, () -> open(name, options));
    }

    /**
     * Sends a request, and waits for its reply. If the timeout passes, this method throws an exception and does not
     * return null, so that a program cannot mistake a missing reply for a reply.
     *
     * @param request its remaining bytes are the request; its position stays
     * @param timeout the longest time to wait, also for room in the channel; a longer time than 146 years means 146
     *     years
     * @return the reply, in the machine's byte order: a copy, which the caller may change
     * @throws TimeoutException if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait. The request is cancelled
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if this client is closed before or during the wait
     * @throws SharedMemoryException {@code PEER_DIED}, {@code CLOSED}, {@code HANDLER_FAILED} and {@code NO_SPACE} as
     *     this class says; {@code CORRUPT} if another program has overwritten a channel
     */
    public ByteBuffer call(ByteBuffer request, Duration timeout) throws InterruptedException, TimeoutException {
        Objects.requireNonNull(request, "request");
        Deadline.check(timeout);
        try {
            return side.call(request, timeout);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not close a client while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sends a request, and returns its reply as a future. Waits only while there is no room for the request. The future
     * completes with the reply, or exceptionally as this class says. {@link CompletableFuture#cancel cancel} cancels
     * the request. A timeout may be noticed up to 50 milliseconds late.
     *
     * @param request its remaining bytes are the request; its position stays
     * @param timeout the longest time until the reply, also for room in the channel; a longer time than 146 years means
     *     146 years
     * @return the future, whose buffer is in the machine's byte order: a copy, which the caller may change
     * @throws InterruptedException if the thread is interrupted before or during a wait for room; the request is not
     *     sent
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if this client is closed before or during the wait
     */
    public CompletableFuture<ByteBuffer> request(ByteBuffer request, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(request, "request");
        Deadline.check(timeout);
        ReplyFuture future = new ReplyFuture(this);
        try {
            future.forgetBy(side, side.request(request, timeout, future));
        } catch (TimeoutException | Failure e) {
            future.onFailure(e);
        } finally {
            Reference.reachabilityFence(this);
        }
        return future;
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
     * Returns true if this client is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return side.isClosed();
    }

    /** Closes this client. Its pending requests fail with {@link IllegalStateException}. Further calls do nothing. */
    @Override
    public void close() {
        closer.close();
    }

    /** Returns the name and the number of pending requests, for messages. */
    @Override
    public String toString() {
        StackSpace.require();
        return side.toString();
    }
}
