package dev.sharedregion.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.jna.Platform;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random calls of everything public, in a JVM of their own: no crash, no hang, no exception that is not documented, and
 * nothing left over. It takes these properties:
 *
 * <ul>
 *   <li>{@code sharedregion.fuzz.operations}: how many; 100,000 on Linux, 10,000 on Windows; with {@code -Pexhaustive}
 *       2,000,000 and 100,000
 *   <li>{@code sharedregion.fuzz.seed}: another each time if it is not given. Several threads never meet twice in the
 *       same way, so a seed repeats what each does, but not always the failure
 *   <li>{@code sharedregion.fuzz.threads}: 4; with 1 a seed repeats all but what the collector does
 *   <li>{@code sharedregion.fuzz.jvm}: options for the JVM, such as {@code -Xcomp}
 * </ul>
 */
class FuzzTest {
    /** How far it is, and in the end how often each call returned and what it threw. */
    private static final Path LOG = Path.of("target", "fuzz.log");

    private static final int MOST_LINES = 150;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // The fuzzer ends by itself when an operation hangs.
    void randomCallsEndInResultsOrDocumentedExceptions() throws IOException {
        long operations = Platform.isWindows()
                ? Sizes.of("sharedregion.fuzz.operations", 3_000, 100_000)
                : Sizes.of("sharedregion.fuzz.operations", 20_000, 2_000_000);
        long seed = Long.getLong("sharedregion.fuzz.seed", System.nanoTime());
        int threads = Integer.getInteger("sharedregion.fuzz.threads", 4);
        String again = "mvn verify " + (Platform.isWindows() ? "-Pwine " : "") + "-Dtest=FuzzTest"
                + " -Dsharedregion.fuzz.seed=" + seed + " -Dsharedregion.fuzz.operations=" + operations
                + " -Dsharedregion.fuzz.threads=" + threads;
        Sizes.report("FuzzTest: what it does is in " + LOG + "; again with: " + again);
        Path crash = folder.resolve("hs_err.log");
        Path files = Files.createDirectory(folder.resolve("files"));
        List<String> options =
                new ArrayList<>(List.of("-Xmx256m", "-XX:TieredStopAtLevel=4", "-XX:ErrorFile=" + crash));
        options.addAll(Stream.of(System.getProperty("sharedregion.fuzz.jvm", "").split(" "))
                .filter(option -> !option.isEmpty())
                .toList());
        try (Peer fuzzer = Peer.java(
                options,
                Fuzzer.class.getName(),
                files.toString(),
                TestNames.unique() + "-",
                Long.toString(seed),
                Long.toString(operations),
                Integer.toString(threads))) {
            String last = "";
            try (BufferedWriter log = Files.newBufferedWriter(LOG)) {
                for (String line; (line = fuzzer.nextLine()) != null; last = line) {
                    log.write(line + "\n");
                    log.flush();
                }
            }
            int status = fuzzer.exitStatus();
            if (status != 0 || !last.equals("done") || Files.exists(crash)) {
                fail("ended with status " + status + ", the last word was: " + last + "\nagain with: " + again + "\n"
                        + start(fuzzer.errors()) + (Files.exists(crash) ? start(Files.readString(crash)) : ""));
            }
        }
    }

    private static String start(String text) {
        return String.join("\n", text.lines().limit(MOST_LINES).toList()) + "\n";
    }

    /** A new method of the library, or of a newer JNA, must be added to the fuzzer, or excluded there with a reason. */
    @Test
    void fuzzerCallsAllPublicMethods() throws Exception {
        List<String> missing = new ArrayList<>(Fuzzer.missing());
        Path folderOfClasses = Path.of(SharedRegion.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .resolve(SharedRegion.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(folderOfClasses)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName(
                        SharedRegion.class.getPackageName() + "." + name, false, getClass().getClassLoader());
                if (Modifier.isPublic(type.getModifiers()) && !Fuzzer.knows(type)) {
                    missing.add(name);
                }
            }
        }
        assertEquals(List.of(), missing);
    }
}
