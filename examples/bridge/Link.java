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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.agrona.SystemUtil;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * The Aeron of one end: a media driver in this process, where this end listens, and where it sends. One thread does all
 * of an end's work, Aeron's too: threads that wait for each other take a processor from those that have work.
 */
final class Link implements AutoCloseable {
    /** A part of the work of an end. */
    interface Work {
        /** Does what there is, without waiting. Returns how much was done. */
        int work() throws InterruptedException;
    }

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
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    /** Aeron's driver sends about one datagram each time, and receives one. */
    private static final int DATAGRAMS_AT_ONCE = 16;

    private final String to;
    private final String listen;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final Queue<Supplier<Work>> added = new ConcurrentLinkedQueue<>();
    private final List<Work> works = new ArrayList<>();
    private final IdleStrategy idle = idle();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean ending;

    /**
     * Starts it, for an end whose work {@link #run} does.
     *
     * @param to the other end's address, {@code host:port}
     * @param listen this end's address, {@code host:port}
     * @param mtu the most bytes in a datagram, less its UDP and IP headers
     */
    Link(String to, String listen, String mtu) throws IOException {
        this(to, listen, mtu, ThreadingMode.INVOKER);
    }

    /** As the other one; if the mode is not {@code INVOKER}, Aeron has threads of its own. */
    Link(String to, String listen, String mtu, ThreadingMode mode) throws IOException {
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
                .threadingMode(mode)
                .sharedIdleStrategy(idle())
                // Driver and client are in one process: if that was stopped, both live, and go on.
                .clientLivenessTimeoutNs(TimeUnit.HOURS.toNanos(24))
                .publicationUnblockTimeoutNs(TimeUnit.HOURS.toNanos(25))
                // Wine cannot say which file store a folder is on.
                .performStorageChecks(!SystemUtil.osName().startsWith("win")));
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(directory)
                .driverTimeoutMs(TimeUnit.HOURS.toMillis(24))
                .driverAgentInvoker(driver.sharedAgentInvoker())
                .useConductorAgentInvoker(mode == ThreadingMode.INVOKER)
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
     * @param onLoss gets the session of a connection that was lost or has ended
     */
    Subscription subscription(int stream, IntConsumer onLoss) {
        UnavailableImageHandler handler = image -> onLoss.accept(image.sessionId());
        return aeron.addSubscription(listen, stream, null, handler);
    }

    /** Adds work, which is made by the thread that does it. For any thread. */
    void add(Supplier<Work> work) {
        added.add(work);
    }

    /** Does the work, without an end. */
    void run() throws InterruptedException {
        while (true) {
            step();
        }
    }

    /** Does the work that there is now, or waits for a short time if there is none. */
    void step() throws InterruptedException {
        if (ending) {
            close();
            closed.countDown();
            Thread.sleep(Duration.ofHours(1).toMillis());
        }
        Supplier<Work> next = added.poll();
        if (next != null) {
            works.add(next.get());
        }
        int count = aeron.conductorAgentInvoker().invoke();
        for (int i = 0, done = 1; i < DATAGRAMS_AT_ONCE && done > 0; i++) {
            done = driver.sharedAgentInvoker().invoke();
            count += done;
        }
        // By index, as work that waits has the other work done.
        for (int i = 0; i < works.size(); i++) {
            count += works.get(i).work();
        }
        idle.idle(count);
    }

    /** When the JVM ends, has the thread that does the work close this. */
    void closeAtEnd() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ending = true;
            try {
                closed.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                // The JVM ends.
            }
        }));
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }
}
