package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.VirtualThread;
import dev.sharedregion.helpers.Whole;
import dev.sharedregion.internal.latest.NewerLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;

/** Waits for newer values, and what ends them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LatestWaitTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int VALUES = 3;
    private static final int SIZE = 64;

    private final String name = TestNames.unique();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final LatestWriter writer = LatestWriter.create(name, VALUES, SIZE);
    private final LatestReader reader = LatestReader.open(name);

    @AfterEach
    void end() throws Exception {
        reader.close();
        writer.close();
        others.shutdownNow();
        assertTrue(others.awaitTermination(1, TimeUnit.MINUTES), "a thread hangs");
        TestNames.removeLeftovers(name);
    }

    private static ByteBuffer value(long number) {
        return Whole.of(number, SIZE);
    }

    private static Peer peer(String... commands) {
        Peer peer = Peer.java(PeerProgram.class);
        for (String command : commands) {
            peer.send(command);
            peer.expect("ok");
        }
        return peer;
    }

    private Future<Boolean> waiting(int index, long version) {
        return others.submit(() -> index < 0 ? reader.awaitNewer(version, LONG) : reader.awaitNewer(index, version, LONG));
    }

    /** Waits until as many places as this say that their readers sleep. */
    private void awaitSleepers(int count) throws Exception {
        try (SharedRegion newer = SharedRegion.open(name + ".newer")) {
            for (long giveUp = System.nanoTime() + LONG.toNanos();
                    Long.bitCount(newer.pointer().getLong(NewerLayout.WAITING)) != count; ) {
                assertTrue(System.nanoTime() < giveUp, "no reader sleeps");
                Thread.sleep(1);
            }
        }
    }

    @Test
    void whatIsNewerAlreadyIsNotWaitedFor() throws Exception {
        assertFalse(reader.awaitNewer(0, Duration.ZERO));
        assertFalse(reader.awaitNewer(2, 0, Duration.ZERO));
        assertFalse(reader.awaitNewer(0, SHORT));
        writer.set(2, value(1));
        assertTrue(reader.awaitNewer(0, Duration.ZERO));
        assertTrue(reader.awaitNewer(2, 0, Duration.ZERO));
        assertFalse(reader.awaitNewer(1, 0, Duration.ZERO));
        assertFalse(reader.awaitNewer(1, SHORT));
        assertFalse(reader.awaitNewer(2, 1, SHORT));
    }

    @Test
    void aWriteWakesTheReadersOfItsValue() throws Exception {
        // Once, so that the event exists.
        Future<Boolean> first = waiting(1, 0);
        awaitSleepers(1);
        writer.set(1, value(1));
        assertTrue(first.get());
        for (int round = 1; round < 50; round++) {
            Future<Boolean> any = waiting(round % 2 == 0 ? -1 : 1, round);
            awaitSleepers(1);
            writer.set(1, value(1));
            assertTrue(any.get());
        }
    }

    @Test
    void aWriteToAnotherValueWakesNobody() throws Exception {
        Future<Boolean> waiting = waiting(1, 0);
        awaitSleepers(1);
        writer.set(0, value(1));
        writer.set(2, value(1));
        Thread.sleep(30);
        assertFalse(waiting.isDone());
        writer.set(1, value(1));
        assertTrue(waiting.get());
    }

    @Test
    void manyThreadsOfOneReaderWaitForWhatEachWants() throws Exception {
        for (int round = 0; round < 20; round++) {
            long seen = reader.version();
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                all.add(waiting(i % 4 - 1, seen));
            }
            awaitSleepers(1);
            for (int index = 0; index < VALUES; index++) {
                writer.set(index, value(round));
            }
            for (Future<Boolean> each : all) {
                assertTrue(each.get());
            }
        }
    }

    /** A thread that joins the one that sleeps is woken, though the writer was told to wake for another value. */
    @Test
    void aFollowersValueWakesIt() throws Exception {
        Future<Boolean> leader = waiting(0, 0);
        awaitSleepers(1);
        Thread.sleep(20);
        Future<Boolean> follower = waiting(1, 0);
        Thread.sleep(20);
        writer.set(1, value(1));
        assertTrue(follower.get());
        assertFalse(leader.isDone());
        writer.set(0, value(1));
        assertTrue(leader.get());
    }

    @Test
    void readersOfOtherProcessesAreWoken() throws Exception {
        List<Peer> peers = List.of(peer("openReader " + name), peer("openReader " + name), peer("openReader " + name));
        for (int round = 0; round < 20; round++) {
            for (Peer each : peers) {
                each.send("awaitNewer 0 " + writer.version(0) + " PT60S");
            }
            if (round % 2 == 0) {
                awaitSleepers(3);
            }
            writer.set(0, value(round));
            for (Peer each : peers) {
                each.expect("true");
            }
        }
        peers.forEach(Peer::close);
    }

    @Test
    void aKilledReaderHoldsNobodyUp() throws Exception {
        try (Peer killed = peer("openReader " + name)) {
            killed.send("awaitNewer 0 0 PT60S");
            awaitSleepers(1);
            killed.kill();
        }
        // As it left that, unless it was killed between two sleeps.
        try (SharedRegion newer = SharedRegion.open(name + ".newer")) {
            newer.pointer().setLong(NewerLayout.WAITING, 1);
        }
        writer.set(0, value(1));
        awaitSleepers(0);
        // In its place, which has an event that is set.
        Future<Boolean> next = waiting(0, 1);
        awaitSleepers(1);
        Thread.sleep(150);
        assertFalse(next.isDone());
        writer.set(0, value(2));
        assertTrue(next.get());
    }

    @Test
    void aWaitGoesOnWithTheNextWriter() throws Exception {
        Future<Boolean> waiting = waiting(0, 0);
        awaitSleepers(1);
        writer.close();
        try (LatestWriter successor = LatestWriter.open(name)) {
            Thread.sleep(20);
            assertFalse(waiting.isDone());
            successor.set(value(1));
            assertTrue(waiting.get());
        }
    }

    @Test
    void moreReadersThanPlacesAreToldOfNewValues() throws Exception {
        List<LatestReader> readers = new ArrayList<>();
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < NewerLayout.PLACES + 3; i++) {
                LatestReader each = LatestReader.open(name);
                readers.add(each);
                all.add(others.submit(() -> each.awaitNewer(0, LONG)));
            }
            awaitSleepers(NewerLayout.PLACES);
            writer.set(value(1));
            for (Future<Boolean> each : all) {
                assertTrue(each.get());
            }
        } finally {
            readers.forEach(LatestReader::close);
        }
    }

    @Test
    void closeEndsWaits() throws Exception {
        List<Future<Boolean>> all = List.of(waiting(0, 0), waiting(1, 0), waiting(-1, 0));
        awaitSleepers(1);
        Thread.sleep(20);
        reader.close();
        for (Future<Boolean> each : all) {
            Throwable e = assertThrows(ExecutionException.class, each::get).getCause();
            assertTrue(e instanceof IllegalStateException, e::toString);
        }
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int index = i;
            all.add(others.submit(() -> {
                threads.add(Thread.currentThread());
                return reader.awaitNewer(index, 0, LONG);
            }));
        }
        awaitSleepers(1);
        Thread.sleep(50);
        // A thread that has not begun to wait yet is interrupted all the same.
        for (int i = 0; i < 3; i++) {
            threads.take().interrupt();
        }
        for (Future<Boolean> each : all) {
            Throwable e = assertThrows(ExecutionException.class, each::get).getCause();
            assertTrue(e instanceof InterruptedException, e::toString);
        }
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> reader.awaitNewer(0, Duration.ZERO));
        writer.set(value(1));
        assertTrue(reader.awaitNewer(0, LONG));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsAreWoken() throws Exception {
        for (int round = 0; round < 5; round++) {
            long seen = reader.version();
            List<VirtualThread<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int index = i % VALUES;
                all.add(VirtualThread.start(() -> reader.awaitNewer(index, seen, LONG)));
            }
            awaitSleepers(1);
            // More of them than carriers: they can be woken only if none holds its carrier.
            assertTrue(VirtualThread.start(() -> true).get());
            for (int index = 0; index < VALUES; index++) {
                writer.set(index, value(round));
            }
            for (VirtualThread<Boolean> each : all) {
                assertTrue(each.get());
            }
        }
    }

    /** The writer's fence is between its write and its look at the bits, the reader's between its bit and its look. */
    @Test
    void noWakeUpIsLost() throws Exception {
        int rounds = 3_000;
        Future<Long> slowest = others.submit(() -> {
            long most = 0;
            for (long seen = 0; seen < rounds; seen = reader.version()) {
                long before = System.nanoTime();
                assertTrue(reader.awaitNewer(seen, LONG));
                most = Math.max(most, System.nanoTime() - before);
            }
            return most;
        });
        try (LatestReader own = LatestReader.open(name)) {
            for (int round = 0; round < rounds; round++) {
                writer.set(value(round));
                if (round % 3 == 0) {
                    own.awaitNewer(round + 1, Duration.ofNanos(round * 30L));
                }
            }
        }
        assertTrue(slowest.get() < LONG.toNanos());
        assertEquals(rounds, reader.version());
    }

    /** Such an event stays set, and would wake the reader again and again. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aManualResetEventOfAnotherProgramCostsNoProcessorTime() throws Exception {
        try (NamedEvent event = NamedEvent.create(name + ".newer.1", EventOptions.manualReset())) {
            event.set();
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long used = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            assertFalse(reader.awaitNewer(0, Duration.ofSeconds(1)));
            long share = 100 * (threads.getCurrentThreadCpuTime() - used) / (System.nanoTime() - start);
            assertTrue(share < 50, () -> share + " % of a processor");
        }
    }
}
