package dev.sharedregion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.EventPair;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Exhaustive;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.pair.PairBlockLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verbs that list, explain, remove and measure, as they are typed. */
class ToolTest {
    private static final long SELF = ProcessHandle.current().pid();

    private static final Duration LONG = Duration.ofSeconds(60);

    private final String name = TestNames.unique();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void removeWhatKilledProcessesLeft() throws IOException {
        TestNames.removeLeftovers(name);
    }

    /** Runs the tool, and returns its exit code. */
    private int answer(String typed, String... arguments) {
        out.reset();
        err.reset();
        return Tool.run(
                new Streams(
                        new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                arguments);
    }

    /** Runs the tool, which is to succeed, and returns what it prints. */
    private String run(String... arguments) {
        assertEquals(Tool.OK, answer("", arguments), this::errors);
        assertEquals("", errors());
        return output();
    }

    private JsonNode json(String... arguments) {
        return JsonMapper.builder().build().readTree(run(arguments));
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    /** The lines of the table, without the spaces between the columns, and without the headings. */
    private static List<String> rows(String table) {
        return table.lines().skip(1).map(line -> line.replaceAll(" +", " ")).toList();
    }

    @Test
    void listHasALineForARegionAndALineForAPair() {
        String chinese = name + "-数据";
        try (SharedRegion region = SharedRegion.create(chinese, 4096);
                EventPair pair = EventPair.create(chinese)) {
            List<String> rows = rows(run("list", region.name()));
            assertEquals(2, rows.size(), rows::toString);
            assertTrue(rows.get(0).startsWith(chinese + " region 4 KiB "), rows::toString);
            assertTrue(rows.get(1).startsWith(chinese + " pair 4"), rows::toString);
            assertTrue(rows.get(1).contains(" used " + SELF + " java"), rows::toString);
            assertEquals(rows, rows(run("list", "Local\\" + chinese.replace("数据", "?*"))));
            assertEquals(pair.name(), region.name());
        }
        assertEquals(List.of(), rows(run("list", chinese)));
    }

    @Test
    void columnsStandBelowEachOtherAlsoWithWideLetters() {
        try (SharedRegion narrow = SharedRegion.create(name + "-aaaa", 1);
                SharedRegion wide = SharedRegion.create(name + "-数据", 1)) {
            List<String> lines = run("list", name + "*").lines().toList();
            assertEquals(3, lines.size(), lines::toString);
            int column = lines.get(0).indexOf("KIND");
            assertEquals(column, lines.get(1).indexOf(" region ") + 1);
            // Each of the two letters takes the room of two.
            assertEquals(column - 2, lines.get(2).indexOf(" region ") + 1);
            assertTrue(narrow.size() <= wide.size());
        }
    }

    @Test
    void partsHaveALineEach() {
        try (SharedLock lock = SharedLock.openOrCreate(name)) {
            List<String> rows = rows(run("list", "--parts", lock.name() + "*"));
            assertEquals(2, rows.size(), rows::toString);
            assertTrue(rows.get(0).startsWith(name + ".lock region 36 KiB "), rows::toString);
            assertTrue(rows.get(1).startsWith(name + ".unlocked event "), rows::toString);
        }
    }

    @Test
    void listIsJsonIfAskedFor() {
        try (SharedLock lock = SharedLock.openOrCreate(name)) {
            for (JsonNode list : List.of(json("list", "--json", lock.name()), json("--json", "list", name))) {
                assertEquals(1, list.size(), list::toString);
                JsonNode found = list.get(0);
                assertEquals(name, found.get("name").asString());
                assertEquals("lock", found.get("kind").asString());
                assertEquals("used", found.get("state").asString());
                assertTrue(found.get("size").asLong() >= 36_864, list::toString);
                assertEquals(2, found.get("parts").size());
                assertEquals(SELF, found.get("users").get(0).get("process").asLong());
            }
        }
        assertEquals("[ ]\n", run("list", "--json", name));
    }

    @Test
    void infoTellsWhoseTurnItIs() {
        try (EventPair pair = EventPair.create(name)) {
            List<String> lines = run("info", pair.name()).lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
            assertEquals("pair " + name, lines.get(0));
            assertTrue(lines.contains("turn server"), lines::toString);
            assertTrue(lines.contains("client state absent, registrations 0"), lines::toString);
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("server state active, " + SELF + " java")),
                    lines::toString);
            JsonNode info = json("info", "--json", name).get(0);
            assertEquals("pair", info.get("object").get("kind").asString());
            assertEquals("server", info.get("details").get("turn").asString());
            assertEquals(SELF, info.get("details").get("server").get("process").asLong());
        }
    }

