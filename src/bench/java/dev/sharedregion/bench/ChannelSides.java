package dev.sharedregion.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** The two sides of whatever is a channel of bytes in each direction: the payload goes, its number comes back. */
final class ChannelSides {
    private ChannelSides() {}

    /** What the asking side has before the other one is there. */
    interface Door extends Closeable {
        /** Waits for the other side. */
        Link enter() throws IOException;
    }

    /** A connection. */
    record Link(ReadableByteChannel in, WritableByteChannel out) implements Closeable {
        @Override
        public void close() throws IOException {
            in.close();
            out.close();
        }
    }

    static Transport.Asking asking(String address, Door door, Payload payload) {
        ByteBuffer answer = Payload.memory(Long.BYTES, 0);
        return new Transport.Asking() {
            private Link link;

            @Override
            public String address() {
                return address;
            }

            @Override
            public void roundTrip(long number) throws IOException {
                if (link == null) {
                    link = door.enter();
                }
                send(link.out, payload.own(number));
                receive(link.in, answer);
                Transport.checkAnswer(number, answer.getLong(0));
            }

            @Override
            public void close() throws IOException {
                if (link != null) {
                    link.close();
                }
                door.close();
            }
        };
    }

    static Transport.Answering answering(Link link, Payload payload) {
        ByteBuffer buffer = Payload.memory(payload.bytes, 0);
        ByteBuffer answer = Payload.memory(Long.BYTES, 0);
        return new Transport.Answering() {
            @Override
            public long answer() throws IOException {
                receive(link.in, buffer);
                long number = payload.read(buffer, 0);
                send(link.out, answer.putLong(0, number));
                return number;
            }

            @Override
            public void close() throws IOException {
                link.close();
            }
        };
    }

    /** Sends all of the buffer, whatever its position. */
    private static void send(WritableByteChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            if (channel.write(message) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** Fills all of the buffer, whatever its position. */
    private static void receive(ReadableByteChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            int count = channel.read(message);
            if (count == 0) {
                Thread.onSpinWait();
            } else if (count < 0) {
                throw new EOFException("The other side has ended.");
            }
        }
    }
}
