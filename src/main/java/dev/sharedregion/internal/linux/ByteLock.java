package dev.sharedregion.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;

/**
 * A lock on one byte of a file, which belongs to an open file and ends with it (an open-file-description lock, see
 * {@code fcntl(2)}). No call needs memory, so that a close succeeds after an OutOfMemoryError, too.
 */
final class ByteLock {
    // struct flock of 64-bit Linux.
    private static final int L_TYPE = 0;
    private static final int L_START = 8;
    private static final int L_LEN = 16;
    private static final int FLOCK_SIZE = 32;

    // Where the three arguments of the calls lie. The kernel only reads the first two.
    private static final int LOCK = 0;
    private static final int UNLOCK = FLOCK_SIZE;
    private static final int FOUND = 2 * FLOCK_SIZE;

    private final Memory arguments = new Memory(3 * FLOCK_SIZE);
    private final long offset;

    /**
     * A lock that is not taken yet.
     *
     * @param type {@code F_RDLCK} or {@code F_WRLCK}
     */
    ByteLock(long offset, short type) {
        this.offset = offset;
        fill(LOCK, type);
        fill(UNLOCK, LibC.F_UNLCK);
    }

    private void fill(int argument, short type) {
        // All of it: the kernel wants l_pid to be 0, and a look leaves another one there.
        arguments.setMemory(argument, FLOCK_SIZE, (byte) 0);
        arguments.setShort(argument + L_TYPE, type);
        arguments.setLong(argument + L_START, offset);
        arguments.setLong(argument + L_LEN, 1);
    }

    /** Takes the lock. Returns 0, {@code EAGAIN} if another open file has it, or another error code. */
    int take(int fd) {
        return fcntl(fd, LibC.F_OFD_SETLK, LOCK);
    }

    /** Returns 0, or the error code. */
    int release(int fd) {
        return fcntl(fd, LibC.F_OFD_SETLK, UNLOCK);
    }

    /**
     * Looks for another open file's lock that includes the byte.
     *
     * @param alone whether only a lock on this one byte counts
     * @return {@code EAGAIN} if there is one, 0 if there is none, or another error code
     */
    synchronized int look(int fd, boolean alone) {
        fill(FOUND, LibC.F_WRLCK);
        int errno = fcntl(fd, LibC.F_OFD_GETLK, FOUND);
        boolean found = arguments.getShort(FOUND + L_TYPE) != LibC.F_UNLCK
                && (!alone || arguments.getLong(FOUND + L_START) == offset && arguments.getLong(FOUND + L_LEN) == 1);
        return errno == 0 && found ? ErrNo.EAGAIN : errno;
    }

    private int fcntl(int fd, int command, int argument) {
        return LibC.fcntl(fd, command, Pointer.nativeValue(arguments) + argument) == 0 ? 0 : Native.getLastError();
    }
}
