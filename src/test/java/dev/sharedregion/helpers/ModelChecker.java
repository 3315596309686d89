package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has spin look at every interleaving of a model in {@code src/test/spin}. */
public record ModelChecker(Path folder) {
    /** Skips the test if one is missing. */
    public static void findTools() {
        Tools.find("spin");
        Tools.find("gcc", "cc");
    }

    /** Checks the model with these preprocessor definitions; returns what the checker says. */
    public String check(String model, List<String> definitions) throws IOException, InterruptedException {
        List<String> generate = new ArrayList<>(List.of(Tools.find("spin"), "-a"));
        definitions.forEach(definition -> generate.add("-D" + definition));
        generate.add(Path.of("src", "test", "spin", model).toAbsolutePath().toString());
        run(generate);
        // To optimize it would take longer than it saves, also for millions of states.
        run(List.of(Tools.find("gcc", "cc"), "-O0", "-w", "-DSAFETY", "-o", "pan", "pan.c"));
        // Places in the hash table, as a power of two.
        String table = Sizes.EXHAUSTIVE ? "-w24" : "-w20";
        return run(List.of(folder.resolve("pan").toString(), "-m10000", table, "-E"));
    }

    public static void assertHolds(String result) {
        assertTrue(result.contains("errors: 0"), result);
        assertFalse(result.contains("Search not completed"), result);
    }

    public static void assertFails(String result) {
        assertTrue(result.contains("assertion violated") && result.contains("errors: 1"), result);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int status = process.waitFor();
            String text = Files.readString(output);
            assertEquals(0, status, text);
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}
