package dev.sharedregion.bench;

import dev.sharedregion.MessageHandler;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedRegion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * This library, with each payload in a region of its own, whose ticket is the message. The sender keeps as many regions
 * as its channel has room for messages, so the receiver has attached a region before its sender closes it.
 */
record TicketStream() implements StreamTransport {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of the channel. */
    private static final int CAPACITY = 256;

    /** A ticket with its header takes at least 32 bytes of the channel. */
    private static final int MOST_UNDER_WAY = CAPACITY / 32;

    @Override
    public Receiving receive(String name, Arrivals arrivals) {
        MessageReceiver receiver = MessageReceiver.create(name, CAPACITY);
        MessageHandler handler = (type, ticket) -> {
            try (SharedRegion region = SharedRegion.attach(StandardCharsets.US_ASCII.decode(ticket).toString())) {
                ByteBuffer payload = region.buffer();
                arrivals.add(payload.getLong(0), Arrivals.sum(payload, 0));
            }
        };
        return new Receiving() {
            @Override
            public void poll() throws InterruptedException {
                receiver.receive(handler, 1, PATIENCE);
            }

            @Override
            public void close() {
                receiver.close();
            }
        };
    }

    @Override
    public Sending send(String name, ByteBuffer message) throws InterruptedException {
        MessageSender sender = MessageSender.open(name, PATIENCE);
        Queue<SharedRegion> regions = new ArrayDeque<>();
        return new Sending() {
            @Override
            public void send() throws InterruptedException {
                SharedRegion region = SharedRegion.anonymous(Payload.SIZE);
                region.buffer().put(0, message, 0, Payload.SIZE);
                byte[] ticket = region.ticket().getBytes(StandardCharsets.US_ASCII);
                regions.add(region);
                sender.send(ByteBuffer.wrap(ticket));
                while (regions.size() > MOST_UNDER_WAY + 1) {
                    regions.remove().close();
                }
            }

            @Override
            public void close() {
                while (sender.backlog() > 0) {
                    Thread.onSpinWait();
                }
                sender.close();
                regions.forEach(SharedRegion::close);
            }
        };
    }
}
