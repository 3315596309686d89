package dev.sharedregion.bench;

import java.nio.ByteBuffer;

/** The 64 bytes of a round trip: its number, and the numbers after it. The references in C have the same. */
final class Payload {
    static final int SIZE = 64;

    private Payload() {}

    static void write(ByteBuffer buffer, long number) {
        for (int at = 0; at < SIZE; at += Long.BYTES) {
            buffer.putLong(at, number + at / Long.BYTES);
        }
    }

    /** Reads all of it, and returns the number. */
    static long read(ByteBuffer buffer) {
        long number = buffer.getLong(0);
        long wrong = 0;
        for (int at = 0; at < SIZE; at += Long.BYTES) {
            wrong |= buffer.getLong(at) ^ (number + at / Long.BYTES);
        }
        if (wrong != 0) {
            throw new IllegalStateException("The payload of round trip " + number + " is damaged.");
        }
        return number;
    }
}
