package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every interleaving of the event's protocol, as the model checker spin sees it; and that it would see a mistake. */
@EnabledOnOs(OS.LINUX)
class EventModelTest {
    @TempDir
    Path folder;

    @Test
    void noInterleavingLosesOrDoublesARelease() throws Exception {
        String result = check();
        assertTrue(result.contains("errors: 0"), result);
        assertTrue(!result.contains("Search not completed"), result);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SLEEP_ON_SIGNAL", "RELEASE_FOR_ALL"})
    void aModelWithAMistakeFails(String mistake) throws Exception {
        String result = check("-D" + mistake);
        assertTrue(result.contains("assertion violated") && result.contains("errors: 1"), result);
    }

    private String check(String... definitions) throws Exception {
        List<String> generate = new ArrayList<>(List.of(Tools.find("spin"), "-a"));
        generate.addAll(List.of(definitions));
        generate.add(Path.of("src", "test", "spin", "event.pml").toAbsolutePath().toString());
        run(generate);
        run(List.of(Tools.find("gcc", "cc"), "-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c"));
        return run(List.of(folder.resolve("pan").toString(), "-m1000000", "-E"));
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        String text = Files.readString(output);
        assertEquals(0, status, text);
        return text;
    }
}
