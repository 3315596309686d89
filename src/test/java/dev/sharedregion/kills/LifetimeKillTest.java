package dev.sharedregion.kills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Several processes create, open and close objects of the same few names at once, and are killed at random moments. No
 * process finds a half-made object, no object is removed or replaced while a process holds it, and nothing is left at
 * the end. {@link LifetimeWorker} makes these checks. {@code -Dsharedregion.kills} sets the number of kills; {@code
 * -Dsharedregion.seed} repeats the random choices of this class.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class LifetimeKillTest {
    private static final int KILLS = Platform.isWindows()
            ? Sizes.of("sharedregion.kills", 3, 10)
            : Sizes.of("sharedregion.kills", 4, 400);

    /** How many workers in C are killed for one in Java, which takes as long to start. */
    private static final int IN_C = 24;

    private static final int MOST_MICROS = 5_000;

    private final String name = TestNames.unique();
    private final long seed = Long.getLong("sharedregion.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final List<Peer> inJava = new ArrayList<>();
    private final List<Peer> inC = new ArrayList<>();
    private int killed;

    @Test
    void javaWorkersNeitherLoseNorLeaveObjects() throws Exception {
        attack(Platform.isWindows() ? KILLS : Math.max(1, KILLS / IN_C / 4), null);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void javaAndCWorkersNeitherLoseNorLeaveObjects() throws Exception {
        attack(KILLS / (IN_C + 1), Tools.cPeer("lifetime"));
    }

    /**
     * The first worker of each language is never killed.
     *
     * @param programInC null for none
     */
    private void attack(int rounds, Path programInC) throws Exception {
        long start = System.nanoTime();
        try {
            for (int i = 0; i < 3; i++) {
                inJava.add(startInJava());
            }
            for (int i = 0; i < 4 && programInC != null; i++) {
                inC.add(startInC(programInC));
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < IN_C && programInC != null; i++) {
                    int victim = 1 + random.nextInt(inC.size() - 1);
                    kill(inC.get(victim));
                    inC.set(victim, startInC(programInC));
                }
                int victim = 1 + random.nextInt(inJava.size() - 1);
                kill(inJava.get(victim));
                inJava.set(victim, startInJava());
            }
            endAll();
        } finally {
            inJava.forEach(Peer::close);
            inC.forEach(Peer::close);
        }
        assertNothingIsLeft();
        Sizes.report("LifetimeKillTest: " + killed + " kills, " + rounds + " of them of Java, in "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s; seed " + seed);
    }

    private Peer startInJava() {
        return Peer.java(LifetimeWorker.class, name, "" + random.nextLong());
    }

    private Peer startInC(Path program) {
        return Peer.start(List.of(program.toString(), name, "" + random.nextInt()));
    }

    private void kill(Peer victim) throws Exception {
        expectReady(victim);
        TimeUnit.MICROSECONDS.sleep(random.nextInt(MOST_MICROS));
        for (Peer worker : all()) {
            assertTrue(worker.isAlive(), () -> whatItSays(worker));
        }
        victim.kill();
        killed++;
        String line = victim.nextLine();
        String wrong = "busy".equals(line) ? victim.nextLine() : line;
        assertNull(wrong, () -> "seed " + seed + ", after " + killed + " kills");
    }

    private void expectReady(Peer worker) {
        String line = worker.nextLine();
        assertEquals("ready", line, () -> whatItSays(worker));
    }

    private List<Peer> all() {
        return Stream.concat(inJava.stream(), inC.stream()).toList();
    }

    private String whatItSays(Peer ended) {
        StringBuilder lines = new StringBuilder("seed " + seed + ", after " + killed + " kills: ");
        for (String line = ended.nextLine(); line != null; line = ended.nextLine()) {
            lines.append(line).append("; ");
        }
        return lines.append(ended.errors()).toString();
    }

    /** Has all workers end in order, once each has created, opened and been refused. */
    private void endAll() {
        for (Peer worker : all()) {
            expectReady(worker);
            String busy = worker.nextLine();
            assertEquals("busy", busy, () -> whatItSays(worker));
        }
        all().forEach(Peer::closeInput);
        for (Peer worker : all()) {
            String done = worker.nextLine();
            assertTrue(done != null && done.startsWith("done "), () -> done + "; " + whatItSays(worker));
            assertEquals(0, worker.exitStatus(), worker.errors());
        }
    }

    /** A new user finds each name free; what a killed one has left behind goes with that. */
    private void assertNothingIsLeft() throws IOException {
        LifetimeWorker.REGIONS.forEach(suffix -> SharedRegion.create(name + suffix, 100).close());
        LifetimeWorker.EVENTS.forEach(suffix -> NamedEvent.create(name + suffix).close());
        LifetimeWorker.PAIRS.forEach(suffix -> EventPair.create(name + suffix).close());
        if (Platform.isLinux()) {
            try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
                assertEquals(List.of(), files.filter(file -> file.toString().contains(name + ".")).toList());
            }
        }
    }
}
