package dev.sharedregion.bench.views;

import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The same with arrays on the heap, which no other process sees: the least that Java can do. */
@State(Scope.Thread)
public class ArrayViews {
    /** Whose memory it is. */
    @Param(Views.HEAP_ARRAY)
    public String over;

    /** Not final: a constant would be folded into the code. */
    private int index = 16;

    private final int[] ints = new int[Views.LOOP / Integer.BYTES];
    private final long[] longs = new long[Views.LOOP / Long.BYTES];
    private final byte[] memory = new byte[Views.SIZE];

    /** Reads one. */
    @Benchmark
    public int getInt() {
        return ints[index];
    }

    /** Writes one. */
    @Benchmark
    public void setInt() {
        ints[index] = 42;
    }

    /** Reads one. */
    @Benchmark
    public long getLong() {
        return longs[index];
    }

    /** Writes one. */
    @Benchmark
    public void setLong() {
        longs[index] = 42;
    }

    /** Reads them all. */
    @Benchmark
    public int sumInts() {
        int sum = 0;
        for (int i = 0; i < ints.length; i++) {
            sum += ints[i];
        }
        return sum;
    }

    /** Writes them all. */
    @Benchmark
    public void fillInts() {
        for (int i = 0; i < ints.length; i++) {
            ints[i] = i;
        }
    }

    /** Reads them all. */
    @Benchmark
    public long sumLongs() {
        long sum = 0;
        for (int i = 0; i < longs.length; i++) {
            sum += longs[i];
        }
        return sum;
    }

    /** Writes them all. */
    @Benchmark
    public void fillLongs() {
        for (int i = 0; i < longs.length; i++) {
            longs[i] = i;
        }
    }

    /** Copies from the memory. */
    @Benchmark
    public byte[] readBytes(Bytes bytes) {
        System.arraycopy(memory, 0, bytes.array, 0, bytes.bytes);
        return bytes.array;
    }

    /** Copies to the memory. */
    @Benchmark
    public byte[] writeBytes(Bytes bytes) {
        System.arraycopy(bytes.array, 0, memory, 0, bytes.bytes);
        return memory;
    }

    /** Reads as many bytes as were written. */
    @Benchmark
    public String readString(Text text) {
        return new String(memory, text.at, text.chars, StandardCharsets.UTF_8);
    }

    /** Writes it. */
    @Benchmark
    public byte[] writeString(Text text) {
        byte[] bytes = text.string.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, memory, text.at, bytes.length);
        return memory;
    }
}
