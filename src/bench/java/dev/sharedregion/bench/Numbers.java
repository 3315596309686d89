package dev.sharedregion.bench;

import java.nio.ByteBuffer;

/** The payload of the round trips: its number, and the numbers after it, computed in place. */
final class Numbers extends Payload {
    private final ByteBuffer own = memory(SIZE, 0);

    Numbers() {
        super(SIZE);
    }

    @Override
    void write(ByteBuffer buffer, int at, long number) {
        for (int word = 0; word < SIZE; word += Long.BYTES) {
            buffer.putLong(at + word, number + word / Long.BYTES);
        }
    }

    @Override
    long read(ByteBuffer buffer, int at) {
        long number = buffer.getLong(at);
        long wrong = 0;
        for (int word = 0; word < SIZE; word += Long.BYTES) {
            wrong |= buffer.getLong(at + word) ^ (number + word / Long.BYTES);
        }
        check(wrong, number);
        return number;
    }

    @Override
    ByteBuffer own(long number) {
        write(own, 0, number);
        return own;
    }

    /** For contenders that have no {@code ByteBuffer} to read from; {@code wrong} has the bits that differ. */
    static void check(long wrong, long number) {
        if (wrong != 0) {
            throw new IllegalStateException("The payload of round trip " + number + " is damaged.");
        }
    }
}
