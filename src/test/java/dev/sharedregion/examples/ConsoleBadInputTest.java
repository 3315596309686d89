package dev.sharedregion.examples;

import static dev.sharedregion.examples.ConsoleTest.awaitServer;
import static dev.sharedregion.examples.ConsoleTest.littleEndian;
import static dev.sharedregion.examples.ConsoleTest.receive;
import static dev.sharedregion.helpers.Examples.assertGone;
import static dev.sharedregion.helpers.Examples.java;
import static dev.sharedregion.helpers.Examples.process;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.EventPair;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.examples.ConsoleTest.Language;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The console pair where it cannot work: one clear line, exit status 1. */
class ConsoleBadInputTest {
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"JAVA, JAVA", "JAVA, C", "C, JAVA"})
    void secondServerIsRefusedAndTheFirstContinues(Language first, Language second) throws Exception {
        String name = TestNames.unique();
        // Before the first runs: without a compiler this skips the test.
        ProcessBuilder refused = second.server(name);
        try (Peer serving = Peer.start(first.server(name))) {
            serving.send("before");
            awaitServer(name).close();
            assertFailure("Cannot create ", refused);
            serving.send("after");
            serving.closeInput();
            assertEquals(List.of(6, 5), receive(name, (length, more) -> length));
            assertEquals(0, serving.exitStatus(), serving::errors);
        }
        assertGone(name);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void consoleIsRefusedWhileAServerRuns() throws Exception {
        String name = TestNames.unique();
        try (SharedRegion region = SharedRegion.create(name, ConsoleTest.REGION_SIZE);
                EventPair pair = EventPair.create(name)) {
            assertFailure(name, java("Console", name));
            assertEquals(name, region.name());
        }
        assertGone(name);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @EnumSource
    void clientFailsIfNoServerStartsInTime(Language client) throws Exception {
        String name = TestNames.unique();
        try (Peer waiting = Peer.start(client.client(name, "1"))) {
            assertEquals(1, waiting.exitStatus(), waiting::errors);
            List<String> lines = waiting.errors().lines().toList();
            assertEquals(2, lines.size(), waiting::errors);
            assertTrue(lines.get(0).startsWith("Waiting "), waiting::errors);
            assertTrue(lines.get(1).startsWith("Cannot open "), waiting::errors);
            assertNull(waiting.nextLine());
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void newServerStartsAfterAServerWasKilled() throws Exception {
        String name = TestNames.unique();
        try (Peer killed = Peer.start(Language.JAVA.server(name))) {
            killed.send("lost");
            awaitServer(name).close();
            killed.kill();
        }
        assertFailure("Cannot open ", Language.JAVA.client(name, "0"));
        try (Peer serving = Peer.start(Language.JAVA.server(name))) {
            serving.closeInput();
            assertEquals(List.of(), receive(name, (length, more) -> length), "nothing of the killed one");
            assertEquals(0, serving.exitStatus(), serving::errors);
        }
        assertGone(name);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"JAVA, -2", "JAVA, 4089", "C, -2", "C, 4089"})
    void clientRefusesAnImpossibleLength(Language client, int length) throws Exception {
        String name = TestNames.unique();
        try (SharedRegion region = SharedRegion.create(name, ConsoleTest.REGION_SIZE);
                EventPair pair = EventPair.create(name)) {
            pair.write(() -> littleEndian(region).putInt(0, length));
            assertFailure("length of " + length, client.client(name));
        }
        assertGone(name);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({
        "ConsoleServer a/b, '\"a/b\" cannot name'",
        "ConsoleServer zzj more, Usage: ConsoleServer",
        "ConsoleClient a\\b 1, '\"a\\b\" cannot name'",
        "ConsoleClient zzj soon, '\"soon\"'",
        "ConsoleClient zzj -1, '\"-1\"'",
        "ConsoleClient zzj 1 more, Usage: ConsoleClient",
        "Console zzj more, Usage: Console"
    })
    void messageNamesTheWrongArgument(String command, String complaint) {
        String[] words = command.split(" ");
        assertFailure(complaint, java(words[0], List.of(words).subList(1, words.length).toArray(String[]::new)));
    }

    /** Java has it damaged, and that could be the name of another server. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.LINUX)
    void nameThatTheLocaleLacksIsReadAllTheSame() throws Exception {
        String name = TestNames.unique();
        String shell = "exec \"$@\" \"" + name + "-$(printf '\\346\\216\\247')\"";
        ProcessBuilder server = process(List.of("sh", "-c", shell, "sh"));
        server.command().addAll(java("ConsoleServer").command());
        try (Peer serving = Peer.start(server)) {
            serving.send("a line");
            awaitServer(name + "-控").close();
            serving.closeInput();
            assertEquals(List.of(6), receive(name + "-控", (length, more) -> length));
            assertEquals(0, serving.exitStatus(), serving::errors);
        }
        assertGone(name + "-控");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.LINUX)
    void runScriptListsTheExamples() {
        List<String> run = List.of(Examples.absolute("examples/run"), "x");
        assertFailure("ConsoleServer|ConsoleClient|Console", process(run));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.WINDOWS)
    void runCommandListsTheExamples() {
        List<String> run = List.of("cmd", "/c", Examples.absolute("examples\\run.cmd"), "x");
        assertFailure("ConsoleServer|ConsoleClient|Console", process(run));
    }

    /** Fails with status 1 and one line, which has this in it, and prints nothing. */
    private static void assertFailure(String complaint, ProcessBuilder command) {
        try (Peer peer = Peer.start(command)) {
            peer.closeInput();
            assertEquals(1, peer.exitStatus(), peer::errors);
            assertEquals(1, peer.errors().lines().count(), peer::errors);
            assertTrue(peer.errors().contains(complaint), peer::errors);
            assertNull(peer.nextLine());
        }
    }
}
