package dev.sharedregion.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Agrona's ring buffers, in a mapped file. A message is copied from the sender's memory by {@code write}: the copy that
 * a claim saves is the one that a sender needs here. Who waits spins ({@code BusySpinIdleStrategy}). If there are too
 * few processors for that, it spins, yields and then sleeps ({@code BackoffIdleStrategy}).
 *
 * @param many whether the ring is the one for many producers
 */
record AgronaStream(boolean many) implements StreamTransport {
    private static final int TYPE = 1;

    @Override
    public Receiving receive(String name, Arrivals arrivals) throws IOException {
        RingBuffer ring = ring(name);
        IdleStrategy idle = idle();
        MessageHandler handler = (type, buffer, at, length) -> add(buffer, at, arrivals);
        return new Receiving() {
            @Override
            public void poll() {
                idle.idle(ring.read(handler, BATCH));
            }

            @Override
            public void close() {}
        };
    }

    /** Reads a message, and adds it to those that have arrived. */
    static void add(DirectBuffer buffer, int at, Arrivals arrivals) {
        long sum = 0;
        for (int line = Arrivals.LINE; line < Arrivals.END; line += Arrivals.LINE) {
            sum += buffer.getLong(at + line);
        }
        arrivals.add(buffer.getLong(at), sum);
    }

    @Override
    public Sending send(String name, ByteBuffer message) throws IOException {
        RingBuffer ring = ring(name);
        IdleStrategy idle = idle();
        DirectBuffer bytes = new UnsafeBuffer(message);
        return new Sending() {
            @Override
            public void send() {
                if (!ring.write(TYPE, bytes, 0, Payload.SIZE)) {
                    retry();
                }
            }

            private void retry() {
                idle.reset();
                do {
                    idle.idle();
                } while (!ring.write(TYPE, bytes, 0, Payload.SIZE));
            }

            @Override
            public void close() {}
        };
    }

    private static IdleStrategy idle() {
        return CROWDED ? new BackoffIdleStrategy() : new BusySpinIdleStrategy();
    }

    private RingBuffer ring(String name) throws IOException {
        AtomicBuffer memory = AgronaTransport.memory(Transport.file(name), CAPACITY);
        return many ? new ManyToOneRingBuffer(memory) : new OneToOneRingBuffer(memory);
    }
}
