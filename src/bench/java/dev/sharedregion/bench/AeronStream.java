package dev.sharedregion.bench;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Aeron over shared memory (IPC), set up as {@link AeronTransport} says: the receiver runs the driver. A term is as
 * large as the rings of the others. Aeron keeps three of them, and lets the sender be ahead by a half of one.
 */
record AeronStream() implements StreamTransport {
    private static final int STREAM = 1;

    /** A turn of the driver and of the conductor comes after so many messages: an eighth of what may be ahead. */
    private static final int UPKEEP = Math.max(1, CAPACITY / 16 / Payload.SIZE);

    /** And after so many looks in vain: the sender may wait for the driver. */
    private static final int LOOKS = 64;

    @Override
    public Receiving receive(String name, Arrivals arrivals) {
        String directory = Transport.file(name).toString();
        MediaDriver driver = AeronTransport.launch(directory, CAPACITY);
        Aeron aeron = AeronTransport.connect(directory, driver);
        return new Receiver(driver, aeron, arrivals);
    }

    @Override
    public Sending send(String name, ByteBuffer message) {
        Aeron aeron = AeronTransport.connect(Transport.file(name).toString(), null);
        return new Sender(aeron, message);
    }

    private static final class Receiver implements Receiving {
        private final MediaDriver driver;
        private final Aeron aeron;
        private final Subscription subscription;
        private final FragmentHandler handler;
        private int messages;
        private int looks;

        Receiver(MediaDriver driver, Aeron aeron, Arrivals arrivals) {
            this.driver = driver;
            this.aeron = aeron;
            subscription = aeron.addSubscription(CommonContext.IPC_CHANNEL, STREAM);
            FragmentHandler whole = (buffer, at, length, header) -> {
                messages++;
                AgronaStream.add(buffer, at, arrivals);
            };
            handler = new FragmentAssembler(whole);
        }

        @Override
        public void poll() {
            if (subscription.poll(handler, BATCH) == 0) {
                looks++;
                Thread.onSpinWait();
            }
            if (messages >= UPKEEP || looks >= LOOKS) {
                messages = 0;
                looks = 0;
                driver.sharedAgentInvoker().invoke();
                aeron.conductorAgentInvoker().invoke();
            }
        }

        @Override
        public void close() {
            aeron.close();
            driver.close();
        }
    }

    private static final class Sender implements Sending {
        private final Aeron aeron;
        private final ExclusivePublication publication;
        private final UnsafeBuffer message;
        private int messages;

        Sender(Aeron aeron, ByteBuffer message) {
            this.aeron = aeron;
            this.message = new UnsafeBuffer(message);
            publication = aeron.addExclusivePublication(CommonContext.IPC_CHANNEL, STREAM);
        }

        @Override
        public void send() {
            if (++messages == UPKEEP) {
                messages = 0;
                aeron.conductorAgentInvoker().invoke();
            }
            while (!AeronTransport.sent(publication.offer(message))) {
                // It is not connected yet, or there is no room.
                aeron.conductorAgentInvoker().invoke();
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            aeron.close();
        }
    }
}
