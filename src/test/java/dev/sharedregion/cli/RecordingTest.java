package dev.sharedregion.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.cli.RecordingReader.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a recording: what was written is read, however much of the file there is. */
class RecordingTest {
    private static final RecordingHeader HEADER = new RecordingHeader(
            Instant.ofEpochMilli(1_700_000_000_123L), "iracing", List.of("价格", "b"), List.of("Local\\e"));

    @TempDir
    Path folder;

    private final Random random = new Random(1);

    /** Some states of two regions, which grow, shrink and go. */
    private List<State> states() {
        List<State> states = new ArrayList<>();
        byte[][] last = {new byte[0], new byte[0]};
        for (int i = 0; i < 60; i++) {
            int region = random.nextInt(2);
            int size = random.nextInt(4) > 0 ? last[region].length : random.nextInt(200);
            byte[] bytes = java.util.Arrays.copyOf(last[region], size);
            for (int j = 0; j < Math.min(size, 5); j++) {
                bytes[random.nextInt(size)] = (byte) random.nextInt();
            }
            last[region] = bytes;
            states.add(new State(i * 1000L, region, bytes));
        }
        return states;
    }

    private static byte[] file(List<State> states) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (RecordingWriter writer = new RecordingWriter(file, HEADER)) {
            for (State state : states) {
                writer.write(state.nanos(), state.region(), state.bytes());
            }
            writer.end(100_000);
        }
        return file.toByteArray();
    }

    private List<State> read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("recording"), bytes);
        List<State> read = new ArrayList<>();
        try (RecordingReader reader = new RecordingReader(file)) {
            for (State state; (state = reader.next()) != null; ) {
                read.add(state);
            }
        }
        return read;
    }

    private static void assertBegins(List<State> all, List<State> read) {
        assertTrue(read.size() <= all.size());
        for (int i = 0; i < read.size(); i++) {
            assertEquals(all.get(i).nanos(), read.get(i).nanos());
            assertEquals(all.get(i).region(), read.get(i).region());
            assertArrayEquals(all.get(i).bytes(), read.get(i).bytes());
        }
    }

    @Test
    void allThatWasWrittenIsRead() throws IOException {
        List<State> states = states();
        byte[] bytes = file(states);
        List<State> read = read(bytes);
        assertEquals(states.size(), read.size());
        assertBegins(states, read);
        try (RecordingReader reader = new RecordingReader(folder.resolve("recording"))) {
            assertEquals(HEADER, reader.header());
            for (State state; (state = reader.next()) != null; ) {
                assertEquals(state.nanos(), reader.endNanos());
            }
            assertEquals(100_000, reader.endNanos());
        }
    }

    @Test
    void fileThatIsCutOffHasTheStatesInFront() throws IOException {
        List<State> states = states();
        byte[] bytes = file(states);
        int most = 0;
        for (int length = 0; length < bytes.length; length += 7) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            try {
                List<State> read = read(cut);
                assertTrue(read.size() >= most, "a longer file has no fewer states");
                most = read.size();
                assertBegins(states, read);
            } catch (IOException e) {
                assertEquals(0, most, "the header is whole");
                assertTrue(e.getMessage().contains("is no recording"), e.getMessage());
            }
        }
        assertTrue(most >= states.size() - 1, "states " + most);
    }

    /** Has room for so many bytes, and later for more. */
    private static final class FullDisk extends OutputStream {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final int room;
        private boolean wasFull;
        private boolean closed;

        FullDisk(int room) {
            this.room = room;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (closed) {
                throw new IOException("The file is closed.");
            }
            if (!wasFull && content.size() + length > room) {
                content.write(bytes, offset, room - content.size());
                wasFull = true;
                throw new IOException("The disk is full.");
            }
            content.write(bytes, offset, length);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void fileOnAFullDiskHasTheStatesInFront() throws IOException {
        List<State> states = states();
        int size = file(states).length;
        for (int room = 200; room < size; room += 11) {
            FullDisk disk = new FullDisk(room);
            int written = 0;
            try (RecordingWriter writer = new RecordingWriter(disk, HEADER)) {
                for (State state : states) {
                    writer.write(state.nanos(), state.region(), state.bytes());
                    written++;
                }
            } catch (IOException e) {
                assertTrue(disk.wasFull, e::toString);
            }
            List<State> read = read(disk.content.toByteArray());
            assertTrue(read.size() >= written, "room " + room + ", written " + written + ", read " + read.size());
            assertBegins(states, read);
        }
    }

    @Test
    void damagedFileIsRefusedOrRead() throws IOException {
        byte[] bytes = file(states());
        int refused = 0;
        for (int i = 0; i < bytes.length; i += 5) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            try {
                read(damaged);
            } catch (IOException e) {
                assertTrue(e.getMessage().matches("(?s).*(is no recording|is damaged).*"), e::getMessage);
                refused++;
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        for (String content : List.of("", "a", "a text that is no recording")) {
            IOException problem = assertThrows(IOException.class, () -> read(content.getBytes()));
            assertTrue(problem.getMessage().contains("is no recording"), problem::getMessage);
        }
    }
}
