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

    /** Of whoever holds the peer's place; guarded by this. */
    private LinuxDeathWatch watch;

    /** The owner field that {@link #watch} belongs to; guarded by this. */
    private long watchedOwner;

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
        long owner = block.owner(side);
        // One that has been told of is another process of the same id.
        if (watch != null && owner == watchedOwner && !watch.hasEnded()) {
            return true;
        }
        unwatch();
        // The id says nothing in another namespace.
        if (closed || PID_NAMESPACE == 0 || (int) owner != PID_NAMESPACE) {
            return false;
        }
        watch = LinuxDeathWatch.of(pid(owner), onEnd);
        watchedOwner = owner;
        // Held by the one who was there before it was watched: then that is who is watched, whatever ids are used again.
        return watch != null && block.owner(side) == owner && isHeld(side);
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
