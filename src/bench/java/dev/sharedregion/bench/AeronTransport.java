package dev.sharedregion.bench;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Aeron over shared memory (IPC), a stream in each direction.
 *
 * <p>An IPC message goes from publication to subscription by the mapped log alone. What the media driver does beside it
 * is to move the publisher's limit and to clean. Its fastest mode, DEDICATED, needs a processor for each of its
 * threads; here are two processors, and a side spins on each. So the driver has no thread (INVOKER, "for low CPU
 * resource systems"): the asking side embeds it, and runs it every so many round trips. The one thread of SHARED would
 * take a processor away from a side from time to time; its median was the same, its p99.9 twice as high. The clients'
 * conductors are invoked likewise.
 * <a href="https://github.com/aeron-io/aeron/wiki/Thread-Utilisation">Thread Utilisation</a>,
 * <a href="https://github.com/aeron-io/aeron/wiki/Performance-Testing">Performance Testing</a>
 */
record AeronTransport() implements Transport {
    static final List<String> JVM_FLAGS = AgronaTransport.JVM_FLAGS;

    private static final int THERE = 1;
    private static final int BACK = 2;

    /**
     * A term: the three of a log stay in the caches, which the default's 64 MiB do not; and the half of one by which
     * the publisher may be ahead of the driver holds more than {@link #UPKEEP} messages of 64 bytes.
     */
    private static final int LEAST_TERM = 1 << 18;

    /** What fits into this goes unfragmented, and is written in place. */
    private static final int MTU = 1 << 15;

    /**
     * A turn of the driver and of the client's conductor, which take a microsecond, comes after so many: with larger
     * messages before they have filled half of what the publisher may be ahead.
     */
    private static final int UPKEEP = Math.max(1, Math.min(256, LEAST_TERM / 4 / (Payload.SIZE + 32)));

    @Override
    public Asking ask(String name, Payload payload) {
        String directory = Transport.file(name).toString();
        // A message may take an eighth of a term.
        int term = Math.max(LEAST_TERM, BitUtil.findNextPositivePowerOfTwo(Payload.SIZE) * 16);
        MediaDriver driver = launch(directory, term);
        Aeron aeron = connect(directory, driver);
        return new AskingSide(name, driver, new Client(aeron, driver.sharedAgentInvoker(), THERE, BACK));
    }

    /** A driver that the caller runs, with terms of so many bytes. */
    static MediaDriver launch(String directory, int term) {
        return MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory)
                .threadingMode(ThreadingMode.INVOKER)
                .ipcTermBufferLength(term)
                .ipcMtuLength(MTU)
                // As in the sample LowLatencyMediaDriver: no page is touched for the first time while measuring.
                .termBufferSparseFile(false)
                // Wine cannot say which file store a folder is on.
                .performStorageChecks(false)
                .dirDeleteOnShutdown(true));
    }

    /** A client that runs its conductor itself, and the driver, unless that is in another process. */
    static Aeron connect(String directory, MediaDriver driver) {
        Aeron.Context context = new Aeron.Context()
                .aeronDirectoryName(directory)
                .useConductorAgentInvoker(true)
                .preTouchMappedMemory(true);
        return Aeron.connect(driver == null ? context : context.driverAgentInvoker(driver.sharedAgentInvoker()));
    }

    /** Whether the message was taken. */
    static boolean sent(long position) {
        if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException("The publication has ended: " + position);
        }
        return position > 0;
    }

    @Override
    public Answering answer(String address, Payload payload) {
        return new AnsweringSide(new Client(connect(Transport.file(address).toString(), null), null, BACK, THERE));
    }

    /** So many polls in vain are upkeep too. */
    private static final int POLLS = 1 << 14;

    /** What both sides have. */
    private static final class Client {
        final Aeron aeron;
        private final AgentInvoker driver;
        private final ExclusivePublication out;
        private final Subscription in;
        private final BufferClaim claim = new BufferClaim();
        private final UnsafeBuffer large = new UnsafeBuffer(new byte[Payload.SIZE]);
        private int polls;

        Client(Aeron aeron, AgentInvoker driver, int to, int from) {
            this.aeron = aeron;
            this.driver = driver;
            // Exclusive: of one thread, and so without an atomic addition for each message.
            out = aeron.addExclusivePublication(CommonContext.IPC_CHANNEL, to);
            in = aeron.addSubscription(CommonContext.IPC_CHANNEL, from);
        }

        void upkeep() {
            if (driver != null) {
                driver.invoke();
            }
            aeron.conductorAgentInvoker().invoke();
        }

        void sendNumbers(long number) {
            if (Payload.SIZE > out.maxPayloadLength()) {
                AgronaTransport.write(large, 0, number);
                while (!sent(out.offer(large))) {
                    upkeep();
                }
                return;
            }
            claim(Payload.SIZE);
            AgronaTransport.write(claim.buffer(), claim.offset(), number);
            claim.commit();
        }

        void sendNumber(long number) {
            claim(Long.BYTES);
            claim.buffer().putLong(claim.offset(), number);
            claim.commit();
        }

        /** Spins, as {@code BusySpinIdleStrategy} does. */
        void receive(FragmentHandler handler, boolean[] arrived) {
            while (!arrived[0]) {
                if (in.poll(handler, 1) == 0) {
                    Thread.onSpinWait();
                    // Or else nothing would move while the other side starts, or waits for the driver.
                    if (++polls % POLLS == 0) {
                        upkeep();
                    }
                }
            }
            arrived[0] = false;
        }

        private void claim(int length) {
            while (!sent(out.tryClaim(length, claim))) {
                upkeep();
            }
        }
    }

    private static final class AskingSide implements Asking {
        private final String name;
        private final MediaDriver driver;
        private final Client client;
        private final boolean[] arrived = new boolean[1];
        private long answer;

        private final FragmentHandler handler = (buffer, at, length, header) -> {
            answer = buffer.getLong(at);
            arrived[0] = true;
        };

        AskingSide(String name, MediaDriver driver, Client client) {
            this.name = name;
            this.driver = driver;
            this.client = client;
        }

        @Override
        public String address() {
            return name;
        }

        @Override
        public void roundTrip(long number) {
            client.sendNumbers(number);
            client.receive(handler, arrived);
            Transport.checkAnswer(number, answer);
            if (number % UPKEEP == 0) {
                client.upkeep();
            }
        }

        @Override
        public void close() {
            client.aeron.close();
            driver.close();
        }
    }

    private static final class AnsweringSide implements Answering {
        private final Client client;
        private final boolean[] arrived = new boolean[1];
        private long number;
        private final FragmentHandler handler;

        AnsweringSide(Client client) {
            this.client = client;
            FragmentHandler whole = (buffer, at, length, header) -> {
                number = AgronaTransport.read(buffer, at);
                arrived[0] = true;
            };
            // It puts fragments together; one that is a whole message it hands on as it is.
            handler = new FragmentAssembler(whole);
        }

        @Override
        public long answer() {
            client.receive(handler, arrived);
            client.sendNumber(number);
            if (number % UPKEEP == 0) {
                client.upkeep();
            }
            return number;
        }

        @Override
        public void close() {
            client.aeron.close();
        }
    }
}
