package dev.sharedregion.internal.latest;

import java.nio.charset.StandardCharsets;

/**
 * The bytes in which readers wait for newer values, the region {@code x.newer}, in native byte order.
 * {@code src/docs/latest.md} explains them.
 */
public final class NewerLayout {
    /** 6 bytes that the region begins with, and after them uint16, the version of this layout. */
    public static final int MAGIC = 0;

    public static final int VERSION = 6;

    /** uint64: a bit for each place whose reader sleeps, or is about to. */
    public static final int WAITING = 128;

    /** Where place 1 begins. */
    public static final int FIRST_PLACE = 256;

    /** From one place to the next. */
    public static final int PLACE_SIZE = 128;

    /** How many places there are. */
    public static final int PLACES = 64;

    /** uint64, in a place: who holds it. The byte at this offset is also what Linux locks. */
    public static final int OWNER = 0;

    /** uint64, in a place: 0 for any value, or the index of a value plus 1. */
    public static final int WANTED = 64;

    /** Of the region. */
    public static final int SIZE = FIRST_PLACE + PLACES * PLACE_SIZE;

    public static final byte[] MAGIC_VALUE = "SRNews".getBytes(StandardCharsets.US_ASCII);
    public static final short VERSION_VALUE = 1;

    private NewerLayout() {}
}
