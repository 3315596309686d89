package dev.sharedregion.internal.linux;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.PairOptions;
import dev.sharedregion.Permissions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.OtherUser;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Permissions on Linux, tested with a second user of the machine. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class PermissionsTest {
    private static final String OK = "ok";
    private static final String DENIED = "ACCESS_DENIED";

    private static final int MARK_OF_EVENTS = 0100;

    private final String name = TestNames.unique();

    @TempDir
    Path folder;

    /** Of another user's processes, which end by force. */
    @AfterEach
    void removeLeftovers() throws IOException {
        TestNames.removeLeftovers(name);
    }

    private static int mode(String name) throws IOException {
        return (int) Files.getAttribute(Path.of("/dev/shm", name), "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    private static Permissions permissions(String permissions) {
        return switch (permissions) {
            case "ownerOnly" -> Permissions.ownerOnly();
            case "ownerAndReaders" -> Permissions.ownerAndReaders();
            default -> Permissions.everyone();
        };
    }

    private static void answers(Peer peer, String command, String answer) {
        peer.send(command);
        assertEquals(answer, peer.nextLine(), command);
    }

    /** A wait for an auto-reset event writes. */
    @ParameterizedTest
    @CsvSource({
        "ownerOnly, ACCESS_DENIED, ACCESS_DENIED, ACCESS_DENIED",
        "ownerAndReaders, ok, ACCESS_DENIED, ok",
        "everyone, ok, ok, ok"
    })
    void anotherUserHasTheAccessOfThePermissions(String granted, String reading, String writing, String turns) {
        Permissions permissions = permissions(granted);
        EventOptions manual = EventOptions.manualReset().permissions(permissions);
        EventOptions auto = EventOptions.autoReset().permissions(permissions);
        try (SharedRegion region = SharedRegion.create(name, 4096, RegionOptions.defaults().permissions(permissions));
                NamedEvent manualEvent = NamedEvent.create(name + "-manual", manual);
                NamedEvent autoEvent = NamedEvent.create(name + "-auto", auto);
                EventPair pair = EventPair.create(name + "-pair", PairOptions.defaults().permissions(permissions));
                Peer other = OtherUser.start(folder)) {
            region.pointer().setInt(8, 4711);
            answers(other, "openReadOnly " + name, reading);
            if (reading.equals(OK)) {
                answers(other, "get 8", "4711");
            }
            answers(other, "open " + name, writing);
            if (writing.equals(OK)) {
                answers(other, "put 8 1212", OK);
                assertEquals(1212, region.pointer().getInt(8));
            }
            answers(other, "openEvent " + name + "-manual", writing);
            answers(other, "openEvent " + name + "-auto", writing);
            answers(other, "openEventToWait " + name + "-auto", writing);
            answers(other, "openEventToWait " + name + "-manual", reading);
            if (reading.equals(OK)) {
                answers(other, "await PT0.1S", "false");
                other.send("await PT60S");
                manualEvent.set();
                other.expect("true");
            }
            pair.signalWritten();
            if (turns.equals(OK)) {
                answers(other, "openPair " + name + "-pair", OK);
                answers(other, "awaitWritten PT60S", "true");
                answers(other, "signalRead", OK);
                assertTrue(pair.awaitRead(Duration.ofSeconds(60)));
            } else {
                answers(other, "openPair " + name + "-pair", DENIED);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"ownerOnly, 1600, 1600", "ownerAndReaders, 1644, 1666", "everyone, 1666, 1666"})
    void everyObjectOfAPairHasThePermissions(String granted, String region, String pair) throws IOException {
        Permissions permissions = permissions(granted);
        try (SharedRegion r = SharedRegion.openOrCreate(name, 1, RegionOptions.defaults().permissions(permissions));
                EventPair p = EventPair.create(name, PairOptions.defaults().permissions(permissions))) {
            assertEquals(Integer.parseInt(region, 8), mode(name), "" + r);
            assertEquals(Integer.parseInt(pair, 8), mode(name + ".pair"), () -> "" + p);
            for (String event : List.of(".written", ".read")) {
                assertEquals(Integer.parseInt(pair, 8) | MARK_OF_EVENTS, mode(name + event), p + event);
            }
        }
    }

    @Test
    void permissionsWithTheSameRightsAreEqual() {
        assertEquals(Permissions.everyone(), Permissions.everyone());
        assertEquals(Permissions.ownerOnly().mode(0660).hashCode(), Permissions.ownerOnly().mode(0660).hashCode());
        assertNotEquals(Permissions.ownerOnly(), Permissions.ownerAndReaders());
        assertNotEquals(Permissions.everyone(), Permissions.everyone().mode(0660));
    }


    @Test
    void umaskIsNotAppliedToAMode() throws IOException {
        Permissions group = Permissions.everyone().mode(0660).sddl("D:P(A;;GA;;;SY)");
        try (SharedRegion region = SharedRegion.create(name, 1, RegionOptions.defaults().permissions(group));
                NamedEvent event = NamedEvent.create(name + "-e", EventOptions.autoReset().permissions(group));
                EventPair pair = EventPair.create(name, PairOptions.defaults().permissions(group))) {
            for (String each : List.of(name, name + ".pair")) {
                assertEquals(01660, mode(each), each + " of " + region + event + pair);
            }
            for (String each : List.of(name + "-e", name + ".written", name + ".read")) {
                assertEquals(01660 | MARK_OF_EVENTS, mode(each), each);
            }
            assertEquals("everyone, on Windows D:P(A;;GA;;;SY), on Linux 0660", group.toString());
        }
    }

    @Test
    void groupModeGivesTheGroupAccess() throws IOException {
        Permissions group = Permissions.ownerOnly().mode(0660);
        try (SharedRegion region = SharedRegion.create(name, 1, RegionOptions.defaults().permissions(group))) {
            try (Peer stranger = OtherUser.start(folder)) {
                answers(stranger, "open " + region.name(), DENIED);
            }
            try (Peer member = OtherUser.start(Files.createDirectory(folder.resolve("member")), 0)) {
                answers(member, "open " + region.name(), OK);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0400, 0666 | 01000, 0777, 0604 | 04000, 0066, -1})
    void invalidModeIsRefused(int mode) {
        String message = assertThrows(IllegalArgumentException.class, () -> Permissions.ownerOnly()
                        .mode(mode))
                .getMessage();
        assertTrue(message.contains("0" + Integer.toOctalString(mode)) && message.contains("0600"), message);
    }

    /** A process that may only read an auto-reset event could sleep on it, and a set would wake that process. */
    @Test
    void autoResetEventGrantsNoReadAccess() throws IOException {
        Permissions readers = Permissions.ownerAndReaders();
        try (NamedEvent auto = NamedEvent.create(name + "-a", EventOptions.autoReset().permissions(readers));
                NamedEvent manual = NamedEvent.create(name + "-m", EventOptions.manualReset().permissions(readers))) {
            assertEquals(01700, mode(auto.name()));
            assertEquals(01744, mode(manual.name()));
        }
    }

    /** A call that asks for an object of this user only must not open an object that another user controls. */
    @Test
    void ownerOnlyRefusesAnotherUsersObject() throws Exception {
        try (Peer other = OtherUser.start(folder)) {
            answers(other, "create " + name + " 4096 everyone", OK);
            assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.openOrCreate(name, 4096));
            RegionOptions everyone = RegionOptions.defaults().permissions(Permissions.everyone());
            SharedRegion.openOrCreate(name, 4096, everyone).close();
            SharedRegion.open(name).close();

            answers(other, "create " + name + "-planted.pair 4096 everyone", OK);
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name + "-planted"));

            answers(other, "createPair " + name + " everyone", OK);
            answers(other, "openPair " + name, OK);
            answers(other, "closeServer", OK);
            var refused = assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name));
            assertTrue(refused.getMessage().contains("another user"), refused.getMessage());
            EventPair.create(name, PairOptions.defaults().permissions(Permissions.everyone())).close();
        }
    }

    private static RegionOptions region(Permissions permissions) {
        return RegionOptions.defaults().permissions(permissions);
    }

    private static SharedMemoryException refusesToOpenOrCreate(String name, Permissions permissions) {
        return assertReason(
                Reason.ALREADY_EXISTS, () -> SharedRegion.openOrCreate(name, 64, region(permissions)));
    }

    @Test
    void ownerAndReadersRefusesAnotherUsersObject() throws Exception {
        try (Peer other = OtherUser.start(folder)) {
            answers(other, "create " + name + " 4096 ownerAndReaders", OK);
            var refused = refusesToOpenOrCreate(name, Permissions.ownerAndReaders());
            assertTrue(refused.getMessage().contains("another user"), refused.getMessage());
        }
        try (SharedRegion wide = SharedRegion.create(name + "-wide", 64, region(Permissions.everyone()));
                Peer other = OtherUser.start(Files.createDirectory(folder.resolve("second")))) {
            var refused = refusesToOpenOrCreate(wide.name(), Permissions.ownerAndReaders());
            assertTrue(refused.getMessage().contains("mode 0666") && refused.getMessage().contains("0644"),
                    refused.getMessage());
            answers(other, "openOrCreate " + wide.name() + " 64", "ALREADY_EXISTS");
            answers(other, "openOrCreate " + wide.name() + " 64 everyone", OK);
        }
    }

    @Test
    void groupModeAcceptsOnlyObjectsOfTheGroup() throws Exception {
        Permissions group = Permissions.ownerOnly().mode(0660);
        try (Peer member = OtherUser.start(folder, 0);
                Peer stranger = OtherUser.start(Files.createDirectory(folder.resolve("stranger")))) {
            answers(member, "create " + name + " 4096 0660", OK);
            SharedRegion.openOrCreate(name, 4096, region(group)).close();
            refusesToOpenOrCreate(name, Permissions.ownerOnly());
            answers(stranger, "create " + name + "-theirs 4096 0660", OK);
            refusesToOpenOrCreate(name + "-theirs", group);
        }
    }

    /**
     * By default {@code fs.protected_hardlinks} lets a user give a second name to a file that the user may write to.
     */
    @Test
    void anotherUsersSecondNameIsRefused() throws Exception {
        String shared = name + "-shared";
        String secret = name + "-secret";
        try (EventPair service =
                        EventPair.create(shared, PairOptions.defaults().permissions(Permissions.ownerAndReaders()));
                Peer other = OtherUser.start(folder)) {
            answers(other, "link " + shared + ".pair " + name, OK);
            for (Permissions each : List.of(Permissions.ownerOnly(), Permissions.ownerAndReaders())) {
                refusesToOpenOrCreate(name, each);
            }
            for (String events : List.of(".read", ".written")) {
                answers(other, "link " + shared + events + " " + secret + events, OK);
            }
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(secret));
            assertReason(
                    Reason.ALREADY_EXISTS,
                    () -> EventPair.create(secret, PairOptions.defaults().existingEvents()));
            answers(other, "link " + shared + ".pair " + secret + ".pair", OK);
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(secret));
            assertReason(
                    Reason.ALREADY_EXISTS,
                    () -> EventPair.create(secret, PairOptions.defaults().existingEvents()));
            assertTrue(service.hasTurn());
        }
        EventPair.create(secret).close();
        SharedRegion.create(name, 64).close();
    }

    @Test
    void secondNameIsRefusedEvenWithTheRightMode() throws IOException {
        Path second = Path.of("/dev/shm", name + "-second");
        try (SharedRegion region = SharedRegion.create(name, 64)) {
            Files.createLink(second, Path.of("/dev/shm", name));
            var refused = refusesToOpenOrCreate(name + "-second", Permissions.ownerOnly());
            assertTrue(refused.getMessage().contains("2 names") && refused.getMessage().contains("Remove " + second),
                    refused.getMessage());
            SharedRegion.open(name + "-second").close();
            Files.delete(second);
            SharedRegion.openOrCreate(name, region.size()).close();
        } finally {
            Files.deleteIfExists(second);
        }
    }

    /** A name that root created is followed. A name of another user is not, because it can lead to any file. */
    @Test
    void anotherUsersNameOfAFileIsNotFollowed() throws IOException {
        Path file = Files.write(folder.resolve("data"), new byte[100]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        RegionOptions named = RegionOptions.defaults().name(name).permissions(Permissions.everyone());
        try (SharedRegion region = SharedRegion.map(file, 0, named);
                Peer other = OtherUser.start(folder)) {
            assertEquals(01744, mode(name), "others may not say where " + region + " is");
            answers(other, "openReadOnly " + name, OK);
            answers(other, "open " + name, DENIED);
            Path theirs = Files.createTempFile("sharedregion-test", "");
            Files.delete(theirs);
            Files.write(theirs, new byte[100]);
            Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rw-rw-rw-"));
            answers(other, "mapNamed " + name + "-theirs " + theirs + " everyone", OK);
            var refused = assertReason(Reason.ACCESS_DENIED, () -> SharedRegion.open(name + "-theirs"));
            assertTrue(refused.getMessage().contains("another user"), refused.getMessage());
            Files.delete(theirs);
        }
    }

    /** A service and a user's process, which end in either order. */
    @Test
    void lifetimeAppliesAcrossUsers() throws Exception {
        RegionOptions everyone = RegionOptions.defaults().permissions(Permissions.everyone());
        try (Peer other = OtherUser.start(folder)) {
            SharedRegion region = SharedRegion.create(name, 4096, everyone);
            answers(other, "open " + name, OK);
            region.close();
            try (SharedRegion again = SharedRegion.open(name)) {
                assertFalse(again.created(), "it lives as long as the other user's process has it");
                answers(other, "close", OK);
                answers(other, "open " + name, OK);
            }
            answers(other, "close", OK);
            assertTrue(Files.exists(Path.of("/dev/shm", name)), "the other user may not remove it");
            answers(other, "open " + name, "NOT_FOUND");
            answers(other, "create " + name + " 10", DENIED);
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
            assertFalse(Files.exists(Path.of("/dev/shm", name)), "its owner has removed it");
        }
    }

    @Test
    void deathOfAnotherUsersPeerIsNoticed() throws Exception {
        PairOptions everyone = PairOptions.defaults().permissions(Permissions.everyone());
        try (EventPair server = EventPair.create(name, everyone)) {
            Peer client = OtherUser.start(folder);
            answers(client, "openPair " + name, OK);
            server.signalWritten();
            answers(client, "awaitWritten PT60S", "true");
            client.kill();
            assertReason(Reason.PEER_DIED, server::awaitRead);
        }
        try (Peer service = Peer.java(PeerProgram.class);
                Peer client = OtherUser.start(Files.createDirectory(folder.resolve("client")))) {
            answers(service, "createPair " + name + " everyone", OK);
            answers(client, "openPair " + name, OK);
            client.send("awaitWritten PT60S");
            service.kill();
            client.expect("PEER_DIED");
        }
    }

    @Test
    void anotherUsersNameIsRefusedWithAReason() throws IOException {
        try (Peer other = OtherUser.start(folder)) {
            answers(other, "create " + name + " 4096", OK);
            answers(other, "createEvent " + name + "-event", OK);
            answers(other, "createPair " + name + "-pair", OK);
            // Root may open them all; they are in use.
            assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 1));
            assertReason(Reason.ALREADY_EXISTS, () -> NamedEvent.create(name + "-event"));
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name + "-pair"));
        }
        try (SharedRegion mine = SharedRegion.create(name + "-mine", 1);
                NamedEvent event = NamedEvent.create(name + "-mine-event");
                Peer other = OtherUser.start(Files.createDirectory(folder.resolve("second")))) {
            answers(other, "create " + mine.name() + " 1", "ALREADY_EXISTS");
            answers(other, "createEvent " + event.name(), "ALREADY_EXISTS");
        }
    }
}
