package dev.sharedregion.kills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four processes, two in Java and two in C, that share a lock and work on what it protects. They are killed at random
 * moments, or only compete: never are two in the section, a death in it is always told, and each gets its share. {@code
 * -Dsharedregion.lockKills} says how many are killed.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class LockKillTest {
    private static final int KILLS = Sizes.of("sharedregion.lockKills", 2, 50);
    /** The longest race has so many times that time. */
    private static final int MOST_RACES = 10;

    private static final int MILLIS_OF_RACE = Sizes.of("sharedregion.lockRaceMillis", 1_000, 10_000);
    private static final int WORKERS = 4;
    private static final int MOST_MICROS = 20_000;
    private static final int[] PAUSES = {0, 0, 10, 100, 1_000};

    private final String name = TestNames.unique();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Peer[] workers = new Peer[WORKERS];
    private SharedRegion region;
    private ByteBuffer memory;

    /** In milliseconds, when workers got the lock of a holder that had died. */
    private final List<Long> notices = new ArrayList<>();

    @BeforeEach
    void createRegion() {
        region = SharedRegion.create(name, LockWorker.REGION_SIZE);
        memory = region.buffer();
    }

    @AfterEach
    void end() throws Exception {
        for (Peer worker : workers) {
            if (worker != null) {
                worker.close();
            }
        }
        region.close();
        TestNames.removeLeftovers(name);
    }

    private void start(int index, int pause) throws Exception {
        String[] arguments = {"work", name, "" + index, "" + pause};
        if (index % 2 == 0) {
            workers[index] = Peer.java(LockWorker.class, arguments);
        } else {
            List<String> command = new ArrayList<>(List.of(Tools.cPeer("lock").toString()));
            command.addAll(List.of(arguments));
            workers[index] = Peer.start(command);
        }
    }

    @Test
    void neverTwoHoldersThoughTheyAreKilled() throws Exception {
        // It opens the lock, and so keeps it, while all workers are killed.
        try (SharedLock lock = SharedLock.openOrCreate(name)) {
            for (int i = 0; i < WORKERS; i++) {
                start(i, PAUSES[random.nextInt(PAUSES.length)]);
            }
            for (Peer worker : workers) {
                worker.expect("ready");
            }
            List<Long> sinceKills = new ArrayList<>();
            List<Long> sinceEnds = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                awaitProgress();
                TimeUnit.MICROSECONDS.sleep(random.nextInt(MOST_MICROS));
                int victim = random.nextInt(WORKERS);
                readNotices();
                notices.clear();
                long repairs = LockWorker.number(memory, LockWorker.REPAIRS);
                long before = System.nanoTime() / 1_000_000;
                long pid = workers[victim].pid();
                workers[victim].kill();
                long ended = System.nanoTime() / 1_000_000;
                awaitProgress();
                readNotices();
                if (LockWorker.number(memory, LockWorker.REPAIRS) > repairs && !notices.isEmpty()) {
                    sinceKills.add(Collections.min(notices) - before);
                    sinceEnds.add(Math.max(0, Collections.min(notices) - ended));
                }
                assertTrue(LockWorker.number(memory, LockWorker.HOLDER) != pid, () -> "seed " + seed);
                start(victim, PAUSES[random.nextInt(PAUSES.length)]);
                workers[victim].expect("ready");
            }
            awaitProgress();
            checkInvariant(lock);
            report("the kill", sinceKills);
            report("the end of its process", sinceEnds);
        }
    }

    /** A process that is killed needs processor time to end, and more of it if it is a JVM. */
    private void report(String since, List<Long> latencies) {
        if (!latencies.isEmpty()) {
            Collections.sort(latencies);
            Sizes.report("LockKillTest: " + KILLS + " kills, " + latencies.size() + " of a holder; ms from " + since
                    + " to the next holder: median " + latencies.get(latencies.size() / 2) + ", 99 of 100 at most "
                    + latencies.get(latencies.size() * 99 / 100) + ", most "
                    + latencies.get(latencies.size() - 1));
        }
    }

    /** No more than one worker may be left in the middle, and that is told. */
    private void checkInvariant(SharedLock lock) throws InterruptedException {
        for (Peer worker : workers) {
            worker.kill();
        }
        try (SharedLock.Guard guard = lock.tryLock(Duration.ofSeconds(30))) {
            if (!guard.abandoned()) {
                assertEquals(0, LockWorker.number(memory, LockWorker.HOLDER));
                assertEquals(
                        LockWorker.number(memory, LockWorker.FIRST), LockWorker.number(memory, LockWorker.SECOND));
            }
        }
    }

    @Test
    void eachGetsItsShare() throws Exception {
        for (int i = 0; i < WORKERS; i++) {
            start(i, 0);
        }
        for (Peer worker : workers) {
            worker.expect("ready");
        }
        // The compilers of the JVMs, which start at the same time, take processor time, too.
        Thread.sleep(MILLIS_OF_RACE / 4);
        long[] won;
        int races = 0;
        do {
            // Other tests that run meanwhile may take the processor from one of them, but not in each race.
            long[] before = turns();
            Thread.sleep(MILLIS_OF_RACE);
            won = turns();
            for (int i = 0; i < WORKERS; i++) {
                won[i] -= before[i];
            }
        } while (!isFair(won) && ++races < MOST_RACES);
        readNotices();
        String all = Arrays.toString(won);
        Sizes.report("LockKillTest: turns of Java, C, Java and C: " + all);
        assertTrue(isFair(won), all);
    }

    /** Whether each has its part of all turns. Beside the other tests of the usual run, a tenth takes long to come. */
    private static boolean isFair(long[] turns) {
        return Arrays.stream(turns).min().orElseThrow() * (Sizes.EXHAUSTIVE ? 10 : 20) >= Arrays.stream(turns).sum();
    }

    private long[] turns() {
        long[] turns = new long[WORKERS];
        for (int i = 0; i < WORKERS; i++) {
            turns[i] = LockWorker.number(memory, LockWorker.turns(i));
        }
        return turns;
    }

    private void readNotices() {
        for (Peer worker : workers) {
            for (String line = worker.lineIfThere(); line != null; line = worker.lineIfThere()) {
                if (!line.startsWith("abandoned ")) {
                    fail("seed " + seed + ": " + line + "; " + worker.errors());
                }
                notices.add(Long.parseLong(line.split(" ")[1]));
            }
        }
    }

    /** Waits until there were some turns more. */
    private void awaitProgress() throws InterruptedException {
        long before = LockWorker.number(memory, LockWorker.FIRST);
        long giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (LockWorker.number(memory, LockWorker.FIRST) < before + 20) {
            readNotices();
            assertTrue(System.nanoTime() - giveUp < 0, () -> "no turn for a minute, seed " + seed);
            Thread.sleep(1);
        }
    }
}
