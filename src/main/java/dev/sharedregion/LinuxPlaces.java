package dev.sharedregion;

import static dev.sharedregion.LinuxFlockLayout.FLOCK_SIZE;
import static dev.sharedregion.LinuxFlockLayout.L_LEN;
import static dev.sharedregion.LinuxFlockLayout.L_START;
import static dev.sharedregion.LinuxFlockLayout.L_TYPE;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Places that are locks on a byte of the block's descriptor: open-file-description locks, which the kernel drops with the
 * process, and which no process id can fool. See {@code fcntl(2)}.
 */
final class LinuxPlaces extends Places {
    private static final int PID_NAMESPACE = pidNamespace();

    private final int fd;

    /** Of the block; guarded by this. */
    private LinuxDeathWatch watch;

    private boolean closed;

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
        block.setOwner(side, self());
        return true;
    }

    @Override
    long self() {
        return owner(pid(), PID_NAMESPACE);
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
    synchronized boolean watch(Side side, Runnable onEnd) {
        if (watch != null && watch.isWorking()) {
            return true;
        }
        unwatch();
        if (!closed) {
            watch = LinuxDeathWatch.of(fd, onEnd);
        }
        // The peer may have let go before, and its place may have been held still at the last look: look once more, soon.
        return false;
    }

    @Override
    void giveUp(Side side) {
        try {
            block.setOwner(side, 0);
        } finally {
            fcntl(LibC.F_OFD_SETLK, side, LibC.F_UNLCK);
        }
    }

    @Override
    synchronized void close() {
        closed = true;
        unwatch();
    }

    private void unwatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    /** The inode of this process's namespace of process ids, or 0. See {@code pid_namespaces(7)}. */
    private static int pidNamespace() {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/pid")).toString();
            return Integer.parseUnsignedInt(link.replaceAll("[^0-9]", ""));
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

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
