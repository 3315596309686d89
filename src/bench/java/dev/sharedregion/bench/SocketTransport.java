package dev.sharedregion.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A blocking stream socket: a Unix-domain one, or TCP on the loopback interface. The payload goes both ways. */
record SocketTransport(StandardProtocolFamily family) implements Transport {
    @Override
    public Asking ask(String name) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(family);
        listener.bind(
                family == StandardProtocolFamily.UNIX
                        ? UnixDomainSocketAddress.of(Path.of(System.getProperty("java.io.tmpdir"), name))
                        : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketAddress bound = listener.getLocalAddress();
        ByteBuffer payload = ByteBuffer.allocateDirect(Payload.SIZE).order(ByteOrder.nativeOrder());
        return new Asking() {
            private SocketChannel channel;

            @Override
            public String address() {
                return bound instanceof InetSocketAddress tcp ? String.valueOf(tcp.getPort()) : bound.toString();
            }

            @Override
            public void roundTrip(long number) throws IOException {
                if (channel == null) {
                    channel = unbuffered(listener.accept());
                }
                Payload.write(payload, number);
                send(channel, payload);
                receive(channel, payload);
                Payload.read(payload);
            }

            @Override
            public void close() throws IOException {
                if (channel != null) {
                    channel.close();
                }
                listener.close();
                if (bound instanceof UnixDomainSocketAddress unix) {
                    Files.delete(unix.getPath());
                }
            }
        };
    }

    @Override
    public Answering answer(String address) throws IOException {
        SocketChannel channel = unbuffered(SocketChannel.open(
                family == StandardProtocolFamily.UNIX
                        ? UnixDomainSocketAddress.of(address)
                        : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address))));
        ByteBuffer payload = ByteBuffer.allocateDirect(Payload.SIZE).order(ByteOrder.nativeOrder());
        return new Answering() {
            @Override
            public long answer() throws IOException {
                receive(channel, payload);
                long number = Payload.read(payload);
                send(channel, payload);
                return number;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** TCP would hold small messages back. */
    private SocketChannel unbuffered(SocketChannel channel) throws IOException {
        return family == StandardProtocolFamily.UNIX
                ? channel
                : channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    private static void send(SocketChannel channel, ByteBuffer payload) throws IOException {
        payload.clear();
        while (payload.hasRemaining()) {
            channel.write(payload);
        }
    }

    private static void receive(SocketChannel channel, ByteBuffer payload) throws IOException {
        payload.clear();
        while (payload.hasRemaining()) {
            if (channel.read(payload) < 0) {
                throw new EOFException("The other side has ended.");
            }
        }
    }
}
