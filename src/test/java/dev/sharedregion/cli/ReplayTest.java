package dev.sharedregion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.cli.RecordingReader.State;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.ToolRun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sharedregion record} and {@code sharedregion replay}. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReplayTest {
    private static final int SIZE = 4096;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long MILLISECOND = 1_000_000;

    @TempDir
    Path folder;

    private final String name = TestNames.unique() + "-圈";
    private final String event = TestNames.unique();

    @AfterEach
    void nothingIsLeft() {
        Examples.assertGone(name);
        Examples.assertGone(event);
    }

    private String file() {
        return folder.resolve("a recording").toString();
    }

    /** Writes a recording in which the number at offset 4 counts. */
    private void write(long period, int states, List<String> events) throws Exception {
        RecordingHeader header = new RecordingHeader(Instant.now(), "", List.of(name), events);
        try (RecordingWriter writer = new RecordingWriter(Files.newOutputStream(Path.of(file())), header)) {
            for (int i = 1; i <= states; i++) {
                byte[] bytes = new byte[SIZE];
                bytes[4] = (byte) i;
                writer.write((i - 1) * period, 0, bytes);
            }
            writer.end(states * period);
        }
    }

    private static void await(SharedRegion region, int number) throws InterruptedException {
        while (region.pointer().getInt(4) != number) {
            Thread.sleep(1);
        }
    }

    @Test
    void whatWasRecordedIsReplayed() throws Exception {
        try (SharedRegion region = SharedRegion.create(name, SIZE)) {
            ToolRun.Begun recording =
                    ToolRun.begin("record", name, file(), "--count", "20", "--event", event, "--json");
            for (int i = 1; !recording.isDone(); i++) {
                region.pointer().setInt(4, i);
                Thread.sleep(10);
            }
            assertEquals(20, recording.get().succeeded().json().get("states").asInt());
        }
        String copy = name + "-copy";
        ToolRun.Begun replaying = ToolRun.begin("replay", file(), copy, "--loop", "--speed", "0.5", "--json");
        ToolRun.of("watch", copy, "--type=i32@4", "--count=25", "--json").succeeded();
        ToolRun replay = replaying.stop().succeeded();
        assertTrue(replay.json().get("states").asInt() >= 20, replay::out);
        assertEquals(copy, replay.json().get("regions").get(0).asString());
        ToolRun.of("replay", file(), copy, "--loop", "--seconds", "0.1").succeeded();
        Examples.assertGone(copy);
        // Under another name there is no event.
        Examples.assertGone(event);
        try (RecordingReader reader = new RecordingReader(Path.of(file()))) {
            assertEquals(List.of(event), reader.header().events());
            long last = 0;
            int number = -1;
            for (State state; (state = reader.next()) != null; ) {
                assertTrue(state.nanos() >= last);
                int next = ByteBuffer.wrap(state.bytes()).order(ByteOrder.nativeOrder()).getInt(4);
                assertTrue(next > number);
                last = state.nanos();
                number = next;
            }
        }
    }

    @Test
    void statesComeAtTheirTimes() throws Exception {
        write(500 * MILLISECOND, 3, List.of());
        for (double speed : new double[] {1, 2}) {
            long start = System.nanoTime();
            ToolRun.Begun replay = ToolRun.begin("replay", file(), "--loop", "--speed", "" + speed);
            long period = (long) (500 * MILLISECOND / speed);
            try (SharedRegion region = SharedRegion.open(name, PATIENCE)) {
                await(region, 3);
                long took = System.nanoTime() - start;
                assertTrue(took >= 2 * period, took + " ns for 2 periods of " + period);
            }
            replay.stop().succeeded();
        }
    }

    @Test
    void eventIsSetAfterEachState() throws Exception {
        write(50 * MILLISECOND, 4, List.of(event));
        try (NamedEvent dataValid = NamedEvent.create(event)) {
            ToolRun.Begun replay = ToolRun.begin("replay", file(), "--loop");
            for (int i = 0; i < 6; i++) {
                assertTrue(dataValid.await(PATIENCE));
                try (SharedRegion region = SharedRegion.open(name)) {
                    assertNotEquals(0, region.pointer().getInt(4), "the state is there before its event");
                }
            }
            replay.stop().succeeded();
        }
    }

    @Test
    void regionGoesAndComesAsItDid() throws Exception {
        RecordingHeader header = new RecordingHeader(Instant.now(), "", List.of(name), List.of());
        try (RecordingWriter writer = new RecordingWriter(Files.newOutputStream(Path.of(file())), header)) {
            writer.write(0, 0, new byte[SIZE]);
            writer.write(300 * MILLISECOND, 0, new byte[0]);
            writer.write(600 * MILLISECOND, 0, new byte[2 * SIZE]);
            writer.end(900 * MILLISECOND);
        }
        // Again and again: a thread that gets no processor for long misses a state in one round.
        ToolRun.Begun replay = ToolRun.begin("replay", file(), "--loop");
        try (RegionCopy copy = new RegionCopy(name)) {
            for (int size : new int[] {SIZE, 0, 2 * SIZE}) {
                while (copy.bytes().length != size) {
                    assertFalse(replay.isDone(), () -> "no region of " + size + " bytes");
                    copy.await(Duration.ofMillis(5));
                    copy.read();
                }
            }
            replay.stop().succeeded();
            while (copy.bytes().length != 0) {
                copy.read();
            }
        }
    }

    @Test
    void regionThatExistsIsNotWrittenTo() throws Exception {
        write(MILLISECOND, 2, List.of());
        try (SharedRegion region = SharedRegion.create(name, SIZE)) {
            ToolRun refused = ToolRun.of("replay", file()).ended(Tool.FAILED);
            assertTrue(refused.err().contains("--force"), refused::err);
            assertEquals(0, region.pointer().getInt(4));
            ToolRun.of("replay", file(), "--force").succeeded();
            assertEquals(2, region.pointer().getInt(4));
        }
    }

    @Test
    void nothingIsReplacedOrLeftByARefusedCall() throws Exception {
        Files.writeString(Path.of(file()), "mine");
        try (SharedRegion region = SharedRegion.create(name, SIZE)) {
            ToolRun refused = ToolRun.of("record", name, file(), "--count", "1").ended(Tool.FAILED);
            assertTrue(refused.err().contains("it exists"), refused::err);
            assertEquals("mine", Files.readString(Path.of(file())));
            ToolRun.of("record", name, file(), "--count", "1", "--force").succeeded();
        }
        Path none = folder.resolve("none");
        ToolRun.of("record", none.toString()).ended(Tool.WRONG_ARGUMENTS);
        ToolRun.of("record", name, none.toString(), "--layout", "none").ended(Tool.WRONG_ARGUMENTS);
        try (NamedEvent other = NamedEvent.create(name)) {
            ToolRun.of("record", name, none.toString(), "--count", "1").ended(Tool.FAILED);
        }
        assertFalse(Files.exists(none));
        ToolRun.of("replay", none.toString()).ended(Tool.FAILED);
        ToolRun.of("replay", file(), "--speed", "0").ended(Tool.WRONG_ARGUMENTS);
        ToolRun.of("fake", "none").ended(Tool.WRONG_ARGUMENTS);
        ToolRun.of("fake", "gpuz", "--rate", "-1").ended(Tool.WRONG_ARGUMENTS);
    }

    @Test
    void stateThatItsLayoutDoesNotHaveIsRefused() throws Exception {
        RecordingHeader header = new RecordingHeader(Instant.now(), "pcars2", List.of(name), List.of());
        try (RecordingWriter writer = new RecordingWriter(Files.newOutputStream(Path.of(file())), header)) {
            writer.write(0, 0, new byte[8]);
        }
        ToolRun refused = ToolRun.of("replay", file()).ended(Tool.FAILED);
        assertTrue(refused.err().contains("too few for its layout"), refused::err);
    }

    /** A recording of a region that has never come is a recording. */
    @Test
    void recordingWithoutAStateIsValid() {
        ToolRun recording = ToolRun.of("record", name, file(), "--seconds", "0.2").succeeded();
        assertTrue(recording.err().contains("Waiting for"), recording::err);
        ToolRun.of("replay", file(), "--loop").succeeded();
    }
}
