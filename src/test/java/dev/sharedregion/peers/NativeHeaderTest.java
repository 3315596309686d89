package dev.sharedregion.peers;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.Permissions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.linux.LibC;
import dev.sharedregion.internal.pair.PairBlockLayout;
import dev.sharedregion.internal.pair.Side;
import dev.sharedregion.internal.pair.StateWord;
import dev.sharedregion.internal.pair.TurnWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code sharedregion.h}: programs in C are peers of each other and of this library. {@code pair_peer.c} is the
 * program.
 */
class NativeHeaderTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String DEFAULT_SPIN = "-1";

    // The region of pair_peer.c.
    private static final int REGION_SIZE = 4096;
    private static final int NUMBERS = 8;
    private static final int WRITTEN = 192;
    private static final int SEEN = 384;

    /** Compiled once. */
    private static Path program;

    private final String name = TestNames.unique();

    /** Under Wine the files of processes that have just ended may still be open. */
    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    /** To open a leftover of a killed process removes it. */
    @AfterEach
    void nothingIsLeft() {
        for (String suffix : List.of("", ".pair", ".written", ".read")) {
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + suffix));
        }
    }

    /** For Windows the build of the tests' peers compiles it, without warnings too. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @CsvSource({"c11, c, gcc clang cc", "c++17, c++, g++ clang++ c++"})
    void headerCompilesWithoutWarnings(String standard, String language, String compilers) throws Exception {
        String header = Path.of("src", "main", "c", "sharedregion.h").toAbsolutePath().toString();
        String include = "#include \"" + header + "\"\n";
        // Two parts of a program: neither the header's functions nor its names clash.
        Path main = Files.writeString(folder.resolve("main." + language), include + "int main(void) { return 0; }\n");
        Path other = Files.writeString(
                folder.resolve("other." + language),
                include + include + "int f(sr_pair *pair);\n"
                        + "int f(sr_pair *pair) { return sr_pair_has_turn(pair) ? 1 : 0; }\n");
        List<String> command = new ArrayList<>(List.of(
                Tools.find(compilers.split(" ")),
                "-std=" + standard, "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror",
                "-o", folder.resolve("program").toString(), main.toString(), other.toString()));
        try (Peer compiler = Peer.start(command)) {
            assertEquals(0, compiler.exitStatus(), compiler::errors);
            assertEquals("", compiler.errors());
        }
    }

    /** At memory speed, asleep in every turn, and a mixture. */
    @ParameterizedTest
    @ValueSource(strings = {DEFAULT_SPIN, "0", "5000"})
    void twoProgramsInCTakeTurns(String spin) throws Exception {
        try (Peer server = c("server", name, "20000", spin);
                Peer client = c("client", name, "20000", spin)) {
            expect(server, "ready", "done");
            expect(client, "ready", "done");
        }
        Examples.assertGone(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT_SPIN, "0"})
    void cReceivesFromJava(String spin) throws Exception {
        try (SharedRegion region = SharedRegion.create(name, REGION_SIZE);
                EventPair pair = EventPair.create(name);
                Peer client = c("client", name, "2000", spin)) {
            serve(region, pair, 2000);
            expect(client, "ready", "done");
            assertEquals(2000, region.pointer().getLong(SEEN));
        }
        Examples.assertGone(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT_SPIN, "0"})
    void javaReceivesFromC(String spin) throws Exception {
        try (Peer server = c("server", name, "2000", spin)) {
            try (EventPair pair = EventPair.open(name, LONG);
                    SharedRegion region = SharedRegion.open(name)) {
                Pointer memory = region.pointer();
                for (long turn = 1; turn <= 2000; turn++) {
                    long expected = turn;
                    pair.read(() -> {
                        for (int i = 0; i < NUMBERS; i++) {
                            assertEquals(expected, memory.getLong(i * Long.BYTES));
                        }
                        memory.setLong(SEEN, expected);
                    });
                }
            }
            expect(server, "ready", "done");
        }
        Examples.assertGone(name);
    }

    @Test
    void cOpensAFileThatHasAName() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (SharedRegion region = SharedRegion.map(file, REGION_SIZE, RegionOptions.defaults().name(name));
                EventPair pair = EventPair.create(name);
                Peer client = c("client", name, "10", DEFAULT_SPIN)) {
            serve(region, pair, 10);
            expect(client, "ready", "done");
        }
        Examples.assertGone(name);
    }

    @Test
    void headerHandlesNamespacesAsTheLibraryDoes() throws Exception {
        try (Peer server = c("server", "Local\\" + name, "1", DEFAULT_SPIN);
                Peer client = c("client", name, "1", DEFAULT_SPIN)) {
            expect(server, "ready", "done");
            expect(client, "ready", "done");
        }
    }

    @Test
    void nameThatOneSystemRefusesIsRefused() throws Exception {
        for (String bad : List.of(
                "", ".", "a/b", "a\\b", "Local\\", "x".repeat(256), "x".repeat(250),
                "Global", "LOCAL", "session", "Local\\Restricted")) {
            try (Peer server = c("hold", bad)) {
                assertReported("BAD_NAME", server);
            }
        }
    }

    /** As where a JVM is a part of a program whose {@code main} has called {@code pthread_exit}. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void headerWorksAfterTheMainThreadHasEnded() throws Exception {
        try (Peer peer = Peer.start(List.of(Tools.cPeer("mainless").toString(), name))) {
            expect(peer, "done");
        }
        Examples.assertGone(name);
    }

    @Test
    void secondServerIsRefused() throws Exception {
        try (Peer server = c("hold", name)) {
            server.expect("ready");
            try (Peer second = c("hold", name)) {
                assertReported("ALREADY_EXISTS", second, "process " + server.pid() + " is its writing side");
            }
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name));
            server.closeInput();
            assertEquals(0, server.exitStatus());
        }
        Examples.assertGone(name);
        try (EventPair server = EventPair.create(name);
                Peer second = c("hold", name)) {
            assertReported("ALREADY_EXISTS", second);
            assertEquals(name, server.name());
        }
    }

    @Test
    void secondClientIsRefused() throws Exception {
        try (Peer server = c("hold", name);
                Peer client = c("client", name, "1", DEFAULT_SPIN)) {
            server.expect("ready");
            client.expect("ready");
            try (Peer second = c("client", name, "1", DEFAULT_SPIN)) {
                assertReported("IN_USE", second, "process " + client.pid() + " is its reading side");
            }
        }
    }

    @Test
    void anotherProgramsRegionIsRefusedAsControlBlock() throws Exception {
        try (SharedRegion other = SharedRegion.create(name + ".pair", REGION_SIZE)) {
            other.pointer().setInt(0, 42);
            try (Peer server = c("hold", name)) {
                assertReported("WRONG_KIND", server);
            }
            assertEquals(42, other.pointer().getInt(0));
        }
    }

    /** Windows rounds sizes up. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void tooSmallRegionIsRefusedAsControlBlock() throws Exception {
        try (SharedRegion small = SharedRegion.create(name + ".pair", 8);
                Peer server = c("hold", name)) {
            assertReported("TOO_SMALL", server);
            assertEquals(8, small.size());
        }
    }

    // Objects that another user may have created.

    private static Path file(String object) {
        return Path.of("/dev/shm", object);
    }

    private void assertHoldRefuses(String why) throws Exception {
        try (Peer server = c("hold", name)) {
            assertReported("ALREADY_EXISTS", server, why);
        }
    }

    /** Of the region and of the control block. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @ValueSource(strings = {"", ".pair"})
    void regionThatLetsOthersInIsRefused(String suffix) throws Exception {
        RegionOptions forAll = RegionOptions.defaults().permissions(Permissions.ownerAndReaders());
        try (SharedRegion region = SharedRegion.create(name + suffix, REGION_SIZE, forAll)) {
            assertHoldRefuses("its mode 0644 lets in more users than the 0600 that was asked for");
            Files.setPosixFilePermissions(file(region.name()), PosixFilePermissions.fromString("rw-------"));
            Path second = Files.createLink(file(name + "-second"), file(region.name()));
            assertHoldRefuses("its file has 2 names");
            Files.delete(second);
            Tools.require(LibC.geteuid() == 0, "right to give a file to another user");
            Files.setAttribute(file(region.name()), "unix:uid", 65534);
            assertHoldRefuses("owned by another user");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void eventThatLetsOthersInIsRefused() throws Exception {
        EventPair first = EventPair.create(name);
        try (EventPair client = EventPair.open(name)) {
            first.close();
            Files.setPosixFilePermissions(file(name + ".read"), PosixFilePermissions.fromString("rwx-w----"));
            assertHoldRefuses("its mode 0620 lets in more users than the 0600 that was asked for");
            assertReason(Reason.CLOSED, () -> client.awaitWritten(Duration.ZERO));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void manualResetEventsAreRefused() throws Exception {
        try (NamedEvent written = NamedEvent.create(name + ".written", EventOptions.manualReset());
                Peer client = c("ask", "client", name)) {
            assertReported("WRONG_KIND", client, "manual-reset event", written.name());
        }
    }

    /** The system would end a process that makes a larger file. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void regionBeyondTheFileSizeLimitIsRefused() throws Exception {
        String limited = "ulimit -f 1; exec \"$@\"";
        try (Peer server = Peer.start(List.of("sh", "-c", limited, "sh", program().toString(), "hold", name))) {
            assertReported("NO_SPACE", server, "4096 bytes", "EFBIG");
            assertEquals(1, server.exitStatus());
        }
    }

    // A server that is started again.

    /** As if it were held up after it took its place. */
    @Test
    void serverUsesTheEventsOfAClientThatHoldsItsPlace() throws Exception {
        EventPair first = EventPair.create(name);
        try (EventPair client = EventPair.open(name);
                SharedRegion block = SharedRegion.open(name + ".pair")) {
            first.close();
            setState(block, PairBlockLayout.READING_PLACE, PairBlockLayout.ABSENT);
            try (Peer next = c("ask", "server", name)) {
                next.expect("ready");
                end(next);
            }
            assertEquals(name, client.name());
        }
    }

    @Test
    void serverWaitsForOldEventsToDisappear() throws Exception {
        try (NamedEvent written = NamedEvent.create(name + ".written");
                Peer server = c("ask", "server", name)) {
            NamedEvent.open(name + ".read", LONG).close();
            Thread.sleep(20);
            written.close();
            server.expect("ready");
            end(server);
        }
    }

    @Test
    void existingEventsWithoutAClientAreRefused() throws Exception {
        try (NamedEvent written = NamedEvent.create(name + ".written");
                Peer server = c("ask", "server", name)) {
            assertReported("ALREADY_EXISTS", server, written.name(), "no client");
        }
    }

    /** A blank region may be another program's, and an event may be there before the server's block. */
    @Test
    void clientLeavesNothingBehindIfThereIsNoPair() throws Exception {
        try (SharedRegion blank = SharedRegion.create(name + ".pair", REGION_SIZE);
                Peer client = c("ask", "client", name)) {
            assertNull(client.lineIfThere());
            Thread.sleep(100);
            assertEquals(0, blank.pointer().getLong(0));
            try (EventPair server = EventPair.create(name)) {
                client.expect("ready");
                end(client);
                assertTrue(server.hasTurn());
            }
        }
    }

    @Test
    void peersCloseIsReported() throws Exception {
        try (Peer server = c("server", name, "0", DEFAULT_SPIN)) {
            server.expect("ready");
            for (int successor = 0; successor < 3; successor++) {
                try (Peer client = c("client", name, "10", DEFAULT_SPIN)) {
                    expect(client, "ready", "done");
                }
                if (successor > 0) {
                    server.expect("resumed");
                }
                assertStarts("CLOSED ", server.nextLine());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"server, client", "client, server"})
    void peersDeathIsReported(String side, String other) throws Exception {
        try (SharedRegion region = SharedRegion.create(name, REGION_SIZE);
                Peer first = c("server", name, "0", DEFAULT_SPIN);
                Peer second = c("client", name, "0", DEFAULT_SPIN)) {
            first.expect("ready");
            second.expect("ready");
            awaitProgress(region, 1);
            Peer survivor = side.equals("server") ? second : first;
            (side.equals("server") ? first : second).kill();
            assertStarts("PEER_DIED ", survivor.nextLine());
            try (Peer successor = c(side, name, "0", DEFAULT_SPIN)) {
                successor.expect("ready");
                survivor.expect("resumed");
                awaitProgress(region, 1);
            }
            assertStarts("PEER_DIED ", survivor.nextLine());
        }
    }

    /** As if the server had been stopped in the middle of waking it, had gone on, taken the turn, and closed. */
    @Test
    void leftoverWakeUpIsNotTakenForAHandOver() throws Exception {
        try (EventPair server = EventPair.create(name);
                Peer client = c("ask", "client", name);
                SharedRegion block = SharedRegion.open(name + ".pair");
                NamedEvent written = NamedEvent.open(name + ".written")) {
            client.expect("ready");
            client.send("await 4000");
            awaitState(block, PairBlockLayout.READING_PLACE, PairBlockLayout.PARKED);
            setState(block, PairBlockLayout.READING_PLACE, PairBlockLayout.WAKING);
            client.expect("TIMED_OUT");
            client.send("await 0");
            client.expect("TIMED_OUT");
            written.set();
            client.send("await 0");
            client.expect("TIMED_OUT");
            setState(block, PairBlockLayout.READING_PLACE, PairBlockLayout.WOKEN);
            setState(block, PairBlockLayout.WRITING_PLACE, PairBlockLayout.CLOSED);
            client.send("await 60000");
            client.expect("CLOSED");
            end(client);
            assertTrue(server.hasTurn());
        }
    }

    // A block that another program keeps writing to.

    @Test
    void registrationWithAnOverwrittenBlockFails() throws Exception {
        try (Peer server = c("ask", "server", name, "block")) {
            assertReported("CORRUPT", server, "overwritten", name);
        }
    }

    @Test
    void signalWithAnOverwrittenBlockFails() throws Exception {
        try (Peer server = c("ask", "server", name)) {
            server.expect("ready");
            ask(server, "spoil block", "OK");
            ask(server, "signal", "CORRUPT");
            ask(server, "signal", "OUT_OF_TURN");
            end(server);
        }
    }

    @Test
    void handOverWithAnOverwrittenBlockFails() throws Exception {
        try (Peer server = c("ask", "server", name);
                NamedEvent read = NamedEvent.open(name + ".read", LONG)) {
            server.expect("ready");
            ask(server, "signal", "OK");
            read.set();
            ask(server, "spoil block", "OK");
            ask(server, "await 60000", "CORRUPT");
            end(server);
        }
    }

    /** The client has registered, and has its turn with a token, which the server cannot take back. */
    @Test
    void waitWithAnOverwrittenBlockEndsInTime() throws Exception {
        try (Peer server = c("ask", "server", name)) {
            server.expect("ready");
            ask(server, "signal", "OK");
            try (EventPair client = EventPair.open(name)) {
                ask(server, "spoil block", "OK");
                ask(server, "await 0", "TIMED_OUT");
                ask(server, "await 20", "TIMED_OUT");
                end(server);
                assertTrue(client.awaitWritten(LONG));
            }
        }
    }

    @Test
    void closeReturnsWithAnOverwrittenBlock() throws Exception {
        try (Peer server = c("ask", "server", name);
                SharedRegion block = SharedRegion.open(name + ".pair", LONG)) {
            server.expect("ready");
            ask(server, "spoil block", "OK");
            block.pointer().setLong(PairBlockLayout.TURN, TurnWord.next(0, Side.READING));
            end(server);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void signalOfAnOverwrittenEventCountsAsTaken() throws Exception {
        try (Peer server = c("ask", "server", name);
                NamedEvent read = NamedEvent.open(name + ".read", LONG)) {
            server.expect("ready");
            ask(server, "signal", "OK");
            read.set();
            ask(server, "spoil events", "OK");
            ask(server, "await 0", "TIMED_OUT");
            ask(server, "await 20", "TIMED_OUT");
            ask(server, "spoil nothing", "OK");
            ask(server, "await 60000", "OK");
            end(server);
        }
    }

    private static void ask(Peer peer, String command, String answer) {
        peer.send(command);
        peer.expect(answer);
    }

    private static void end(Peer peer) {
        peer.closeInput();
        assertEquals(0, peer.exitStatus(), peer::errors);
    }

    private static int state(SharedRegion block, int place) {
        return block.pointer().getInt(place + PairBlockLayout.STATE);
    }

    private static void setState(SharedRegion block, int place, int state) {
        block.pointer().setInt(place + PairBlockLayout.STATE, StateWord.with(state(block, place), state));
    }

    private static void awaitState(SharedRegion block, int place, int state) throws InterruptedException {
        long giveUp = System.nanoTime() + LONG.toNanos();
        while (!StateWord.is(state(block, place), state)) {
            assertTrue(System.nanoTime() - giveUp < 0, "the state stays another");
            Thread.sleep(1);
        }
    }

    /** No turn is lost, none that was acknowledged comes again, and none is torn: the peers look at each. */
    @Test
    void successorContinuesWhereItsPredecessorStopped() throws Exception {
        Random random = new Random();
        List<Peer> all = new ArrayList<>();
        try (SharedRegion region = SharedRegion.create(name, REGION_SIZE)) {
            String[] sides = {"server", "client"};
            Peer[] peers = new Peer[2];
            for (int side = 0; side < 2; side++) {
                all.add(peers[side] = c(sides[side], name, "0", DEFAULT_SPIN, "100"));
            }
            for (int kills = 0; kills < 30; kills++) {
                awaitProgress(region, 1 + random.nextInt(50));
                int side = random.nextInt(2);
                peers[side].kill();
                all.add(peers[side] = c(sides[side], name, "0", random.nextBoolean() ? "0" : DEFAULT_SPIN, "100"));
            }
            awaitProgress(region, 100);
        } finally {
            all.forEach(Peer::close);
        }
        for (Peer peer : all) {
            for (String line; (line = peer.nextLine()) != null; ) {
                assertTrue(line.matches("ready|resumed|PEER_DIED \\d+"), line);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void exampleRunsInOneTerminal() throws Exception {
        Tools.find("cc", "gcc", "clang");
        List<String> run = List.of(Examples.absolute("examples/run"), "Native", name, "1000");
        ProcessBuilder builder = Examples.process(run);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try (Peer example = Peer.start(builder)) {
            assertStarts("1000 turns of 64 bytes in ", example.nextLine());
            example.expect("The server has sent all it had.");
            assertNull(example.nextLine());
            assertEquals(0, example.exitStatus(), example::errors);
        }
        Examples.assertGone(name);
    }

    private static Path program() throws Exception {
        if (program == null) {
            program = Tools.cPeer("pair");
        }
        return program;
    }

    private static Peer c(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(arguments));
        return Peer.start(command);
    }

    private static void serve(SharedRegion region, EventPair pair, int turns) throws InterruptedException {
        Pointer memory = region.pointer();
        for (long turn = 1; turn <= turns; turn++) {
            long number = turn;
            pair.write(() -> {
                for (int i = 0; i < NUMBERS; i++) {
                    memory.setLong(i * Long.BYTES, number);
                }
                memory.setLong(WRITTEN, number);
            });
        }
        assertTrue(pair.awaitRead(LONG));
    }

    /** Waits until clients have received so many more turns. */
    private static void awaitProgress(SharedRegion region, long turns) throws InterruptedException {
        long goal = region.pointer().getLong(SEEN) + turns;
        long giveUp = System.nanoTime() + LONG.toNanos();
        while (region.pointer().getLong(SEEN) < goal) {
            assertTrue(System.nanoTime() - giveUp < 0, "the two sides stand still");
            Thread.sleep(1);
        }
    }

    private static void expect(Peer peer, String... lines) {
        for (String line : lines) {
            peer.expect(line);
        }
        assertEquals(0, peer.exitStatus(), peer::errors);
    }

    private static void assertReported(String reason, Peer peer, String... parts) {
        String line = peer.nextLine();
        assertStarts(reason, line);
        for (String part : parts) {
            assertTrue(line.contains(part), line);
        }
    }

    private static void assertStarts(String start, String line) {
        assertTrue(line != null && line.startsWith(start), line);
    }
}
