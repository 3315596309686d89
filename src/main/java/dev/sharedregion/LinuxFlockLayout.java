package dev.sharedregion;

/** {@code struct flock} of 64-bit Linux, the argument of {@code fcntl} for locks. */
final class LinuxFlockLayout {
    static final int L_TYPE = 0;
    static final int L_START = 8;
    static final int L_LEN = 16;
    static final int FLOCK_SIZE = 32;

    private LinuxFlockLayout() {}
}
