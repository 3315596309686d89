package dev.sharedregion.peers;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.LatestOptions;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestReader.WriterState;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.helpers.Wakes;
import dev.sharedregion.helpers.Whole;
import dev.sharedregion.internal.latest.NewerLayout;
import dev.sharedregion.internal.latest.TableLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose writer is in Java and whose readers are in C, and the reverse. {@code latest_peer.c} is the program. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LatestPeersTest {
    private static final int MILLIS = Sizes.of("sharedregion.latestPeersMillis", 200, 4_000);
    private static final int WAKES = Sizes.of("sharedregion.latestPeersWakes", 30, 2_000);
    private static final int KILLS = Sizes.of("sharedregion.latestPeersKills", 2, 15);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int COUNT = 2;
    private static final int SIZE = 64;

    private final String name = TestNames.unique();
    private final ByteBuffer copy = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertReason(Reason.NOT_FOUND, () -> LatestReader.open(name));
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".newer"));
        assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name + ".newer.1"));
        TestNames.removeLeftovers(name);
    }

    private static Peer c(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tools.cPeer("latest").toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return Peer.start(command);
    }

    private static Peer ready(Peer peer) {
        peer.expect("ready");
        return peer;
    }

    private Peer cWriter() throws Exception {
        return ready(c("ask", "write", name, COUNT, SIZE));
    }

    private Peer cReader() throws Exception {
        return ready(c("ask", "read", name));
    }

    private static void ask(Peer peer, String command, String answer) {
        peer.send(command);
        peer.expect(answer);
    }

    private static void end(Peer peer) throws Exception {
        peer.closeInput();
        assertEquals(0, peer.exitStatus(), peer::errors);
    }

    private long read(LatestReader reader, int index, long version) {
        assertEquals(version, reader.read(index, copy.clear()));
        return Whole.number(copy);
    }

    @Test
    void javaReadsWhatCWrites() throws Exception {
        try (Peer writer = cWriter();
                LatestReader reader = LatestReader.open(name)) {
            assertEquals(COUNT, reader.count());
            assertEquals(SIZE, reader.size());
            assertEquals(0, reader.read(0, copy.clear()));
            assertTrue(reader.age(0).isEmpty());
            ask(writer, "set 1 42", "OK");
            assertEquals(42, read(reader, 1, 1));
            ask(writer, "update 1 8", "OK");
            ask(writer, "update 0 5", "OK");
            assertEquals(50, read(reader, 1, 2));
            assertEquals(5, read(reader, 0, 3));
            assertEquals(3, reader.version());
            assertTrue(reader.age(1).orElseThrow().compareTo(LONG) < 0);
            assertEquals(WriterState.ALIVE, reader.writerState());
            assertReason(Reason.IN_USE, () -> LatestWriter.open(name));
            end(writer);
            assertEquals(WriterState.CLOSED, reader.writerState());
            assertEquals(50, read(reader, 1, 2));
        }
    }

    @Test
    void cReadsWhatJavaWrites() throws Exception {
        try (LatestWriter writer = LatestWriter.create(name, COUNT, SIZE);
                Peer reader = cReader()) {
            ask(reader, "read 0", "0 0");
            ask(reader, "age 0", "-1");
            writer.set(1, Whole.of(42, SIZE));
            ask(reader, "read 1", "1 42");
            writer.update(1, bytes -> Whole.fill(bytes, bytes.getLong(0) + 8));
            ask(reader, "read 1", "2 50");
            ask(reader, "version -1", "2");
            ask(reader, "version 0", "0");
            reader.send("age 1");
            assertTrue(Long.parseLong(reader.nextLine()) < LONG.toNanos());
            ask(reader, "state", "ALIVE");
            ask(reader, "read 2", "BAD_ARGUMENT");
            try (Peer second = c("ask", "write", name, COUNT, SIZE)) {
                assertTrue(second.nextLine().startsWith("IN_USE: Cannot open table \"" + name + "\": "));
            }
            writer.close();
            ask(reader, "state", "CLOSED");
            ask(reader, "read 1", "2 50");
            end(reader);
        }
    }

    /** Its slot keeps an odd sequence. */
    @Test
    void whatWasBegunIsNotPublished() throws Exception {
        try (Peer writer = cWriter();
                LatestReader reader = LatestReader.open(name)) {
            ask(writer, "set 0 1", "OK");
            for (int i = 0; i < 10; i++) {
                ask(writer, "begin 0", "OK");
                assertEquals(1, read(reader, 0, 1));
            }
            writer.kill();
            assertEquals(WriterState.DIED, reader.writerState());
            assertEquals(1, read(reader, 0, 1));
            try (LatestWriter next = LatestWriter.open(name)) {
                next.set(0, Whole.of(2, SIZE));
                assertEquals(2, read(reader, 0, 2));
            }
        }
    }

    @Test
    void aTableOfOtherValuesIsRefused() throws Exception {
        try (LatestWriter writer = LatestWriter.create(name, COUNT, SIZE, LatestOptions.defaults().slots(7));
                LatestReader reader = LatestReader.open(name)) {
            writer.close();
            for (int[] shape : new int[][] {{COUNT + 1, SIZE}, {COUNT, 2 * SIZE}}) {
                try (Peer other = c("ask", "write", name, shape[0], shape[1])) {
                    assertTrue(other.nextLine().startsWith("WRONG_KIND: Cannot open table \"" + name + "\": "));
                }
            }
            try (Peer same = cWriter()) {
                ask(same, "set 0 1", "OK");
                assertEquals(1, read(reader, 0, 1));
                end(same);
            }
        }
    }

    // Waiting.

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void javaWakesC(int index) throws Exception {
        try (LatestWriter writer = LatestWriter.create(name, COUNT, SIZE);
                Peer reader = cReader()) {
            ask(reader, "await " + index + " 0 10", "TIMED_OUT");
            for (int version = 1; version <= WAKES; version++) {
                reader.send("await " + index + " " + (version - 1) + " 60000");
                TimeUnit.MICROSECONDS.sleep(new Random().nextInt(3_000));
                writer.set(1, Whole.of(version, SIZE));
                reader.expect("OK");
            }
            NamedEvent.open(name + ".newer.1").close(); // it was not only found by looks
            end(reader);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void cWakesJava(int index) throws Exception {
        try (Peer writer = cWriter();
                LatestReader reader = LatestReader.open(name)) {
            for (int version = 1; version <= WAKES; version++) {
                writer.send("set 1 " + version);
                boolean newer = index < 0
                        ? reader.awaitNewer(version - 1, LONG)
                        : reader.awaitNewer(index, version - 1, LONG);
                assertTrue(newer);
                writer.expect("OK");
                if (version % 10 == 0) {
                    assertTrue(!reader.awaitNewer(0, version, Duration.ofMillis(1)));
                }
            }
            end(writer);
        }
    }

    /** Each sleep ends by the event alone: without it, a wait would take 100 ms. */
    @Test
    void anEventThatExistsEndsTheSleep() throws Exception {
        try (Peer writer = cWriter();
                Peer reader = cReader()) {
            Wakes wakes = new Wakes();
            for (int version = 1; version <= WAKES; version++) {
                reader.send("await 0 " + (version - 1) + " 60000");
                TimeUnit.MILLISECONDS.sleep(2);
                long start = System.nanoTime();
                ask(writer, "set 0 " + version, "OK");
                reader.expect("OK");
                wakes.add(start);
            }
            wakes.assertByEvent();
            end(reader);
            end(writer);
        }
    }

    // Reading while a writer writes without a pause.

    @ParameterizedTest
    @ValueSource(ints = {64, 4096, 1 << 18})
    void javaReadsWholeValuesOfABusyWriterInC(int size) throws Exception {
        try (Peer writer = ready(c("write", name, COUNT, size, 2, 0));
                Peer other = ready(c("read", name))) {
            try (LatestReader reader = LatestReader.open(name)) {
                ByteBuffer whole = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
                for (long seen = 0, read = 0; System.nanoTime() - end < 0; seen = read) {
                    assertTrue(reader.awaitNewer(0, seen, LONG));
                    read = reader.read(0, whole.clear());
                    assertTrue(read > seen);
                    assertEquals(read, Whole.number(whole));
                }
            }
            assertNull(other.lineIfThere());
            assertTrue(other.isAlive());
            other.kill();
            writer.kill();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 4096})
    void cReadsWholeValuesOfABusyWriterInJava(int size) throws Exception {
        try (LatestWriter writer = LatestWriter.create(name, COUNT, size, LatestOptions.defaults().slots(2));
                Peer reader = ready(c("read", name))) {
            ByteBuffer value = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
            for (long number = 1; System.nanoTime() - end < 0; number++) {
                writer.set((int) (number % COUNT), Whole.fill(value, number));
            }
            assertNull(reader.lineIfThere());
            assertTrue(reader.isAlive());
            reader.kill();
        }
    }

    // Writers that are killed.

    /** A writer in C is killed, and its successor is in Java, and the reverse: a Java writer cannot be killed here. */
    @Test
    void javaAndCSucceedAKilledWriterInC() throws Exception {
        Random random = new Random();
        long last = 0;
        try (Peer first = ready(c("write", name, COUNT, SIZE, 3, 0));
                LatestReader reader = LatestReader.open(name);
                Peer other = ready(c("read", name))) {
            Peer writer = first;
            for (int kill = 0; kill < KILLS; kill++) {
                assertTrue(reader.awaitNewer(last, LONG));
                TimeUnit.MICROSECONDS.sleep(random.nextInt(5_000));
                writer.kill();
                long left = highest(reader);
                assertTrue(left >= last);
                try (LatestWriter next = LatestWriter.openOrCreate(name, COUNT, SIZE)) {
                    assertEquals(left, next.version());
                    next.set(0, Whole.of(left + 1, SIZE));
                }
                assertEquals(left + 1, read(reader, 0, left + 1));
                last = left + 1;
                writer = ready(c("write", name, COUNT, SIZE, 3, random.nextInt(2)));
            }
            writer.kill();
            assertNull(other.lineIfThere());
            assertTrue(other.isAlive());
            other.kill();
        }
    }

    /** Of all values, which are whole, and those of their versions. */
    private long highest(LatestReader reader) {
        long highest = 0;
        for (int index = 0; index < COUNT; index++) {
            long version = reader.read(index, copy.clear());
            assertEquals(version, version == 0 ? 0 : Whole.number(copy));
            highest = Math.max(highest, version);
        }
        return highest;
    }

    // A program that writes anything to the regions.

    @Test
    void callsOfCEndWhateverTheTableHas() throws Exception {
        try (LatestWriter writer = LatestWriter.create(name, COUNT, SIZE);
                SharedRegion table = SharedRegion.open(name + ".latest");
                Peer reader = cReader()) {
            writer.set(0, Whole.of(1, SIZE));
            long latest = table.pointer().getLong(TableLayout.FIRST_VALUE);
            for (long word : new long[] {-1, 4, 255, 1L << 62, latest + 1, latest + (1 << 8)}) {
                table.pointer().setLong(TableLayout.FIRST_VALUE, word);
                ask(reader, "read 0", "CORRUPT");
                ask(reader, "age 0", "CORRUPT");
            }
            table.pointer().setLong(TableLayout.FIRST_VALUE, latest);
            ask(reader, "read 0", "1 1");
            writer.close();
            table.pointer().setLong(TableLayout.NEWEST, 1L << 55);
            assertRefused("CORRUPT", "write", COUNT, SIZE);
            table.pointer().setLong(TableLayout.NEWEST, 1);
            for (int field : new int[] {TableLayout.COUNT, TableLayout.SIZE, TableLayout.SLOTS}) {
                long before = table.pointer().getLong(field);
                for (long value : new long[] {0, -1, 1L << 31, 1L << 62, before + 5_000}) {
                    table.pointer().setLong(field, value);
                    assertRefused("CORRUPT", "read");
                    assertRefused("CORRUPT", "write", COUNT, SIZE);
                }
                table.pointer().setLong(field, before);
            }
            table.pointer().setByte(TableLayout.MAGIC, (byte) 'x');
            assertRefused("WRONG_KIND", "read");
            assertRefused("WRONG_KIND", "write", COUNT, SIZE);
            table.pointer().setLong(TableLayout.MAGIC, 0);
            assertRefused("NOT_FOUND", "read");
            end(reader);
        }
    }

    private void assertRefused(String reason, String role, Object... shape) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("ask", role, name));
        arguments.addAll(List.of(shape));
        try (Peer peer = c(arguments.toArray())) {
            String line = peer.nextLine();
            assertTrue(line != null && line.startsWith(reason + ": ") && line.contains(name), line);
        }
    }

    @Test
    void waitsOfCEndWhateverThePlacesHave() throws Exception {
        try (Peer writer = cWriter();
                Peer reader = cReader()) {
            ask(writer, "set 0 1", "OK");
            ask(reader, "await 0 1 1", "TIMED_OUT");
            try (SharedRegion newer = SharedRegion.open(name + ".newer")) {
                Random random = new Random();
                for (int i = 0; i < 200; i++) {
                    newer.pointer().setLong(NewerLayout.WAITING, random.nextBoolean() ? -1 : random.nextLong());
                    newer.pointer().setLong(NewerLayout.FIRST_PLACE + NewerLayout.WANTED, random.nextLong());
                    ask(writer, "set 0 " + i, "OK");
                    ask(reader, "await 0 " + (i + 2) + " 2", "TIMED_OUT");
                }
            }
            end(reader);
            end(writer);
        }
    }
}
