package dev.sharedregion.examples;

import static dev.sharedregion.helpers.Examples.absolute;
import static dev.sharedregion.helpers.Examples.assertGone;
import static dev.sharedregion.helpers.Examples.java;
import static dev.sharedregion.helpers.Examples.process;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.sharedregion.EventPair;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.OtherUser;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The console pair of {@code examples}, in Java and in C on either side, as its users run it. On Linux it runs in the
 * locale C, which must not damage any text.
 */
class ConsoleTest {
    static final int REGION_SIZE = 4096;

    private static final int CAPACITY = REGION_SIZE - 8;
    private static final int END = -1;

    /** The languages of the server and of the client. */
    private static final List<Arguments> BOTH = Sizes.first(
            3,
            List.of(
                    Arguments.of(Language.JAVA, Language.JAVA),
                    Arguments.of(Language.JAVA, Language.C),
                    Arguments.of(Language.C, Language.JAVA),
                    Arguments.of(Language.C, Language.C)));

    @TempDir
    Path folder;

    /** The language in which a side of the pair is written. */
    enum Language {
        JAVA {
            @Override
            ProcessBuilder server(String... arguments) {
                return java("ConsoleServer", arguments);
            }

            @Override
            ProcessBuilder client(String... arguments) {
                return java("ConsoleClient", arguments);
            }
        },
        C {
            @Override
            ProcessBuilder server(String... arguments) throws Exception {
                return process(List.of(Tools.cPeer("console").toString(), "server"), arguments);
            }

            @Override
            ProcessBuilder client(String... arguments) throws Exception {
                return process(List.of(Tools.cPeer("console").toString(), "client"), arguments);
            }
        };

        abstract ProcessBuilder server(String... arguments) throws Exception;

        abstract ProcessBuilder client(String... arguments) throws Exception;
    }

    @ParameterizedTest
    @FieldSource("BOTH")
    void everyLineArrivesUnchanged(Language server, Language client) throws Exception {
        String name = TestNames.unique();
        String lines = String.join(
                "\n",
                "plain",
                "你好，世界 🙂 é",
                "",
                "a tab\tand a lone \r inside",
                "as Windows ends lines\r",
                "x".repeat(CAPACITY),
                "y".repeat(CAPACITY) + "\r",
                "z".repeat(CAPACITY + 1),
                "w".repeat(2 * CAPACITY),
                // Of 10 bytes, in characters of 1 to 4: where it is cut, each of them straddles at some place.
                "aé你🙂".repeat(10_000),
                "",
                "\r",
                "not ended 好");

        assertEquals(lines.replace("\r\n", "\n") + "\n", printed(server.server(name), client.client(name), lines));
        assertGone(name);
    }

    @ParameterizedTest
    @FieldSource("BOTH")
    void clientMayStartFirstAndPrintsEachLineAtOnce(Language server, Language client) throws Exception {
        String name = TestNames.unique();
        // Its notice and its lines in one stream: it is known to wait when the server starts.
        try (Peer reading = Peer.start(client.client(name).redirectErrorStream(true))) {
            String notice = reading.nextLine();
            assertTrue(notice.startsWith("Waiting "), notice);
            try (Peer writing = Peer.start(server.server(name))) {
                for (String line : List.of("你好", "", "🙂")) {
                    writing.send(line);
                    reading.expect(line);
                }
                writing.closeInput();
                assertEquals(0, writing.exitStatus(), writing::errors);
                assertNull(writing.nextLine(), "nothing on the server's standard output");
                assertEquals(0, reading.exitStatus());
                assertNull(reading.nextLine());
            }
        }
        assertGone(name);
    }

    @ParameterizedTest
    @CsvSource({"JAVA, C", "C, JAVA"})
    void emptyInputEndsBothProgramsInOrder(Language server, Language client) throws Exception {
        String name = TestNames.unique();
        assertEquals("", printed(server.server(name), client.client(name), ""));
        assertGone(name);
    }

    @ParameterizedTest
    @EnumSource
    void serverEndsOnlyAfterTheClientHasReadTheEnd(Language server) throws Exception {
        String name = TestNames.unique();
        try (Peer writing = Peer.start(server.server(name))) {
            writing.closeInput();
            // Both would fail if the server had ended, and with it its objects.
            awaitServer(name).close();
            assertEquals(List.of(), receive(name, (length, more) -> length));
            assertEquals(0, writing.exitStatus(), writing::errors);
        }
        assertGone(name);
    }

