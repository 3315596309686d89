package dev.sharedregion.internal.telemetry;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The reader's own memory: the copy that was seen last, and the one that an attempt makes. A torn copy is thrown away
 * here, so the user's buffer only ever gets whole ones. For one thread at a time.
 */
public final class Copies {
    private static final byte[] NONE = {};
    private static final long BETWEEN_COPIES_NANOS = TimeUnit.MICROSECONDS.toNanos(5);

    private byte[] seen = NONE;
    private int seenLength;
    private long seenKey;
    private boolean hasSeen;

    /** Whether the memory was opened anew since: its keys may have begun again. */
    private boolean moved;

    private byte[] next = NONE;
    private int nextLength;
    private long nextKey;

    /** For a second copy that is compared with the first. */
    private byte[] second = NONE;

    private int wanted;

    /** Begins an attempt to copy so many bytes at most. */
    void begin(int mostBytes) {
        wanted = mostBytes;
        nextLength = 0;
    }

    /** Notes that the memory has been opened anew. */
    void move() {
        moved = true;
    }

    /** Returns true if what has this key has been seen. */
    boolean isSeen(long key) {
        return hasSeen && !moved && key == seenKey;
    }

    /** Copies from the memory. */
    void take(SourceMemory memory, long offset, long available) {
        nextLength = (int) Math.min(wanted, available);
        next = ofLength(next, nextLength);
        memory.copy(offset, next, nextLength);
    }

    /**
     * As {@link #isSame}, after a time in which a producer that is writing goes on. Without it the second copy would
     * come out of the processor's cache before the producer could write its next cache line.
     */
    boolean isSameLater(SourceMemory memory, long offset) {
        spin(BETWEEN_COPIES_NANOS);
        return isSame(memory, offset);
    }

    /** Waits without giving the processor up: most producers write for less than this. */
    static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    /** Copies the same place a second time. Returns true if both copies are equal. */
    boolean isSame(SourceMemory memory, long offset) {
        second = ofLength(second, nextLength);
        memory.copy(offset, second, nextLength);
        return Arrays.equals(next, 0, nextLength, second, 0, nextLength);
    }

    private static byte[] ofLength(byte[] array, int length) {
        return array.length >= length ? array : new byte[length];
    }

    /** The copy is whole, and has this key. It is new unless the key says otherwise. */
    Attempt whole(long key) {
        nextKey = key;
        if (!hasSeen || key != seenKey || moved && !isSeenContent()) {
            return Attempt.NEW;
        }
        moved = false;
        return Attempt.SAME;
    }

    /** The copy is whole, and nothing but its content says whether it is new. */
    Attempt whole() {
        nextKey = 0;
        return hasSeen && isSeenContent() ? Attempt.SAME : Attempt.NEW;
    }

    private boolean isSeenContent() {
        return nextLength <= seenLength && Arrays.equals(next, 0, nextLength, seen, 0, nextLength);
    }

    /** The copy that was made is now the one that was seen last. */
    void accept() {
        byte[] free = seen;
        seen = next;
        seenLength = nextLength;
        seenKey = nextKey;
        hasSeen = true;
        moved = false;
        next = free;
    }

    byte[] seen() {
        return seen;
    }

    int seenLength() {
        return seenLength;
    }
}
