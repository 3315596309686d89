package dev.sharedregion.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A stream socket, Unix-domain or TCP on the loopback interface: blocking, or polled without a pause. With the
 * system's own sizes of buffers: larger ones gained nothing.
 */
record SocketTransport(StandardProtocolFamily family, boolean polling) implements Transport {
    @Override
    public Asking ask(String name, Payload payload) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(family);
        listener.bind(
                family == StandardProtocolFamily.UNIX
                        ? UnixDomainSocketAddress.of(Transport.file("socket"))
                        : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketAddress bound = listener.getLocalAddress();
        String address = bound instanceof InetSocketAddress tcp ? String.valueOf(tcp.getPort()) : bound.toString();
        ChannelSides.Door door = new ChannelSides.Door() {
            @Override
            public ChannelSides.Link enter() throws IOException {
                return link(listener.accept());
            }

            @Override
            public void close() throws IOException {
                listener.close();
            }
        };
        return ChannelSides.asking(address, door, payload);
    }

    @Override
    public Answering answer(String address, Payload payload) throws IOException {
        SocketChannel channel = SocketChannel.open(
                family == StandardProtocolFamily.UNIX
                        ? UnixDomainSocketAddress.of(address)
                        : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address)));
        return ChannelSides.answering(link(channel), payload);
    }

    private ChannelSides.Link link(SocketChannel channel) throws IOException {
        if (family != StandardProtocolFamily.UNIX) {
            // TCP would hold small messages back.
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        channel.configureBlocking(!polling);
        return new ChannelSides.Link(channel, channel);
    }
}
