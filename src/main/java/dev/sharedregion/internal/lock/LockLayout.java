package dev.sharedregion.internal.lock;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of a lock's block, the region {@code x.lock}, in native byte order. {@code src/docs/lock.md} explains them.
 */
public final class LockLayout {
    /** 6 bytes that a block begins with, and after them uint16, the version of this layout. */
    public static final int MAGIC = 0;

    public static final int VERSION = 6;

    /** uint64: the word, which says who owns the lock. */
    public static final int WORD = 128;

    /** Where place 1 begins. Place 0 stands for no owner. */
    public static final int FIRST_PLACE = 256;

    /** From one place to the next. */
    public static final int PLACE_SIZE = 128;

    /** How many places there are. */
    public static final int PLACES = 255;

    /** uint64, in a place: who holds it. The byte at this offset is also what Linux locks. */
    public static final int OWNER = 0;

    /** Of the region: whole pages. */
    public static final int SIZE = 36_864;

    public static final byte[] MAGIC_VALUE = "SRLock".getBytes(StandardCharsets.US_ASCII);
    public static final short VERSION_VALUE = 1;

    /** Bits of the word: the place that owns the lock, or 0. */
    public static final int WORD_OWNER = 0xff;

    /** Bit of the word: a process sleeps, or is about to. */
    public static final int WORD_WAITERS = 0x100;

    /** Bit of the word: an owner died, and what the lock protects may be half done. */
    public static final int WORD_INCONSISTENT = 0x200;

    /** What the end of an ownership adds to the word. */
    public static final int WORD_GENERATION = 0x400;

    private LockLayout() {}
}
