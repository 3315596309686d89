package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two JVMs share regions, events and pairs. */
class TwoProcessesTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final String name = TestNames.unique() + "-共享";
    private final Peer peer = Peer.java(PeerProgram.class);

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    @AfterEach
    void endPeer() {
        if (peer.isAlive()) {
            peer.closeInput();
            peer.exitStatus();
        }
        peer.close();
    }

    private void tell(String command) {
        peer.send(command);
        peer.expect("ok");
    }

    private String ask(String command) {
        peer.send(command);
        return peer.nextLine();
    }

    @Test
    void bothProcessesSeeEachOthersWrites() {
        try (SharedRegion region = SharedRegion.create(name, 5000)) {
            region.pointer().setInt(4996, 42);
            tell("open " + name);
            assertEquals("42", ask("get 4996"));
            tell("put 0 77");
            assertEquals(77, region.pointer().getInt(0));
            assertTrue(Long.parseLong(ask("size")) >= 5000);
            assertEquals("ALREADY_EXISTS", ask("create " + name + " 10"));
        }
    }

    @Test
    void regionLivesUntilItsLastProcessEnds() {
        tell("create " + name + " 4096");
        tell("put 0 5");
        try (SharedRegion region = SharedRegion.open(name)) {
            peer.kill();
            assertEquals(5, region.pointer().getInt(0));
            try (SharedRegion again = SharedRegion.open(name)) {
                assertEquals(5, again.pointer().getInt(0));
            }
            assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 10));
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
    }

    @Test
    void nameIsFreeAfterAllUsersWereKilled() {
        tell("create " + name + " 4096");
        tell("put 0 5");
        tell("createEvent " + name + "e");
        tell("createPair " + name + "p");
        peer.kill();
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        try (SharedRegion region = SharedRegion.create(name, 100);
                NamedEvent event = NamedEvent.create(name + "e");
                EventPair pair = EventPair.create(name + "p")) {
            assertEquals(0, region.pointer().getInt(0));
            assertEquals(name + "e", event.name());
            assertEquals(name + "p", pair.name());
        }
    }

    @Test
    void nameIsFreeAfterAnExitWithoutClose() {
        tell("create " + name + " 4096");
        peer.send("exit 0");
        assertEquals(0, peer.exitStatus());
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        SharedRegion.create(name, 100).close();
    }

    @Test
    void eventsWakeTheOtherProcess() throws InterruptedException {
        try (NamedEvent event = NamedEvent.create(name);
                NamedEvent answer = NamedEvent.create(name + "-answer")) {
            tell("openEvent " + name);
            peer.send("await PT2M");
            event.set();
            peer.expect("true");
            assertEquals("false", ask("await PT0S"));
            tell("openEvent " + name + "-answer");
            tell("set");
            assertTrue(answer.await(LONG));
        }
    }

    @Test
    void everyTurnArrivesCompleteAndInOrder() throws InterruptedException {
        int turns = 5_000;
        tell("create " + name + " 4096");
        tell("createPair " + name);
        peer.send("serve " + turns);
        try (SharedRegion region = SharedRegion.open(name);
                EventPair client = EventPair.open(name)) {
            for (int turn = 1; turn <= turns; turn++) {
                int expected = turn;
                assertTrue(client.read(
                        () -> {
                            for (int at = 0; at < 64; at += 4) {
                                assertEquals(expected, region.pointer().getInt(at));
                            }
                        },
                        LONG));
            }
            peer.expect("ok");
        }
    }

    @Test
    void mappedFileIsSharedAndIsOnDiskAfterFlush() throws Exception {
        Path file = folder.resolve("file.bin");
        Files.write(file, new byte[10]);
        try (SharedRegion region = SharedRegion.map(file, 100)) {
            region.pointer().setInt(96, 12);
            tell("map " + file.toAbsolutePath() + " 0");
            assertEquals("100", ask("size"));
            assertEquals("12", ask("get 96"));
            tell("put 0 9");
            assertEquals(9, region.pointer().getInt(0));
            region.flush();
        }
        assertEquals(9, Files.readAllBytes(file)[0]);
    }
}
