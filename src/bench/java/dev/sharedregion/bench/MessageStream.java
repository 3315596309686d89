package dev.sharedregion.bench;

import dev.sharedregion.MessageHandler;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * This library.
 *
 * @param inPlace whether a message is copied into a claim, instead of being sent
 * @param options of the channel
 */
record MessageStream(boolean inPlace, MessageOptions options) implements StreamTransport {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Each sender has a ring, so these share what others have in one. */
    private static final int RING = CAPACITY / SENDERS / Arrivals.LINE * Arrivals.LINE;

    static MessageStream sent() {
        return new MessageStream(false, MessageOptions.defaults());
    }

    static MessageStream placed() {
        return new MessageStream(true, MessageOptions.defaults());
    }

    /** Each of up to two receivers gets all messages; here there is one. */
    static MessageStream broadcast() {
        return new MessageStream(false, MessageOptions.defaults().receivers(2));
    }

    @Override
    public Receiving receive(String name, Arrivals arrivals) {
        MessageReceiver receiver = MessageReceiver.create(name, RING, options.senders(SENDERS));
        MessageHandler handler = (type, message) -> arrivals.add(message.getLong(0), Arrivals.sum(message, 0));
        return new Receiving() {
            @Override
            public void poll() throws InterruptedException {
                if (CROWDED) {
                    receiver.receive(handler, BATCH, PATIENCE);
                } else if (receiver.poll(handler, BATCH) == 0) {
                    Thread.onSpinWait();
                }
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
        return new Sending() {
            @Override
            public void send() throws InterruptedException {
                if (inPlace) {
                    claim();
                } else {
                    sender.send(message);
                }
            }

            private void claim() throws InterruptedException {
                try (MessageSender.Claim claim = sender.claim(0, Payload.SIZE, PATIENCE)) {
                    claim.buffer().put(0, message, 0, Payload.SIZE);
                    claim.commit();
                }
            }

            @Override
            public void close() {
                sender.close();
            }
        };
    }
}
