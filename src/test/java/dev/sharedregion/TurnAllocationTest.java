package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Platform;
import com.sun.management.ThreadMXBean;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A turn allocates nothing, once C2 has compiled it: the interpreter and C1 allocate what C2 leaves out. */
class TurnAllocationTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000})
    void turnAllocatesNothing(long spinNanos) {
        List<String> c2 = List.of("-XX:TieredStopAtLevel=4");
        try (Peer program = Peer.java(c2, Program.class.getName(), TestNames.unique(), "" + spinNanos)) {
            assertEquals("nothing, nothing, CLOSED", program.nextLine(LONG.toSeconds() + 60), program::errors);
            assertEquals(0, program.exitStatus(), program::errors);
        }
    }

    /** Prints what each side allocates, and how the client's turns have ended. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            PairOptions options = PairOptions.defaults().spin(Duration.ofNanos(Long.parseLong(arguments[1])));
            Allocation byServer = new Allocation();
            Allocation byClient = new Allocation();
            try (EventPair server = EventPair.create(arguments[0], options);
                    EventPair client = EventPair.open(arguments[0], options)) {
                FutureTask<Void> receiving = new FutureTask<>(() -> {
                    while (true) {
                        byClient.measure(() -> {
                            client.awaitWritten(LONG);
                            client.signalRead();
                        });
                    }
                });
                new Thread(receiving).start();
                long giveUp = System.nanoTime() + LONG.toNanos();
                while (!(byServer.isNothing() && byClient.isNothing()) && System.nanoTime() - giveUp < 0) {
                    byServer.measure(() -> {
                        server.signalWritten();
                        server.awaitRead();
                    });
                }
                server.close();
                System.out.println(byServer + ", " + byClient + ", " + endOf(receiving));
            }
        }

        private static Object endOf(FutureTask<Void> receiving) throws InterruptedException {
            try {
                return receiving.get();
            } catch (ExecutionException e) {
                return e.getCause() instanceof SharedMemoryException cause ? cause.reason() : e.getCause();
            }
        }
    }

    private interface Turn {
        void take() throws InterruptedException;
    }

    /** What a thread allocates in many turns, at the least: what every turn allocates is in all measurements. */
    private static final class Allocation {
        private static final int TURNS = Platform.isWindows() ? 2_000 : 5_000;
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        private volatile long least = Long.MAX_VALUE;

        void measure(Turn turn) throws InterruptedException {
            long id = Thread.currentThread().getId();
            long before = THREADS.getThreadAllocatedBytes(id);
            for (int i = 0; i < TURNS; i++) {
                turn.take();
            }
            least = Math.min(least, THREADS.getThreadAllocatedBytes(id) - before);
        }

        /**
         * What the JVM and JNA set up once, and the few sleeps that are long enough to look at the peer, are no turns.
         */
        boolean isNothing() {
            return least < TURNS;
        }

        @Override
        public String toString() {
            return isNothing() ? "nothing" : least + " bytes for " + TURNS + " turns";
        }
    }
}
