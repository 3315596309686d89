package dev.sharedregion.helpers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

/** Passes datagrams on to an address and back, later, and not all of them. None at all while it is cut. */
public final class BadNetwork implements AutoCloseable {
    private static final int LONGEST = 1 << 16;

    private final InetSocketAddress target;
    private final long delayNanos;
    private final double loss;
    private final Random random = new Random(1);
    private final Selector selector = Selector.open();
    private final DatagramChannel front = open(null);

    /** By the address that a datagram came from: what passes it on. */
    private final Map<SocketAddress, DatagramChannel> backs = new HashMap<>();

    private final Queue<Datagram> underWay = new ArrayDeque<>();
    private volatile boolean cut;

    private record Datagram(long time, DatagramChannel out, SocketAddress to, ByteBuffer bytes) {}

    public BadNetwork(String target, Duration delay, double loss) throws IOException {
        int colon = target.lastIndexOf(':');
        this.target = new InetSocketAddress(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
        this.loss = loss;
        delayNanos = delay.toNanos();
        Thread thread = new Thread(this::run, "bad network");
        thread.setDaemon(true);
        thread.start();
    }

    /** Opens a channel, for what comes from an address, or from any. */
    private DatagramChannel open(SocketAddress from) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, from);
        return channel;
    }

    /** Where datagrams are to be sent. */
    public String address() throws IOException {
        return "127.0.0.1:" + ((InetSocketAddress) front.getLocalAddress()).getPort();
    }

    public void cut(boolean nothingPasses) {
        cut = nothingPasses;
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(1);
                for (SelectionKey key : selector.selectedKeys()) {
                    take((DatagramChannel) key.channel(), (SocketAddress) key.attachment());
                }
                selector.selectedKeys().clear();
                passOn();
            }
        } catch (IOException | ClosedSelectorException e) {
            // It is closed.
        }
    }

    private void take(DatagramChannel in, SocketAddress owner) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
        for (SocketAddress from = in.receive(bytes); from != null; from = in.receive(bytes)) {
            if (!cut && random.nextDouble() >= loss) {
                ByteBuffer copy = ByteBuffer.allocate(bytes.flip().remaining()).put(bytes).flip();
                DatagramChannel out = owner == null ? back(from) : front;
                underWay.add(new Datagram(System.nanoTime() + delayNanos, out, owner == null ? target : owner, copy));
            }
            bytes.clear();
        }
    }

    private DatagramChannel back(SocketAddress from) throws IOException {
        DatagramChannel back = backs.get(from);
        if (back == null) {
            back = open(from);
            backs.put(from, back);
        }
        return back;
    }

    private void passOn() throws IOException {
        while (!underWay.isEmpty() && System.nanoTime() - underWay.peek().time >= 0) {
            Datagram next = underWay.remove();
            next.out.send(next.bytes, next.to);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        front.close();
        for (DatagramChannel back : backs.values()) {
            back.close();
        }
    }
}