    @Test
    void infoTellsTheLastWrite() {
        try (LatestWriter table = LatestWriter.create(name, 8)) {
            table.update(value -> value.putLong(0, 1));
            String text = run("info", table.name());
            assertTrue(text.lines().anyMatch(line -> line.matches("  last write ago +[0-9]+\\.[0-9]{3} s")), text);
            assertTrue(text.lines().anyMatch(line -> line.matches("  version +1")), text);
        }
    }

    @Test
    void infoFindsAPartByItsName() {
        try (EventPair pair = EventPair.create(name)) {
            String text = run("info", pair.name() + ".written");
            assertTrue(text.startsWith("event "), text);
            assertTrue(text.lines().anyMatch(line -> line.matches("  set +no")), text);
        }
    }

    @Test
    void infoOfNothingFails() {
        assertEquals(Tool.FAILED, answer("", "info", name));
        assertEquals("", output());
        assertEquals(
                "sharedregion: There is no object \"" + name + "\". 'sharedregion list' shows those that exist.\n",
                errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lst", "list a b", "list --part", "info", "info a b", "clean --no", "bench 7", "--nothing"})
    void wrongArgumentsAreRefused(String arguments) {
        String[] typed = arguments.isEmpty() ? new String[0] : arguments.split(" ");
        assertEquals(Tool.WRONG_ARGUMENTS, answer("", typed));
        assertEquals("", output());
        assertTrue(errors().startsWith("sharedregion: "), errors());
        assertTrue(errors().contains("--help'"), errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "list --help", "info --help", "clean --help", "bench --help", "--version"})
    void helpIsPlainText(String arguments) {
        String text = run(arguments.split(" "));
        assertTrue(text.contains("sharedregion"), text);
        assertFalse(text.contains("\033"), text);
        assertFalse(text.contains("bench-peer"), text);
    }

    @Test
    void cleanRemovesNothingThatLives() {
        try (SharedRegion region = SharedRegion.create(name, 64)) {
            assertEquals("Nothing is dead.\n", run("clean", region.name() + "*"));
            assertEquals("[ ]\n", run("clean", "--json", name + "*"));
            SharedRegion.open(name).close();
        }
    }

    private void leaveADeadRegion(String dead) {
        try (Peer peer = Peer.java(PeerProgram.class)) {
            peer.send("create " + dead + " 64");
            peer.expect("ok");
            peer.kill();
        }
        assertTrue(new File("/dev/shm", dead).exists());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cleanAsksAndRemovesWhatIsDead() {
        String dead = name + "-dead";
        leaveADeadRegion(dead);
        try (SharedRegion living = SharedRegion.create(name + "-living", 64)) {
            assertTrue(rows(run("list", "--dead", name + "*")).get(0).startsWith(dead + " region 64 "), output());
            for (String no : List.of("", "\n", "n\n", "what?\n")) {
                assertEquals(Tool.FAILED, answer(no, "clean", name + "*"));
                assertTrue(errors().contains("Remove it? [y/N] "), errors());
                assertTrue(errors().contains(dead), errors());
                assertFalse(errors().contains(living.name()), errors());
                assertTrue(errors().endsWith("Nothing was removed.\n"), errors());
                assertTrue(new File("/dev/shm", dead).exists());
            }
            assertEquals(Tool.OK, answer("Y\n", "clean", name + "*"));
            assertEquals("removed " + dead + "\n", output());
            assertFalse(new File("/dev/shm", dead).exists());
            SharedRegion.open(living.name()).close();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cleanDoesNotAskIfToldSo() {
        leaveADeadRegion(name);
        assertEquals("[ \"" + name + "\" ]\n", run("clean", "--yes", "--json", name));
        assertFalse(new File("/dev/shm", name).exists());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cleanGoesOnAfterANameThatTheLibraryDoesNotAccept() throws IOException {
        TestNames.leave(name + "-a\\b");
        TestNames.leave(name + "-c");
        assertEquals(Tool.FAILED, answer("", "clean", "--yes", name + "*"));
        assertEquals("removed " + name + "-c\n", output());
        assertTrue(errors().startsWith("sharedregion: ") && errors().contains("cannot name a shared object"), errors());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cleanLeavesWhatAProcessHasMapped() throws IOException {
        TestNames.leave(name);
        try (Peer python = Peer.start(List.of(Tools.find("python3"), "-u", "-c", """
                import mmap, os, sys
                memory = mmap.mmap(os.open("/dev/shm/" + sys.argv[1], os.O_RDWR), 64)
                print("mapped")
                sys.stdin.readline()
                """, name))) {
            python.expect("mapped");
            JsonNode listed = json("list", "--dead", "--json", name).get(0);
            assertEquals(python.pid(), listed.get("users").get(0).get("process").asLong());
            assertEquals(Tool.OK, answer("", "clean", "--yes", name));
            assertEquals("Nothing was removed.\n", output());
            String told = "\"" + name + "\" is dead, and stays: it is mapped by " + python.pid() + " python";
            assertTrue(errors().startsWith(told), errors());
            python.send("");
            assertEquals(0, python.exitStatus(), python.errors());
        }
        assertEquals("removed " + name + "\n", run("clean", "--yes", name));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cleanTellsOnlyThePartsThatItRemoves() throws InterruptedException {
        try (MessageReceiver receiver = MessageReceiver.openOrCreate(name, 1 << 12)) {
            try (Peer peer = Peer.java(PeerProgram.class)) {
                peer.send("openSender " + name);
                peer.expect("ok");
                peer.kill();
            }
            assertEquals("removed " + receiver.name() + ".freed.1\n", run("clean", "--yes", name));
        }
    }

    @Test
    void lostOutputIsAFailure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int letter) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        Streams streams = new Streams(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(full, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertEquals(Tool.FAILED, Tool.run(streams, "list"));
        assertEquals("sharedregion: Cannot write all of the output.\n", errors());
    }

    @Test
    void lettersThatCannotBeSeenAreShown() {
        assertEquals(
                "a\\u202e\\u2028\\u200b\\udb40\\udc01\\u0007\\ud800",
                Text.visible("a\u202e\u2028\u200b\udb40\udc01\u0007\ud800"));
        assertEquals("行情 é 🙂", Text.visible("行情 é 🙂"));
        assertEquals(Tool.FAILED, answer("", "info", name + "\033[2J"));
        assertFalse(errors().contains("\033"), errors());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void namesOfOtherProgramsCannotControlTheTerminal() throws IOException {
        Path file = Files.createFile(Path.of("/dev/shm", name + "-\033[2J\n"));
        try {
            assertTrue(rows(run("list", name + "*")).get(0).startsWith(name + "-\\u001b[2J\\u000a region 0 "), output());
            assertTrue(run("info", name + "-\033[2J\n").startsWith("region  "), output());
            assertFalse(output().contains("\033"), output());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stoppedUsersAreShownAsSuch() throws Exception {
        try (Peer peer = Peer.java(PeerProgram.class)) {
            peer.send("create " + name + " 64");
            peer.expect("ok");
            peer.signal("STOP");
            String user = peer.pid() + " java " + PeerProgram.class.getName() + " (stopped)";
            // The signal takes effect when each thread of the peer has had a processor.
            for (long giveUp = System.nanoTime() + 60_000_000_000L; !run("list", name).contains(user); ) {
                assertTrue(System.nanoTime() - giveUp < 0, output());
            }
            peer.signal("CONT");
        }
    }

    @Test
    @Exhaustive
    void benchMeasuresAndLeavesNothing() {
        JsonNode results = json("bench", "--json");
        assertEquals(2, results.size(), results::toString);
        for (JsonNode result : results) {
            assertTrue(result.get("samples").asLong() > 0, results::toString);
            assertTrue(result.get("median").asLong() > 0, results::toString);
            assertTrue(result.get("percentile99").asLong() >= result.get("median").asLong(), results::toString);
        }
        assertEquals("[ ]\n", run("list", "--json", "sharedregion-bench-" + SELF + "*"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void interruptedBenchLeavesNothing() throws Exception {
        try (Peer tool = Peer.java(Tool.class, "bench")) {
            String block = "sharedregion-bench-" + tool.pid() + "-default.pair";
            // It measures for some seconds. To find it by a list may take as long where there are thousands of objects.
            try (SharedRegion region = SharedRegion.open(block, LONG)) {
                while (region.pointer().getInt(PairBlockLayout.READING_PLACE + PairBlockLayout.STATE)
                        == PairBlockLayout.ABSENT) {
                    assertTrue(tool.isAlive(), tool::errors);
                    Thread.sleep(10);
                }
            }
            tool.signal("TERM");
            assertEquals(128 + 15, tool.exitStatus());
            // The second process sees that the first has gone.
            while (!rows(run("list", "sharedregion-bench-" + tool.pid() + "*")).isEmpty()) {
                Thread.sleep(10);
            }
        }
    }
}
