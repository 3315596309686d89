package dev.sharedregion.bench.views;

import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Access through a ByteBuffer in native order: the region's, a plain direct one, and a mapped file. */
@State(Scope.Thread)
public class BufferViews {
    /** Whose memory it is. */
    @Param({Views.REGION_BUFFER, Views.DIRECT_BUFFER, Views.MAPPED_BUFFER})
    public String over;

    /** Not final: a constant would be folded into the code. */
    private int offset = 64;

    private ByteBuffer buffer;
    private AutoCloseable memory;

    /** Makes the memory. */
    @Setup
    public void open() throws IOException {
        switch (over) {
            case Views.REGION_BUFFER -> {
                SharedRegion region = Views.newRegion();
                buffer = region.buffer();
                memory = region;
            }
            case Views.DIRECT_BUFFER -> {
                buffer = ByteBuffer.allocateDirect(Views.SIZE + Views.PAGE)
                        .alignedSlice(Views.PAGE)
                        .slice(0, Views.SIZE)
                        .order(ByteOrder.nativeOrder());
                memory = () -> {};
            }
            case Views.MAPPED_BUFFER -> {
                // In memory, where there is such a place: no disk shall count.
                Path place = Path.of("/dev/shm");
                Path file = Files.isDirectory(place)
                        ? Files.createTempFile(place, "bench-views", null)
                        : Files.createTempFile("bench-views", null);
                file.toFile().deleteOnExit();
                try (FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, Views.SIZE).order(ByteOrder.nativeOrder());
                }
                // Windows deletes no file that is mapped: what is left there goes when the JVM ends, or stays.
                memory = () -> file.toFile().delete();
            }
            default -> throw new IllegalArgumentException(over);
        }
        buffer.put(0, new byte[Views.SIZE]);
        buffer.put(Text.START, Text.LONGEST.getBytes(StandardCharsets.UTF_8));
    }

    /** Gives the memory back. */
    @TearDown
    public void close() throws Exception {
        buffer = null;
        memory.close();
    }

    /** Reads one. */
    @Benchmark
    public int getInt() {
        return buffer.getInt(offset);
    }

    /** Writes one. */
    @Benchmark
    public void setInt() {
        buffer.putInt(offset, 42);
    }

    /** Reads one. */
    @Benchmark
    public long getLong() {
        return buffer.getLong(offset);
    }

    /** Writes one. */
    @Benchmark
    public void setLong() {
        buffer.putLong(offset, 42);
    }

    /** Reads them all. */
    @Benchmark
    public int sumInts() {
        int sum = 0;
        for (int at = 0; at < Views.LOOP; at += Integer.BYTES) {
            sum += buffer.getInt(at);
        }
        return sum;
    }

    /** Writes them all. */
    @Benchmark
    public void fillInts() {
        for (int at = 0; at < Views.LOOP; at += Integer.BYTES) {
            buffer.putInt(at, at);
        }
    }

    /** Reads them all. */
    @Benchmark
    public long sumLongs() {
        long sum = 0;
        for (int at = 0; at < Views.LOOP; at += Long.BYTES) {
            sum += buffer.getLong(at);
        }
        return sum;
    }

    /** Writes them all. */
    @Benchmark
    public void fillLongs() {
        for (int at = 0; at < Views.LOOP; at += Long.BYTES) {
            buffer.putLong(at, at);
        }
    }

    /** Copies from the memory. */
    @Benchmark
    public byte[] readBytes(Bytes bytes) {
        buffer.get(0, bytes.array);
        return bytes.array;
    }

    /** Copies to the memory. */
    @Benchmark
    public void writeBytes(Bytes bytes) {
        buffer.put(0, bytes.array);
    }

    /** Reads as many bytes as were written. */
    @Benchmark
    public String readString(Text text) {
        byte[] bytes = new byte[text.chars];
        buffer.get(text.at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes it. */
    @Benchmark
    public void writeString(Text text) {
        buffer.put(text.at, text.string.getBytes(StandardCharsets.UTF_8));
    }
}