    @Test
    void serverSaysThatItWaitsForAClient() throws Exception {
        String name = TestNames.unique();
        try (Peer writing = Peer.start(Language.JAVA.server(name).redirectErrorStream(true))) {
            assertTrue(writing.nextLine().startsWith("Serving "));
            writing.send("a");
            writing.closeInput();
            writing.expect("Waiting until a client has read what was typed.");
            assertEquals(List.of(1), receive(name, (length, more) -> length));
            assertEquals(0, writing.exitStatus());
        }
    }

    @ParameterizedTest
    @EnumSource
    void lineIsSplitOnlyIfTheRegionIsFull(Language server) throws Exception {
        String name = TestNames.unique();
        Path input = file("a\n\n" + "x".repeat(CAPACITY) + "\r\n" + "y".repeat(CAPACITY + 1) + "\nz");
        try (Peer writing = Peer.start(server.server(name).redirectInput(input.toFile()))) {
            int goesOn = 1_000_000;
            assertEquals(
                    List.of(1, 0, CAPACITY, CAPACITY + goesOn, 1, 1),
                    receive(name, (length, more) -> length + more * goesOn));
            assertEquals(0, writing.exitStatus(), writing::errors);
        }
    }

    /** Characters that the locale C lacks, and every ANSI code page. */
    @ParameterizedTest
    @CsvSource({"JAVA, C", "C, JAVA"})
    void nameMayHaveAnyCharacters(Language server, Language client) throws Exception {
        String name = TestNames.unique() + " 控制台 é🙂";
        ProcessBuilder writing = named(server.server(), name);
        ProcessBuilder reading = named(client.client(), name);
        // A JVM reads its arguments by the locale.
        writing.environment().put("LC_ALL", "C.UTF-8");
        reading.environment().put("LC_ALL", "C.UTF-8");
        assertEquals("你好\n", printed(writing, reading, "你好"));
        assertGone(name);
    }

    @Test
    void defaultNameIsZzj() throws Exception {
        try (Closeable lock = Examples.lockDefaultName()) {
            assertEquals("a\n", printed(Language.JAVA.server(), Language.C.client("zzj"), "a"));
            assertEquals("a\n", printed(Language.C.server("zzj"), Language.JAVA.client(), "a"));
            assertGone("zzj");
        }
    }

    @Test
    void consoleServesAndPrintsInOneTerminal() throws Exception {
        String name = TestNames.unique();
        try (Peer console = Peer.start(java("Console", name))) {
            for (String line : List.of("a", "你好")) {
                console.send(line);
                console.expect(line);
            }
            console.closeInput();
            assertNull(console.nextLine());
            assertEquals(0, console.exitStatus(), console::errors);
        }
        assertGone(name);
    }

    /** Also while it waits for a line, which nothing else can end. */
    @Test
    void consoleEndsWhenItsClientDies() throws Exception {
        String name = TestNames.unique();
        try (Peer console = Peer.start(java("Console", name))) {
            console.send("a");
            console.expect("a");
            assertTrue(clientOf(console).destroyForcibly());
            assertEquals(1, console.exitStatus());
            assertTrue(console.errors().contains("The client has failed"), console::errors);
        }
        assertGone(name);
    }

