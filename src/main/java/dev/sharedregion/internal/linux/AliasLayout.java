package dev.sharedregion.internal.linux;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of an alias in {@code /dev/shm}: the name of a region whose memory is a file elsewhere. In native byte
 * order; {@code src/docs/linux-objects.md} tells other programs how to use them.
 */
public final class AliasLayout {
    /** 8 bytes that no other object begins with. */
    public static final int MAGIC = 0;

    /** int32: the version of this layout. */
    public static final int VERSION = 8;

    /** int32: {@link #WRITABLE} or 0. */
    public static final int FLAGS = 12;

    /** int64: the region's size. */
    public static final int REGION_SIZE = 16;

    /** int64: the device that the file is on, its major number in the upper half. */
    public static final int DEVICE = 24;

    /** int64: the file's inode. */
    public static final int INODE = 32;

    /** The file's absolute path, ended by a NUL. */
    public static final int PATH = 40;

    /** The size includes PATH_MAX bytes for the path. */
    public static final int SIZE = PATH + 4096;

    public static final byte[] MAGIC_VALUE = "SRAlias\n".getBytes(StandardCharsets.US_ASCII);
    public static final int VERSION_VALUE = 1;
    public static final int WRITABLE = 1;

    private AliasLayout() {}
}
