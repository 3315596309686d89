package dev.sharedregion.kills;

import dev.sharedregion.Request;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.helpers.Whole;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;

/**
 * A server or a client for tests that kill it. A request is a number, whose reply is the same with another length. That
 * of {@link #HELD} is never answered.
 */
final class RequestWorker {
    static final int CAPACITY = 4096;
    static final long HELD = -1;

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MOST_WORDS = 2000;

    private final Random random = new Random();

    private RequestWorker() {}

    /** {@code serve NAME} or {@code ask NAME}. */
    public static void main(String[] arguments) {
        try {
            if (arguments[0].equals("serve")) {
                serve(arguments[1]);
            } else {
                new RequestWorker().ask(arguments[1]);
            }
        } catch (Throwable e) {
            System.out.println("WRONG: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void serve(String name) throws InterruptedException {
        try (RequestServer server = RequestServer.openOrCreate(name, CAPACITY)) {
            System.out.println("ready");
            server.serve(RequestWorker::answer, Executors.newCachedThreadPool());
        }
    }

    static ByteBuffer answer(Request request) throws InterruptedException {
        long number = Whole.number(request.bytes());
        while (number == HELD && !request.isCancelled()) {
            Thread.sleep(1);
        }
        return Whole.of(number, replySize(number));
    }

    private static int replySize(long number) {
        return Long.BYTES * (1 + (int) (number & Long.MAX_VALUE) % MOST_WORDS);
    }

    /**
     * Asks all the time, and has a request pending that is held. Says so when that one fails because the server has
     * gone, and when there are replies again: what it asks meanwhile waits for the next server.
     */
    private void ask(String name) throws Exception {
        try (RequestClient client = RequestClient.open(name, LONG)) {
            while (true) {
                CompletableFuture<Boolean> gone = client.request(Whole.of(HELD, Long.BYTES), Duration.ofHours(1))
                        .handle((reply, failure) -> isGone(failure));
                boolean answered = false;
                while (!gone.isDone()) {
                    if (askOnce(client) && !answered && !gone.isDone()) {
                        System.out.println("answered");
                        answered = true;
                    }
                }
            }
        }
    }

    private static boolean isGone(Throwable failure) {
        boolean gone = failure instanceof SharedMemoryException why && why.isPeerGone();
        System.out.println(gone ? "gone" : "WRONG: " + failure);
        return gone;
    }

    /** Returns whether there was a reply. */
    private boolean askOnce(RequestClient client) throws Exception {
        return askOnce(client, random.nextInt(MOST_WORDS), random.nextInt(3) == 0);
    }

    /** Asks by a call or a future, and checks the reply. Returns false if the server has gone. */
    static boolean askOnce(RequestClient client, int number, boolean async) throws Exception {
        ByteBuffer request = Whole.of(number, Long.BYTES * (1 + number / 2));
        ByteBuffer reply;
        try {
            reply = async ? client.request(request, LONG).get() : client.call(request, LONG);
        } catch (SharedMemoryException e) {
            return requireGone(e);
        } catch (ExecutionException e) {
            return requireGone(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no reply to " + number, e);
        }
        if (Whole.number(reply) != number || reply.remaining() != replySize(number)) {
            throw new IllegalStateException("a reply of " + Whole.number(reply) + " to " + number);
        }
        return true;
    }

    private static boolean requireGone(Throwable why) {
        if (!(why instanceof SharedMemoryException cause) || !cause.isPeerGone()) {
            throw new IllegalStateException(why);
        }
        return false;
    }
}
