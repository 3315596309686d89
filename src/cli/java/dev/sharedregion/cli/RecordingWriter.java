package dev.sharedregion.cli;

import dev.sharedregion.cli.Runs.Run;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Writes states of regions to a file, each as its changes to the one before. What was written is in the file when a
 * call returns, so that the file is valid whenever this process ends. {@code src/docs/recording.md} describes the
 * format.
 */
final class RecordingWriter implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** The place of a change takes 8 bytes. */
    private static final int JOIN = 8;

    private final OutputStream file;
    private final DataOutputStream out;
    private final byte[][] last;
    private long lastNanos;

    /** Takes ownership of the stream. */
    RecordingWriter(OutputStream file, RecordingHeader header) throws IOException {
        this.file = file;
        out = new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(file, BUFFER, true), BUFFER));
        last = new byte[header.regions().size()][0];
        out.write(RecordingHeader.MAGIC);
        out.writeLong(header.start().toEpochMilli());
        writeText(header.layout());
        writeTexts(header.regions());
        writeTexts(header.events());
        out.flush();
    }

    private void writeTexts(List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            writeText(text);
        }
    }

    private void writeText(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Writes a state.
     *
     * @param nanos the time since the start
     * @param region the index of the region
     * @param bytes all of its bytes; none if the region does not exist
     */
    void write(long nanos, int region, byte[] bytes) throws IOException {
        byte[] before = last[region].length == bytes.length ? last[region] : new byte[bytes.length];
        System.arraycopy(last[region], 0, before, 0, Math.min(last[region].length, bytes.length));
        try {
            writeChanges(nanos, region, bytes, Runs.between(before, bytes, JOIN));
        } catch (IOException e) {
            // No reader could go on behind the gap. So close() must write nothing more, as when there is room again.
            file.close();
            throw e;
        }
        last[region] = bytes;
        lastNanos = nanos;
    }

    private void writeChanges(long nanos, int region, byte[] bytes, List<Run> runs) throws IOException {
        out.writeLong(nanos);
        out.writeInt(region);
        out.writeInt(bytes.length);
        out.writeInt(runs.size());
        for (Run run : runs) {
            out.writeInt(run.offset());
            out.writeInt(run.length());
            out.write(bytes, run.offset(), run.length());
        }
        out.flush();
    }

    /** Ends the recording. */
    void end(long nanos) throws IOException {
        out.writeLong(Math.max(nanos, lastNanos));
        out.writeInt(RecordingHeader.END);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
