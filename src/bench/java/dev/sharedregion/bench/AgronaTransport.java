package dev.sharedregion.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Agrona's ring buffer for one producer and one consumer, in a mapped file for each direction.
 *
 * <p>Its fastest way, by its documentation: a message is claimed, written in place and committed, which saves the copy
 * of {@code write}, and its consumer spins ({@code BusySpinIdleStrategy}: "lowest possible latency").
 * <a href="https://www.javadoc.io/doc/org.agrona/agrona/latest/">RingBuffer, BusySpinIdleStrategy</a>
 */
record AgronaTransport() implements Transport {
    static final List<String> JVM_FLAGS = List.of(
            // Agrona 2 takes the JDK's own Unsafe; its README asks for this.
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            // https://github.com/aeron-io/aeron/wiki/Performance-Testing
            "-Dagrona.disable.bounds.checks=true");

    private static final int TYPE = 1;

    /** Of the ring: few pages, so that all of it stays in the processor's caches, but room for eight messages. */
    private static final int LEAST_CAPACITY = 1 << 16;

    @Override
    public Asking ask(String name, Payload payload) throws IOException {
        OneToOneRingBuffer there = ring(Transport.file(name + ".there"), Payload.SIZE);
        OneToOneRingBuffer back = ring(Transport.file(name + ".back"), Long.BYTES);
        IdleStrategy idle = new BusySpinIdleStrategy();
        long[] answer = new long[1];
        MessageHandler handler = (type, buffer, at, length) -> answer[0] = buffer.getLong(at);
        return new Asking() {
            @Override
            public String address() {
                return name;
            }

            @Override
            public void roundTrip(long number) {
                int at = claim(there, Payload.SIZE);
                write(there.buffer(), at, number);
                there.commit(at);
                while (back.read(handler, 1) == 0) {
                    idle.idle();
                }
                Transport.checkAnswer(number, answer[0]);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Answering answer(String address, Payload payload) throws IOException {
        OneToOneRingBuffer there = ring(Transport.file(address + ".there"), Payload.SIZE);
        OneToOneRingBuffer back = ring(Transport.file(address + ".back"), Long.BYTES);
        IdleStrategy idle = new BusySpinIdleStrategy();
        long[] number = new long[1];
        MessageHandler handler = (type, buffer, at, length) -> number[0] = read(buffer, at);
        return new Answering() {
            @Override
            public long answer() {
                while (there.read(handler, 1) == 0) {
                    idle.idle();
                }
                int at = claim(back, Long.BYTES);
                back.buffer().putLong(at, number[0]);
                back.commit(at);
                return number[0];
            }

            @Override
            public void close() {}
        };
    }

    /** Writes the numbers of the round trip. */
    static void write(MutableDirectBuffer buffer, int at, long number) {
        for (int word = 0; word < Payload.SIZE; word += Long.BYTES) {
            buffer.putLong(at + word, number + word / Long.BYTES);
        }
    }

    /** Reads and checks all of them, and returns the first. */
    static long read(DirectBuffer buffer, int at) {
        long number = buffer.getLong(at);
        long wrong = 0;
        for (int word = 0; word < Payload.SIZE; word += Long.BYTES) {
            wrong |= buffer.getLong(at + word) ^ (number + word / Long.BYTES);
        }
        Numbers.check(wrong, number);
        return number;
    }

    /** There is always room: one message at most is under way. */
    private static int claim(OneToOneRingBuffer ring, int length) {
        int at = ring.tryClaim(TYPE, length);
        if (at < 0) {
            throw new IllegalStateException("The ring is full.");
        }
        return at;
    }

    private static OneToOneRingBuffer ring(Path file, int message) throws IOException {
        // A message may take an eighth of a ring, with its header.
        int capacity = Math.max(LEAST_CAPACITY, BitUtil.findNextPositivePowerOfTwo(message) * 16);
        return new OneToOneRingBuffer(memory(file, capacity));
    }

    /** A mapped file for a ring. */
    static UnsafeBuffer memory(Path file, int capacity) throws IOException {
        return new UnsafeBuffer(Transport.map(file, capacity + RingBufferDescriptor.TRAILER_LENGTH));
    }
}
