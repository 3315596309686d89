package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.TelemetryReader.Result;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import telemetry.Readings;

/**
 * The readers of {@code examples/telemetry}, each against its producer in a second process, which is killed and started
 * again.
 */
@ExtendWith(ProgramNames.class)
class TelemetryTest {
    private static final Duration STALE_AFTER = Duration.ofSeconds(2);
    private static final Set<Result> GONE = EnumSet.of(Result.STALE, Result.ABSENT);

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("programs")
    void valuesMoveAndComeBackAfterAKill(PublishedFacts facts) throws Exception {
        List<String> command = Peer.javaCommand(
                List.of(), "telemetry.FakeProducer", facts.arguments().toArray(String[]::new));
        ProgramNames.assumeUsable(facts);
        synchronized (facts) {
            try (Readings readings = facts.layout.open(STALE_AFTER)) {
                assertEquals(Result.ABSENT, readings.read(), () -> facts.layout.name() + " runs on this machine");
                assertEquals(Reason.NOT_FOUND, readings.problem().orElseThrow().reason());
                followARestart(facts, readings, command, producer -> {
                    ProcessHandle.of(producer.pid()).orElseThrow().destroy();
                    producer.exitStatus();
                });
            }
            // Mumble does not count as a user of the region, so this one stays.
            boolean stays = facts == PublishedFacts.MUMBLE && Platform.isLinux();
            assertEquals(stays ? facts.objects : List.of(), ProgramNames.removed(facts));
        }
    }

    /** Without -Pexhaustive only those that a reader can tell a whole copy of. */
    static Stream<PublishedFacts> programs() {
        return Stream.of(PublishedFacts.values()).filter(facts -> Sizes.EXHAUSTIVE || facts.isTold());
    }

    private static void followARestart(
            PublishedFacts facts, Readings readings, List<String> command, Consumer<Peer> end)
            throws InterruptedException {
        try (Peer killed = Peer.start(command)) {
            facts.expectUpdates(readings, !facts.isTold(), killed::errors);
            killed.kill();
            PublishedFacts.awaitState(readings, GONE, killed::errors);
        }
        try (Peer ended = Peer.start(command)) {
            facts.expectUpdates(readings, !facts.isTold(), ended::errors);
            end.accept(ended);
            PublishedFacts.awaitState(readings, GONE, ended::errors);
        }
    }

    /** A producer in C, whose memory has no mark of the library: on Linux it stays when the producer is killed. */
    @Test
    void valuesOfAProducerInCMoveAndComeBackAfterAKill() throws Exception {
        PublishedFacts facts = PublishedFacts.RFACTOR2;
        List<String> command = List.of(Tools.cPeer("rfactor2").toString(), "200");
        synchronized (facts) {
            try (Readings readings = facts.layout.open(STALE_AFTER)) {
                followARestart(facts, readings, command, producer -> {
                    producer.closeInput();
                    assertEquals(0, producer.exitStatus(), producer::errors);
                });
                // On Linux that one has removed the names, so the next one makes new memory.
                try (Peer next = Peer.start(command)) {
                    facts.expectUpdates(readings, !facts.isTold(), next::errors);
                }
            } finally {
                ProgramNames.removed(facts);
            }
        }
    }

    /** What Mumble itself makes of the game's memory, whether Mumble or the game was there first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "Debian has the plugin")
    void mumbleFindsTheGame(boolean gameFirst) throws Exception {
        Path plugin = Path.of("/usr/lib/mumble/liblink.so");
        Tools.require(Files.exists(plugin), plugin + " of Mumble 1.3");
        List<String> mumble = List.of(Tools.cPeer("mumblelink").toString(), plugin.toString());
        List<String> game = Peer.javaCommand(List.of(), "telemetry.FakeProducer", "mumble");
        synchronized (PublishedFacts.MUMBLE) {
            try (Peer first = Peer.start(gameFirst ? game : mumble)) {
                assertNotNull(first.nextLine());
                try (Peer second = Peer.start(gameFirst ? mumble : game)) {
                    assertNotNull(second.nextLine());
                    Peer reading = gameFirst ? second : first;
                    reading.expect("Fake Game");
                    reading.send("");
                    String[] state = reading.nextLine().split("\\|");
                    assertEquals(List.of("1", "Fake Driver", "fake-match"), List.of(state).subList(0, 3));
                    assertEquals(500, Math.hypot(Double.parseDouble(state[3]), Double.parseDouble(state[4])), 1);
                }
            } finally {
                ProgramNames.removed(PublishedFacts.MUMBLE);
            }
        }
    }

    @Test
    void telemetryShowsTheProgramWhileItRuns() throws Exception {
        PublishedFacts facts = PublishedFacts.RACEROOM;
        ProcessBuilder producer = Examples.java("telemetry.FakeProducer", facts.layout.name());
        synchronized (facts) {
            try (Peer telemetry = Peer.start(Examples.java("telemetry.Telemetry", facts.layout.name()))) {
                assertShows(telemetry, "ABSENT");
                try (Peer first = Peer.start(producer)) {
                    assertShows(telemetry, "live.*speed [0-9.]+ km/h.*gear [2-6]");
                    first.kill();
                    assertShows(telemetry, "STALE|ABSENT");
                }
                try (Peer second = Peer.start(producer)) {
                    assertShows(telemetry, "live.*speed [0-9.]+ km/h.*gear [2-6]");
                }
            } finally {
                ProgramNames.removed(facts);
            }
        }
    }

    /** One of its next lines has this pattern in it. */
    private static void assertShows(Peer telemetry, String pattern) {
        Predicate<String> shows = Pattern.compile(pattern).asPredicate();
        String line = telemetry.nextLine();
        while (!shows.test(line)) {
            line = telemetry.nextLine();
            assertNotNull(line, telemetry::errors);
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({
        "Telemetry, 'iracing, rfactor2,'",
        "Telemetry none, 'iracing, rfactor2,'",
        "FakeProducer, 'iracing, rfactor2,'",
        "FakeProducer none, 'iracing, rfactor2,'",
        "FakeProducer iracing 0, '\"0\"'",
        "FakeProducer iracing often, '\"often\"'"
    })
    void messageNamesTheLayoutsOrTheWrongRate(String command, String complaint) {
        String run = Examples.absolute(Platform.isWindows() ? "examples\\run.cmd" : "examples/run");
        List<String> line = new ArrayList<>(Platform.isWindows() ? List.of("cmd", "/c", run) : List.of(run));
        line.addAll(List.of(command.split(" ")));
        ProcessBuilder builder = Examples.process(line);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try (Peer peer = Peer.start(builder)) {
            assertEquals(1, peer.exitStatus(), peer::errors);
            assertEquals(1, peer.errors().lines().count(), peer::errors);
            assertTrue(peer.errors().contains(complaint), peer::errors);
            assertNull(peer.nextLine());
        }
    }
}
