package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code LatestPrices}, in Java, C and Python: each reads what the others publish. */
@Timeout(300)
class LatestPricesTest {
    private static final String PRICE = "(BTC-USD|EUR-USD|USD-CNY|XAU-USD) \\d+\\.\\d{4} \\(version (\\d+)\\)";

    private final String name = TestNames.unique();

    @TempDir
    Path folder;

    @AfterEach
    void removeWhatKilledWritersLeft() throws Exception {
        TestNames.removeLeftovers(name);
    }

    private Peer java(String... arguments) {
        return Peer.start(Examples.java("LatestPrices", arguments).redirectErrorStream(true));
    }

    /** The program in C, compiled as examples/README.md says. */
    private Peer c(String... arguments) throws Exception {
        Path program = folder.resolve("prices");
        if (!program.toFile().exists()) {
            String source = Examples.absolute("examples/native/latest_prices.c");
            List<String> compile = List.of(
                    Tools.find("gcc", "cc"), "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o",
                    program.toString(), source);
            try (Peer compiler = Peer.start(compile)) {
                assertEquals(0, compiler.exitStatus(), compiler::errors);
            }
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return Peer.start(command);
    }

    private Peer python(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Tools.find("python3", "python"), Examples.absolute("examples/python/latest_reader.py")));
        command.addAll(List.of(arguments));
        return Peer.start(command);
    }

    /** Reads so many prices, of rising versions for each symbol, and nothing else. */
    private static void expectPrices(Peer reader, int count) throws Exception {
        Map<String, Long> versions = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String line = reader.nextLine();
            assertTrue(line != null && line.matches(PRICE), () -> line + reader.errors());
            long version = Long.parseLong(line.replaceAll(PRICE, "$2"));
            Long before = versions.put(line.split(" ")[0], version);
            assertTrue(before == null || version > before, line);
        }
        assertEquals(0, reader.exitStatus(), reader::errors);
    }

    private void expectWriter(Peer writer) {
        writer.expect("Publishing the table \"" + name + "\".");
    }

    @Test
    void javaReadsWhatJavaPublishes() throws Exception {
        try (Peer reader = java("read", name, "20");
                Peer writer = java("write", name)) {
            expectWriter(writer);
            expectPrices(reader, 20);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cReadsWhatJavaPublishes() throws Exception {
        try (Peer reader = c("read", name, "20");
                Peer writer = java("write", name)) {
            expectWriter(writer);
            expectPrices(reader, 20);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void javaReadsWhatCPublishesUntilItIsKilled() throws Exception {
        try (Peer writer = c("write", name);
                Peer reader = java("read", name)) {
            expectWriter(writer);
            assertTrue(reader.nextLine().matches(PRICE));
            writer.kill();
            String line = reader.nextLine();
            while (line.matches(PRICE)) {
                line = reader.nextLine();
            }
            assertEquals("No new price for a second. The writer: DIED.", line);
            assertEquals(0, reader.exitStatus());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "no Python for Windows is at hand")
    void pythonReadsWhatJavaPublishes() throws Exception {
        try (Peer reader = python(name, "20");
                Peer writer = java("write", name)) {
            expectWriter(writer);
            expectPrices(reader, 20);
        }
    }
}
