package dev.sharedregion.bench;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * The payload of the bulk data: a header of its number and its checksum, and a copy of one of four blocks of data, so
 * that a part that was not copied this time is noticed.
 *
 * <p>The checksum multiplies and adds in four lanes. Each lane needs a multiplication and an addition after the other,
 * and four fill the multiplier; neither gcc nor HotSpot makes vectors of it, so that C and Java compile to much the
 * same; and a stale, damaged or swapped word changes it. A word is added after the multiplication: before it, HotSpot's
 * code waits for each load, and took 1.7 times the time of gcc's in most runs.
 */
final class Copies extends Payload {
    /** As much as a cache line: of data that begin in the middle of one, each vector would be written to two. */
    private static final int HEADER = 64;

    /**
     * Where in a page a block begins: not where its copy does, or the processor would take a load for one of a store.
     */
    private static final int FROM_PAGE = PAGE / 2;

    private static final int BLOCKS = 4;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    /** Each with room for the header in front, so that it can be sent as it stands. */
    private final ByteBuffer[] blocks = new ByteBuffer[BLOCKS];

    private final long[] checksums = new long[BLOCKS];

    Copies() {
        super(HEADER + SIZE);
        for (int block = 0; block < BLOCKS; block++) {
            ByteBuffer data = memory(bytes, FROM_PAGE);
            for (int at = 0; at < SIZE; at += Long.BYTES) {
                data.putLong(HEADER + at, (at + block + 1) * FACTOR);
            }
            blocks[block] = data;
            checksums[block] = checksum(data, HEADER);
        }
    }

    @Override
    void write(ByteBuffer buffer, int at, long number) {
        int block = (int) number & BLOCKS - 1;
        buffer.putLong(at, number);
        buffer.putLong(at + Long.BYTES, checksums[block] + number);
        buffer.put(at + HEADER, blocks[block], HEADER, SIZE);
    }

    @Override
    long read(ByteBuffer buffer, int at) {
        long number = buffer.getLong(at);
        if (checksum(buffer, at + HEADER) + number != buffer.getLong(at + Long.BYTES)) {
            throw new IllegalStateException("The data of turn " + number + " is damaged.");
        }
        return number;
    }

    @Override
    ByteBuffer own(long number) {
        int block = (int) number & BLOCKS - 1;
        return blocks[block].putLong(0, number).putLong(Long.BYTES, checksums[block] + number);
    }

    private static long checksum(ByteBuffer buffer, int from) {
        LongBuffer data = words(buffer, from);
        long lane0 = 0;
        long lane1 = 0;
        long lane2 = 0;
        long lane3 = 0;
        for (int at = 0; at < SIZE / Long.BYTES; at += 4) {
            lane0 = lane0 * FACTOR + data.get(at);
            lane1 = lane1 * FACTOR + data.get(at + 1);
            lane2 = lane2 * FACTOR + data.get(at + 2);
            lane3 = lane3 * FACTOR + data.get(at + 3);
        }
        return lane0 + 3 * lane1 + 5 * lane2 + 7 * lane3;
    }
}
