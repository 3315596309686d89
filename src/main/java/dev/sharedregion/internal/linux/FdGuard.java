package dev.sharedregion.internal.linux;

/** Closes a descriptor at the end of a try block, unless the block has handed over the descriptor. For one thread. */
final class FdGuard implements AutoCloseable {
    private static final int NONE = -1;

    private int fd = NONE;

    /** Holds this descriptor, or nothing if it is negative, and returns it. */
    int hold(int newFd) {
        fd = newFd;
        return newFd;
    }

    /** Closes nothing, because the result owns the descriptor now. Returns the result. */
    <R> R dismiss(R result) {
        fd = NONE;
        return result;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            LibC.close(fd);
        }
    }
}
