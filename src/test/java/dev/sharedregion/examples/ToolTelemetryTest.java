package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.ToolRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import telemetry.Readings;

/** The tool with the layouts of {@code examples/telemetry}: it records what a program publishes and publishes it. */
@ExtendWith(ProgramNames.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ToolTelemetryTest {
    private static final String IRACING = "Local\\IRSDKMemMapFileName";

    /** On Windows a list opens each object for a moment, and then its name is still in use. */
    private static final String NAMES = "the names of the programs";

    /** The size of a file with a few states. */
    private static final int SOME_STATES = 2000;

    private static final List<PublishedFacts> PROGRAMS = Sizes.first(1, List.of(PublishedFacts.values()));

    @TempDir
    Path folder;

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ResourceLock(value = NAMES, mode = ResourceAccessMode.READ)
    @FieldSource("PROGRAMS")
    void readerTakesAReplayForTheProgram(PublishedFacts facts) throws Exception {
        ProgramNames.assumeUsable(facts);
        synchronized (facts) {
            String file = record(facts);
            assertEquals(List.of(), removed(facts));
            // In a second round the versions begin again, and a reader that was held up in the middle of a copy for
            // a short round finds the same version after it.
            String speed = "--speed=" + (facts.isTold() ? 1 : 20);
            ToolRun.Begun replay = ToolRun.begin("replay", file, "--loop", speed);
            try (Readings readings = facts.layout.open(facts.layout.staleAfter())) {
                // The replay does not take the lock of a program that does not say when it writes.
                facts.expectUpdates(readings, !facts.isTold(), replay::printed);
            }
            replay.stop().succeeded();
            assertEquals(List.of(), ProgramNames.removed(facts));
        }
    }

    /** Records a program in the middle of its life. */
    private String record(PublishedFacts facts) throws Exception {
        String layout = facts.layout.name();
        String file = folder.resolve(layout).toString();
        // Without a number, that of the program.
        String rate = facts.rate == 0 ? "--json" : "--rate=" + facts.rate;
        ToolRun.Begun fake = ToolRun.begin("fake", layout, rate);
        ToolRun.of("watch", "--layout", layout, "--count", "2").succeeded();
        String states = "--count=" + (facts.rate == 0 ? 60 : Math.max(3, facts.rate / 2));
        ToolRun.of("record", "--layout", layout, file, states).succeeded();
        fake.stop().succeeded();
        return file;
    }

    /** Mumble does not count as a user of the region, so this one stays on Linux. */
    private static List<String> removed(PublishedFacts facts) {
        List<String> left = ProgramNames.removed(facts);
        return facts == PublishedFacts.MUMBLE ? List.of() : left;
    }

    /** One go of all: each of the programs is a process of its own, in another folder. */
    @Test
    @ResourceLock(NAMES)
    void fakeListWatchRecordReplay() throws Exception {
        synchronized (PublishedFacts.IRACING) {
            fakeAndRecord();
            replay();
        }
    }

    private void fakeAndRecord() throws Exception {
        String file = folder.resolve("of yesterday").toString();
        String killed = folder.resolve("killed").toString();
        try (Peer fake = tool("fake", "iracing")) {
            fake.expect("iRacing: 60.0 updates a second. Ctrl-C ends.");
            assertTrue(ToolRun.of("list", "IRSDK*").succeeded().out().contains("IRSDKMemMapFileName"));
            awaitSession();
            ToolRun watch = ToolRun.of("watch", "--layout", "iracing", "--count", "3").succeeded();
            watch.lines().forEach(line -> assertTrue(line.matches(".* Speed [0-9.]+ m/s, RPM .*"), line));
            try (Peer recorder = tool("record", IRACING, killed);
                    Peer other = tool("record", "--layout", "iracing", file, "--count", "30", "--json")) {
                assertTrue(other.nextLine().contains("\"states\":30"), other::errors);
                assertEquals(0, other.exitStatus());
                while (!Files.exists(Path.of(killed)) || Files.size(Path.of(killed)) < SOME_STATES) {
                    Thread.sleep(10);
                }
                recorder.kill();
            }
            assertTrue(ToolRun.of("dump", "--layout", "iracing").succeeded().out().contains("Fake Ring"));
            String refused = ToolRun.of("fake", "iracing").ended(1).err();
            assertTrue(refused.contains("--force"), refused);
            ProcessHandle.of(fake.pid()).orElseThrow().destroy();
            fake.exitStatus();
        }
        Examples.assertGone("IRSDKMemMapFileName");
    }

    /** A region without a layout may be seen before all of it was written, and its session is copied once. */
    private static void awaitSession() throws InterruptedException {
        while (!ToolRun.of("dump", "--layout=iracing").out().contains("Fake Ring")) {
            Thread.sleep(10);
        }
    }

    private void replay() throws Exception {
        for (String recording : List.of("killed", "of yesterday")) {
            try (Peer replay = tool("replay", folder.resolve(recording).toString(), "--loop", "--json")) {
                awaitSession();
                ToolRun watch = ToolRun.of("watch", "--layout=iracing", "--count=4").succeeded();
                String last = watch.lines().get(watch.lines().size() - 1);
                assertTrue(last.contains("track Fake Ring"), () -> watch.out() + replay.errors());
                ProcessHandle.of(replay.pid()).orElseThrow().destroy();
                replay.exitStatus();
                // Windows ends a process without any last words.
                assertEquals(Platform.isWindows(), replay.nextLine() == null, replay::errors);
            }
            Examples.assertGone("IRSDKMemMapFileName");
            Examples.assertGone("IRSDKDataValidEvent");
        }
        assertFalse(ToolRun.of("list").succeeded().out().contains("IRSDK"));
    }

    private Peer tool(String... arguments) {
        ProcessBuilder builder = Examples.java("dev.sharedregion.cli.Tool", arguments);
        builder.directory(new File("target").getAbsoluteFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        return Peer.start(builder);
    }
}
