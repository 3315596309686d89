package dev.sharedregion.bench;

import dev.sharedregion.Request;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.LongPredicate;

/** This library: a request with the payload, whose reply is the number. The handler runs in the thread that serves. */
record RequestTransport() implements Transport {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A whole request has to fit, with some bytes beside it, into half of it. */
    private static final int CAPACITY = Math.max(1 << 16, Integer.highestOneBit(Payload.SIZE) * 8);

    @Override
    public Asking ask(String name, Payload payload) {
        return new Asking() {
            private RequestClient client;

            @Override
            public String address() {
                return name;
            }

            @Override
            public void roundTrip(long number) throws Exception {
                if (client == null) {
                    client = RequestClient.open(name, PATIENCE);
                }
                ByteBuffer reply = client.call(payload.own(number), PATIENCE);
                Transport.checkAnswer(number, reply.getLong(0));
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    @Override
    public Answering answer(String address, Payload payload) {
        RequestServer server = RequestServer.create(address, CAPACITY);
        return new Answering() {
            @Override
            public long answer() {
                throw new UnsupportedOperationException("A server answers all.");
            }

            @Override
            public void answerAll(LongPredicate goesOn) throws InterruptedException {
                ByteBuffer reply = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
                try {
                    server.serve(request -> reply(request, reply, goesOn));
                } catch (InterruptedException e) {
                    // The last one was answered.
                }
            }

            private ByteBuffer reply(Request request, ByteBuffer reply, LongPredicate goesOn) {
                long number = payload.read(request.bytes(), 0);
                if (!goesOn.test(number)) {
                    Thread.currentThread().interrupt();
                }
                return reply.putLong(0, number);
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
