package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.TelemetryReader.Result;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.jvm.VirtualThreads;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a reader makes of all that its producer may do. Torn copies are the subject of TornDataTest. */
class TelemetryReaderTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int SIZE = 4096;

    private final String name = TestNames.unique();
    private final ByteBuffer copy = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());

    private SharedRegion producer() {
        return SharedRegion.create(name, SIZE);
    }

    private TelemetryReader reader(Sync sync) {
        return TelemetryReader.open(name, sync);
    }

    private static void set(SharedRegion producer, int... offsetsAndValues) {
        for (int i = 0; i < offsetsAndValues.length; i += 2) {
            producer.pointer().setInt(offsetsAndValues[i], offsetsAndValues[i + 1]);
        }
    }

    /** Reads until the result comes, which the reader may notice a little later. */
    private void awaitResult(TelemetryReader reader, Result expected) throws InterruptedException {
        long start = System.nanoTime();
        Result result;
        while ((result = reader.read(copy)) != expected) {
            assertTrue(System.nanoTime() - start < LONG.toNanos(), "always " + result);
            Thread.sleep(1);
        }
    }

    private Reason problem(TelemetryReader reader) throws InterruptedException {
        awaitResult(reader, Result.ABSENT);
        return reader.problem().orElseThrow().reason();
    }

    private static <T> FutureTask<T> beside(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "beside");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    @Test
    void nothingIsCreatedAndNothingIsThrown() throws Exception {
        try (TelemetryReader reader = reader(Sync.sequence(0))) {
            assertEquals(Optional.empty(), reader.problem());
            assertEquals(Result.ABSENT, reader.read(copy));
            assertEquals(Reason.NOT_FOUND, problem(reader));
            assertFalse(reader.await(SHORT));
            assertFalse(reader.await(Duration.ZERO));
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
        }
    }

    @Test
    void bufferChangesOnlyWithFresh() {
        try (SharedRegion producer = producer();
                TelemetryReader reader = reader(Sync.sequence(0))) {
            set(producer, 0, 2, 4, 11, 60, 12);
            copy.position(8).limit(48);
            copy.put(47, (byte) 7);
            assertEquals(Result.FRESH, reader.read(copy));
            assertEquals(40, reader.length());
            assertEquals(8, copy.position());
            assertEquals(48, copy.limit());
            assertEquals(2, copy.getInt(8));
            assertEquals(11, copy.getInt(12));
            assertEquals(0, copy.get(47));
            byte[] before = copy.array().clone();
            set(producer, 4, 13);
            assertEquals(Result.UNCHANGED, reader.read(copy));
            set(producer, 0, 3);
            assertEquals(Result.TORN, reader.read(copy));
            assertArrayEquals(before, copy.array());
            set(producer, 0, 4);
            assertEquals(Result.FRESH, reader.read(copy));
            assertEquals(13, copy.getInt(12));
            assertEquals(Optional.empty(), reader.problem());
        }
    }

    @Test
    void copyHasTheSizeOfWhatIsPublishedIfThatIsLess() {
        TelemetryOptions ofTen = TelemetryOptions.defaults().size(10);
        try (SharedRegion producer = producer();
                TelemetryReader reader = TelemetryReader.open(name, Sync.twice(), ofTen)) {
            ByteBuffer direct = ByteBuffer.allocateDirect(100).order(ByteOrder.nativeOrder());
            direct.put(10, (byte) 9);
            set(producer, 0, 5, 8, -1);
            assertEquals(Result.FRESH, reader.read(direct));
            assertEquals(10, reader.length());
            assertEquals(5, direct.getInt(0));
            assertEquals(-1, direct.getShort(8));
            assertEquals(9, direct.get(10));
            set(producer, 12, 1);
            assertEquals(Result.UNCHANGED, reader.read(direct));
        }
    }

    @Test
    void versionsAreWholeIfBothAreEqual() {
        try (SharedRegion producer = producer();
                TelemetryReader reader = reader(Sync.versions(0, 4))) {
            set(producer, 0, 5, 4, 5);
            assertEquals(Result.FRESH, reader.read(copy));
            assertEquals(Result.UNCHANGED, reader.read(copy));
            set(producer, 0, 6);
            assertEquals(Result.TORN, reader.read(copy));
            set(producer, 4, 6);
            assertEquals(Result.FRESH, reader.read(copy));
        }
    }

    @Test
    void countersSayWhatIsNew() {
        try (SharedRegion producer = producer();
                TelemetryReader reader = reader(Sync.counter(8));
                TelemetryReader longReader = reader(Sync.counter64(12))) {
            for (int i = 0; i < 3; i++) {
                set(producer, 8, i - 1);
                assertEquals(Result.FRESH, reader.read(copy));
                assertEquals(Result.UNCHANGED, reader.read(copy));
                producer.pointer().setLong(12, (i - 1L) << 32);
                assertEquals(Result.FRESH, longReader.read(copy));
                assertEquals(Result.UNCHANGED, longReader.read(copy));
            }
        }
    }

    @Test
    void contentSaysWhatIsNewWhereNothingCounts() {
        try (SharedRegion producer = producer();
                TelemetryReader twice = reader(Sync.twice());
                TelemetryReader flag = reader(Sync.busyFlag(4))) {
            for (TelemetryReader reader : new TelemetryReader[] {twice, flag}) {
                assertEquals(Result.FRESH, reader.read(copy));
                assertEquals(Result.UNCHANGED, reader.read(copy));
                set(producer, 32, producer.pointer().getInt(32) + 1);
                assertEquals(Result.FRESH, reader.read(copy));
            }
            set(producer, 4, 1, 32, 99);
            assertEquals(Result.TORN, flag.read(copy));
            set(producer, 4, 0);
            assertEquals(Result.FRESH, flag.read(copy));
        }
    }

    @Test
    void newestOfTheRotatingBuffersIsCopied() throws Exception {
        try (SharedRegion producer = producer();
                TelemetryReader reader = reader(Sync.rotating(32, 36, 48, 16))) {
            assertEquals(Reason.NOT_FOUND, problem(reader));
            set(producer, 36, 16, 52, 1000, 68, 2000, 84, 3000, 1000, 7, 2000, 8, 3000, 9);
            set(producer, 48, 4, 64, 6, 80, 5, 32, 3);
            awaitResult(reader, Result.FRESH);
            assertEquals(16, reader.length());
            assertEquals(8, copy.getInt(0));
            assertEquals(Result.UNCHANGED, reader.read(copy));
            set(producer, 80, 7);
            assertEquals(Result.FRESH, reader.read(copy));
            assertEquals(9, copy.getInt(0));
            set(producer, 52, SIZE - 15, 48, 8);
            assertEquals(Result.ABSENT, reader.read(copy));
            assertEquals(Reason.CORRUPT, problem(reader));
            assertEquals(9, copy.getInt(0));
        }
    }

    @Test
    void mutexThatCannotBeHadIsDoneWithout() {
        try (SharedRegion producer = producer();
                TelemetryReader reader = reader(Sync.mutex(name + "-none", Sync.sequence(0)))) {
            set(producer, 0, 2);
            Thread.currentThread().interrupt();
            assertEquals(Result.FRESH, reader.read(copy));
            assertTrue(Thread.interrupted());
            assertEquals(Result.UNCHANGED, reader.read(copy));
        }
    }

    /** A mutex of another program, which {@code mutex_windows.c} is. */
    @Test
    @EnabledOnOs(OS.WINDOWS)
    void mutexIsHeldForTheCopyOnly() throws Exception {
        String mutex = name + "-mutex";
        try (SharedRegion producer = producer();
                Peer owner = Peer.start(List.of(Tools.cPeer("mutex").toString(), mutex));
                TelemetryReader reader = reader(Sync.mutex(mutex, Sync.twice()))) {
            owner.expect("ready");
            for (int number = 1; number < 4; number++) {
                set(producer, 0, number);
                assertEquals(Result.FRESH, reader.read(copy));
                owner.send("try");
                owner.expect("held");
                // A producer that keeps it too long is not waited for.
                set(producer, 0, -number);
                long start = System.nanoTime();
                assertEquals(Result.FRESH, reader.read(copy));
                assertTrue(System.nanoTime() - start > 10_000_000, "it did not wait");
                owner.send("release");
                owner.expect("released");
            }
            owner.send("try");
            owner.expect("held");
            set(producer, 0, 99);
            owner.kill();
            // What it has left is half written, for ever.
            for (int i = 0; i < 3; i++) {
                assertNotEquals(Result.FRESH, reader.read(copy));
            }
            assertEquals(-3, copy.getInt(0));
            assertFalse(reader.await(SHORT));
            set(producer, 0, 100);
            assertEquals(Result.FRESH, reader.read(copy));
        }
    }

    @Test
    void wordBeyondTheEndIsTooSmall() throws Exception {
        try (SharedRegion producer = producer();
                TelemetryReader reader = reader(Sync.sequence(1 << 20))) {
            assertEquals(Reason.TOO_SMALL, problem(reader));
            String message = reader.problem().orElseThrow().getMessage();
            assertTrue(message.contains(name) && message.contains("1048576"), message);
            assertTrue(producer.size() < 1 << 20);
        }
    }

    @Test
    void statedSizeIsRequired() throws Exception {
        TelemetryOptions large = TelemetryOptions.defaults().size(1 << 20);
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.twice(), large)) {
            try (SharedRegion producer = producer()) {
                assertEquals(SIZE, producer.size());
                while (problem(reader) != Reason.TOO_SMALL) {
                    Thread.sleep(1);
                }
            }
            try (SharedRegion producer = SharedRegion.create(name, 1 << 20)) {
                assertTrue(reader.await(LONG));
                assertEquals(Result.FRESH, reader.read(copy));
            }
        }
    }

    @Test
    void anEventIsNoMemory() throws Exception {
        try (NamedEvent event = NamedEvent.create(name);
                TelemetryReader reader = reader(Sync.twice())) {
            assertEquals(Reason.WRONG_KIND, problem(reader));
        }
    }

    @Test
    void readerKeepsNoNameAndFollowsItsProducer() throws Exception {
        try (TelemetryReader reader = reader(Sync.counter(0))) {
            for (int size : new int[] {SIZE, 5 * SIZE, 100}) {
                try (SharedRegion producer = SharedRegion.create(name, size)) {
                    set(producer, 0, 1, 4, size);
                    assertTrue(reader.await(LONG));
                    assertEquals(Result.FRESH, reader.read(copy));
                    assertEquals(size, copy.getInt(4));
                    // The region is in use, and only by its producer.
                    assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, size));
                }
                assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
                awaitResult(reader, Result.ABSENT);
                assertEquals(Reason.NOT_FOUND, problem(reader));
            }
        }
    }

    /** The name leads nowhere between, but the reader does not look then. */
    @Test
    void producerThatIsRestartedAtOnceIsFollowed() throws Exception {
        TelemetryOptions soon = TelemetryOptions.defaults().staleAfter(Duration.ofMillis(200));
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0), soon)) {
            for (int number = 1; number < 6; number++) {
                try (SharedRegion producer = producer()) {
                    // The same count each time.
                    set(producer, 0, 1, 4, number);
                    assertTrue(reader.await(LONG));
                    awaitResult(reader, Result.FRESH);
                    assertEquals(number, copy.getInt(4));
                }
            }
        }
    }

    @Test
    void producerThatIsKilledIsFollowed() throws Exception {
        try (TelemetryReader reader = reader(Sync.counter(0))) {
            for (int number = 1; number < 4; number++) {
                try (Peer producer = Peer.java(PeerProgram.class)) {
                    producer.send("create " + name + " " + SIZE);
                    producer.expect("ok");
                    producer.send("put 0 " + number);
                    producer.expect("ok");
                    assertTrue(reader.await(LONG));
                    awaitResult(reader, Result.FRESH);
                    producer.kill();
                }
                awaitResult(reader, Result.ABSENT);
                assertEquals(Reason.NOT_FOUND, problem(reader));
            }
        }
    }

    @Test
    void dataThatDoesNotChangeIsStale() throws Exception {
        TelemetryOptions soon = TelemetryOptions.defaults().staleAfter(Duration.ofMillis(100));
        try (SharedRegion producer = producer();
                TelemetryReader reader = TelemetryReader.open(name, Sync.versions(0, 4), soon)) {
            set(producer, 0, 1, 4, 1);
            assertEquals(Result.FRESH, reader.read(copy));
            awaitResult(reader, Result.STALE);
            set(producer, 0, 2);
            assertEquals(Result.STALE, reader.read(copy));
            set(producer, 4, 2);
            assertEquals(Result.FRESH, reader.read(copy));
            // A writer that has died in the middle.
            set(producer, 0, 3);
            awaitResult(reader, Result.STALE);
            assertFalse(reader.await(SHORT));
            assertEquals(2, copy.getInt(0));
        }
    }

    @Test
    void pausedProducerIsNotStale() throws Exception {
        TelemetryOptions soon = TelemetryOptions.defaults()
                .staleAfter(Duration.ofMillis(30))
                .pausedWhile(memory -> memory.getByte(8) != 0);
        try (SharedRegion producer = producer();
                TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0), soon)) {
            set(producer, 0, 1, 8, 1);
            assertEquals(Result.FRESH, reader.read(copy));
            for (int i = 0; i < 10; i++) {
                Thread.sleep(10);
                assertEquals(Result.UNCHANGED, reader.read(copy));
            }
            set(producer, 8, 0);
            awaitResult(reader, Result.STALE);
        }
    }

    @Test
    void producerThatSaysItIsNotAliveIsStaleAtOnce() {
        TelemetryOptions alive = TelemetryOptions.defaults().aliveWhile(memory -> (memory.getInt(4) & 1) != 0);
        try (SharedRegion producer = producer();
                TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0), alive)) {
            set(producer, 0, 1);
            assertEquals(Result.STALE, reader.read(copy));
            set(producer, 4, 1);
            assertEquals(Result.FRESH, reader.read(copy));
            set(producer, 4, 2, 0, 2);
            assertEquals(Result.STALE, reader.read(copy));
            assertEquals(1, copy.getInt(0));
        }
    }

    @Test
    void testsOfTheOptionsAreTheCallersCode() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        Pointer[] kept = new Pointer[1];
        TelemetryOptions options = TelemetryOptions.defaults().aliveWhile(memory -> {
            kept[0] = memory;
            if (fails.get()) {
                throw new ArithmeticException("own");
            }
            return memory.getInt(1 << 20) == 0;
        });
        TelemetryReader reader = TelemetryReader.open(name, Sync.twice(), options);
        try (SharedRegion producer = SharedRegion.create(name, 2 << 20)) {
            assertEquals(Result.FRESH, reader.read(copy));
            assertThrows(UnsupportedOperationException.class, () -> kept[0].setInt(0, 1));
            fails.set(true);
            assertThrows(ArithmeticException.class, () -> reader.read(copy));
            assertThrows(ArithmeticException.class, () -> reader.await(SHORT));
            fails.set(false);
            assertEquals(Result.UNCHANGED, reader.read(copy));
            assertEquals(2 << 20, producer.size());
        }
        awaitResult(reader, Result.ABSENT);
        try (SharedRegion producer = producer()) {
            assertEquals(SIZE, producer.size());
            while (problem(reader) != Reason.TOO_SMALL) {
                Thread.sleep(1);
            }
        }
        reader.close();
        assertThrows(IllegalStateException.class, () -> kept[0].getInt(0));
    }

    @Test
    void readerThatATestClosesIsClosed() {
        TelemetryReader[] reader = new TelemetryReader[1];
        TelemetryOptions options = TelemetryOptions.defaults().aliveWhile(memory -> {
            reader[0].close();
            return true;
        });
        reader[0] = TelemetryReader.open(name, Sync.twice(), options);
        try (SharedRegion producer = producer()) {
            assertThrows(IllegalStateException.class, () -> reader[0].read(copy));
            assertTrue(reader[0].isClosed());
            assertEquals(SIZE, producer.size());
        }
    }

    @Test
    void awaitNoticesAProducerThatStartsLate() throws Exception {
        try (TelemetryReader reader = reader(Sync.sequence(0))) {
            FutureTask<Boolean> waiting = beside(() -> reader.await(LONG));
            Thread.sleep(60);
            assertFalse(waiting.isDone());
            try (SharedRegion producer = producer()) {
                set(producer, 0, 2);
                assertTrue(waiting.get());
                awaitResult(reader, Result.FRESH);
                assertFalse(reader.await(SHORT));
                FutureTask<Boolean> next = beside(() -> reader.await(LONG));
                set(producer, 0, 3);
                Thread.sleep(20);
                assertFalse(next.isDone());
                set(producer, 0, 4);
                assertTrue(next.get());
            }
        }
    }

    @Test
    void autoResetEventIsNotTaken() throws Exception {
        TelemetryOptions options = TelemetryOptions.defaults().event(name + "-event");
        int signals = 50;
        try (SharedRegion producer = producer();
                NamedEvent event = NamedEvent.create(name + "-event");
                TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0), options)) {
            reader.read(copy);
            FutureTask<Integer> otherTool = beside(() -> {
                int taken = 0;
                try (NamedEvent same = NamedEvent.open(name + "-event", EventAccess.WAIT_ONLY)) {
                    while (taken < signals && same.await(LONG)) {
                        taken++;
                        set(producer, 4, taken);
                    }
                }
                return taken;
            });
            for (int number = 1; number <= signals; number++) {
                FutureTask<Boolean> waiting = beside(() -> reader.await(LONG));
                set(producer, 0, number);
                event.set();
                assertTrue(waiting.get());
                awaitResult(reader, Result.FRESH);
                while (producer.pointer().getInt(4) < number) {
                    Thread.sleep(1);
                }
            }
            assertEquals(signals, otherTool.get());
        }
    }

    @Test
    void manualResetEventIsWaitedFor() throws Exception {
        // Without the event, nothing would be noticed in time.
        TelemetryOptions options = TelemetryOptions.defaults().event(name + "-event").pollEvery(LONG);
        try (SharedRegion producer = producer();
                TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0), options);
                NamedEvent event = NamedEvent.create(name + "-event", EventOptions.manualReset())) {
            reader.read(copy);
            for (int number = 1; number < 5; number++) {
                FutureTask<Boolean> waiting = beside(() -> reader.await(LONG));
                Thread.sleep(5);
                set(producer, 0, number);
                event.set();
                assertTrue(waiting.get(LONG.toSeconds() / 4, TimeUnit.SECONDS));
                event.reset();
                awaitResult(reader, Result.FRESH);
            }
            FutureTask<Boolean> waiting = beside(() -> reader.await(LONG));
            Thread.sleep(20);
            reader.close();
            assertInstanceOf(IllegalStateException.class, failure(waiting));
        }
    }

    @Test
    void eventKeepsNoNameAfterTheWait() throws Exception {
        TelemetryOptions options = TelemetryOptions.defaults().event(name + "-event");
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0), options)) {
            for (int i = 0; i < 3; i++) {
                try (NamedEvent event = NamedEvent.create(name + "-event", EventOptions.manualReset())) {
                    assertFalse(reader.await(SHORT));
                    assertTrue(event.created());
                }
            }
        }
    }

    private static Throwable failure(FutureTask<?> task) {
        return assertThrows(ExecutionException.class, task::get).getCause();
    }

    @Test
    void closeAndInterruptEndWaits() throws Exception {
        TelemetryReader reader = reader(Sync.sequence(0));
        FutureTask<Boolean> waiting = beside(() -> reader.await(LONG));
        FutureTask<Boolean> interrupted = new FutureTask<>(() -> reader.await(LONG));
        Thread thread = new Thread(interrupted);
        thread.start();
        Thread.sleep(20);
        thread.interrupt();
        assertInstanceOf(InterruptedException.class, failure(interrupted));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> reader.await(LONG));
        assertFalse(waiting.isDone());
        assertFalse(reader.isClosed());
        reader.close();
        reader.close();
        assertTrue(failure(waiting).getMessage().contains(name));
        assertTrue(reader.isClosed());
        assertThrows(IllegalStateException.class, () -> reader.read(copy));
        assertThrows(IllegalStateException.class, () -> reader.await(Duration.ZERO));
        assertThrows(IllegalStateException.class, reader::problem);
        assertThrows(IllegalStateException.class, reader::length);
        assertTrue(reader.toString().contains(name) && reader.toString().contains("closed"), reader::toString);
    }

    @Test
    void virtualThreadsWait() throws Exception {
        try (TelemetryReader reader = reader(Sync.sequence(0))) {
            FutureTask<Boolean> waiting = new FutureTask<>(() -> reader.await(LONG));
            VirtualThreads.start(waiting, "waits");
            Thread.sleep(10);
            try (SharedRegion producer = producer()) {
                set(producer, 0, 2);
                assertTrue(waiting.get());
            }
        }
    }

    @Test
    void threadsTakeTurnsAndEachCopyIsWhole() throws Exception {
        int threads = 4;
        try (SharedRegion producer = producer();
                TelemetryReader reader = reader(Sync.sequence(0))) {
            AtomicBoolean ends = new AtomicBoolean();
            @SuppressWarnings({"unchecked", "rawtypes"})
            FutureTask<Void>[] readers = new FutureTask[threads];
            AtomicInteger fresh = new AtomicInteger();
            for (int i = 0; i < threads; i++) {
                readers[i] = beside(() -> {
                    ByteBuffer own = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
                    while (!ends.get()) {
                        if (reader.read(own) == Result.FRESH) {
                            fresh.incrementAndGet();
                            assertEquals(own.getInt(0), 2 * own.getInt(60));
                        }
                    }
                    return null;
                });
            }
            int number = 0;
            while (number < 20_000 || fresh.get() == 0) {
                number++;
                set(producer, 0, 2 * number - 1);
                set(producer, 60, number);
                set(producer, 0, 2 * number);
            }
            ends.set(true);
            for (FutureTask<?> each : readers) {
                each.get();
            }
            assertTrue(fresh.get() <= number, () -> fresh + " fresh copies");
        }
    }

    @Test
    void droppedReaderIsClosedByTheCollector() throws Exception {
        String text = TelemetryReader.open(name, Sync.twice()).toString();
        assertTrue(text.contains(name) && text.contains("twice()") && text.contains("not read yet"), text);
        System.gc();
    }

    @Test
    void wrongBuffersAreRefused() {
        try (TelemetryReader reader = reader(Sync.twice())) {
            String readOnly = assertThrows(
                            IllegalArgumentException.class, () -> reader.read(copy.asReadOnlyBuffer()))
                    .getMessage();
            assertTrue(readOnly.contains("read-only"), readOnly);
            copy.position(64);
            String full = assertThrows(IllegalArgumentException.class, () -> reader.read(copy)).getMessage();
            assertTrue(full.contains("64"), full);
            assertThrows(NullPointerException.class, () -> reader.read(null));
            assertThrows(IllegalArgumentException.class, () -> reader.await(Duration.ofNanos(-1)));
        }
    }

    @Test
    void syncsSayWhatTheyAre() {
        assertEquals("versions(0, 4)", Sync.versions(0, 4).toString());
        assertEquals("rotating(32, 36, 48, 16)", Sync.rotating(32, 36, 48, 16).toString());
        assertEquals("mutex(\"m\", counter64(12))", Sync.mutex("m", Sync.counter64(12)).toString());
        assertNull(assertThrows(IllegalArgumentException.class, () -> Sync.busyFlag(2)).getCause());
    }
}
