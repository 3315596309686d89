package dev.sharedregion.kills;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.jna.Platform;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Takes turns at full speed, while one side after the other is killed at a random moment and a successor takes its
 * place. Each acknowledged turn was delivered once, no turn is lost, and the successors continue. {@code
 * -Dsharedregion.kills} sets the number of kills of all pairings together.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class PairKillTest {
    private static final int PAIRINGS = 3;
    private static final int KILLS = Sizes.of("sharedregion.kills", PAIRINGS, 40);
    private static final int MOST_MICROS = 20_000;
    private static final int[] SPINS = {-1, -1, 0, 1_000, 10_000_000};
    private static final int[] PAUSES = {0, 0, 0, 100};

    private final String name = TestNames.unique();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final List<Worker> workers = new ArrayList<>();

    /** One side: its process, and its successors'. */
    private final class Worker {
        private final String side;
        private final boolean inC;
        private Peer process;

        Worker(String side, String language) throws Exception {
            this.side = side;
            workers.add(this);
            this.inC = language.equals("C");
            start();
        }

        void start() throws Exception {
            String[] arguments = {
                side, name, "0", "" + SPINS[random.nextInt(SPINS.length)], "" + PAUSES[random.nextInt(PAUSES.length)]
            };
            if (inC) {
                List<String> command = new ArrayList<>(List.of(Tools.cPeer("pair").toString()));
                command.addAll(List.of(arguments));
                process = Peer.start(command);
            } else {
                process = Peer.java(PairWorker.class, arguments);
            }
            process.expect("ready");
        }

        /** Reads its notices until it says that its peer has died, at this time in ms or later; returns when. */
        long awaitNotice(long killed) {
            while (true) {
                String[] words = notice().split(" ");
                // An older one may have been on its way.
                if (!words[0].equals("resumed") && Long.parseLong(words[1]) >= killed) {
                    return Long.parseLong(words[1]);
                }
            }
        }

        private String notice() {
            String line = process.nextLine();
            check(line);
            return line;
        }

        /**
         * A side that finds something wrong says so, and may close the pair before: what both say tells which it was.
         */
        private void check(String line) {
            if (line == null || !line.startsWith("PEER_DIED") && !line.equals("resumed")) {
                StringBuilder all = new StringBuilder("seed " + seed + ", " + side + ": " + line);
                for (Worker worker : workers) {
                    for (String next = worker.process.lineIfThere();
                            next != null;
                            next = worker.process.lineIfThere()) {
                        all.append("; ").append(worker.side).append(": ").append(next);
                    }
                    worker.process.close();
                    for (String next = worker.process.nextLine(); next != null; next = worker.process.nextLine()) {
                        all.append("; ").append(worker.side).append(": ").append(next);
                    }
                    all.append("; ").append(worker.process.errors());
                }
                fail(all.toString());
            }
        }

        void catchUp() {
            for (String line = process.lineIfThere(); line != null; line = process.lineIfThere()) {
                check(line);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Java, Java", "Java, C", "C, Java"})
    void killsLoseAndRepeatNoTurn(String serversLanguage, String clientsLanguage) throws Exception {
        List<Long> latencies = new ArrayList<>();
        try (SharedRegion region = SharedRegion.create(name, PairWorker.REGION_SIZE)) {
            ByteBuffer memory = region.buffer();
            Worker server = new Worker("server", serversLanguage);
            Worker client = new Worker("client", clientsLanguage);
            try {
                for (int kill = 0; kill < KILLS / PAIRINGS; kill++) {
                    awaitProgress(memory, 100, server, client);
                    TimeUnit.MICROSECONDS.sleep(random.nextInt(MOST_MICROS));
                    Worker victim = random.nextBoolean() ? server : client;
                    Worker survivor = victim == server ? client : server;
                    survivor.catchUp();
                    long killed = System.nanoTime() / 1_000_000;
                    victim.process.kill();
                    if (latencies.isEmpty() || random.nextBoolean()) {
                        latencies.add(survivor.awaitNotice(killed) - killed);
                    }
                    victim.start();
                }
                awaitProgress(memory, 100, server, client);
            } finally {
                server.process.close();
                client.process.close();
                TestNames.removeLeftovers(name);
            }
        }
        Collections.sort(latencies);
        Sizes.report("PairKillTest: " + serversLanguage + " server, " + clientsLanguage + " client, "
                + KILLS / PAIRINGS + " kills; ms from the kill to the notice, " + latencies.size() + " times: median "
                + latencies.get(latencies.size() / 2) + ", most " + latencies.get(latencies.size() - 1));
    }

    /** Waits until as many turns more have been received. */
    private void awaitProgress(ByteBuffer memory, int turns, Worker... workers) throws InterruptedException {
        long before = PairWorker.number(memory, PairWorker.SEEN);
        long giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (PairWorker.number(memory, PairWorker.SEEN) < before + turns) {
            for (Worker worker : workers) {
                worker.catchUp();
                assertTrue(worker.process.isAlive(), () -> worker.side + " has ended: " + worker.process.errors());
            }
            assertTrue(System.nanoTime() - giveUp < 0, () -> "no turn for a minute, seed " + seed);
            Thread.sleep(1);
        }
    }
}
