package dev.sharedregion.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.Permissions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.OtherUser;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.ToolRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code sharedregion dump}. */
class DumpTest {
    private static final int SIZE = 4096;

    @TempDir
    Path folder;

    private final String name = TestNames.unique() + "-价格";
    private final SharedRegion region = SharedRegion.create(name, SIZE);
    private final Pointer memory = region.pointer();

    @AfterEach
    void nothingIsLeft() {
        region.close();
        Examples.assertGone(name);
    }

    @Test
    void showsHexAndText() {
        memory.setString(0, "0123456789 abcd\n~");
        memory.setInt(64, 0x04030201);
        assertEquals(
                List.of(
                        "00000000  30 31 32 33 34 35 36 37  38 39 20 61 62 63 64 0a  |0123456789 abcd.|",
                        "00000010  7e 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |~...............|",
                        "00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
                        "*",
                        "00000040  01 02 03 04 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
                        "00000050  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
                        "*",
                        "00000ff0  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
                        "00001000"),
                ToolRun.of("dump", name).succeeded().lines());
        assertEquals(
                List.of("00000040  01 02 03                                          |...|", "00000043"),
                ToolRun.of("dump", name, "--offset", "0x40", "--length", "3").succeeded().lines());
        JsonNode json = ToolRun.of("dump", name, "--offset=64", "--length=4", "--json").succeeded().json();
        assertEquals("01020304", json.get("bytes").asString());
        assertEquals(name, json.get("name").asString());
    }

    @Test
    void showsValues() {
        memory.setInt(0, -2);
        memory.setDouble(4, 1.5);
        memory.setShort(12, (short) -1);
        memory.setLong(16, -1);
        memory.write(32, "你好".getBytes(StandardCharsets.UTF_8), 0, 6);
        String types = "i32,f64,u16,u64@16,utf8[20]@0x20,u8[3],f32";
        assertEquals(
                List.of(
                        "\"" + name + "\"",
                        "  00000000 i32            -2",
                        "  00000004 f64            1.5",
                        "  0000000c u16            65535",
                        "  00000010 u64            18446744073709551615",
                        "  00000020 utf8           你好",
                        "  00000034 u8             0, 0, 0",
                        "  00000037 f32            0.0"),
                ToolRun.of("dump", name, "--type", types).succeeded().lines());
        JsonNode values = ToolRun.of("dump", name, "--type", "i32,f64", "--json").succeeded().json().get("values");
        assertEquals(-2, values.get(0).get("value").asInt());
        assertEquals(1.5, values.get(1).get("value").asDouble());
        memory.setString(200, "a\033[2J");
        assertTrue(ToolRun.of("dump", name, "--type=utf8[9]@200").succeeded().out().contains("a\\u001b[2J"));
        memory.setInt(100, 0x01020304);
        JsonNode swapped = ToolRun.of("dump", name, "--type=i32", "--offset=100", "--big-endian", "--json")
                .succeeded().json().get("values");
        assertEquals(0x04030201, swapped.get(0).get("value").asInt());
    }

