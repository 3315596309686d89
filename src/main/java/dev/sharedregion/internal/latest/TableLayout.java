package dev.sharedregion.internal.latest;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of a table of latest values, the region {@code x.latest}, in native byte order. {@code src/docs/latest.md}
 * explains them.
 */
public final class TableLayout {
    /** 6 bytes that a table begins with, and after them uint16, the version of this layout. */
    public static final int MAGIC = 0;

    public static final int VERSION = 6;

    /** uint64: how many values there are. */
    public static final int COUNT = 8;

    /** uint64: the size of a value in bytes. */
    public static final int SIZE = 16;

    /** uint64: how many slots each value has. */
    public static final int SLOTS = 24;

    /** uint64: a number of the user's, or 0. */
    public static final int SCHEMA = 32;

    /** uint64: the writer. The byte at this offset is also what Linux locks. */
    public static final int OWNER = 64;

    /** uint64: the version of the table. */
    public static final int NEWEST = 128;

    /** Where value 0 begins. */
    public static final int FIRST_VALUE = 192;

    /** uint64, in a value: version and slot of the newest one, or 0. */
    public static final int LATEST = 0;

    /** In a value: where its slots begin. */
    public static final int FIRST_SLOT = 64;

    /** uint64, in a slot: twice the version that it holds, plus 1 while that is written. */
    public static final int SEQUENCE = 0;

    /** int64, in a slot: when it was written, in nanoseconds. */
    public static final int TIME = 8;

    /** In a slot: where the value's bytes begin. */
    public static final int BYTES = 64;

    /** What lengths are rounded up to. */
    public static final int LINE = 64;

    /** Bits of the latest word: the slot. Its version is in the bits above. */
    public static final int LATEST_SLOT = 0xff;

    /** Where the version is in the latest word. */
    public static final int LATEST_VERSION_SHIFT = 8;

    public static final int FEWEST_SLOTS = 2;
    public static final int MOST_SLOTS = 255;

    /** The largest count. */
    public static final int MOST_VALUES = Integer.MAX_VALUE;

    /** The largest size of a value: a slot has at most 1 GiB. */
    public static final int LARGEST_SIZE = (1 << 30) - BYTES;

    public static final byte[] MAGIC_VALUE = "SRLast".getBytes(StandardCharsets.US_ASCII);
    public static final short VERSION_VALUE = 1;

    private TableLayout() {}
}
