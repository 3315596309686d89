package dev.sharedregion.internal.request;

import static dev.sharedregion.internal.request.RequestFormat.CAUSE;
import static dev.sharedregion.internal.request.RequestFormat.OTHER;
import static dev.sharedregion.internal.request.RequestFormat.TEXT;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.message.Channel.Receiver;
import dev.sharedregion.internal.message.ChannelReader;
import dev.sharedregion.internal.message.LaneReader;
import dev.sharedregion.internal.message.TooLong;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A client in this process: its threads share it. A thread that calls polls the replies itself. For the other requests
 * the {@link ReplyThread} does, as long as there are any. Whoever polls passes on what is for others: to a call at
 * once, and to the reply thread the rest, because a future's actions may take long.
 */
public final class ClientSide implements AutoCloseable {
    /** The most replies that are taken before the requests are looked at again. */
    private static final int BATCH = 64;

    /** How many polls in a row may get replies before it looks whether the server lives. */
    private static final int MOST_UNCLOCKED = 64;

    private final String what;
    private final RequestWriter requests;
    private final ChannelReader replies;
    private final ServerWatch watch;
    private final ReplyThread thread;
    private final PollTurn turn = new PollTurn();
    private final RequestTable<Pending> pending = new RequestTable<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final LaneReader.Sink sink = ChannelReader.assembling(new Replies());
    private volatile boolean closed;

    /** How many polls have got something without a look at the clock. For the thread that has the turn. */
    private int unclocked;

    ClientSide(String what, RequestWriter requests, ChannelReader replies) {
        this.what = what;
        this.requests = requests;
        this.replies = replies;
        this.watch = new ServerWatch(what, requests.channel());
        this.thread = new ReplyThread(this);
    }

    // Asking.

    /**
     * Sends a request, and waits for its reply.
     *
     * @throws TimeoutException if the timeout passed before
     */
    public ByteBuffer call(ByteBuffer request, Duration timeout) throws InterruptedException, TimeoutException {
        StackSpace.require();
        long now = System.nanoTime();
        long deadline = now + Deadline.nanos(timeout);
        Call call = new Call();
        Pending asked = ask(request, now, deadline, call);
        try {
            turn.await(call::isDone, deadline, this::poll);
        } catch (IllegalStateException e) {
            // This side was closed, and has told the call so.
            checkOpen();
            throw e;
        } finally {
            if (!call.isDone()) {
                forget(asked);
            }
        }
        if (!call.isDone()) {
            throw timeout();
        }
        return call.result();
    }

    /**
     * Sends a request, of which the reply thread tells what becomes of it. The asker {@linkplain #forget forgets} it
     * when it wants nothing more.
     *
     * @throws TimeoutException if the timeout passed before it was sent
     */
    public Pending request(ByteBuffer request, Duration timeout, Asker asker)
            throws InterruptedException, TimeoutException {
        StackSpace.require();
        long now = System.nanoTime();
        long deadline = now + Deadline.nanos(timeout);
        Pending asked = ask(request, now, deadline, asker);
        thread.watch(deadline);
        thread.start();
        return asked;
    }

    private Pending ask(ByteBuffer request, long now, long deadline, Asker asker)
            throws InterruptedException, TimeoutException {
        Deadline.checkInterrupt();
        checkOpen();
        Pending asked = register(deadline, asker);
        boolean sent = false;
        try {
            if (watch.isDue(now)) {
                failLost();
            }
            Sending sending = new Sending(asked);
            sent = requests.offer(asked.id, request, now, sending)
                    || requests.send(asked.id, request, deadline, sending);
        } catch (IllegalStateException e) {
            checkOpen();
            throw e;
        } finally {
            if (!sent) {
                remove(asked);
            }
        }
        if (!sent) {
            throw timeout();
        }
        checkStillOpen(asked);
        return asked;
    }

    private final class Sending implements RequestWriter.Progress {
        private final Pending asked;

        Sending(Pending asked) {
            this.asked = asked;
        }

        @Override
        public void begin(long now) {
            asked.sendTo(watch.server(now));
        }

        @Override
        public void goOn() {
            Receiver server = watch.server(System.nanoTime());
            if (asked.isLost(server)) {
                throw watch.gone(asked, server);
            }
        }
    }

    private Pending register(long deadline, Asker asker) {
        while (true) {
            Pending made = new Pending(RequestFormat.id(lastId.incrementAndGet()), deadline, asker);
            if (pending.add(made)) {
                if (!made.isCall()) {
                    thread.begin();
                }
                return made;
            }
        }
    }

    /** Ends a request; false if another thread has done so. */
    private boolean remove(Pending which) {
        boolean removed = pending.remove(which);
        if (removed && !which.isCall()) {
            thread.end();
        }
        return removed;
    }

    /** A close fails the requests that it finds. This one may have come too late for it. */
    private void checkStillOpen(Pending asked) {
        if (closed && remove(asked)) {
            throw closedException();
        }
    }

