package dev.sharedregion.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** What is handed over: how it is written and checked, the same for all contenders and for the references in C. */
abstract class Payload {
    /** Bytes of data; a constant for the JIT compilers, as it is one for C's. */
    static final int SIZE = Integer.getInteger("bench.size", 64);

    /** In shared memory the payload begins at a page, of all contenders: copies feel where it begins. */
    static final int PAGE = 4096;

    /** Bytes that are handed over, with the header if there is one. */
    final int bytes;

    Payload(int bytes) {
        this.bytes = bytes;
    }

    static Payload of(Load load) {
        return load == Load.NUMBERS ? new Numbers() : new Copies();
    }

    /**
     * Direct memory, as of any other the JDK would make a direct copy in every call; so far behind the beginning of a
     * page.
     */
    static ByteBuffer memory(int bytes, int fromPage) {
        // The slice leaves out what is not a whole page, at both ends.
        return ByteBuffer.allocateDirect(fromPage + bytes + 2 * PAGE)
                .alignedSlice(PAGE)
                .slice(fromPage, bytes)
                .order(ByteOrder.nativeOrder());
    }

    /**
     * The words of {@link #SIZE} bytes, for a loop. C2 of JDK 17 keeps the checks of ByteBuffer.getLong(int) in a loop,
     * and takes out those of a LongBuffer.
     */
    static LongBuffer words(ByteBuffer buffer, int from) {
        return buffer.slice(from, SIZE).order(ByteOrder.nativeOrder()).asLongBuffer();
    }

    /** Writes the payload of this number to the buffer's beginning at {@code at}. */
    abstract void write(ByteBuffer buffer, int at, long number);

    /** Reads and checks all of it, and returns its number. */
    abstract long read(ByteBuffer buffer, int at);

    /**
     * The payload of this number in a buffer of the sender's own, from 0 to {@link #bytes}; for contenders that send
     * it.
     */
    abstract ByteBuffer own(long number);
}
