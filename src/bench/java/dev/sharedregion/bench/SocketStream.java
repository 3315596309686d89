package dev.sharedregion.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A Unix-domain socket, blocking. A message has its length in front. Both sides have a buffer, so that one call of the
 * system takes many small messages; of a message that is longer, the sender has no copy.
 */
record SocketStream() implements StreamTransport {
    private static final int BUFFER = 1 << 16;
    private static final String NAME = "socket";

    @Override
    public Receiving receive(String name, Arrivals arrivals) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(Transport.file(NAME)));
        return new Receiver(listener, arrivals);
    }

    @Override
    public Sending send(String name, ByteBuffer message) throws IOException {
        return new Sender(SocketChannel.open(UnixDomainSocketAddress.of(Transport.file(NAME))), message);
    }

    private static final class Receiver implements Receiving {
        private final ServerSocketChannel listener;
        private final Arrivals arrivals;

        /** From its beginning to its position: what was read from the socket. */
        private final ByteBuffer buffer = Payload.memory(Math.max(BUFFER, Integer.BYTES + Payload.SIZE), 0);

        private SocketChannel channel;

        Receiver(ServerSocketChannel listener, Arrivals arrivals) {
            this.listener = listener;
            this.arrivals = arrivals;
        }

        @Override
        public void poll() throws IOException {
            if (channel == null) {
                channel = listener.accept();
            }
            if (channel.read(buffer) < 0) {
                throw new EOFException("The other side has ended.");
            }
            buffer.flip();
            while (isThereOne()) {
                int at = buffer.position() + Integer.BYTES;
                arrivals.add(buffer.getLong(at), Arrivals.sum(buffer, at));
                buffer.position(at + Payload.SIZE);
            }
            buffer.compact();
        }

        private boolean isThereOne() {
            return buffer.remaining() >= Integer.BYTES
                    && buffer.remaining() - Integer.BYTES >= buffer.getInt(buffer.position());
        }

        @Override
        public void close() throws IOException {
            listener.close();
            if (channel != null) {
                channel.close();
            }
        }
    }

    private static final class Sender implements Sending {
        private final SocketChannel channel;
        private final ByteBuffer message;
        private final ByteBuffer buffer = Payload.memory(BUFFER, 0);

        Sender(SocketChannel channel, ByteBuffer message) {
            this.channel = channel;
            this.message = message;
        }

        @Override
        public void send() throws IOException {
            if (buffer.remaining() < Integer.BYTES + Payload.SIZE) {
                flush();
            }
            buffer.putInt(Payload.SIZE);
            if (buffer.remaining() < Payload.SIZE) {
                flush();
                write(message);
            } else {
                buffer.put(message);
            }
            message.clear();
        }

        private void flush() throws IOException {
            write(buffer.flip());
            buffer.clear();
        }

        private void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void close() throws IOException {
            flush();
            channel.close();
        }
    }
}
