package bridge;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.UnavailableImageHandler;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.agrona.SystemUtil;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** The Aeron of one end: a media driver in this process, where this end listens, and where it sends. */
final class Link implements AutoCloseable {
    /** The stream of messages, and of the answers to it. */
    static final int MESSAGES = 1;

    static final int MESSAGES_STATUS = 2;

    /** The stream of values, and of the answers to it. */
    static final int VALUES = 3;

    static final int VALUES_STATUS = 4;

    /** Where the two ends listen if nothing else is said. */
    static final String RECEIVER = "127.0.0.1:40123";

    static final String SENDER = "127.0.0.1:40124";

    /** What fits into a datagram on Ethernet. */
    static final String MTU = "1408";

    private static final String TERM = "8m";
    private static final String SHORT_TERM = "64k";
    private static final long LONGEST_PARK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final String to;
    private final String listen;
    private final MediaDriver driver;
    private final Aeron aeron;

    /**
     * Starts it.
     *
     * @param to the other end's address, {@code host:port}
     * @param listen this end's address, {@code host:port}
     * @param mtu the most bytes in a datagram, less its UDP and IP headers
     */
    Link(String to, String listen, String mtu) throws IOException {
        this.to = "aeron:udp?endpoint=" + to + "|mtu=" + mtu + "|term-length=";
        this.listen = "aeron:udp?endpoint=" + listen;
        String directory =
                CommonContext.getAeronDirectoryName() + "-bridge-" + listen.replaceAll("[^A-Za-z0-9.-]", "-");
        // Fails if another process listens there, whose directory must not be deleted.
        new DatagramSocket(address(listen)).close();
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory)
                // What a killed process has left.
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(idle())
                // Driver and client are in one process: if that was stopped, both live, and go on.
                .clientLivenessTimeoutNs(TimeUnit.HOURS.toNanos(24))
                .publicationUnblockTimeoutNs(TimeUnit.HOURS.toNanos(25))
                // Wine cannot say which file store a folder is on.
                .performStorageChecks(!SystemUtil.osName().startsWith("win")));
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(directory)
                .driverTimeoutMs(TimeUnit.HOURS.toMillis(24))
                .errorHandler(Threads::end));
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("\"" + hostAndPort + "\" is no address: give host:port.");
        }
        int port = Integer.parseInt(hostAndPort.substring(colon + 1));
        return new InetSocketAddress(hostAndPort.substring(0, colon), port);
    }

    /** What a loop without work waits by. */
    static IdleStrategy idle() {
        return new BackoffIdleStrategy(10, 20, 1_000, LONGEST_PARK_NANOS);
    }

    /** Begins to send a stream of messages or values. */
    ExclusivePublication publication(int stream) {
        return aeron.addExclusivePublication(to + TERM, stream);
    }

    /** Begins to send a stream of answers. */
    ExclusivePublication answers(int stream) {
        return aeron.addExclusivePublication(to + SHORT_TERM, stream);
    }

    /**
     * Begins to receive a stream.
     *
     * @param onLoss gets, in a thread of Aeron, the session of a connection that was lost or has ended
     */
    Subscription subscription(int stream, IntConsumer onLoss) {
        UnavailableImageHandler handler = image -> onLoss.accept(image.sessionId());
        return aeron.addSubscription(listen, stream, null, handler);
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }
}
