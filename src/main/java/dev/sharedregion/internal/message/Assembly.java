package dev.sharedregion.internal.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The parts of one message, as far as they have come. For one thread at a time. */
final class Assembly {
    private static final int FIRST_SIZE = 4096;

    private final String what;

    /** How long an assembled message may be. */
    private final int limit;

    /** Null while there is no message. */
    private byte[] bytes;

    /** Of the message so far, also if that is longer than the limit. */
    private long length;

    /** How many bytes of it are here. */
    private int added;

    Assembly(String what, int limit) {
        this.what = what;
        this.limit = limit;
    }

    boolean isOpen() {
        return bytes != null;
    }

    /** Begins a message. Drops what has come of another one. */
    void begin() {
        drop();
        bytes = new byte[Math.min(FIRST_SIZE, limit)];
    }

    void drop() {
        bytes = null;
        length = 0;
        added = 0;
    }

    /** Adds a part. If there is not enough memory for it, the message is dropped. */
    void add(ByteBuffer part) {
        byte[] soFar = bytes;
        length += part.remaining();
        if (length <= limit) {
            bytes = null;
            byte[] room = length <= soFar.length ? soFar : Arrays.copyOf(soFar, larger(soFar.length));
            part.get(part.position(), room, added, part.remaining());
            added = (int) length;
            bytes = room;
        }
    }

    private int larger(int size) {
        return (int) Math.min(limit, Math.max(2L * size, length));
    }

    /** The message, if it is longer than the limit; null if it is not. */
    TooLong tooLong() {
        return length <= limit ? null : new TooLong(what, length, limit);
    }

    /** Takes the message out, after its last part. If it is too long, takes the parts out that are within the limit. */
    ByteBuffer finish() {
        ByteBuffer whole = ByteBuffer.wrap(bytes, 0, added).slice().asReadOnlyBuffer();
        drop();
        return whole.order(ByteOrder.nativeOrder());
    }
}
