package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Structure;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Collected;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Whole;
import dev.sharedregion.internal.latest.TableLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;

/** Tables of latest values: what is written, what is read, and who may write. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LatestTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SIZE = 64;

    private final String name = TestNames.unique();
    private final ByteBuffer copy = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());

    @AfterEach
    void nothingIsLeft() {
        assertGone(name);
    }

    private static void assertGone(String name) {
        Reasons.assertReason(Reason.NOT_FOUND, () -> LatestReader.open(name));
        assertEquals(List.of(), TestNames.leftovers(name));
    }

    private static ByteBuffer value(long number) {
        return Whole.of(number, SIZE);
    }

    /** Reads a value, and returns its number. */
    private long read(LatestReader reader, int index, long version) {
        assertEquals(version, reader.read(index, copy));
        return Whole.number(copy);
    }

    private static Peer peer(String... commands) {
        Peer peer = Peer.java(PeerProgram.class);
        for (String command : commands) {
            ask(peer, command, "ok");
        }
        return peer;
    }

    /** Lets a peer close what it has open, and end. */
    private static void end(Peer peer) {
        peer.closeInput();
        assertEquals(0, peer.exitStatus());
    }

    private static void ask(Peer peer, String command, String answer) {
        peer.send(command);
        peer.expect(answer);
    }

    @Test
    void theNewestValueIsRead() {
        try (LatestWriter writer = LatestWriter.create(name, SIZE);
                LatestReader reader = LatestReader.open(name)) {
            copy.putLong(0, 99);
            assertEquals(0, reader.read(copy));
            assertEquals(99, copy.getLong(0), "never set: untouched");
            for (long i = 1; i <= 20; i++) {
                writer.set(value(i));
                assertEquals(i, writer.version());
                assertEquals(i, read(reader, 0, i));
                assertEquals(i, read(reader, 0, i), "again");
            }
        }
    }

    @Test
    void versionsCountTheWritesToTheTable() {
        try (LatestWriter writer = LatestWriter.create(name, 3, SIZE);
                LatestReader reader = LatestReader.open(name)) {
            assertEquals(0, reader.version());
            writer.set(2, value(7));
            writer.set(0, value(8));
            writer.set(2, value(9));
            assertEquals(3, reader.version());
            assertEquals(3, writer.version());
            for (int i = 0; i < 3; i++) {
                long expected = new long[] {2, 0, 3}[i];
                assertEquals(expected, reader.version(i));
                assertEquals(expected, writer.version(i));
            }
            assertEquals(9, read(reader, 2, 3));
            assertEquals(8, read(reader, 0, 2));
            assertEquals(0, reader.read(1, copy));
            assertEquals(3, reader.count());
            assertEquals(SIZE, reader.size());
            assertEquals(3, writer.count());
            assertEquals(SIZE, writer.size());
        }
    }

    @Test
    void anyKindOfBufferIsTaken() {
        try (LatestWriter writer = LatestWriter.create(name, 8);
                LatestReader reader = LatestReader.open(name)) {
            List<ByteBuffer> values = List.of(
                    ByteBuffer.allocate(16).putLong(4, 1).position(4).limit(12),
                    ByteBuffer.allocateDirect(16).putLong(4, 2).position(4).limit(12),
                    ByteBuffer.allocate(16).putLong(4, 3).position(4).limit(12).asReadOnlyBuffer(),
                    ByteBuffer.allocateDirect(16).putLong(4, 4).position(4).limit(12).asReadOnlyBuffer());
            for (int i = 0; i < values.size(); i++) {
                writer.set(values.get(i));
                assertEquals(4, values.get(i).position());
                assertEquals(12, values.get(i).limit());
                for (ByteBuffer target : List.of(ByteBuffer.allocate(30), ByteBuffer.allocateDirect(30))) {
                    target.position(5).limit(29);
                    assertEquals(i + 1, reader.read(target));
                    assertEquals(5, target.position());
                    assertEquals(29, target.limit());
                    assertEquals(i + 1, target.getLong(5));
                    assertEquals(0, target.get(4));
                    assertEquals(0, target.get(13));
                }
            }
        }
    }

    @Test
    void sizesThatAreNoWholeLinesStayApart() {
        for (int size : new int[] {1, 63, 64, 65, 4097}) {
            try (LatestWriter writer = LatestWriter.create(name, 2, size, LatestOptions.defaults().slots(2));
                    LatestReader reader = LatestReader.open(name)) {
                for (int round = 0; round < 5; round++) {
                    byte[] first = new byte[size];
                    byte[] second = new byte[size];
                    Arrays.fill(first, (byte) (2 * round + 1));
                    Arrays.fill(second, (byte) (2 * round + 2));
                    writer.set(0, ByteBuffer.wrap(first));
                    writer.set(1, ByteBuffer.wrap(second));
                    ByteBuffer target = ByteBuffer.allocate(size);
                    reader.read(0, target);
                    assertEquals(ByteBuffer.wrap(first), target);
                    reader.read(1, target);
                    assertEquals(ByteBuffer.wrap(second), target);
                }
            }
        }
    }

    /** Two fields, with a gap before the second one. */
    @Structure.FieldOrder({"id", "price"})
    public static class Quote extends Structure {
        public int id;
        public double price;
    }

    @Test
    void structuresAreValues() {
        try (LatestWriter writer = LatestWriter.create(name, 2, new Quote().size());
                LatestReader reader = LatestReader.open(name)) {
            Quote quote = new Quote();
            quote.id = 5;
            Quote seen = new Quote();
            seen.id = 77;
            assertEquals(0, reader.read(seen));
            assertEquals(77, seen.id, "never set: untouched");
            quote.price = 1.5;
            writer.set(quote);
            quote.price = 2.5;
            writer.set(1, quote);
            assertEquals(1, reader.read(seen));
            assertEquals(1.5, seen.price);
            assertEquals(5, seen.id);
            assertEquals(2, reader.read(1, seen));
            assertEquals(2.5, seen.price);
        }
        try (LatestWriter writer = LatestWriter.create(name, 8);
                LatestReader reader = LatestReader.open(name)) {
            for (Executable call :
                    List.<Executable>of(
                            () -> writer.set(new Quote()), () -> reader.read(new Quote()))) {
                String message = assertThrows(IllegalArgumentException.class, call).getMessage();
                assertTrue(message.contains("16 bytes") && message.contains("has 8"), message);
            }
        }
    }

    @Test
    void anUpdateBeginsWithTheNewestValue() {
        try (LatestWriter writer = LatestWriter.create(name, 2, SIZE);
                LatestReader reader = LatestReader.open(name)) {
            for (int i = 0; i < 10; i++) {
                int round = i;
                writer.update(1, value -> {
                    assertEquals(SIZE, value.remaining());
                    assertSame(ByteOrder.nativeOrder(), value.order());
                    assertEquals(round, value.getLong(8));
                    value.putLong(8, round + 1);
                    value.getLong();
                });
            }
            assertEquals(10, reader.read(1, copy));
            assertEquals(10, copy.getLong(8));
            assertEquals(0, copy.getLong(16));
            writer.update(value -> value.putInt(0, 3));
            assertEquals(11, reader.read(copy));
            assertEquals(3, copy.getInt(0));
        }
    }

    @Test
    void aFailedUpdateIsNotPublished() {
        try (LatestWriter writer = LatestWriter.create(name, SIZE);
                LatestReader reader = LatestReader.open(name)) {
            RuntimeException failure = new RuntimeException();
            assertSame(failure, assertThrows(RuntimeException.class, () -> writer.update(value -> {
                Whole.fill(value, 5);
                throw failure;
            })));
            assertEquals(0, reader.read(copy));
            writer.update(value -> assertEquals(0, value.getLong(0), "zero again"));
            for (int i = 0; i < 10; i++) {
                writer.set(value(6));
                assertThrows(RuntimeException.class, () -> writer.update(value -> {
                    Whole.fill(value, 7);
                    throw failure;
                }));
                assertEquals(6, read(reader, 0, i + 2));
            }
        }
    }

    @Test
    void writesWithinAnUpdateAreRefused() {
        try (LatestWriter writer = LatestWriter.create(name, 2, SIZE);
                LatestReader reader = LatestReader.open(name)) {
            writer.update(bytes -> {
                assertThrows(IllegalStateException.class, () -> writer.set(1, value(1)));
                assertThrows(IllegalStateException.class, () -> writer.update(1, more -> { }));
                Whole.fill(bytes, 4);
                assertEquals(0, writer.version());
                assertEquals(0, reader.read(copy));
            });
            assertEquals(4, read(reader, 0, 1));
            writer.set(1, value(2));
        }
    }

    @Test
    void anUpdateMayCloseItsWriter() {
        try (LatestReader reader = openAfterClosingUpdate()) {
            assertEquals(3, read(reader, 0, 1));
            assertEquals(LatestReader.WriterState.CLOSED, reader.writerState());
            try (LatestWriter successor = LatestWriter.open(name)) {
                successor.set(value(5));
                assertEquals(5, read(reader, 0, 2));
            }
        }
    }

    private LatestReader openAfterClosingUpdate() {
        LatestWriter writer = LatestWriter.create(name, SIZE);
        writer.set(value(3));
        LatestReader reader = LatestReader.open(name);
        assertThrows(IllegalStateException.class, () -> writer.update(bytes -> {
            Whole.fill(bytes, 4);
            writer.close();
            assertTrue(writer.isClosed());
        }));
        return reader;
    }

    @Test
    void closeWaitsForAnUpdate() throws Exception {
        ExecutorService others = Executors.newCachedThreadPool();
        LatestWriter writer = LatestWriter.create(name, SIZE);
        try {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            Future<?> update = others.submit(() -> writer.update(bytes -> {
                inside.countDown();
                assertThrows(Exception.class, () -> {
                    leave.await();
                    throw new Exception();
                });
            }));
            inside.await();
            Future<?> close = others.submit(writer::close);
            while (!writer.isClosed()) {
                Thread.sleep(1);
            }
            Thread.sleep(50);
            assertFalse(close.isDone());
            Reasons.assertReason(Reason.IN_USE, () -> LatestWriter.open(name));
            leave.countDown();
            close.get();
            assertThrows(ExecutionException.class, update::get);
        } finally {
            others.shutdownNow();
        }
    }

    @Test
    void threadsOfOneWriterTakeTurns() throws Exception {
        ExecutorService others = Executors.newCachedThreadPool();
        try (LatestWriter writer = LatestWriter.create(name, 2, SIZE);
                LatestReader reader = LatestReader.open(name)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int index = i % 2;
                all.add(others.submit(() -> {
                    for (int turn = 0; turn < 5_000; turn++) {
                        writer.update(index, value -> value.putLong(0, value.getLong(0) + 1));
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            assertEquals(20_000, reader.version());
            for (int i = 0; i < 2; i++) {
                reader.read(i, copy);
                assertEquals(10_000, copy.getLong(0));
            }
        } finally {
            others.shutdownNow();
        }
    }

    @Test
    void sizesAndIndexesAreChecked() {
        try (LatestWriter writer = LatestWriter.create(name, 2, SIZE);
                LatestReader reader = LatestReader.open(name)) {
            for (int size : new int[] {0, SIZE - 1, SIZE + 1}) {
                String message = assertThrows(
                                IllegalArgumentException.class, () -> writer.set(ByteBuffer.allocate(size)))
                        .getMessage();
                assertTrue(message.contains(size + " remaining") && message.contains("has 64"), message);
            }
            assertThrows(IllegalArgumentException.class, () -> reader.read(ByteBuffer.allocate(SIZE - 1)));
            assertThrows(IllegalArgumentException.class, () -> reader.read(value(1).asReadOnlyBuffer()));
            for (int index : new int[] {-1, 2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> writer.set(index, value(1)));
                assertThrows(IndexOutOfBoundsException.class, () -> writer.update(index, value -> { }));
                assertThrows(IndexOutOfBoundsException.class, () -> writer.version(index));
                assertThrows(IndexOutOfBoundsException.class, () -> reader.read(index, copy));
                assertThrows(IndexOutOfBoundsException.class, () -> reader.version(index));
                assertThrows(IndexOutOfBoundsException.class, () -> reader.age(index));
                assertThrows(IndexOutOfBoundsException.class, () -> reader.awaitNewer(index, 0, LONG));
            }
            assertThrows(IllegalArgumentException.class, () -> reader.awaitNewer(-1, LONG));
            assertThrows(IllegalArgumentException.class, () -> reader.awaitNewer(0, -1, LONG));
            assertThrows(IllegalArgumentException.class, () -> reader.awaitNewer(0, Duration.ofNanos(-1)));
            assertEquals(0, writer.version());
        }
    }

    @Test
    void aTableThatIsOtherwiseIsRefused() {
        try (LatestWriter writer = LatestWriter.create(name, 2, SIZE, LatestOptions.defaults().schema(7))) {
            writer.set(value(1));
            writer.close();
        }
        try (LatestReader keeper = openWithKeeper()) {
            assertMismatch("2 values of 64 bytes", "2 values of 65 bytes", () -> LatestWriter.openOrCreate(name, 2, 65));
            assertMismatch("2 values of 64 bytes", "3 values of 64 bytes", () -> LatestWriter.openOrCreate(name, 3, 64));
            assertMismatch("schema is 7", "8 was", () -> LatestReader.open(name, LatestOptions.defaults().schema(8)));
            assertMismatch("schema is 7", "8 was", () -> LatestWriter.open(name, LatestOptions.defaults().schema(8)));
            Reasons.assertReason(Reason.ALREADY_EXISTS, () -> LatestWriter.create(name, 2, SIZE));
            assertEquals(1, read(keeper, 0, 1));
            LatestReader.open(name, LatestOptions.defaults().schema(7).slots(9)).close();
            LatestWriter.openOrCreate(name, 2, 64, LatestOptions.defaults().slots(9)).close();
        }
    }

    private LatestReader openWithKeeper() {
        try (LatestWriter writer = LatestWriter.create(name, 2, SIZE, LatestOptions.defaults().schema(7))) {
            writer.set(value(1));
            return LatestReader.open(name);
        }
    }

    private static void assertMismatch(
            String there, String asked, Executable call) {
        String message = Reasons.assertReason(Reason.WRONG_KIND, call).getMessage();
        assertTrue(message.contains(there) && message.contains(asked), message);
    }

    @Test
    void optionsAreChecked() {
        for (int slots : new int[] {-1, 0, 1, 256}) {
            assertThrows(IllegalArgumentException.class, () -> LatestOptions.defaults().slots(slots));
        }
        for (int[] shape : new int[][] {{0, 8}, {-1, 8}, {1, 0}, {1, -8}, {1, TableLayout.LARGEST_SIZE + 1}}) {
            assertThrows(IllegalArgumentException.class, () -> LatestWriter.create(name, shape[0], shape[1]));
            assertThrows(IllegalArgumentException.class, () -> LatestWriter.openOrCreate(name, shape[0], shape[1]));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> LatestWriter.create(
                        name, Integer.MAX_VALUE, TableLayout.LARGEST_SIZE, LatestOptions.defaults().slots(255)));
    }

    @Test
    void thereIsOneWriter() {
        try (Peer first = peer("createTable " + name + " 1 64", "setValue 0 5")) {
            for (Executable call :
                    List.<Executable>of(
                            () -> LatestWriter.open(name), () -> LatestWriter.openOrCreate(name, SIZE))) {
                String message = Reasons.assertReason(Reason.IN_USE, call).getMessage();
                assertTrue(message.contains("process " + first.pid()) && message.contains(name), message);
            }
            Reasons.assertReason(Reason.ALREADY_EXISTS, () -> LatestWriter.create(name, SIZE));
            try (LatestReader reader = LatestReader.open(name)) {
                assertEquals(5, read(reader, 0, 1));
                assertEquals(LatestReader.WriterState.ALIVE, reader.writerState());
                assertTrue(reader.toString().contains("writer: process " + first.pid()), reader::toString);
                first.kill();
                assertEquals(5, read(reader, 0, 1));
                assertEquals(LatestReader.WriterState.DIED, reader.writerState());
                assertTrue(reader.toString().contains("died"), reader::toString);
                try (LatestWriter successor = LatestWriter.open(name)) {
                    assertEquals(LatestReader.WriterState.ALIVE, reader.writerState());
                    assertEquals(1, successor.version());
                    successor.set(value(6));
                    assertEquals(6, read(reader, 0, 2));
                    Reasons.assertReason(Reason.IN_USE, () -> LatestWriter.open(name));
                }
                assertEquals(LatestReader.WriterState.CLOSED, reader.writerState());
                assertEquals(6, read(reader, 0, 2));
            }
        }
    }

    @Test
    void threeReadersOfOtherProcessesReadWhatIsWritten() {
        try (LatestWriter writer = LatestWriter.create(name, 3, SIZE)) {
            List<Peer> readers = List.of(
                    peer("openReader " + name), peer("openReader " + name), peer("openReader " + name));
            for (int i = 0; i < 9; i++) {
                writer.set(i % 3, value(100 + i));
                for (Peer reader : readers) {
                    ask(reader, "readValue " + i % 3, (i + 1) + " " + (100 + i));
                }
            }
            readers.get(0).kill();
            writer.set(0, value(1));
            ask(readers.get(1), "readValue 0", "10 1");
            readers.forEach(Peer::close);
        }
    }

    @Test
    void aReaderWaitsForTheTable() throws Exception {
        SharedMemoryException e =
                Reasons.assertReason(Reason.NOT_FOUND, () -> LatestReader.open(name, Duration.ofMillis(50)));
        assertTrue(e.getMessage().startsWith("Cannot open table \"" + name + "\""), e::getMessage);
        Reasons.assertReason(Reason.NOT_FOUND, () -> LatestWriter.open(name));
        try (Peer writer = Peer.java(PeerProgram.class)) {
            writer.send("createTable " + name + " 1 64");
            LatestReader.open(name, LONG).close();
            writer.expect("ok");
            end(writer);
        }
    }

    /** The region is there, but its creator has died before it wrote the header. */
    @Test
    void aTableWithoutAHeaderIsMadeByTheNextWriter() {
        long size = 192 + 64 + 4 * 128;
        try (SharedRegion region = SharedRegion.create(name + ".latest", size)) {
            Reasons.assertReason(Reason.NOT_FOUND, () -> LatestReader.open(name));
            Reasons.assertReason(Reason.NOT_FOUND, () -> LatestWriter.open(name));
            Reasons.assertReason(Reason.TOO_SMALL, () -> LatestWriter.openOrCreate(name, 2, 8000));
            assertEquals(0, region.pointer().getLong(0));
            try (LatestWriter writer = LatestWriter.openOrCreate(name, 1, SIZE);
                    LatestReader reader = LatestReader.open(name)) {
                writer.set(value(3));
                assertEquals(3, read(reader, 0, 1));
            }
        }
    }

    @Test
    void anotherProgramsRegionsStayAsTheyAre() {
        try (SharedRegion region = SharedRegion.create(name + ".latest", 4096)) {
            region.pointer().setLong(0, 1);
            Reasons.assertReason(Reason.WRONG_KIND, () -> LatestWriter.openOrCreate(name, SIZE));
            Reasons.assertReason(Reason.WRONG_KIND, () -> LatestReader.open(name));
            region.pointer().write(0, "SRLast".getBytes(), 0, 6);
            region.pointer().setShort(6, (short) 9);
            Reasons.assertReason(Reason.UNSUPPORTED, () -> LatestWriter.openOrCreate(name, SIZE));
            Reasons.assertReason(Reason.UNSUPPORTED, () -> LatestReader.open(name));
            assertEquals(0, region.pointer().getLong(TableLayout.OWNER));
        }
        try (SharedRegion region = SharedRegion.create(name + ".newer", 10_000)) {
            region.pointer().setLong(0, 1);
            Reasons.assertReason(Reason.WRONG_KIND, () -> LatestWriter.openOrCreate(name, SIZE));
            assertEquals(1, region.pointer().getLong(0));
        }
    }

    /** As a writer that died after it published a value, before it wrote the table's version. */
    @Test
    void aSuccessorGoesOnWithHigherVersions() {
        LatestWriter writer = LatestWriter.create(name, 2, SIZE);
        writer.set(1, value(1));
        writer.set(0, value(2));
        try (LatestReader reader = LatestReader.open(name);
                SharedRegion region = SharedRegion.open(name + ".latest")) {
            writer.close();
            region.pointer().setLong(TableLayout.NEWEST, 1);
            assertEquals(2, read(reader, 0, 2));
            try (LatestWriter successor = LatestWriter.open(name)) {
                assertEquals(2, successor.version());
                assertEquals(2, reader.version());
                successor.set(1, value(3));
                assertEquals(3, read(reader, 1, 3));
                assertEquals(2, read(reader, 0, 2));
            }
        }
    }

    @Test
    void theAgeIsThatOfTheNewestValue() throws Exception {
        try (Peer writer = peer("createTable " + name + " 2 64");
                LatestReader reader = LatestReader.open(name)) {
            assertEquals(Optional.empty(), reader.age());
            long before = System.nanoTime();
            ask(writer, "setValue 0 5", "ok");
            Thread.sleep(20);
            Duration age = reader.age().orElseThrow();
            Duration most = Duration.ofNanos(System.nanoTime() - before);
            assertTrue(age.compareTo(Duration.ofMillis(20)) >= 0 && age.compareTo(most) <= 0, age + " of " + most);
            assertEquals(Optional.empty(), reader.age(1));
            end(writer);
        }
    }

    @Test
    void useAfterCloseIsTold() {
        LatestWriter writer = LatestWriter.create(name, SIZE);
        LatestReader reader = LatestReader.open(name);
        writer.set(value(1));
        assertFalse(writer.isClosed());
        assertFalse(reader.isClosed());
        writer.close();
        writer.close();
        reader.close();
        reader.close();
        for (Executable call : List.<Executable>of(
                () -> writer.set(value(1)),
                () -> writer.update(value -> { }),
                writer::version,
                () -> writer.version(0),
                () -> reader.read(copy),
                reader::version,
                () -> reader.version(0),
                reader::age,
                reader::writerState,
                () -> reader.awaitNewer(0, Duration.ZERO),
                () -> reader.awaitNewer(0, 5, LONG))) {
            String message = assertThrows(IllegalStateException.class, call).getMessage();
            assertTrue(message.contains(name) && message.endsWith("is closed."), message);
        }
        assertTrue(writer.isClosed() && reader.isClosed());
        assertEquals(name, writer.name());
        assertEquals(name, reader.name());
        assertEquals("table \"" + name + "\" (writer, 1 value of 64 bytes, closed)", writer.toString());
        assertEquals("table \"" + name + "\" (reader, 1 value of 64 bytes, closed)", reader.toString());
    }

    @Test
    void theCollectorClosesWhatIsDropped() throws Exception {
        LatestWriter.create(name, SIZE).set(value(1));
        LatestReader.open(name).read(copy);
        Collected.awaitGone(name + ".latest");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aReaderMapsTheTableReadOnly() throws Exception {
        try (LatestWriter writer = LatestWriter.create(name, SIZE);
                Peer reader = peer("openReader " + name)) {
            assertEquals("rw-s", rights(ProcessHandle.current().pid()));
            assertEquals("r--s", rights(reader.pid()));
            assertFalse(writer.isClosed());
        }
    }

    /** What a process may do with its mapping of the table. */
    private String rights(long pid) throws Exception {
        // By its number: the file of a table's creator had no name yet when it was mapped.
        String inode = Files.getAttribute(Path.of("/dev/shm", name + ".latest"), "unix:ino").toString();
        List<String> found = Files.readAllLines(Path.of("/proc/" + pid + "/maps")).stream()
                .map(line -> line.split(" +"))
                .filter(fields -> fields[4].equals(inode) && fields[5].startsWith("/dev/shm/"))
                .map(fields -> fields[1])
                .distinct()
                .toList();
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }
}
