package dev.sharedregion;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;

/**
 * Places that are locks on a byte of the block's descriptor: open-file-description locks, which the kernel drops with the
 * process, and which no process id can fool. See {@code fcntl(2)}.
 */
final class LinuxPlaces extends Places {
    /** {@code struct flock} of 64-bit Linux. */
    private static final int L_TYPE = 0;

    private static final int L_START = 8;
    private static final int L_LEN = 16;
    private static final int FLOCK_SIZE = 32;

    private final int fd;

    /** The argument of every call; guarded by this. */
    private final Memory flock = new Memory(FLOCK_SIZE);

    LinuxPlaces(PairBlock block, int fd) {
        super(block);
        this.fd = fd;
    }

    @Override
    boolean take(Side side) {
        if (fcntl(LibC.F_OFD_SETLK, side, LibC.F_WRLCK) == ErrNo.EAGAIN) {
            return false;
        }
        block.setOwner(side, owner(pid(), 0));
        return true;
    }

    @Override
    synchronized boolean isHeld(Side side) {
        fcntl(LibC.F_OFD_GETLK, side, LibC.F_WRLCK);
        return flock.getShort(L_TYPE) != LibC.F_UNLCK;
    }

    @Override
    Pointer process(Side side) {
        return null;
    }

    @Override
    void giveUp(Side side) {
        block.setOwner(side, 0);
        fcntl(LibC.F_OFD_SETLK, side, LibC.F_UNLCK);
    }

    @Override
    void close() {}

    /** 0, or EAGAIN if the lock is another's. */
    private synchronized int fcntl(int command, Side side, short type) {
        // All of it: a look leaves its findings there, and the kernel wants l_pid to be 0.
        flock.clear();
        flock.setShort(L_TYPE, type);
        flock.setLong(L_LEN, 1);
        flock.setLong(L_START, PairBlock.ownerOffset(side));
        if (LibC.fcntl(fd, command, Pointer.nativeValue(flock)) == 0) {
            return 0;
        }
        int errno = Native.getLastError();
        if (errno != ErrNo.EAGAIN) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, "Cannot tell who uses the pair", "fcntl", errno);
        }
        return errno;
    }
}
