package dev.sharedregion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.ToolRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code sharedregion diff}. */
class DiffTest {
    private static final int DIFFERENT = 3;
    private static final int SIZE = 4096;

    @TempDir
    Path folder;

    private final String left = TestNames.unique();
    private final String right = TestNames.unique();
    private final SharedRegion first = SharedRegion.create(left, SIZE);
    private final SharedRegion second = SharedRegion.create(right, 2 * SIZE);

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void showsTheLinesThatDiffer() {
        assertEquals("", ToolRun.of("diff", left, right).succeeded().out(), "zeros count as equal");
        first.pointer().setString(20, "abc");
        second.pointer().setString(20, "axc");
        second.pointer().setByte(SIZE + 16, (byte) 'z');
        assertEquals(
                List.of(
                        "--- " + left + ", 4096 bytes",
                        "+++ " + right + ", 8192 bytes",
                        "- 00000010  00 00 00 00 61 62 63 00  00 00 00 00 00 00 00 00  |....abc.........|",
                        "+ 00000010  00 00 00 00 61 78 63 00  00 00 00 00 00 00 00 00  |....axc.........|",
                        "- 00001010                                                    ||",
                        "+ 00001010  7a 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |z...............|"),
                ToolRun.of("diff", left, right).ended(DIFFERENT).lines());
        JsonNode json = ToolRun.of("diff", left, right, "--json").ended(DIFFERENT).json();
        assertEquals(false, json.get("equal").asBoolean());
        assertEquals(
                "{\"offset\":21,\"length\":1,\"before\":\"62\",\"after\":\"78\"}",
                json.get("differences").get(0).toString());
        assertEquals(
                "{\"offset\":4112,\"length\":1,\"before\":\"\",\"after\":\"7a\"}",
                json.get("differences").get(1).toString());
    }

    @Test
    void comparesWithASnapshot() {
        first.pointer().setInt(0, 7);
        String file = folder.resolve("snapshot").toString();
        ToolRun.of("dump", left, "--output", file).succeeded();
        ToolRun.of("diff", left, "--file", file).succeeded();
        first.pointer().setInt(0, 8);
        assertEquals(4, ToolRun.of("diff", left, "--file", file).ended(DIFFERENT).lines().size());
    }

    @Test
    void comparesWithARecordedState() throws Exception {
        Path file = folder.resolve("recording");
        RecordingHeader header = new RecordingHeader(Instant.now(), "", List.of("other", left), List.of());
        try (RecordingWriter writer = new RecordingWriter(Files.newOutputStream(file), header)) {
            for (int second = 0; second < 3; second++) {
                writer.write(second * 1_000_000_000L, 1, new byte[] {(byte) second, 0, 0});
                writer.write(second * 1_000_000_000L, 0, new byte[] {9});
            }
        }
        first.pointer().setByte(0, (byte) 2);
        ToolRun.of("diff", left, "--file", file.toString()).succeeded();
        ToolRun.of("diff", left, "--file", file.toString(), "--at", "1.5").ended(DIFFERENT);
        first.pointer().setByte(0, (byte) 1);
        ToolRun.of("diff", left, "--file", file.toString(), "--at", "1.5").succeeded();
        ToolRun.of("diff", right, "--file", file.toString()).ended(DIFFERENT);
    }

    @Test
    void failureIsNoDifference() throws Exception {
        assertTrue(ToolRun.of("diff", left, left + "-none").ended(Tool.FAILED).err().contains(left + "-none"));
        ToolRun.of("diff", left, "--file", folder.resolve("none").toString()).ended(Tool.FAILED);
        ToolRun.of("diff", left).ended(Tool.WRONG_ARGUMENTS);
        ToolRun.of("diff", left, right, "--file", "none").ended(Tool.WRONG_ARGUMENTS);
        Path broken = Files.write(folder.resolve("broken"), new byte[] {0x1f, (byte) 0x8b, 0});
        String refused = ToolRun.of("diff", left, "--file", broken.toString()).ended(Tool.FAILED).err();
        assertTrue(refused.contains("no recording"), refused);
    }
}
