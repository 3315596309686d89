package dev.sharedregion.internal.linux;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of an event in {@code /dev/shm}, in native byte order. {@code src/docs/linux-objects.md} tells other
 * programs how to use them.
 */
public final class FutexEventLayout {
    /** 8 bytes that no other object begins with. */
    public static final int MAGIC = 0;

    /** int32: the version of this layout. */
    public static final int VERSION = 8;

    /** int32: {@link #MANUAL_RESET} or 0. */
    public static final int FLAGS = 12;

    /** int32, the futex: {@link #SET} in bit 0; above it a count that is raised to make waiters check their state. */
    public static final int STATE = 16;

    /**
     * int32. Auto-reset: how many sleeping waiters were released and have not noticed it yet. Manual-reset: how often
     * the event was set; a waiter that sees this change is released.
     */
    public static final int RELEASES = 20;

    public static final int SIZE = 64;

    public static final byte[] MAGIC_VALUE = "SREvent\n".getBytes(StandardCharsets.US_ASCII);
    public static final int VERSION_VALUE = 1;
    public static final int MANUAL_RESET = 1;
    public static final int SET = 1;
    public static final int LOOK_UP = 2;

    private FutexEventLayout() {}
}
