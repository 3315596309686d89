package dev.sharedregion.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.jna.Platform;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Shared memory that another program overwrites at any moment. Every call returns, with some value or an exception
 * that the documentation allows. This runs in a JVM of its own, which ends after a crash or if a call does not return.
 * {@code -Dsharedregion.hostileCalls} sets the number of calls, {@code -Dsharedregion.seed} the seed.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class HostilePeerTest {
    private static final long CALLS = Platform.isWindows()
            ? Sizes.of("sharedregion.hostileCalls", 500, 20_000)
            : Sizes.of("sharedregion.hostileCalls", 4_000, 250_000);

    private final String name = TestNames.unique();
    private final long seed = Long.getLong("sharedregion.seed", new Random().nextLong());

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void callsOfAnOverwrittenPairReturn() {
        run(HostileFuzz.class, "pairs", CALLS);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void everyCallReturnsWithAnyContentOfTheBlock() {
        run(HostileStates.class, "states", Sizes.EXHAUSTIVE ? 1 : Platform.isWindows() ? 61 : 31);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.LINUX)
    void callsOfAnOverwrittenEventReturn() {
        run(HostileFuzz.class, "events", CALLS);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.LINUX)
    void overwrittenAliasOpensItsFileOrFails() {
        run(HostileAliases.class, "aliases", CALLS / 200);
    }

    private void run(Class<?> program, String part, long calls) {
        List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=4"));
        if (System.getProperty("sharedregion.patience") != null) {
            options.add("-Dsharedregion.patience=" + System.getProperty("sharedregion.patience"));
        }
        try (Peer fuzz = Peer.java(options, program.getName(), part, name, "" + seed, "" + calls)) {
            String outcomes = "";
            for (String line = fuzz.nextLine(); !"done".equals(line); line = fuzz.nextLine()) {
                assertNotNull(line, () -> "seed " + seed + ": " + fuzz.exitStatus() + " " + fuzz.errors());
                outcomes = line;
            }
            Sizes.report("HostilePeerTest: " + part + ", seed " + seed + ": " + outcomes);
            assertEquals(0, fuzz.exitStatus(), () -> "seed " + seed + ": " + fuzz.errors());
        }
    }
}
