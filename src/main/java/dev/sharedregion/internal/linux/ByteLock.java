package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

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

    // The arguments of the calls. The kernel only reads the first two.
    private final ByteBuffer lock = newArgument();
    private final ByteBuffer unlock = newArgument();
    private final ByteBuffer found = newArgument();

    private final long offset;

    /**
     * A lock that is not taken yet.
     *
     * @param type {@code F_RDLCK} or {@code F_WRLCK}
     */
    ByteLock(long offset, short type) {
        this.offset = offset;
        fill(lock, type);
        fill(unlock, LibC.F_UNLCK);
    }

    /** Not native memory, which takes far longer to allocate. */
    private static ByteBuffer newArgument() {
        return ByteBuffer.allocate(FLOCK_SIZE).order(ByteOrder.nativeOrder());
    }

    private void fill(ByteBuffer argument, short type) {
        // All of it: the kernel wants l_pid to be 0, and a look leaves another one there.
        Arrays.fill(argument.array(), (byte) 0);
        argument.putShort(L_TYPE, type).putLong(L_START, offset).putLong(L_LEN, 1);
    }

    /** Takes the lock. Returns 0, {@code EAGAIN} if another open file has it, or another error code. */
    int take(int fd) {
        return fcntl(fd, LibC.F_OFD_SETLK, lock);
    }

    /** Returns 0, or the error code. */
    int release(int fd) {
        return fcntl(fd, LibC.F_OFD_SETLK, unlock);
    }

    /**
     * Looks for another open file's lock that includes the byte.
     *
     * @param alone whether only a lock on this one byte counts
     * @return {@code EAGAIN} if there is one, 0 if there is none, or another error code
     */
    synchronized int look(int fd, boolean alone) {
        fill(found, LibC.F_WRLCK);
        int errno = fcntl(fd, LibC.F_OFD_GETLK, found);
        boolean isThere = found.getShort(L_TYPE) != LibC.F_UNLCK
                && (!alone || found.getLong(L_START) == offset && found.getLong(L_LEN) == 1);
        return errno == 0 && isThere ? ErrNo.EAGAIN : errno;
    }

    private int fcntl(int fd, int command, ByteBuffer argument) {
        return LibC.fcntl(fd, command, argument.array()) == 0 ? 0 : Native.getLastError();
    }
}
