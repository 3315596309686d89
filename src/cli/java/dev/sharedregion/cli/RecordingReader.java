package dev.sharedregion.cli;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the states of a recording one after the other. */
final class RecordingReader implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int MOST_NAMES = 1000;
    private static final int MOST_LETTERS = 10_000;
    private static final int MOST_BYTES = 1 << 30;

    private final Path file;
    private final DataInputStream in;
    private final RecordingHeader header;
    private final byte[][] states;
    private long endNanos;

    /**
     * A state of a region.
     *
     * @param nanos the time since the start
     * @param region the index of the region
     * @param bytes all of its bytes; none if the region did not exist
     */
    record State(long nanos, int region, byte[] bytes) {}

    RecordingReader(Path file) throws IOException {
        this.file = file;
        BufferedInputStream bytes = new BufferedInputStream(FileAccess.open(file));
        try {
            in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(bytes, BUFFER), BUFFER));
            byte[] magic = in.readNBytes(RecordingHeader.MAGIC.length);
            if (!Arrays.equals(magic, RecordingHeader.MAGIC)) {
                throw new ZipException();
            }
            header = new RecordingHeader(Instant.ofEpochMilli(in.readLong()), readText(), readTexts(), readTexts());
            states = new byte[header.regions().size()][0];
        } catch (IOException e) {
            bytes.close();
            boolean other = e instanceof ZipException || e instanceof EOFException;
            String why = "\"" + file + "\" is no recording, or of a newer version of this tool.";
            throw other ? new IOException(why, e) : e;
        }
    }

    private List<String> readTexts() throws IOException {
        int count = checked(in.readInt(), MOST_NAMES);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(readText());
        }
        return texts;
    }

    private String readText() throws IOException {
        byte[] text = new byte[checked(in.readInt(), MOST_LETTERS)];
        in.readFully(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private int checked(int number, int most) throws IOException {
        if (number < 0 || number > most) {
            throw new IOException("The recording \"" + file + "\" is damaged.");
        }
        return number;
    }

    RecordingHeader header() {
        return header;
    }

    /** Returns the time of the end, or of the last state that was read. */
    long endNanos() {
        return endNanos;
    }

    /** Returns the next state; null at the end. A recording that was cut off ends with its last whole state. */
    State next() throws IOException {
        try {
            long nanos = in.readLong();
            int region = in.readInt();
            if (region == RecordingHeader.END) {
                endNanos = nanos;
                return null;
            }
            byte[] bytes = readBytes(states[checked(region, states.length - 1)]);
            states[region] = bytes;
            endNanos = nanos;
            return new State(nanos, region, bytes);
        } catch (EOFException e) {
            return null;
        } catch (ZipException e) {
            throw new IOException("The recording \"" + file + "\" is damaged.", e);
        }
    }

    private byte[] readBytes(byte[] before) throws IOException {
        byte[] bytes = Arrays.copyOf(before, checked(in.readInt(), MOST_BYTES));
        int runs = checked(in.readInt(), bytes.length);
        for (int i = 0; i < runs; i++) {
            int offset = checked(in.readInt(), bytes.length);
            in.readFully(bytes, offset, checked(in.readInt(), bytes.length - offset));
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
