package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.helpers.VirtualThread;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Waits of virtual threads that have two carriers and get no more: if a wait held its carrier, the third thread could
 * not run. {@link VirtualThreadsProgram} is the JVM with these carriers.
 */
class VirtualThreadsTest {
    private static final List<String> TWO_CARRIERS = List.of(
            "-Djdk.virtualThreadScheduler.parallelism=2",
            "-Djdk.virtualThreadScheduler.maxPoolSize=2",
            "-Dsharedregion.exhaustive=" + Sizes.EXHAUSTIVE);

    private final String name = TestNames.unique();

    @BeforeEach
    void virtualThreadsExist() {
        int jdk = Runtime.version().feature();
        Assumptions.assumeTrue(jdk >= VirtualThread.FIRST_JDK, "JDK " + jdk + " has no virtual threads");
    }

    private void runs(String scenario, String... more) {
        runs(List.of(), scenario, more);
    }

    private void runs(List<String> mode, String scenario, String... more) {
        List<String> options = new ArrayList<>(TWO_CARRIERS);
        options.addAll(mode);
        List<String> arguments = new ArrayList<>(List.of(scenario, name));
        arguments.addAll(List.of(more));
        try (Peer program = Peer.java(
                options, VirtualThreadsProgram.class.getName(), arguments.toArray(String[]::new))) {
            for (String line; (line = program.nextLine()) != null; ) {
                if (line.startsWith("measured: ")) {
                    Sizes.report(line);
                } else {
                    assertEquals("done", line);
                }
            }
            assertEquals(0, program.exitStatus(), program.errors());
            assertEquals("", program.errors());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"turns", "turnsWithSpinning", "release", "probe", "interrupt", "timeout", "close", "any"})
    void onTwoCarriers(String scenario) {
        runs(scenario);
    }

    @Test
    void thePeersDeathEndsAWait() {
        runs("death");
    }

    @Test
    void setsByAProgramInCReleaseTheWaits() throws Exception {
        runs("setByC", Tools.cPeer("setter").toString());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anEventThatIsOverwrittenEndsNoWaiterThread() {
        runs("overwritten");
    }

    /** The interpreter and each compiler tell of such an access at another moment. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4 -XX:-TieredCompilation"})
    void anEventWhoseMemoryVanishesEndsItsOwnWaitOnly(String mode) {
        runs(List.of(mode.split(" ")), "vanished");
    }

    /** As on Linux before 5.16, and in containers that forbid the call. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @ValueSource(strings = {"turns", "release", "interrupt", "timeout", "close", "any", "overwritten", "vanished"})
    void onAKernelWithoutVectors(String scenario) throws Exception {
        runs(scenario, Tools.cLibrary("libfaults").toString());
    }
}
