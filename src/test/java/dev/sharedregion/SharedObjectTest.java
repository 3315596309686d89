package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedObject.Kind;
import dev.sharedregion.SharedObject.State;
import dev.sharedregion.helpers.OtherUser;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of all objects, what is in them, and the removal of dead ones. */
class SharedObjectTest {
    private static final long SELF = ProcessHandle.current().pid();

    private final String name = TestNames.unique();

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    @AfterEach
    void removeWhatKilledProcessesLeft() throws IOException {
        TestNames.removeLeftovers(name);
    }

    private static List<SharedObject> find(String name) {
        return SharedObject.list().stream().filter(each -> each.name().equals(name)).toList();
    }

    private static SharedObject findOne(String name) {
        List<SharedObject> found = find(name);
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }

    private SharedObject find(Kind kind) {
        SharedObject found = findOne(name);
        assertEquals(kind, found.kind());
        assertEquals(State.USED, found.state());
        return found;
    }

    private static List<String> parts(SharedObject object) {
        return object.parts().stream().map(SharedObject::name).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object detail) {
        return (Map<String, Object>) assertInstanceOf(Map.class, detail);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> only(Object detail) {
        List<Object> list = (List<Object>) assertInstanceOf(List.class, detail);
        assertEquals(1, list.size(), list::toString);
        return map(list.get(0));
    }

    private static void assertOfThisProcess(Object detail) {
        assertEquals(SELF, map(detail).get("process"));
        assertEquals(true, map(detail).get("alive"));
    }

    @Test
    void regionHasSizeOwnerPermissionsAndUsers() {
        try (SharedRegion region = SharedRegion.create(
                name, 5000, RegionOptions.defaults().permissions(Permissions.ownerAndReaders()))) {
            SharedObject found = find(Kind.REGION);
            assertEquals(List.of(), found.parts());
            assertEquals(Map.of(), found.details());
            if (Platform.isWindows()) {
                assertTrue(found.size() >= 5000 && found.size() <= 8192, found::toString);
                assertTrue(found.permissions().startsWith("D:"), found::permissions);
                assertEquals(List.of(), found.users());
            } else {
                assertEquals(5000, found.size());
                assertEquals("rw-r--r--", found.permissions());
                assertEquals(System.getProperty("user.name"), found.owner());
                assertEquals(List.of(SELF), found.users());
            }
            assertTrue(found.toString().startsWith("region \"" + name + "\""), found::toString);
            assertEquals(region.name(), found.name());
        }
        assertEquals(List.of(), find(name));
    }

    @Test
    void namesMayHaveAnyLetters() {
        String chinese = name + "-数据";
        try (SharedRegion region = SharedRegion.create(chinese, 1)) {
            assertEquals(region.name(), findOne(chinese).name());
        }
    }

    @Test
    void eventTellsItsKindAndWhetherItIsSet() {
        try (NamedEvent event = NamedEvent.create(name, EventOptions.manualReset())) {
            SharedObject found = find(Kind.EVENT);
            assertEquals(Map.of("reset", "manual", "set", false), found.details());
            event.set();
            assertEquals(Map.of("reset", "manual", "set", true), found.details());
        }
        try (NamedEvent event = NamedEvent.create(name)) {
            event.set();
            assertEquals(Map.of("reset", "automatic", "set", true), find(Kind.EVENT).details());
            assertTrue(event.await(Duration.ZERO), "a look took the signal");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void pairIsOneObjectAndTellsItsTurnAndSides() throws InterruptedException {
        try (EventPair server = EventPair.create(name)) {
            SharedObject found = find(Kind.PAIR);
            assertEquals(List.of(name + ".pair", name + ".read", name + ".written"), parts(found));
            assertEquals(List.of(SELF), found.users());
            assertEquals("server", found.details().get("turn"));
            assertOfThisProcess(found.details().get("server"));
            assertEquals("absent", map(found.details().get("client")).get("state"));
            server.signalWritten();
            assertEquals("client", found.details().get("turn"));
            try (EventPair client = EventPair.open(name)) {
                assertOfThisProcess(found.details().get("client"));
                client.read(() -> {});
                assertEquals("server", found.details().get("turn"));
            }
            assertEquals("closed", map(found.details().get("client")).get("state"));
        }
    }

    @Test
    void twoEventsOfOtherProgramsAreAPair() {
        try (NamedEvent written = NamedEvent.create(name + ".written");
                NamedEvent read = NamedEvent.create(name + ".read")) {
            assertEquals(name + ".read", read.name());
            written.set();
            assertEquals(Map.of("written", "set", "read", "not set"), find(Kind.PAIR).details());
        }
    }

    @Test
    void lockTellsItsHolder() throws InterruptedException {
        try (SharedLock lock = SharedLock.openOrCreate(name)) {
            SharedObject found = find(Kind.LOCK);
            assertEquals(List.of(name + ".lock", name + ".unlocked"), parts(found));
            assertEquals(List.of(SELF), found.users());
            assertEquals("none", found.details().get("holder"));
            try (SharedLock.Guard guard = lock.lock()) {
                assertOfThisProcess(found.details().get("holder"));
                assertFalse(guard.abandoned());
            }
            assertEquals("none", found.details().get("holder"));
            assertOfThisProcess(only(found.details().get("users")));
        }
    }

    @Test
    void tableTellsItsVersionAndLastWrite() {
        try (LatestWriter writer = LatestWriter.create(name, 3, 8)) {
            SharedObject found = find(Kind.TABLE);
            assertEquals(List.of(name + ".latest", name + ".newer"), parts(found));
            assertEquals(List.of(SELF), found.users());
            assertOfThisProcess(found.details().get("writer"));
            assertEquals(0L, found.details().get("version"));
            assertFalse(found.details().containsKey("lastWriteAgo"));
            writer.update(2, value -> value.putLong(0, 1));
            writer.update(1, value -> value.putLong(0, 2));
            assertEquals(2L, found.details().get("version"));
            assertEquals(3L, found.details().get("values"));
            assertEquals(8L, found.details().get("valueSize"));
            Duration age = assertInstanceOf(Duration.class, found.details().get("lastWriteAgo"));
            assertTrue(age.compareTo(Duration.ofMinutes(10)) < 0, age::toString);
        }
    }

    @Test
    void channelTellsItsSidesAndItsBacklog() throws InterruptedException {
        try (MessageReceiver receiver = MessageReceiver.openOrCreate(name, 1 << 12);
                MessageSender sender = MessageSender.open(name)) {
            SharedObject found = find(Kind.CHANNEL);
            assertEquals(List.of(SELF), found.users());
            assertOfThisProcess(found.details().get("receiver"));
            assertEquals(0L, found.details().get("backlog"));
            sender.send(ByteBuffer.allocate(100));
            assertEquals(receiver.backlog(), found.details().get("backlog"));
            assertEquals(receiver.backlog(), only(found.details().get("senders")).get("backlog"));
            assertOfThisProcess(only(found.details().get("senders")));
            assertNotEquals(0, receiver.backlog());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void broadcastTellsItsReceiversAndTheBacklogOfTheSlowest(boolean lossy) throws InterruptedException {
        MessageOptions options = MessageOptions.defaults().receivers(3);
        options = lossy ? options.lossy() : options;
        try (MessageReceiver slow = MessageReceiver.openOrCreate(name, 1 << 12, options);
                MessageReceiver fast = MessageReceiver.openOrCreate(name, 1 << 12, options);
                MessageSender sender = MessageSender.open(name)) {
            sender.send(ByteBuffer.allocate(100));
            sender.send(ByteBuffer.allocate(200));
            assertEquals(1, fast.receive((type, message) -> {}, 1, Duration.ofMinutes(1)));
            SharedObject found = find(Kind.CHANNEL);
            assertFalse(found.details().containsKey("receiver"), found.details()::toString);
            assertEquals(3L, found.details().get("mostReceivers"));
            assertEquals(lossy, found.details().get("lossy"));
            assertEquals(slow.backlog(), found.details().get("backlog"));
            List<?> receivers = assertInstanceOf(List.class, found.details().get("receivers"));
            assertEquals(2, receivers.size(), receivers::toString);
            receivers.forEach(SharedObjectTest::assertOfThisProcess);
            List<Long> backlogs = List.of(slow.backlog(), fast.backlog());
            assertEquals(backlogs, receivers.stream().map(each -> ((Map<?, ?>) each).get("backlog")).toList());
            assertTrue(slow.backlog() > fast.backlog(), backlogs::toString);
            slow.close();
            assertEquals(fast.backlog(), found.details().get("backlog"));
        }
    }

    @Test
    void requestServerAndItsClientsAreOneObject() {
        try (RequestServer server = RequestServer.openOrCreate(name, 1 << 12);
                RequestClient client = RequestClient.open(name)) {
            SharedObject found = find(Kind.REQUESTS);
            assertTrue(parts(found).contains(name + ".requests.messages"), found.parts()::toString);
            assertTrue(parts(found).stream().anyMatch(part -> part.startsWith(name + ".reply.")), found.parts()::toString);
            assertOfThisProcess(found.details().get("server"));
            assertOfThisProcess(only(found.details().get("clients")));
            assertEquals(List.of(), find(name + ".requests"));
            assertEquals(server.name(), client.name());
        }
    }

    @Test
    void anothersRegionWithSuchANameIsARegion() {
        try (SharedRegion region = SharedRegion.create(name + ".lock", 40_000)) {
            assertEquals(List.of(), find(name));
            assertEquals(Kind.REGION, findOne(region.name()).kind());
        }
    }

    @Test
    void aLookKeepsNothing() {
        SharedObject found;
        try (LatestWriter writer = LatestWriter.create(name, 8)) {
            found = find(Kind.TABLE);
            found.details();
            assertEquals(name, writer.name());
        }
        assertReason(Reason.NOT_FOUND, found::details);
        assertEquals(List.of(), find(name));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    @Test
    void usersAreOfAllProcesses() {
        try (EventPair server = EventPair.create(name);
                Peer client = Peer.java(PeerProgram.class)) {
            client.send("openPair " + name);
            client.expect("ok");
            assertEquals(List.of(SELF, client.pid()).stream().sorted().toList(), find(Kind.PAIR).users());
            assertEquals(client.pid(), map(find(Kind.PAIR).details().get("client")).get("process"));
            client.kill();
            assertEquals(List.of(SELF), find(Kind.PAIR).users());
            assertEquals("died", map(find(Kind.PAIR).details().get("client")).get("state"));
            assertEquals(name, server.name());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatAKilledProcessLeftIsDeadUntilItIsRemoved() {
        try (Peer peer = Peer.java(PeerProgram.class)) {
            peer.send("openLock " + name);
            peer.expect("ok");
            peer.send("acquire 1000");
            peer.expect("OK");
            assertFalse(find(Kind.LOCK).removeDead(), "it is in use");
            peer.kill();
        }
        for (int i = 0; i < 2; i++) {
            SharedObject dead = findOne(name);
            assertEquals(State.DEAD, dead.state());
            assertEquals(List.of(), dead.users());
            assertEquals(false, map(dead.details().get("holder")).get("alive"));
        }
        SharedObject dead = findOne(name);
        assertTrue(dead.removeDead());
        assertFalse(dead.removeDead(), "it is gone");
        assertEquals(List.of(), find(name));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    /** A list has the lock of a dead object for a moment: the second process does nothing else. */
    @Test
    @EnabledOnOs(OS.LINUX)
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void deadObjectIsReplacedAndRemovedWhileOthersLook() throws IOException {
        TestNames.leave(name);
        SharedObject dead = findOne(name);
        try (Peer looking = Peer.start(List.of(Tools.find("python3"), "-u", "-c", """
                import fcntl, os, sys, time
                print("looks")
                while True:
                    try:
                        file = os.open("/dev/shm/" + sys.argv[1], os.O_RDONLY)
                    except FileNotFoundError:
                        continue
                    begun = time.monotonic()
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        pass
                    os.close(file)
                    if time.monotonic() - begun > 0.015:
                        print("was held up")
                """, name))) {
            looking.expect("looks");
            for (int i = 0; i < 1000; i++) {
                SharedRegion.create(name, 8).close();
                TestNames.leave(name);
                removeWhile(looking);
                TestNames.leave(name);
                while (!dead.removeDead()) {
                    Thread.onSpinWait();
                }
                TestNames.leave(name);
            }
        }
    }

    /** A look that takes long is a use: then the region is not removed, and the second process says that it looked long. */
    private void removeWhile(Peer looking) {
        while (true) {
            try {
                assertTrue(SharedRegion.remove(name));
                return;
            } catch (SharedMemoryException e) {
                assertEquals(Reason.IN_USE, e.reason(), e.getMessage());
                looking.expect("was held up");
            }
        }
    }

    @Test
    @EnabledOnOs(OS.WINDOWS)
    void whatAKilledProcessHadIsGone() {
        try (Peer peer = Peer.java(PeerProgram.class)) {
            peer.send("openLock " + name);
            peer.expect("ok");
            assertFalse(find(Kind.LOCK).removeDead());
            peer.kill();
        }
        assertEquals(List.of(), find(name));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void deadPartsOfALivingChannelAreRemovedAlone() throws InterruptedException {
        try (MessageReceiver receiver = MessageReceiver.openOrCreate(name, 1 << 12)) {
            try (Peer peer = Peer.java(PeerProgram.class)) {
                peer.send("openSender " + name);
                peer.expect("ok");
                peer.kill();
            }
            SharedObject found = find(Kind.CHANNEL);
            List<SharedObject> dead = found.parts().stream().filter(part -> part.state() == State.DEAD).toList();
            assertEquals(List.of(name + ".freed.1"), dead.stream().map(SharedObject::name).toList());
            assertTrue(found.removeDead());
            assertFalse(found.removeDead());
            try (MessageSender sender = MessageSender.open(name)) {
                sender.send(ByteBuffer.allocate(10));
                assertEquals(10, receiver.receive(Duration.ofMinutes(1)).remaining());
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stoppedProcessIsAUser() throws Exception {
        try (Peer peer = Peer.java(PeerProgram.class)) {
            peer.send("create " + name + " 64");
            peer.expect("ok");
            peer.signal("STOP");
            assertEquals(List.of(peer.pid()), find(Kind.REGION).users());
            assertFalse(findOne(name).removeDead());
            peer.signal("CONT");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void objectsOfAPythonProgramHaveItsProcessAndAreNeverRemoved() {
        try (Peer python = Peer.start(List.of(Tools.find("python3"), "-u", "-c", """
                import sys
                from multiprocessing import shared_memory
                memory = shared_memory.SharedMemory(sys.argv[1], create=True, size=4096)
                print("ready")
                sys.stdin.readline()
                memory.close()
                print("closed")
                sys.stdin.readline()
                memory.unlink()
                """, name))) {
            python.expect("ready");
            SharedObject found = find(Kind.REGION);
            assertEquals(4096, found.size());
            assertTrue(found.users().contains(python.pid()), found::toString);
            python.send("");
            python.expect("closed");
            assertEquals(State.UNKNOWN, findOne(name).state());
            assertFalse(findOne(name).removeDead());
            python.send("");
            assertEquals(0, python.exitStatus(), python.errors());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void objectsOfAnotherUserAreListed() {
        try (Peer other = OtherUser.start(folder)) {
            other.send("create " + name + " 64");
            other.expect("ok");
            assertEquals("nobody", find(Kind.REGION).owner());
            assertEquals(List.of(other.pid()), findOne(name).users());
            String mine = name + "-mine";
            try (SharedRegion region = SharedRegion.create(mine, 64);
                    EventPair pair = EventPair.create(mine + "-pair")) {
                other.send("list " + mine);
                other.expect("region \"" + mine + "\" (64 bytes, USED, processes " + SELF + ")");
                other.send("list " + mine + "-pair");
                other.expect("pair \"" + mine + "-pair\" (4224 bytes, USED, processes " + SELF + ")");
                other.send("details " + mine + "-pair");
                other.expect("ACCESS_DENIED");
                assertEquals(region.name() + "-pair", pair.name());
            }
            String readable = name + "-readable";
            try (LatestWriter writer = LatestWriter.create(
                    readable, 8, LatestOptions.defaults().permissions(Permissions.ownerAndReaders()))) {
                other.send("details " + readable);
                String details = other.nextLine();
                assertTrue(details.contains("writer={process=" + SELF + ", alive=true}"), details);
                assertEquals(readable, writer.name());
            }
            try (Peer killed = Peer.java(PeerProgram.class)) {
                killed.send("create " + name + "-dead 64");
                killed.expect("ok");
                killed.kill();
            }
            other.send("list " + name + "-dead");
            other.expect("region \"" + name + "-dead\" (64 bytes, UNKNOWN)");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void filesOfOtherProgramsMayHaveAnyNameAndContent() throws IOException {
        Path shm = Path.of("/dev/shm");
        List<String> names = List.of(name + "\n.lock", name + "\\x.pair", name + ".messages", name + ".requests.sent");
        for (String each : names) {
            Files.write(shm.resolve(each), new byte[] {1});
        }
        Files.createDirectory(shm.resolve(name + ".folder"));
        Files.createSymbolicLink(shm.resolve(name + ".link"), shm.resolve(name + ".messages"));
        Files.createFile(shm.resolve(name + ".latest"));
        try {
            for (String each : names) {
                assertEquals(Kind.REGION, findOne(each).kind());
            }
            assertEquals(0, findOne(name + ".latest").size());
            assertEquals(List.of(), find(name + ".folder"));
            assertEquals(List.of(), find(name + ".link"));
            assertThrows(IllegalArgumentException.class, () -> findOne(name + "\\x.pair").details());
        } finally {
            for (String each : names) {
                Files.delete(shm.resolve(each));
            }
        }
    }

    @Test
    void overwrittenObjectIsToldAndHarmsNothing() {
        try (LatestWriter writer = LatestWriter.create(name, 8);
                SharedRegion region = SharedRegion.open(name + ".latest")) {
            region.pointer().setLong(16, Long.MAX_VALUE);
            assertReason(Reason.CORRUPT, () -> findOne(name).details());
            region.pointer().setShort(6, (short) 99);
            assertReason(Reason.UNSUPPORTED, () -> findOne(name).details());
            region.pointer().setLong(0, 0x4141414141414141L);
            assertEquals(List.of(), find(name));
            assertEquals(Kind.REGION, findOne(name + ".latest").kind());
            assertEquals(name, writer.name());
        }
    }
}
