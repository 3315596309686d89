package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.linux.FutexEventLayout;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.pair.PairBlock;
import dev.sharedregion.internal.pair.PairBlockLayout;
import dev.sharedregion.internal.pair.Side;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers of a side that close, die, are replaced, or use only the events. */
class EventPairPeersTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final String name = TestNames.unique();
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void endPool() {
        pool.shutdownNow();
    }

    private Peer peer(String command) {
        Peer peer = Peer.java(PeerProgram.class);
        peer.send(command);
        peer.expect("ok");
        return peer;
    }

    // Closed in order.

    @Test
    void closeIsReportedAfterTheLastTurn() throws InterruptedException {
        EventPair server = EventPair.create(name);
        try (EventPair client = EventPair.open(name)) {
            server.signalWritten();
            server.close();
            assertTrue(client.awaitWritten(LONG));
            client.signalRead();
            assertReason(Reason.CLOSED, () -> client.awaitWritten(LONG));
            assertReason(Reason.CLOSED, () -> client.awaitWritten(Duration.ZERO));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 50_000, 600_000_000_000L})
    void closeEndsAPeersWait(long spinNanos) throws Exception {
        PairOptions options = PairOptions.defaults().spin(Duration.ofNanos(spinNanos));
        EventPair server = EventPair.create(name, options);
        try (EventPair client = EventPair.open(name, options)) {
            Future<?> waiting = pool.submit(() -> {
                assertReason(Reason.CLOSED, () -> client.awaitWritten(LONG));
                return null;
            });
            Thread.sleep(30);
            server.close();
            waiting.get();
        }
    }

    @Test
    void clientThatClosesLeavesItsTurnToTheNextClient() throws InterruptedException {
        try (EventPair server = EventPair.create(name)) {
            try (EventPair client = EventPair.open(name)) {
                server.signalWritten();
                assertTrue(client.awaitWritten(LONG));
            }
            assertReason(Reason.CLOSED, () -> server.awaitRead(LONG));
            try (EventPair next = EventPair.open(name)) {
                assertFalse(server.awaitRead(SHORT), "nobody has acknowledged it");
                assertTrue(next.awaitWritten(LONG));
                next.signalRead();
                assertTrue(server.awaitRead(LONG));
                assertFalse(next.awaitWritten(SHORT), "it was acknowledged");
            }
        }
    }

    @Test
    void closedServersUnacknowledgedTurnIsDelivered() throws InterruptedException {
        EventPair first = EventPair.create(name);
        try (EventPair client = EventPair.open(name)) {
            first.signalWritten();
            first.close();
            try (EventPair next = EventPair.create(name)) {
                assertFalse(next.hasTurn());
                assertThrows(IllegalStateException.class, next::signalWritten);
                assertTrue(client.awaitWritten(LONG));
                client.signalRead();
                next.write(() -> { });
                assertTrue(client.awaitWritten(LONG));
                client.signalRead();
                assertTrue(next.awaitRead(LONG));
                assertTrue(next.hasTurn());
            }
            try (EventPair last = EventPair.create(name)) {
                assertTrue(last.hasTurn(), "everything was acknowledged");
                assertFalse(client.awaitWritten(SHORT));
            }
        }
    }

    @Test
    void awaitPeerWaitsForTheSuccessor() throws Exception {
        EventPair first = EventPair.create(name);
        try (EventPair client = EventPair.open(name)) {
            assertTrue(client.awaitPeer(Duration.ZERO));
            first.close();
            assertFalse(client.awaitPeer(SHORT));
            Future<Boolean> waiting = pool.submit(() -> client.awaitPeer(LONG));
            try (EventPair next = EventPair.create(name)) {
                assertTrue(waiting.get());
                assertTrue(next.awaitPeer(Duration.ZERO));
                assertFalse(client.awaitWritten(SHORT));
            }
        }
    }

    // Death.

    /** During the first sleeps, during a spin, and during a long sleep that the system's report ends. */
    @ParameterizedTest
    @CsvSource({"0, 20", "50000, 20", "600000000000, 20", "0, 400"})
    void serversDeathEndsTheClientsWait(long spinNanos, long after) throws Exception {
        try (Peer server = peer("createPair " + name);
                EventPair client = EventPair.open(name, PairOptions.defaults().spin(Duration.ofNanos(spinNanos)))) {
            Future<?> waiting = pool.submit(() -> {
                assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
                return null;
            });
            Thread.sleep(after);
            server.kill();
            waiting.get();
            assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
            assertReason(Reason.PEER_DIED, client::awaitWritten);
            assertReason(Reason.PEER_DIED, () -> client.awaitWritten(Duration.ZERO));
        }
    }

    @Test
    void exitWithoutCloseIsReportedAsDeath() throws InterruptedException {
        try (Peer server = peer("createPair " + name);
                EventPair client = EventPair.open(name)) {
            server.send("exit 0");
            assertEquals(0, server.exitStatus());
            assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
        }
    }

    @Test
    void deadClientsTurnGoesToTheNextClient() throws InterruptedException {
        try (EventPair server = EventPair.create(name)) {
            try (Peer client = peer("openPair " + name)) {
                server.signalWritten();
                client.send("awaitWritten PT2M");
                client.expect("true");
                client.kill();
            }
            assertReason(Reason.PEER_DIED, () -> server.awaitRead(LONG));
            try (Peer client = peer("openPair " + name)) {
                client.send("awaitWritten PT2M");
                client.expect("true");
                client.kill();
            }
            // This time the client does not wait before the successor registers.
            try (EventPair client = EventPair.open(name)) {
                assertTrue(client.awaitWritten(LONG));
                client.signalRead();
                assertTrue(server.awaitRead(LONG));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverThatDiesWhileWritingHandsNoTurnOver(boolean noticed) throws InterruptedException {
        try (Peer server = peer("createPair " + name);
                EventPair client = EventPair.open(name)) {
            server.send("dieWriting");
            server.exitStatus();
            if (noticed) {
                assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
            }
            try (EventPair next = EventPair.create(name)) {
                assertTrue(next.hasTurn());
                assertFalse(client.awaitWritten(SHORT));
                next.signalWritten();
                assertTrue(client.awaitWritten(LONG));
            }
        }
    }

    @Test
    void deadServersTurnIsDelivered() throws InterruptedException {
        try (Peer server = peer("createPair " + name);
                EventPair client = EventPair.open(name)) {
            server.send("signalWritten");
            server.expect("ok");
            server.kill();
            assertTrue(client.awaitWritten(LONG));
            client.signalRead();
            assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
            try (EventPair next = EventPair.create(name)) {
                assertTrue(next.hasTurn());
            }
        }
    }

    // A peer in the middle of a wake-up, between two of its instructions.

    private int state(SharedRegion block, Side side) {
        return block.pointer().getInt(statePlace(side)) & PairBlockLayout.STATE_BITS;
    }

    private void setState(SharedRegion block, Side side, int state) {
        int generation = block.pointer().getInt(statePlace(side)) & ~PairBlockLayout.STATE_BITS;
        block.pointer().setInt(statePlace(side), generation | state);
    }

    private static int statePlace(Side side) {
        return PairBlock.ownerOffset(side) - PairBlockLayout.OWNER + PairBlockLayout.STATE;
    }

    @Test
    void peerStoppedDuringAWakeUpDelaysNoCall() throws Exception {
        try (EventPair server = EventPair.create(name);
                EventPair client = EventPair.open(name);
                SharedRegion block = SharedRegion.open(name + ".pair")) {
            Future<Boolean> waiting;
            do {
                waiting = pool.submit(() -> client.awaitWritten(Duration.ofSeconds(2)));
                while (state(block, Side.READING) != PairBlockLayout.PARKED && !waiting.isDone()) {
                    Thread.sleep(1);
                }
                // A busy machine may have let the whole wait pass.
            } while (waiting.isDone());
            setState(block, Side.READING, PairBlockLayout.WAKING);
            assertFalse(waiting.get());
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> client.awaitWritten(LONG));
            assertFalse(client.awaitWritten(SHORT));
            // It goes on.
            try (NamedEvent written = NamedEvent.open(name + ".written")) {
                written.set();
            }
            setState(block, Side.READING, PairBlockLayout.WOKEN);
            server.signalWritten();
            assertTrue(client.awaitWritten(LONG));
            client.signalRead();
            assertTrue(server.awaitRead(LONG));
            assertFalse(client.awaitWritten(SHORT), "the wake-up is no hand-over");
            setState(block, Side.READING, PairBlockLayout.WAKING);
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".pair"));
    }

    @Test
    void clientIsRefusedWhileItsPredecessorIsBeingWoken() {
        try (EventPair server = EventPair.create(name);
                SharedRegion block = SharedRegion.open(name + ".pair")) {
            setState(block, Side.READING, PairBlockLayout.WAKING);
            SharedMemoryException e = assertReason(Reason.IN_USE, () -> EventPair.open(name));
            assertTrue(e.getMessage().contains("stopped"), e.getMessage());
            setState(block, Side.READING, PairBlockLayout.WOKEN);
            EventPair.open(name).close();
            assertTrue(server.hasTurn());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void serverThatDiesWhileSettingTheEventLeavesNoToken() throws Exception {
        try (Peer server = peer("createPair " + name);
                EventPair client = EventPair.open(name);
                SharedRegion block = SharedRegion.open(name + ".pair");
                NamedEvent written = NamedEvent.open(name + ".written");
                RandomAccessFile event = new RandomAccessFile("/dev/shm/" + name + ".written", "rw")) {
            Future<?> waiting = pool.submit(() -> {
                assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
                return null;
            });
            while (state(block, Side.READING) != PairBlockLayout.PARKED) {
                Thread.sleep(1);
            }
            setState(block, Side.READING, PairBlockLayout.WAKING);
            event.seek(FutexEventLayout.RELEASES);
            event.write(1);
            server.kill();
            waiting.get();
            // A plain server takes the place.
            written.set();
            assertTrue(client.awaitWritten(LONG));
            client.signalRead();
            Future<?> interrupted = pool.submit(() -> {
                assertThrows(InterruptedException.class, () -> client.awaitWritten(LONG));
                return null;
            });
            while (state(block, Side.READING) != PairBlockLayout.PARKED) {
                Thread.sleep(1);
            }
            pool.shutdownNow();
            interrupted.get();
        }
    }

    // OwnerSlot.

    @Test
    void openDuringTheServersCloseFailsOrFindsThePairClosed() throws Exception {
        for (int round = 0; round < 300; round++) {
            EventPair server = EventPair.create(name);
            int pause = ThreadLocalRandom.current().nextInt(300);
            Future<?> closing = pool.submit(() -> {
                LockSupport.parkNanos(pause * 1_000L);
                server.close();
            });
            try (EventPair client = EventPair.open(name)) {
                assertReason(Reason.CLOSED, () -> client.awaitWritten(LONG));
            } catch (SharedMemoryException e) {
                assertEquals(Reason.NOT_FOUND, e.reason(), e.getMessage());
            }
            closing.get();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void manualResetEventsAreRefused() {
        try (NamedEvent written = NamedEvent.create(name + ".written", EventOptions.manualReset());
                NamedEvent read = NamedEvent.create(name + ".read", EventOptions.manualReset())) {
            assertReason(Reason.WRONG_KIND, () -> EventPair.open(name));
            assertReason(
                    Reason.WRONG_KIND, () -> EventPair.create(name, PairOptions.defaults().existingEvents()));
        }
    }

    @Test
    void hasTurnIsTrueWhileAnotherThreadAwaitsThePeer() throws Exception {
        try (EventPair server = EventPair.create(name)) {
            Future<Boolean> looking = pool.submit(() -> server.awaitPeer(Duration.ofMillis(300)));
            while (!looking.isDone()) {
                assertTrue(server.hasTurn());
            }
            assertFalse(looking.get());
        }
    }

    @Test
    void messageNamesTheProcessThatHoldsThePlace() throws IOException {
        try (Peer server = peer("createPair " + name);
                Peer client = peer("openPair " + name)) {
            SharedMemoryException e =
                    assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name));
            assertTrue(e.getMessage().contains("process " + server.pid()), e.getMessage());
            e = assertReason(Reason.IN_USE, () -> EventPair.open(name));
            assertTrue(e.getMessage().contains("process " + client.pid()), e.getMessage());
            client.kill();
            EventPair.open(name).close();
        }
        TestNames.removeLeftovers(name);
    }

    /** As if a new process had got the id of the dead one. */
    @Test
    void anotherProcessWithTheSameIdDoesNotHoldThePlace() {
        try (Peer server = peer("createPair " + name);
                EventPair client = EventPair.open(name);
                SharedRegion block = SharedRegion.open(name + ".pair")) {
            server.kill();
            long owner = block.pointer().getLong(PairBlockLayout.WRITING_PLACE);
            assertEquals(server.pid(), owner >>> 32);
            long living = ProcessHandle.current().pid() << 32 | owner & 0xffff_ffffL;
            block.pointer().setLong(PairBlockLayout.WRITING_PLACE, living);
            assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
            EventPair.create(name).close();
        }
    }

    @Test
    void pollingSideIsToldOfADeath() throws InterruptedException {
        try (Peer server = peer("createPair " + name);
                EventPair client = EventPair.open(name)) {
            assertFalse(client.awaitWritten(Duration.ZERO));
            server.kill();
            SharedMemoryException died = null;
            while (died == null) {
                try {
                    assertFalse(client.awaitWritten(Duration.ZERO));
                } catch (SharedMemoryException e) {
                    died = e;
                }
            }
            assertEquals(Reason.PEER_DIED, died.reason());
        }
    }

    @Test
    void placeIsFreeAfterClose() {
        try (EventPair server = EventPair.create(name)) {
            EventPair.open(name).close();
            EventPair.open(name).close();
            assertTrue(server.hasTurn());
        }
        EventPair.create(name).close();
        assertReason(Reason.NOT_FOUND, () -> EventPair.open(name));
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".pair"));
    }

    /** A client between two of its steps, on every system. */
    @Test
    void serverUsesTheEventsOfAClientThatIsNotRegistered() {
        PairBlock block =
                PairBlock.open(ThisSystem.get(), PairOptions.defaults().request(name), Trust.ANYONE, PairBlock::new);
        try (NamedEvent written = NamedEvent.create(name + ".written");
                NamedEvent read = NamedEvent.create(name + ".read")) {
            assertTrue(block.slot(Side.READING).take());
            EventPair.create(name).close();
            block.slot(Side.READING).giveUp();
            SharedMemoryException e = assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name));
            assertTrue(e.getMessage().contains(read.name()), e.getMessage());
            assertEquals(name + ".written", written.name());
        } finally {
            block.close();
        }
    }

    @Test
    void openFailsIfOnlyTheBlockExists() {
        PairBlock block =
                PairBlock.open(ThisSystem.get(), PairOptions.defaults().request(name), Trust.ANYONE, PairBlock::new);
        assertReason(Reason.NOT_FOUND, () -> EventPair.open(name));
        assertTrue(block.slot(Side.READING).take(), "the place is free");
        block.slot(Side.READING).giveUp();
        block.close();
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".pair"));
        try (NamedEvent written = NamedEvent.create(name + ".written")) {
            assertReason(Reason.NOT_FOUND, () -> EventPair.open(name));
            assertEquals(name + ".written", written.name());
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".pair"));
    }

    @Test
    void openDoesNotWriteToABlankRegion() {
        try (SharedRegion region = SharedRegion.create(name + ".pair", 4096)) {
            assertReason(Reason.NOT_FOUND, () -> EventPair.open(name));
            for (int at = 0; at < 4096; at++) {
                assertEquals(0, region.pointer().getByte(at), "at " + at);
            }
        }
    }

    @Test
    void anotherProgramsRegionIsRefusedUnchanged() {
        byte[] foreign = new byte[4096];
        foreign[0] = 1;
        assertBlockIsRefused(foreign, Reason.WRONG_KIND, "another program's");
        ByteBuffer.wrap(foreign)
                .order(ByteOrder.nativeOrder())
                .put("SRPair".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 77);
        assertBlockIsRefused(foreign, Reason.UNSUPPORTED, "77");
    }

    private void assertBlockIsRefused(byte[] content, Reason reason, String message) {
        try (SharedRegion region = SharedRegion.create(name + ".pair", content.length)) {
            region.buffer().put(content);
            SharedMemoryException e = assertReason(reason, () -> EventPair.create(name));
            assertTrue(e.getMessage().contains(name + ".pair") && e.getMessage().contains(message), e.getMessage());
            byte[] after = new byte[content.length];
            region.buffer().get(after);
            assertArrayEquals(content, after);
        }
        assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name + ".written"));
    }

    @Test
    void unreachablePairIsClosedByTheCollector() throws InterruptedException {
        try (EventPair server = EventPair.create(name)) {
            EventPair.open(name);
            server.signalWritten();
            SharedMemoryException e = null;
            while (e == null) {
                System.gc();
                try {
                    server.awaitRead(SHORT);
                } catch (SharedMemoryException closed) {
                    e = closed;
                }
            }
            assertEquals(Reason.CLOSED, e.reason());
        }
    }

    // Peers that know only the events.

    @Test
    void plainServerTakesTurnsWithARegisteredClient() throws InterruptedException {
        try (NamedEvent written = NamedEvent.create(name + ".written");
                NamedEvent read = NamedEvent.create(name + ".read");
                EventPair client = EventPair.open(name)) {
            for (int turn = 0; turn < 20; turn++) {
                assertFalse(client.awaitWritten(Duration.ZERO));
                written.set();
                assertTrue(client.awaitWritten(LONG));
                assertFalse(read.await(Duration.ZERO));
                client.signalRead();
                assertTrue(read.await(LONG));
            }
        }
    }

    @Test
    void plainClientTakesTurnsWithARegisteredServer() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                NamedEvent written = NamedEvent.open(name + ".written");
                NamedEvent read = NamedEvent.open(name + ".read")) {
            for (int turn = 0; turn < 20; turn++) {
                server.signalWritten();
                assertFalse(server.awaitRead(Duration.ZERO));
                assertTrue(written.await(LONG));
                assertFalse(server.awaitRead(Duration.ZERO));
                read.set();
                assertTrue(server.awaitRead(LONG));
            }
        }
    }

    @Test
    void plainClientReplacesAClientAndTheReverse() throws InterruptedException {
        try (EventPair server = EventPair.create(name);
                NamedEvent written = NamedEvent.open(name + ".written");
                NamedEvent read = NamedEvent.open(name + ".read")) {
            for (int round = 0; round < 5; round++) {
                server.write(() -> { });
                try (EventPair client = EventPair.open(name)) {
                    client.read(() -> { });
                    server.write(() -> { });
                    client.read(() -> { });
                    server.write(() -> { });
                    // Not acknowledged: the plain one gets it.
                    assertTrue(client.awaitWritten(LONG));
                }
                assertReason(Reason.CLOSED, () -> server.awaitRead(LONG));
                assertTrue(written.await(LONG));
                assertReason(Reason.CLOSED, () -> server.awaitRead(SHORT));
                read.set();
                assertTrue(server.awaitRead(LONG));
                server.signalWritten();
                assertTrue(written.await(LONG));
                assertFalse(server.awaitRead(SHORT), "a plain one is there");
                read.set();
            }
            assertTrue(server.awaitRead(LONG));
            assertFalse(written.await(Duration.ZERO));
            assertFalse(read.await(Duration.ZERO));
        }
    }

    @Test
    void plainServerReplacesAServerAndTheReverse() throws InterruptedException {
        EventPair first = EventPair.create(name);
        try (EventPair client = EventPair.open(name);
                NamedEvent written = NamedEvent.open(name + ".written");
                NamedEvent read = NamedEvent.open(name + ".read")) {
            EventPair server = first;
            for (int round = 0; round < 5; round++) {
                server.write(() -> { });
                client.read(() -> { });
                server.close();
                assertReason(Reason.CLOSED, () -> client.awaitWritten(LONG));
                for (int turn = 0; turn < 3; turn++) {
                    assertFalse(read.await(Duration.ZERO));
                    written.set();
                    assertTrue(client.awaitWritten(LONG));
                    client.signalRead();
                    assertTrue(read.await(LONG));
                    assertFalse(client.awaitWritten(Duration.ZERO), "a plain one is there");
                }
                server = EventPair.create(name);
                assertTrue(server.hasTurn());
            }
            server.close();
            assertFalse(read.await(Duration.ZERO));
            assertFalse(written.await(Duration.ZERO));
        }
    }

    @Test
    void plainServersLastTurnStaysWithTheClient() throws InterruptedException {
        try (NamedEvent written = NamedEvent.create(name + ".written");
                NamedEvent read = NamedEvent.create(name + ".read")) {
            written.set();
            try (EventPair server = EventPair.create(name, PairOptions.defaults().existingEvents())) {
                assertFalse(server.hasTurn());
                assertTrue(written.await(LONG));
                read.set();
                assertTrue(server.awaitRead(LONG));
            }
        }
    }

    @Test
    void existingEventsAreUsedOnlyOnRequest() throws InterruptedException {
        try (NamedEvent written = NamedEvent.create(name + ".written");
                NamedEvent read = NamedEvent.create(name + ".read")) {
            assertReason(Reason.ALREADY_EXISTS, () -> EventPair.create(name));
            try (EventPair server = EventPair.create(name, PairOptions.defaults().existingEvents())) {
                server.signalWritten();
                assertTrue(written.await(LONG));
                read.set();
                assertTrue(server.awaitRead(LONG));
            }
        }
        try (EventPair server = EventPair.create(name, PairOptions.defaults().existingEvents())) {
            assertTrue(server.hasTurn(), "or made, where there are none");
        }
    }
}
