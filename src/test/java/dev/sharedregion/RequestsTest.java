package dev.sharedregion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.VirtualThread;
import dev.sharedregion.internal.message.MessageLayout;
import dev.sharedregion.internal.request.RequestFormat;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests and their replies: within one process, so that the test knows what the handlers see. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RequestsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int CAPACITY = 4096;
    private static final int LARGEST = CAPACITY / 2 - 8;

    /** Where the memory of the requests has the position behind the last one of the first client. */
    private static final long LANE_TAIL = MessageLayout.LANE_SIZE + MessageLayout.LANE_TAIL;

    private final String name = TestNames.unique();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void nothingIsLeft() throws Exception {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES), "a thread hangs");
        Reasons.assertReason(Reason.NOT_FOUND, () -> RequestClient.open(name));
        if (Platform.isLinux()) {
            assertEquals(List.of(), List.of(new File("/dev/shm").list((folder, file) -> file.startsWith(name + "."))));
        }
    }

    private RequestServer server() {
        return RequestServer.openOrCreate(name, CAPACITY);
    }

    private Future<?> serve(RequestServer server, RequestHandler handler) {
        return submit(() -> {
            server.serve(handler);
            return null;
        });
    }

    private Future<?> serveByThreads(RequestServer server, RequestHandler handler) {
        return submit(() -> {
            server.serve(handler, threads);
            return null;
        });
    }

    private <T> Future<T> submit(Callable<T> call) {
        return threads.submit(call);
    }

    private static ByteBuffer echo(Request request) {
        return request.bytes();
    }

    private static ByteBuffer bytes(String text) {
        return UTF_8.encode(text);
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    private static String call(RequestClient client, String request) throws Exception {
        return text(client.call(bytes(request), LONG));
    }

    private static String get(CompletableFuture<ByteBuffer> future) throws Exception {
        return text(future.get(60, TimeUnit.SECONDS));
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(60, TimeUnit.SECONDS)).getCause();
    }

    private static SharedMemoryException assertFailure(Reason reason, Future<?> future) {
        SharedMemoryException e = assertInstanceOf(SharedMemoryException.class, failure(future));
        assertEquals(reason, e.reason(), e.getMessage());
        return e;
    }

    private static ByteBuffer random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Takes its requests, and answers none until it is told to. */
    private static final class Held implements RequestHandler {
        final BlockingQueue<Request> taken = new LinkedBlockingQueue<>();
        final CountDownLatch answer = new CountDownLatch(1);

        @Override
        public ByteBuffer handle(Request request) throws InterruptedException {
            taken.add(request);
            answer.await();
            return request.bytes();
        }

        Request next() throws InterruptedException {
            Request next = taken.poll(60, TimeUnit.SECONDS);
            return next == null ? fail("no request has come") : next;
        }
    }

    private static void awaitCancelled(Request request) throws InterruptedException {
        for (long end = System.nanoTime() + LONG.toNanos(); !request.isCancelled(); Thread.sleep(1)) {
            assertTrue(System.nanoTime() - end < 0, "the server does not see that the request is cancelled");
        }
    }

    // Replies.

    @Test
    void aRequestIsAnswered() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            serve(server, request -> bytes(text(request.bytes()) + "!"));
            assertEquals("one!", call(client, "one"));
            assertEquals("two!", get(client.request(bytes("two"), LONG)));
            assertEquals("!", call(client, ""));
            assertEquals(ByteOrder.nativeOrder(), client.call(bytes("x"), LONG).order());
        }
    }

    @Test
    void aRequestIsTheRemainingBytesOfAnyBuffer() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            serve(server, RequestsTest::echo);
            for (ByteBuffer each : List.of(ByteBuffer.allocate(20), ByteBuffer.allocateDirect(20))) {
                each.putLong(4, 7).position(4).limit(12);
                for (ByteBuffer request : List.of(each, each.asReadOnlyBuffer())) {
                    ByteBuffer reply = client.call(request, LONG);
                    assertEquals(each, reply);
                    assertEquals(4, request.position());
                    assertEquals(12, request.limit());
                    reply.put(0, (byte) 1);
                }
            }
        }
    }

    @Test
    void aNullIsAnEmptyReply() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            serve(server, request -> null);
            assertEquals(0, client.call(bytes("x"), LONG).remaining());
        }
    }

    @Test
    void requestsAndRepliesHaveAnyLength() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            serve(server, RequestsTest::echo);
            for (int length : List.of(
                    0, 1, 7, LARGEST - 9, LARGEST - 8, LARGEST - 7, LARGEST, LARGEST + 1, 1 << 16, 5 << 20)) {
                ByteBuffer request = random(length);
                assertEquals(request, client.call(request, LONG), "" + length);
                assertEquals(request, client.request(request, LONG).get(60, TimeUnit.SECONDS), "" + length);
            }
        }
    }

    @Test
    void threadsThatCallAtOnceGetTheirOwnReplies() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name);
                RequestClient other = RequestClient.open(name)) {
            serveByThreads(server, RequestsTest::echo);
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int caller = i;
                callers.add(submit(() -> {
                    RequestClient own = caller % 4 == 3 ? other : client;
                    Random random = new Random(caller);
                    for (int call = 0; call < 500; call++) {
                        String request = caller + " " + call + " " + "x".repeat(random.nextInt(3000));
                        boolean async = random.nextInt(4) == 0;
                        assertEquals(request, async ? get(own.request(bytes(request), LONG)) : call(own, request));
                    }
                    return null;
                }));
            }
            for (Future<?> each : callers) {
                each.get();
            }
        }
    }

    @Test
    void manyFuturesArePending() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            Held held = new Held();
            serveByThreads(server, held);
            List<CompletableFuture<ByteBuffer>> futures = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                futures.add(client.request(bytes("" + i), LONG));
            }
            held.answer.countDown();
            for (int i = 0; i < futures.size(); i++) {
                assertEquals("" + i, get(futures.get(i)));
            }
        }
    }

    @Test
    void aSlowHandlerOfAnExecutorHoldsUpNoOther() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            Held held = new Held();
            serveByThreads(server, request -> text(request.bytes().duplicate()).equals("slow")
                    ? held.handle(request)
                    : request.bytes());
            CompletableFuture<ByteBuffer> slow = client.request(bytes("slow"), LONG);
            held.next();
            assertEquals("fast", call(client, "fast"));
            assertEquals("fast", get(client.request(bytes("fast"), LONG)));
            assertFalse(slow.isDone());
            held.answer.countDown();
            assertEquals("slow", get(slow));
        }
    }

    /** In the thread that completes the futures, or, if it is too late for that, in this one. */
    @Test
    void anActionOfAFutureMayAsk() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            Held held = new Held();
            serveByThreads(server, request -> held.answer.getCount() == 0 ? request.bytes() : held.handle(request));
            CompletableFuture<ByteBuffer> first = client.request(bytes("first"), LONG);
            CompletableFuture<String> all = first.thenCompose(reply -> {
                try {
                    String both = text(reply) + call(client, "second");
                    return client.request(bytes("third"), LONG).thenApply(third -> both + text(third));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            held.answer.countDown();
            assertEquals("firstsecondthird", all.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void virtualThreadsAskAndAnswer() throws Exception {
        assumeTrue(Runtime.version().feature() >= VirtualThread.FIRST_JDK);
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            VirtualThread<?> serving = VirtualThread.start(() -> {
                server.serve(RequestsTest::echo);
                return null;
            });
            List<VirtualThread<String>> callers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String request = "" + i;
                callers.add(VirtualThread.start(() -> call(client, request)));
            }
            for (int i = 0; i < callers.size(); i++) {
                assertEquals("" + i, callers.get(i).get());
            }
            server.close();
            serving.get();
        }
    }

    // Failures.

    @Test
    void aHandlersExceptionFailsItsRequest() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            serve(server, request -> {
                throw new UnsupportedOperationException("not this one: ü");
            });
            for (Throwable each : List.of(
                    assertThrows(SharedMemoryException.class, () -> call(client, "x")),
                    failure(client.request(bytes("x"), LONG)))) {
                assertEquals(Reason.HANDLER_FAILED, ((SharedMemoryException) each).reason());
                String why = each.getMessage();
                assertTrue(why.contains("UnsupportedOperationException: not this one: ü"), why);
            }
        }
    }

    private static void assertHandlerFailed(RequestClient client, String text) {
        String why = Reasons.assertReason(Reason.HANDLER_FAILED, () -> call(client, "x")).getMessage();
        assertTrue(why.contains(text), why);
    }

    @Test
    void aHandlersErrorEndsTheServer() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            Future<?> serving = serve(server, request -> {
                throw new AssertionError("broken");
            });
            assertHandlerFailed(client, "broken");
            assertInstanceOf(AssertionError.class, failure(serving));
            serve(server, RequestsTest::echo);
            assertEquals("next", call(client, "next"));
        }
    }

    @Test
    void aRejectedRequestFails() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            submit(() -> {
                server.serve(RequestsTest::echo, work -> {
                    throw new RejectedExecutionException("too much");
                });
                return null;
            });
            assertHandlerFailed(client, "too much");
        }
    }

    @Test
    void whatIsTooLongFails() throws Exception {
        RequestOptions least = RequestOptions.defaults().longest(64);
        try (RequestServer server = RequestServer.create(name, CAPACITY, least.longest(10_000));
                RequestClient client = RequestClient.open(name, least.longest(5000))) {
            serve(server, RequestsTest::echo);
            String why = Reasons.assertReason(Reason.NO_SPACE, () -> client.call(random(20_000), LONG)).getMessage();
            assertTrue(why.contains("20000") && why.contains("10000"), why);
            why = Reasons.assertReason(Reason.NO_SPACE, () -> client.call(random(7000), LONG)).getMessage();
            assertTrue(why.contains("7000") && why.contains("5000"), why);
            assertFailure(Reason.NO_SPACE, client.request(random(7000), LONG));
            assertEquals(random(5000), client.call(random(5000), LONG));
            why = Reasons.assertReason(Reason.NO_SPACE, () -> client.call(random(10_000), LONG)).getMessage();
            assertTrue(why.contains("its reply of 10000"), why);
        }
    }

    // Time, and cancellation.

    @Test
    void aTimeoutIsSeenByTheServerAndALateReplyDisturbsNobody() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            Held held = new Held();
            serveByThreads(server, request -> held.answer.getCount() == 0 ? request.bytes() : held.handle(request));
            // A request that the server takes after its time is never handled.
            while (held.taken.isEmpty()) {
                assertThrows(TimeoutException.class, () -> client.call(bytes("late"), SHORT));
            }
            awaitCancelled(held.next());
            while (held.taken.isEmpty()) {
                assertInstanceOf(TimeoutException.class, failure(client.request(bytes("later"), SHORT)));
            }
            awaitCancelled(held.next());
            held.answer.countDown();
            for (int i = 0; i < 100; i++) {
                assertEquals("" + i, call(client, "" + i));
            }
        }
    }

    @Test
    void aReplyThatWasSentBeforeItsCancellationIsDropped() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            serve(server, RequestsTest::echo);
            for (int i = 0; i < 2000; i++) {
                CompletableFuture<ByteBuffer> cancelled = client.request(bytes("cancelled"), LONG);
                assertTrue(cancelled.cancel(true) || cancelled.isDone());
                assertEquals("" + i, call(client, "" + i));
            }
        }
    }

    @Test
    void aFutureThatIsCancelledOrCompletedCancelsItsRequest() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            Held held = new Held();
            serveByThreads(server, held);
            CompletableFuture<ByteBuffer> future = client.request(bytes("x"), LONG);
            Request request = held.next();
            assertFalse(request.isCancelled());
            assertTrue(future.cancel(false));
            awaitCancelled(request);
            assertThrows(CancellationException.class, future::join);
            future = client.request(bytes("x"), LONG);
            request = held.next();
            assertTrue(future.complete(null));
            awaitCancelled(request);
            assertNull(future.get());
            future = client.request(bytes("x"), LONG);
            request = held.next();
            future.orTimeout(10, TimeUnit.MILLISECONDS);
            awaitCancelled(request);
            assertInstanceOf(TimeoutException.class, failure(future));
        }
    }

    /** The thread that would take the cancellation runs the handler. */
    @Test
    void aHandlerInTheServingThreadSeesTheTimeout() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            serve(server, request -> {
                if (text(request.bytes().duplicate()).equals("wait")) {
                    awaitCancelled(request);
                }
                return request.bytes();
            });
            assertThrows(TimeoutException.class, () -> client.call(bytes("wait"), SHORT));
            assertEquals("next", call(client, "next"));
        }
    }

    @Test
    void aRequestThatIsCancelledBeforeItsTurnIsNotHandled() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            AtomicInteger handled = new AtomicInteger();
            Held held = new Held();
            serve(server, request -> {
                handled.incrementAndGet();
                return held.handle(request);
            });
            CompletableFuture<ByteBuffer> first = client.request(bytes("first"), LONG);
            held.next();
            assertThrows(TimeoutException.class, () -> client.call(bytes("second"), SHORT));
            held.answer.countDown();
            assertEquals("first", get(first));
            assertEquals("third", call(client, "third"));
            assertEquals(2, handled.get());
        }
    }

    @Test
    void withoutRoomARequestWaitsUntilItsTimeIsOver() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            List<CompletableFuture<ByteBuffer>> futures = new ArrayList<>();
            CompletableFuture<ByteBuffer> last;
            do {
                last = client.request(random(1000), futures.size() < 4 ? LONG : SHORT);
                futures.add(last);
            } while (!last.isDone());
            assertInstanceOf(TimeoutException.class, failure(last));
            assertThrows(TimeoutException.class, () -> client.call(random(1_000_000), SHORT));
            serve(server, RequestsTest::echo);
            for (CompletableFuture<ByteBuffer> each : futures.subList(0, 3)) {
                assertEquals(random(1000), each.get(60, TimeUnit.SECONDS));
            }
            assertEquals("next", call(client, "next"));
        }
    }

    /** Their cancellations find no room either, until the server takes requests. */
    @Test
    void cancellationsWaitForRoom() throws Exception {
        try (RequestServer server = RequestServer.create(name, 128);
                RequestClient client = RequestClient.open(name)) {
            for (int i = 0; i < 8; i++) {
                assertThrows(TimeoutException.class, () -> client.call(bytes("0123456789"), Duration.ofMillis(20)));
            }
            Held held = new Held();
            serveByThreads(server, request -> text(request.bytes().duplicate()).equals("next")
                    ? request.bytes()
                    : held.handle(request));
            assertEquals("next", call(client, "next"));
            for (Request each : held.taken) {
                assertTrue(each.isCancelled(), "its cancellation came before the next request");
            }
        }
    }

    @Test
    void anInterruptedCallIsCancelled() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            Held held = new Held();
            serveByThreads(server, held);
            CountDownLatch caught = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                try {
                    client.call(bytes("x"), LONG);
                } catch (InterruptedException e) {
                    caught.countDown();
                } catch (TimeoutException e) {
                    throw new IllegalStateException(e);
                }
            });
            caller.start();
            Request request = held.next();
            caller.interrupt();
            assertTrue(caught.await(60, TimeUnit.SECONDS));
            awaitCancelled(request);
        }
    }

    // Ends.

    @Test
    void aServerThatClosesTellsItsClients() throws Exception {
        try (RequestClient client = clientOf(server());
                SharedRegion requests = SharedRegion.open(name + ".requests.messages")) {
            RequestServer server = server();
            Held held = new Held();
            Future<?> serving = serve(server, held);
            CompletableFuture<ByteBuffer> taken = client.request(bytes("taken"), LONG);
            Request request = held.next();
            CompletableFuture<ByteBuffer> waiting = client.request(bytes("waiting"), LONG);
            long before = requests.pointer().getLong(LANE_TAIL);
            Future<?> calling = submit(() -> client.call(bytes("call"), LONG));
            awaitTailBeyond(before, requests);
            server.close();
            assertTrue(request.isCancelled());
            assertFailure(Reason.CLOSED, taken);
            assertTrue(assertFailure(Reason.CLOSED, waiting).isPeerGone());
            assertFailure(Reason.CLOSED, calling);
            held.answer.countDown();
            serving.get(60, TimeUnit.SECONDS);
            assertThrows(IllegalStateException.class, () -> server.serve(RequestsTest::echo));

            CompletableFuture<ByteBuffer> early = client.request(bytes("early"), LONG);
            Thread.sleep(200);
            assertFalse(early.isDone(), "it waits for the next server");
            assertThrows(TimeoutException.class, () -> client.call(bytes("too early"), SHORT));
            try (RequestServer next = server()) {
                serve(next, RequestsTest::echo);
                assertEquals("early", get(early));
                assertEquals("next", call(client, "next"));
            }
        }
    }

    private static void awaitTailBeyond(long position, SharedRegion requests) throws InterruptedException {
        for (long end = System.nanoTime() + LONG.toNanos(); requests.pointer().getLong(LANE_TAIL) <= position; ) {
            assertTrue(System.nanoTime() - end < 0, "it is not sent");
            Thread.sleep(1);
        }
    }

    /** A request that is longer than the ring waits for room that nobody makes any more. */
    @Test
    void aServerThatClosesTellsAClientThatIsSending() throws Exception {
        try (RequestClient client = clientOf(server());
                RequestServer server = server();
                SharedRegion requests = SharedRegion.open(name + ".requests.messages")) {
            Future<?> calling = submit(() -> client.call(random(1_000_000), LONG));
            awaitTailBeyond(0, requests);
            server.close();
            assertFailure(Reason.CLOSED, calling);
            try (RequestServer next = server()) {
                serve(next, RequestsTest::echo);
                assertEquals("next", call(client, "next"));
            }
        }
    }

    private RequestClient clientOf(RequestServer server) {
        try (server) {
            return RequestClient.open(name);
        }
    }

    @Test
    void aClientThatClosesFailsItsRequests() throws Exception {
        try (RequestServer server = server()) {
            Held held = new Held();
            serveByThreads(server, held);
            RequestClient client = RequestClient.open(name);
            CompletableFuture<ByteBuffer> future = client.request(bytes("x"), LONG);
            Request first = held.next();
            List<Future<?>> calling = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calling.add(submit(() -> client.call(bytes("x"), LONG)));
                held.next();
            }
            client.close();
            client.close();
            assertInstanceOf(IllegalStateException.class, failure(future));
            for (Future<?> each : calling) {
                assertInstanceOf(IllegalStateException.class, failure(each));
            }
            awaitCancelled(first);
            assertTrue(client.isClosed());
            assertEquals(name, client.name());
            assertTrue(client.toString().contains("closed"));
            assertThrows(IllegalStateException.class, () -> client.call(bytes("x"), LONG));
            assertThrows(IllegalStateException.class, () -> client.request(bytes("x"), LONG));
            try (RequestClient next = RequestClient.open(name)) {
                held.answer.countDown();
                assertEquals("next", call(next, "next"));
            }
        }
    }

    /** A client that asks and takes no reply. */
    @Test
    void aClientThatTakesNoRepliesHoldsUpNobody() throws Exception {
        long session = 0x0123456789abcdefL;
        int length = 1 << 20;
        int asked = 100;
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name);
                MessageReceiver replies = MessageReceiver.create(name + ".reply.0123456789abcdef", CAPACITY);
                MessageSender requests = MessageSender.open(name + ".requests")) {
            serve(server, request -> request.bytes().remaining() == 0 ? random(length) : request.bytes());
            ByteBuffer request = ByteBuffer.allocate(RequestFormat.REQUEST).order(ByteOrder.nativeOrder());
            request.putLong(RequestFormat.SESSION, session);
            for (int i = 0; i < asked; i++) {
                requests.send(i, request);
                assertEquals("" + i, call(client, "" + i));
            }
            List<Integer> answered = new ArrayList<>();
            MessageHandler taking = (type, message) -> {
                assertEquals(random(length), message);
                answered.add(type);
            };
            while (answered.size() < 16) {
                assertTrue(replies.receive(taking, 10, LONG) > 0, "no reply");
            }
            while (replies.receive(taking, 10, Duration.ofMillis(300)) > 0) {
            }
            assertTrue(answered.size() <= 18, "more are kept than 16 MiB and one reply: " + answered);
            for (int i = 0; i < answered.size(); i++) {
                assertEquals(i, answered.get(i));
            }
            requests.send(asked, request);
            assertEquals(1, replies.receive((type, message) -> assertEquals(asked, type), 1, LONG));
        }
    }

    /** The lane's new client has another session. */
    @Test
    void aClientWithItsPredecessorsNumberGetsItsOwnReplies() throws Exception {
        try (RequestServer server = server()) {
            Held held = new Held();
            serveByThreads(server, request -> text(request.bytes().duplicate()).equals("held")
                    ? held.handle(request)
                    : request.bytes());
            CompletableFuture<ByteBuffer> lost;
            Request request;
            try (RequestClient client = RequestClient.open(name)) {
                lost = client.request(bytes("held"), LONG);
                request = held.next();
            }
            assertInstanceOf(IllegalStateException.class, failure(lost));
            try (RequestClient client = RequestClient.open(name)) {
                CompletableFuture<ByteBuffer> own = client.request(bytes("held"), LONG);
                Request second = held.next();
                assertEquals(request.client(), second.client());
                assertNotSame(request, second);
                assertTrue(request.isCancelled());
                assertFalse(second.isCancelled());
                held.answer.countDown();
                assertEquals("held", get(own));
            }
        }
    }

    // Objects.

    @Test
    void thereIsOneServerAndRoomForSoManyClients() throws Exception {
        try (RequestServer server = RequestServer.create(name, CAPACITY, RequestOptions.defaults().clients(2))) {
            assertEquals(CAPACITY, server.capacity());
            assertEquals(name, server.name());
            Reasons.assertReason(Reason.ALREADY_EXISTS, () -> RequestServer.create(name, CAPACITY));
            String oneServer = Reasons.assertReason(
                            Reason.IN_USE,
                            () -> RequestServer.openOrCreate(name, CAPACITY, RequestOptions.defaults().clients(2)))
                    .getMessage();
            assertTrue(oneServer.contains("is its server") && oneServer.contains("open a RequestClient"), oneServer);
            try (RequestClient first = RequestClient.open(name, LONG);
                    RequestClient second = RequestClient.open(name, LONG)) {
                String full = Reasons.assertReason(Reason.IN_USE, () -> RequestClient.open(name)).getMessage();
                assertTrue(full.contains("room for 2 clients") && full.contains("RequestOptions.clients"), full);
                server.close();
                Reasons.assertReason(Reason.WRONG_KIND, () -> RequestServer.openOrCreate(name, CAPACITY));
                assertFalse(first.isClosed() || second.isClosed());
            }
        }
    }

    /** Its receivers would all get the request. */
    @Test
    void aClientRefusesABroadcastChannel() throws Exception {
        for (MessageOptions options : List.of(
                MessageOptions.defaults().receivers(2), MessageOptions.defaults().lossy())) {
            try (MessageReceiver receiver = MessageReceiver.create(name + ".requests", CAPACITY, options)) {
                String why = Reasons.assertReason(Reason.WRONG_KIND, () -> RequestClient.open(name)).getMessage();
                assertTrue(why.contains(name) && why.contains("for broadcast"), why);
                assertEquals(0, receiver.backlog());
                // The refused client has left its place.
                MessageSender.open(name + ".requests").close();
            }
        }
    }

    @Test
    void oneThreadServes() throws Exception {
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            Thread[] serving = new Thread[1];
            Future<?> first = serve(server, request -> {
                serving[0] = Thread.currentThread();
                return request.bytes();
            });
            call(client, "x");
            assertThrows(IllegalStateException.class, () -> server.serve(RequestsTest::echo));
            serving[0].interrupt();
            assertInstanceOf(InterruptedException.class, failure(first));
            Future<?> second = serve(server, RequestsTest::echo);
            call(client, "x");
            server.close();
            second.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void wrongArgumentsAreRefused() throws Exception {
        RequestOptions options = RequestOptions.defaults();
        for (Runnable each : List.<Runnable>of(
                () -> options.clients(0),
                () -> options.clients(256),
                () -> options.longest(63),
                () -> RequestServer.create(name, 100),
                () -> RequestServer.create("a/b", CAPACITY),
                () -> RequestClient.open("x".repeat(240)))) {
            assertThrows(IllegalArgumentException.class, each::run);
        }
        try (RequestServer server = server();
                RequestClient client = RequestClient.open(name)) {
            assertThrows(NullPointerException.class, () -> server.serve(null));
            assertThrows(NullPointerException.class, () -> client.call(null, LONG));
            assertThrows(NullPointerException.class, () -> client.request(bytes("x"), null));
            assertThrows(IllegalArgumentException.class, () -> client.call(bytes("x"), Duration.ofMillis(-1)));
            assertThrows(TimeoutException.class, () -> client.call(bytes("x"), Duration.ZERO));
        }
    }

    @Test
    void unreachableSidesAreClosed() throws Exception {
        leaveOpen();
        for (long end = System.nanoTime() + LONG.toNanos(); isThere(); Thread.sleep(10)) {
            assertTrue(System.nanoTime() - end < 0, "not closed");
            System.gc();
        }
    }

    private void leaveOpen() {
        server();
        RequestClient.open(name);
    }

    private boolean isThere() {
        try (RequestClient client = RequestClient.open(name)) {
            return true;
        } catch (SharedMemoryException e) {
            return e.reason() != Reason.NOT_FOUND;
        }
    }

    /** The client of a pending future stays open. */
    @Test
    void aPendingFutureKeepsItsClient() throws Exception {
        try (RequestServer server = server()) {
            Held held = new Held();
            serveByThreads(server, held);
            CompletableFuture<ByteBuffer> future = RequestClient.open(name).request(bytes("x"), LONG);
            held.next();
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(20);
            }
            held.answer.countDown();
            assertEquals("x", get(future));
        }
        for (long end = System.nanoTime() + LONG.toNanos(); isThere(); Thread.sleep(10)) {
            assertTrue(System.nanoTime() - end < 0, "not closed");
            System.gc();
        }
    }
}
