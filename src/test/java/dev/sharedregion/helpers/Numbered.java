package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;

/** Messages of any length that tell whether they are whole: each byte depends on a number, the length and its place. */
public final class Numbered {
    private static final int FACTOR = 0x9e3779b1;

    private Numbered() {}

    /** A message for a number. */
    public static ByteBuffer of(int number, int length) {
        return fill(ByteBuffer.allocateDirect(length), number);
    }

    /** Fills a buffer from its start to its end, and returns it. */
    public static ByteBuffer fill(ByteBuffer message, int number) {
        for (int at = 0; at < message.capacity(); at++) {
            message.put(at, at(number, message.capacity(), at));
        }
        return message;
    }

    /** Fails unless the remaining bytes are the message of this number and length. */
    public static void check(ByteBuffer message, int number, int length) {
        assertEquals(length, message.remaining(), () -> "the length of message " + number);
        check(message, number, length, 0);
    }

    /** Fails unless the remaining bytes are those from this place on of the message of this number and length. */
    public static void check(ByteBuffer part, int number, int length, long from) {
        for (int at = part.position(); at < part.limit(); at++) {
            byte expected = at(number, length, from + at - part.position());
            if (part.get(at) != expected) {
                throw new IllegalStateException("message " + number + " of " + length + " bytes has " + part.get(at)
                        + " and not " + expected + " at " + (from + at - part.position()));
            }
        }
    }

    private static byte at(int number, int length, long place) {
        return (byte) (((number * 31 + length) * FACTOR >>> 13) + place * 13);
    }
}
