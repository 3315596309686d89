package dev.sharedregion.internal.linux;

/** {@code struct flock} of 64-bit Linux, the argument of {@code fcntl} for locks. */
public final class FlockLayout {
    public static final int L_TYPE = 0;
    public static final int L_START = 8;
    public static final int L_LEN = 16;
    public static final int FLOCK_SIZE = 32;

    private FlockLayout() {}
}
