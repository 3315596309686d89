package dev.sharedregion.bench.views;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import dev.sharedregion.SharedRegion;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Access through JNA's Pointer: the region's, and JNA's own two. */
@State(Scope.Thread)
public class PointerViews {
    /** Whose memory it is. */
    @Param({Views.REGION_POINTER, Views.JNA_POINTER, Views.JNA_MEMORY})
    public String over;

    /** Not final: a constant would be folded into the code. */
    private long offset = 64;

    private Pointer pointer;
    private Quote quote;
    private AutoCloseable memory;

    /** Makes the memory. */
    @Setup
    public void open() {
        switch (over) {
            case Views.REGION_POINTER -> {
                SharedRegion region = Views.newRegion();
                pointer = region.pointer();
                memory = region;
            }
            case Views.JNA_POINTER -> {
                // Of a region, too: the same kind of memory.
                SharedRegion region = Views.newRegion();
                pointer = new Pointer(Pointer.nativeValue(region.pointer()));
                memory = region;
            }
            case Views.JNA_MEMORY -> {
                Memory own = new Memory(Views.SIZE + Views.PAGE);
                pointer = own.align(Views.PAGE);
                memory = own;
            }
            default -> throw new IllegalArgumentException(over);
        }
        pointer.setMemory(0, Views.SIZE, (byte) 0);
        pointer.setString(Text.START, Text.LONGEST, "UTF-8");
        quote = new Quote(pointer);
    }

    /** Gives the memory back. */
    @TearDown
    public void close() throws Exception {
        memory.close();
    }

    /** Reads one. */
    @Benchmark
    public int getInt() {
        return pointer.getInt(offset);
    }

    /** Writes one. */
    @Benchmark
    public void setInt() {
        pointer.setInt(offset, 42);
    }

    /** Reads one. */
    @Benchmark
    public long getLong() {
        return pointer.getLong(offset);
    }

    /** Writes one. */
    @Benchmark
    public void setLong() {
        pointer.setLong(offset, 42);
    }

    /** Reads them all. */
    @Benchmark
    public int sumInts() {
        int sum = 0;
        for (int at = 0; at < Views.LOOP; at += Integer.BYTES) {
            sum += pointer.getInt(at);
        }
        return sum;
    }

    /** Writes them all. */
    @Benchmark
    public void fillInts() {
        for (int at = 0; at < Views.LOOP; at += Integer.BYTES) {
            pointer.setInt(at, at);
        }
    }

    /** Reads them all. */
    @Benchmark
    public long sumLongs() {
        long sum = 0;
        for (int at = 0; at < Views.LOOP; at += Long.BYTES) {
            sum += pointer.getLong(at);
        }
        return sum;
    }

    /** Writes them all. */
    @Benchmark
    public void fillLongs() {
        for (int at = 0; at < Views.LOOP; at += Long.BYTES) {
            pointer.setLong(at, at);
        }
    }

    /** Copies from the memory. */
    @Benchmark
    public byte[] readBytes(Bytes bytes) {
        pointer.read(0, bytes.array, 0, bytes.bytes);
        return bytes.array;
    }

    /** Copies to the memory. */
    @Benchmark
    public void writeBytes(Bytes bytes) {
        pointer.write(0, bytes.array, 0, bytes.bytes);
    }

    /** Reads up to the NUL. */
    @Benchmark
    public String readString(Text text) {
        return pointer.getString(text.at, "UTF-8");
    }

    /** Writes it and a NUL. */
    @Benchmark
    public void writeString(Text text) {
        pointer.setString(text.at, text.string, "UTF-8");
    }

    /** Reads all fields. */
    @Benchmark
    public Quote readStructure() {
        quote.read();
        return quote;
    }

    /** Writes all fields. */
    @Benchmark
    public void writeStructure() {
        quote.write();
    }

    /** A small structure, as programs lay them over shared memory. */
    @Structure.FieldOrder({"sequence", "instrument", "quantity", "price"})
    public static class Quote extends Structure {
        /** A long. */
        public long sequence;
        /** An int. */
        public int instrument;
        /** Another int. */
        public int quantity;
        /** A double. */
        public double price;

        /** Over the memory's first 24 bytes. */
        public Quote(Pointer memory) {
            super(memory);
        }
    }
}