    private TimeoutException timeout() {
        return new TimeoutException("The " + what + " has not replied in time.");
    }

    /** Forgets a request. If it was pending, tells the server, and returns true. */
    public boolean forget(Pending asked) {
        if (!remove(asked)) {
            return false;
        }
        if (!closed) {
            cancel(asked);
        }
        return true;
    }

    private void cancel(Pending asked) {
        try {
            requests.cancel(asked.id);
        } catch (IllegalStateException | Failure e) {
            // Closed meanwhile, or overwritten, which the next request finds.
            return;
        }
        if (requests.hasUnsent()) {
            thread.start();
        }
    }

    // Polling.

    /** Waits for replies until the deadline, or until the server is to be looked at. */
    void poll(long deadline) throws InterruptedException {
        if (unclocked < MOST_UNCLOCKED && replies.receiveSoon(sink, null, BATCH) > 0) {
            unclocked++;
            return;
        }
        unclocked = 0;
        if (watch.isDue(System.nanoTime())) {
            failLost();
            requests.sendCancellations();
        }
        replies.receive(sink, null, BATCH, Deadline.earlier(deadline, watch.nextLook()));
    }

    /** Fails the requests to a server that has gone. */
    private void failLost() {
        Receiver server = watch.look();
        for (Pending each : pending.all()) {
            if (each.isLost(server)) {
                fail(each, watch.gone(each, server));
            }
        }
    }

    private void fail(Pending which, Failure why) {
        if (forget(which)) {
            tell(which, () -> which.asker.onFailure(why));
        }
    }

    /** Fails what has not been answered in time, of the requests that the reply thread tells about. */
    void failLate(long now) {
        for (Pending each : pending.all()) {
            if (each.isCall()) {
                continue;
            }
            if (each.deadline - now > 0) {
                thread.watch(each.deadline);
            } else if (forget(each)) {
                each.asker.onFailure(timeout());
            }
        }
    }

    private void tell(Pending which, Runnable answer) {
        if (which.isCall()) {
            answer.run();
        } else {
            thread.tell(answer);
        }
    }

    private final class Replies implements ChannelReader.Messages {
        @Override
        public void accept(int sender, int type, ByteBuffer message) {
            Pending asked = pending.get(RequestFormat.id(type));
            // Otherwise it is late.
            if (asked != null) {
                ByteBuffer reply = RequestFormat.isContent(type) ? RequestFormat.copy(message, 0) : null;
                Failure failure = reply == null ? failure(message) : null;
                end(asked, reply, failure);
            }
        }

        @Override
        public void drop(int sender, int type, ByteBuffer beginning, TooLong why) {
            Pending asked = pending.get(RequestFormat.id(type));
            if (asked != null) {
                end(asked, null, tooLong(why));
            }
        }

        private void end(Pending asked, ByteBuffer reply, Failure failure) {
            if (remove(asked)) {
                tell(asked, () -> {
                    if (failure == null) {
                        asked.asker.onReply(reply);
                    } else {
                        asked.asker.onFailure(failure);
                    }
                });
            }
        }
    }

    private Failure tooLong(TooLong why) {
        return new Operation("get a reply from", what)
                .failure(Reason.NO_SPACE, RequestFormat.text("its reply", why, 0));
    }

    private Failure failure(ByteBuffer message) {
        boolean isWhole = message.remaining() >= TEXT;
        Reason reason = RequestFormat.reason(isWhole ? message.getInt(CAUSE) : 0);
        String text = isWhole ? UTF_8.decode(message.slice(TEXT, message.remaining() - TEXT)).toString() : "";
        return new Operation("get a reply from", what).failure(reason, text);
    }

    // For the reply thread.

    /** Polls until a condition holds, or the deadline has passed. */
    void await(BooleanSupplier condition, long deadline) throws InterruptedException {
        turn.await(condition, deadline, this::poll);
    }

    /** Whether cancellations wait for room that a living server may make. */
    boolean hasUnsent() {
        return !closed && requests.hasUnsent() && watch.isThere();
    }

    /** Fails all requests that no thread waits for: it cannot poll. */
    void failAll(Throwable why) {
        requests.dropCancellations();
        for (Pending each : pending.all()) {
            if (!each.isCall() && remove(each)) {
                each.asker.onFailure(closed ? closedException() : why);
            }
        }
    }

    // Close.

    private void checkOpen() {
        if (closed) {
            throw closedException();
        }
    }

    private IllegalStateException closedException() {
        return new IllegalStateException("The client of the " + what + " is closed.");
    }

    public boolean isClosed() {
        return closed;
    }

    /** Fails all requests, ends the waits, and gives everything back. May be called again. */
    @Override
    public void close() {
        closed = true;
        try (requests) {
            replies.close();
        }
        for (Pending each : pending.all()) {
            if (remove(each)) {
                each.asker.onFailure(closedException());
            }
        }
    }

    @Override
    public String toString() {
        return "client of the " + what + (closed ? " (closed)" : " (" + pending.all().size() + " pending requests)");
    }
}
