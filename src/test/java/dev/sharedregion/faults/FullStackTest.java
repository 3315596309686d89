package dev.sharedregion.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A {@link StackOverflowError} in the middle of any call leaves nothing behind, and every object stays usable. */
class FullStackTest {
    private static final List<String> MODES = Sizes.first(1, List.of("-Xint", "-XX:TieredStopAtLevel=4"));

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void callThatOverflowsTheStackCanBeRepeated(String mode) throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[4096]);
        assertEndsWell(mode, FullStackProgram.class, file.toString());
    }

    /** A class whose initializer ends by the error stays unusable for ever. */
    @ParameterizedTest
    @FieldSource("MODES")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void optionsFirstUsedOnAFullStackCanBeUsedLater(String mode) throws Exception {
        assertEndsWell(mode, FirstUseProgram.class);
    }

    private static void assertEndsWell(String mode, Class<?> main, String... arguments) throws Exception {
        List<String> options = List.of(mode, "-Dsharedregion.exhaustive=" + Sizes.EXHAUSTIVE);
        try (Peer program = Peer.java(options, main.getName(), arguments)) {
            List<String> lines = new ArrayList<>();
            for (String line = program.nextLine(); line != null; line = program.nextLine()) {
                lines.add(line);
            }
            assertEquals(0, program.exitStatus(), () -> lines + " " + program.errors());
            assertEquals("done", lines.get(lines.size() - 1), program.errors());
        }
    }
}