    /** On Windows a process does not see its own end coming. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void terminatedConsoleEndsItsClient() throws Exception {
        String name = TestNames.unique();
        try (Peer console = Peer.start(java("Console", name))) {
            console.send("a");
            console.expect("a");
            ProcessHandle client = clientOf(console);
            assertTrue(ProcessHandle.of(console.pid()).orElseThrow().destroy());
            client.onExit().get(2, TimeUnit.MINUTES);
            assertEquals(128 + 15, console.exitStatus(), console::errors);
            // The client may have seen that its server has closed, and have said so.
            assertTrue(console.errors().lines().count() <= 2, console::errors);
            assertFalse(console.errors().contains("has failed"), console::errors);
        }
        // Removes what was left, as the next user would.
        SharedRegion.create(name, 1).close();
        EventPair.create(name).close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runScriptPrintsTheLinesAndNothingElse() throws Exception {
        List<String> run = List.of(absolute("examples/run"), "Console");
        assertShows("a\n你好\n", named(process(run), TestNames.unique() + "控"));
    }

    @Test
    @EnabledOnOs(OS.WINDOWS)
    void runCommandPrintsTheLinesAndNothingElse() throws Exception {
        List<String> run = List.of("cmd", "/c", absolute("examples\\run.cmd"), "Console");
        assertShows("a\n你好\n", process(run, TestNames.unique() + "控"));
    }

    /** A folder may have this name, and each of these characters means something to cmd. */
    @Test
    @EnabledOnOs(OS.WINDOWS)
    void runCommandRunsInAnyFolder() throws Exception {
        Path run = runCommandIn("a & b (c)");
        Path target = run.resolve("../../target").normalize();
        OtherUser.copyAll(Path.of("target", "classes"), target.resolve("classes"));
        OtherUser.copyAll(Path.of("target", "test-classes"), target.resolve("test-classes"));
        Files.createFile(target.resolve("examples/built"));
        List<String> command = List.of("cmd", "/c", "call", run.toString());
        assertShows("a\n你好\n", process(command, "Console", TestNames.unique()));
        try (Peer wrong = Peer.start(process(command, "x"))) {
            assertEquals(1, wrong.exitStatus());
            assertEquals(1, wrong.errors().lines().count(), wrong::errors);
            assertTrue(wrong.errors().startsWith("No example \"x\". Usage: run.cmd ConsoleServer|"), wrong::errors);
        }
    }

    /** With a Maven that compiles. */
    @Test
    @EnabledOnOs(OS.WINDOWS)
    void runCommandBuilds() throws Exception {
        assumeTrue(ModuleLayer.boot().findModule("jdk.compiler").isPresent(), "this Windows JVM has no compiler");
        Path run = runCommandIn("a & b");
        Path project = run.resolve("../..").normalize();
        OtherUser.copyAll(Path.of("src", "main", "java"), project.resolve("java"));
        Files.writeString(project.resolve("library.txt"), sourcesIn(project, "java"));
        Files.writeString(project.resolve("examples.txt"), sourcesIn(project, "examples"));
        String compile = "\"%JAVA_HOME%\\bin\\java\" -m jdk.compiler/com.sun.tools.javac.Main -encoding UTF-8 ";
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.writeString(
                bin.resolve("mvn.cmd"),
                String.join(
                        "\r\n",
                        "@echo off",
                        compile + "-d target/classes -p target/examples/lib @library.txt || exit /b 1",
                        compile
                                + "-d target/test-classes -cp \"target/classes;target/examples/lib/*\" @examples.txt"
                                + " || exit /b 1",
                        "echo built>target\\examples\\built",
                        ""));
        ProcessBuilder builder = process(List.of("cmd", "/c", "call", run.toString()), "Console", TestNames.unique());
        builder.environment().put("PATH", bin + ";" + System.getenv("PATH"));
        assertShows("a\n你好\n", builder);
        assertTrue(Files.exists(project.resolve("target/test-classes/Console.class")));
    }

    /** The run command in a project of this name, which has the libraries and is not built. */
    private Path runCommandIn(String name) throws IOException {
        Path project = folder.resolve(name);
        Files.createDirectories(project.resolve("target/examples"));
        OtherUser.copyAll(Path.of("target", "examples", "lib"), project.resolve("target/examples/lib"));
        OtherUser.copyAll(Path.of("examples"), project.resolve("examples"));
        return project.resolve("examples/run.cmd");
    }