    @Test
    void snapshotHasAllBytesAndReplacesNothing() throws IOException {
        memory.setInt(SIZE - 4, 4711);
        Path file = folder.resolve("a snapshot");
        ToolRun.of("dump", name, "--output", file.toString()).succeeded();
        assertArrayEquals(memory.getByteArray(0, SIZE), Files.readAllBytes(file));
        memory.setInt(0, 1);
        String refused = ToolRun.of("dump", name, "--output", file.toString()).ended(Tool.FAILED).err();
        assertTrue(refused.contains("it exists"), refused);
        assertEquals(0, Files.readAllBytes(file)[0]);
        ToolRun.of("dump", name, "--output", file.toString(), "--force").succeeded();
        assertEquals(1, Files.readAllBytes(file)[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "'dump', 2, 'Give the name'",
        "'dump NAME --layout none', 2, 'iracing, rfactor2,'",
        "'dump NAME --type i33', 2, 'Types are i8,'",
        "'dump NAME --type i32[0]', 2, 'Types are i8,'",
        "'dump NAME --type i64@0x7ffffffe', 2, 'Types are i8,'",
        "'dump NAME --type i64@0x10000000', 2, 'ends after 268435456'",
        "'dump NAME --type u8[5000]', 1, '5000'",
        "'dump NAME --type i32 --layout gpuz', 2, 'mutually exclusive'",
        "'dump NAME --type i32 --length 4', 2, 'are for bytes'",
        "'dump NAME --type i32 --output none', 2, 'are for bytes'",
        "'dump NAME --offset -1', 2, 'is no number of bytes'",
        "'dump NAME --offset 5000', 1, '5000'",
        "'dump NAME --length 5000', 1, '5000'",
        "'dump NAME-none', 1, 'Cannot open region'",
        "'dump NAME-none --output none', 1, 'Cannot open region'",
        "'dump NAME-none --type i32', 1, 'Cannot open region'",
        "'dump NAME --output none/none', 1, 'there is no such file'",
        "'dump NAME --layout pcars2', 1, '20692'"
    })
    void wrongCallSaysWhatIsWrong(String call, int code, String complaint) {
        ToolRun run = ToolRun.of(call.replace("NAME", name).split(" ")).ended(code);
        assertTrue(run.err().contains(complaint), run::err);
        assertEquals("", run.out());
        Examples.assertGone(name + "-none");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "Windows removes what killed processes leave")
    void whatAKilledProcessLeftIsShownAndStays() throws IOException {
        String left = TestNames.unique();
        try (Peer peer = Peer.java(PeerProgram.class)) {
            peer.send("create " + left + " 64");
            peer.expect("ok");
            peer.send("put 16 66051");
            peer.expect("ok");
            peer.kill();
        }
        try {
            assertEquals("03020100", bytes(ToolRun.of("dump", left, "--offset=16", "--length=4", "--json")));
            ToolRun.of("dump", left, "--offset=0x7fffffffffffffff", "--length=9").ended(Tool.FAILED);
            assertEquals(128, bytes(ToolRun.of("dump", left, "--json")).length());
            ToolRun.of("diff", left, left).succeeded();
            for (String verb : List.of("watch", "record")) {
                String[] call = {verb, left, "--seconds=1", folder.resolve("none").toString()};
                String refused = ToolRun.of(Arrays.copyOf(call, verb.equals("watch") ? 3 : 4)).ended(Tool.FAILED).err();
                assertTrue(refused.contains("a killed process has left it behind"), refused);
            }
            assertTrue(Files.exists(Path.of("/dev/shm", left)));
            assertFalse(Files.exists(folder.resolve("none")));
        } finally {
            TestNames.removeLeftovers(left);
        }
    }

    /** A part is copied without becoming a user of the region. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "Windows opens the region for a moment")
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void nobodyNoticesADump() {
        String other = TestNames.unique();
        AtomicBoolean ends = new AtomicBoolean();
        CompletableFuture<Void> dumps = CompletableFuture.runAsync(() -> {
            while (!ends.get()) {
                try {
                    assertArrayEquals(new byte[4], RegionCopy.window(other, 8, 4));
                } catch (SharedMemoryException e) {
                    assertEquals(Reason.NOT_FOUND, e.reason());
                }
            }
        });
        try {
            for (int i = 0; i < 2000; i++) {
                SharedRegion.create(other, 64).close();
                assertFalse(Files.exists(Path.of("/dev/shm", other)));
            }
        } finally {
            ends.set(true);
            dumps.join();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "it has a file on a full disk")
    void fullDiskIsTold() {
        for (String[] call : List.of(
                new String[] {"dump", name, "--output", "/dev/full", "--force"},
                new String[] {"record", name, "/dev/full", "--force", "--count", "1"})) {
            String refused = ToolRun.of(call).ended(Tool.FAILED).err();
            assertTrue(refused.contains("Cannot write \"/dev/full\": "), refused);
        }
    }

    @Test
    void nameOfATableLeadsToItsRegion() {
        try (LatestWriter table = LatestWriter.create(name + "-table", 8)) {
            String refused = ToolRun.of("dump", table.name()).ended(Tool.FAILED).err();
            assertTrue(refused.contains("Give one of them: " + table.name() + ".latest"), refused);
        }
    }

    private static String bytes(ToolRun run) {
        return run.succeeded().json().get("bytes").asString();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "it needs a second user")
    void userWhoMayOnlyReadSeesTheRegion() {
        String readable = TestNames.unique();
        RegionOptions options = RegionOptions.defaults().permissions(Permissions.ownerAndReaders());
        try (SharedRegion shared = SharedRegion.create(readable, 64, options);
                Peer other = OtherUser.start(folder)) {
            shared.pointer().setInt(0, 7);
            other.send("tool dump " + readable + " --length 4");
            other.expect("0 00000000  07 00 00 00                                       |....|");
            other.send("tool watch " + readable + " --count 1 --type i32");
            assertTrue(other.nextLine().matches("0 [0-9:.]+  00000000 i32 7"));
            other.send("tool diff " + readable + " " + readable);
            other.expect("0 ");
            other.send("tool dump " + name);
            assertTrue(other.nextLine().matches("1 .*EACCES.*"));
        }
    }
}
