package dev.sharedregion.bench.views;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Access through the JDK's MemorySegment, of an arena that any thread may use and close, like a region. */
@State(Scope.Thread)
public class SegmentViews {
    /** Whose memory it is. */
    @Param(Views.SEGMENT)
    public String over;

    /** Not final: a constant would be folded into the code. */
    private long offset = 64;

    private Arena arena;
    private MemorySegment segment;

    /** Makes the memory. */
    @Setup
    public void open() {
        arena = Arena.ofShared();
        segment = arena.allocate(Views.SIZE, Views.PAGE);
        segment.setString(Text.START, Text.LONGEST);
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        arena.close();
    }

    /** Reads one. */
    @Benchmark
    public int getInt() {
        return segment.get(ValueLayout.JAVA_INT, offset);
    }

    /** Writes one. */
    @Benchmark
    public void setInt() {
        segment.set(ValueLayout.JAVA_INT, offset, 42);
    }

    /** Reads one. */
    @Benchmark
    public long getLong() {
        return segment.get(ValueLayout.JAVA_LONG, offset);
    }

    /** Writes one. */
    @Benchmark
    public void setLong() {
        segment.set(ValueLayout.JAVA_LONG, offset, 42);
    }

    /** Reads them all. */
    @Benchmark
    public int sumInts() {
        int sum = 0;
        for (int at = 0; at < Views.LOOP; at += Integer.BYTES) {
            sum += segment.get(ValueLayout.JAVA_INT, at);
        }
        return sum;
    }

    /** Writes them all. */
    @Benchmark
    public void fillInts() {
        for (int at = 0; at < Views.LOOP; at += Integer.BYTES) {
            segment.set(ValueLayout.JAVA_INT, at, at);
        }
    }

    /** Reads them all. */
    @Benchmark
    public long sumLongs() {
        long sum = 0;
        for (int at = 0; at < Views.LOOP; at += Long.BYTES) {
            sum += segment.get(ValueLayout.JAVA_LONG, at);
        }
        return sum;
    }

    /** Writes them all. */
    @Benchmark
    public void fillLongs() {
        for (int at = 0; at < Views.LOOP; at += Long.BYTES) {
            segment.set(ValueLayout.JAVA_LONG, at, at);
        }
    }

    /** Copies from the memory. */
    @Benchmark
    public byte[] readBytes(Bytes bytes) {
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, bytes.array, 0, bytes.bytes);
        return bytes.array;
    }

    /** Copies to the memory. */
    @Benchmark
    public void writeBytes(Bytes bytes) {
        MemorySegment.copy(bytes.array, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.bytes);
    }

    /** Reads up to the NUL. */
    @Benchmark
    public String readString(Text text) {
        return segment.getString(text.at);
    }

    /** Writes it and a NUL. */
    @Benchmark
    public void writeString(Text text) {
        segment.setString(text.at, text.string);
    }
}