    private static String sourcesIn(Path project, String sources) throws IOException {
        try (Stream<Path> files = Files.walk(project.resolve(sources))) {
            return files.map(project::relativize)
                    .map(file -> file.toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".java"))
                    .collect(Collectors.joining("\n"));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runScriptBuildsOnceForTwoSimultaneousStarts() throws Exception {
        Path go = folder.resolve("go");
        Path builds = folder.resolve("builds");
        Path built = folder.resolve("target/examples/built");
        // Maven would read what was typed, if it could.
        ProcessBuilder run = runWithMaven("cat; until [ -e " + go + " ]; do sleep 0.1; done; echo built >>" + builds
                        + "; mkdir -p target/examples; touch " + built)
                .redirectErrorStream(true);
        try (Peer one = Peer.start(run);
                Peer two = Peer.start(run)) {
            one.expect("Building the examples ...");
            two.expect("Building the examples ...");
            Files.createFile(go);
            one.send("typed meanwhile");
            one.expect("typed meanwhile");
            for (Peer each : List.of(one, two)) {
                each.closeInput();
                assertEquals(0, each.exitStatus());
            }
        }
        assertEquals("built\n", Files.readString(builds));

        Files.setLastModifiedTime(built, FileTime.fromMillis(0));
        try (Peer after = Peer.start(run)) {
            after.closeInput();
            assertEquals(0, after.exitStatus());
        }
        assertEquals("built\nbuilt\n", Files.readString(builds), "the sources are newer than what was built");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runScriptShowsWhyABuildFailed() throws Exception {
        try (Peer failed = Peer.start(runWithMaven("echo a compiler error; exit 1"))) {
            assertEquals(1, failed.exitStatus());
            assertTrue(failed.errors().contains("a compiler error\nThe build has failed"), failed::errors);
            assertNull(failed.nextLine());
        }
    }

    /** The run script in a project of its own, with this for Maven and {@code cat} for Java. */
    private ProcessBuilder runWithMaven(String commands) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        script(bin.resolve("mvn"), commands);
        script(bin.resolve("java"), "exec cat");
        Files.createDirectories(folder.resolve("src/main"));
        Files.createDirectories(folder.resolve("src/cli"));
        Files.createFile(folder.resolve("pom.xml"));
        Path run = Files.createDirectories(folder.resolve("examples")).resolve("run");
        Files.copy(Path.of("examples/run"), run, StandardCopyOption.COPY_ATTRIBUTES);
        ProcessBuilder builder = process(List.of(run.toString(), "Console"));
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().remove("JAVA_HOME");
        return builder;
    }

    private static void script(Path file, String commands) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs a command, away from the project's directory, that must copy this text from its input to its output. */
    private void assertShows(String text, ProcessBuilder command) throws Exception {
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Path output = folder.resolve("output");
        command.directory(folder.toFile()).redirectInput(file(text).toFile()).redirectOutput(output.toFile());
        try (Peer peer = Peer.start(command)) {
            assertEquals(0, peer.exitStatus(), peer::errors);
            assertEquals(text, Files.readString(output));
        }
    }

    /** What the client prints when the server reads this text; both must end well. */
    private String printed(ProcessBuilder server, ProcessBuilder client, String text) throws Exception {
        Path output = folder.resolve("output");
        try (Peer writing = Peer.start(server.redirectInput(file(text).toFile()));
                Peer reading = Peer.start(client.redirectOutput(output.toFile()))) {
            assertEquals(0, reading.exitStatus(), () -> reading.errors() + writing.errors());
            assertEquals(0, writing.exitStatus(), writing::errors);
            assertNull(writing.nextLine(), "nothing on the server's standard output");
        }
        return Files.readString(output);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("input"), text);
    }

    /** Is the server's client until the end, and notes something of each turn, given its length and its "more". */
    static List<Integer> receive(String name, IntBinaryOperator note) throws InterruptedException {
        List<Integer> notes = new ArrayList<>();
        try (EventPair pair = awaitServer(name);
                SharedRegion region = SharedRegion.open(name, RegionOptions.readOnly())) {
            ByteBuffer memory = littleEndian(region);
            while (pair.read(() -> memory.getInt(0) != END
                    && notes.add(note.applyAsInt(memory.getInt(0), memory.getInt(4))))) {
                // Until the end.
            }
        }
        return notes;
    }

    static EventPair awaitServer(String name) throws InterruptedException {
        return EventPair.open(name, Duration.ofMinutes(2));
    }

    static ByteBuffer littleEndian(SharedRegion region) {
        return region.buffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The client that a Console has started; on Windows it may have a conhost.exe too. */
    private static ProcessHandle clientOf(Peer console) {
        return ProcessHandle.of(console.pid())
                .orElseThrow()
                .children()
                .filter(child -> child.info().command().orElse("").matches(".*java(\\.exe)?"))
                .findFirst()
                .orElseThrow();
    }

    /** Adds an argument that the locale of this JVM may lack characters of. */
    private ProcessBuilder named(ProcessBuilder builder, String name) throws IOException {
        if (Platform.isWindows()) {
            builder.command().add(name);
            return builder;
        }
        Path file = Files.writeString(Files.createTempFile(folder, "name", ""), name);
        List<String> shell = List.of("sh", "-c", "file=$1; shift; exec \"$@\" \"$(cat \"$file\")\"", "sh");
        builder.command().addAll(0, shell);
        builder.command().add(shell.size(), file.toString());
        return builder;
    }
}
