package dev.sharedregion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tool's jar as a user starts it: in a folder whose name has a space, from another folder, without a terminal, in
 * the locale C. The build runs it by itself, when the jar is there.
 */
class ToolJarTest {
    /** What begins the names of all classes in it: the tool, the library and what they need. */
    private static final Set<String> PACKAGES = Set.of(
            "dev/sharedregion/", "telemetry/", "terminal/", "com/sun/jna/", "picocli/", "tools/jackson/",
            "com/fasterxml/jackson/");

    private final String name = TestNames.unique() + "-数据";

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    private Path jar;

    @BeforeEach
    void copyTheJar() throws IOException {
        jar = Files.createDirectory(folder.resolve("a folder")).resolve("the tool.jar");
        Files.copy(Path.of(System.getProperty("sharedregion.toolJar")), jar);
    }

    private Peer tool(String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(elsewhere.toFile());
        builder.environment().put("LC_ALL", "C");
        return Peer.start(builder);
    }

    private List<String> run(String... arguments) throws IOException {
        try (Peer tool = tool(arguments)) {
            tool.closeInput();
            List<String> lines = new ArrayList<>();
            for (String line; (line = tool.nextLine()) != null; ) {
                lines.add(line);
            }
            assertEquals(0, tool.exitStatus(), tool.errors());
            assertEquals("", tool.errors());
            return lines;
        }
    }

    /** Each layout needs classes that the library does not need. */
    @Test
    void hasTheLayouts() throws IOException {
        List<String> lines = run("watch", "--layout", "mumble", "--seconds", "0.5");
        assertTrue(lines.get(0).matches("[0-9:.]{12}  .+"), lines::toString);
    }

    @Test
    void tellsItsVersion() throws IOException {
        assertEquals(List.of("sharedregion " + System.getProperty("sharedregion.version")), run("--version"));
    }

    @Test
    void listsObjectsWhoseNamesTheLocaleLacks() throws IOException {
        try (SharedRegion region = SharedRegion.create(name, 4096)) {
            // Windows passes what a console has; under Wine a command line is converted by the locale.
            String pattern = Platform.isWindows() ? name.replace("数据", "??") : region.name();
            List<String> lines = run("list", pattern);
            assertEquals(2, lines.size(), lines::toString);
            assertTrue(lines.get(1).startsWith(name + "  region  4 KiB "), lines::toString);
        }
    }

    @Test
    void measures() throws IOException {
        List<String> lines = run("bench");
        assertEquals(3, lines.size(), lines::toString);
        assertEquals(List.of("[ ]"), run("list", "--json", "sharedregion-bench-*"));
    }

    @Test
    void wrongArgumentsHaveAnExitCodeOfTheirOwn() throws IOException {
        try (Peer tool = tool("lisd")) {
            assertEquals(Tool.WRONG_ARGUMENTS, tool.exitStatus());
            assertTrue(tool.errors().contains("Did you mean"), tool.errors());
        }
        try (Peer tool = tool("info", TestNames.unique())) {
            assertEquals(Tool.FAILED, tool.exitStatus());
            assertTrue(tool.errors().startsWith("sharedregion: There is no object"), tool.errors());
        }
    }

    @Test
    void hasWhatIsNeededAndItsLicences() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> entries = file.stream().map(ZipEntry::getName).toList();
            for (String entry : entries) {
                if (entry.endsWith(".class") && !entry.startsWith("META-INF/versions/")) {
                    assertTrue(PACKAGES.stream().anyMatch(entry::startsWith), entry);
                }
                assertFalse(entry.endsWith("module-info.class"), entry);
            }
            for (String licence : List.of(
                    "META-INF/LICENSE",
                    "META-INF/licenses/jna/LICENSE",
                    "META-INF/licenses/jna/AL2.0",
                    "META-INF/licenses/jackson/LICENSE",
                    "META-INF/licenses/jackson/NOTICE")) {
                assertTrue(entries.contains(licence), licence);
            }
            Manifest manifest = file.getManifest();
            assertEquals("ALL-UNNAMED", manifest.getMainAttributes().getValue("Enable-Native-Access"));
        }
    }

    @Test
    void libraryHasNothingOfTheTool() throws IOException {
        try (JarFile file = new JarFile(System.getProperty("sharedregion.jar"))) {
            for (String entry : file.stream().map(ZipEntry::getName).toList()) {
                assertTrue(entry.endsWith("/") || entry.matches("(META-INF/|dev/sharedregion/|module-info).*"), entry);
                assertFalse(entry.startsWith("dev/sharedregion/cli/"), entry);
            }
        }
    }
}
