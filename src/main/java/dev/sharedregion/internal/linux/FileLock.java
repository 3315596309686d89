package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.os.Operation;
import java.util.concurrent.TimeUnit;

/**
 * The locks by which the users of a mapped file detect each other: each user has a shared {@code flock}, and an
 * exclusive user also has a read lock on one byte. The protocol and its interleavings are in
 * {@code src/docs/linux-objects.md}.
 */
public final class FileLock {
    /** Beyond the end of every file. */
    private static final long EXCLUSIVE_BYTE = Long.MAX_VALUE - 1;

    /** How long a lock is tried that others may hold for a moment: to become exclusive, or to take a growth back. */
    private static final long LOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Created once, so that closing a file needs no memory. */
    private static final ByteLock EXCLUSIVE = exclusive();

    private FileLock() {}

    /** Becomes a user of the file. Fails with {@code IN_USE} if it has an exclusive user. */
    public static void share(int fd, Operation operation) {
        if (shareByName(fd, operation) && askForExclusiveUser(fd) == ErrNo.EAGAIN) {
            throw Errno.failure(operation, "fcntl", ErrNo.EAGAIN);
        }
    }

    /**
     * Becomes a user of a file that may have an exclusive user, who has allowed this by giving the file a name.
     *
     * @return false if the file system has no locks; the file can then be used by all processes that do not ask for
     *     one
     */
    public static boolean shareByName(int fd, Operation operation) {
        int errno = lock(fd, LibC.LOCK_SH);
        if (errno == ErrNo.EAGAIN) {
            throw Errno.failure(operation, "flock", errno);
        }
        return errno == 0;
    }

    /** Becomes the exclusive user of the file. Fails with {@code IN_USE} if there is any other user. */
    public static void takeExclusively(int fd, Operation operation) {
        checkLocked(lock(fd, LibC.LOCK_EX), "flock", operation);
        // Another exclusive user has no flock while it changes its own into a shared one.
        checkLocked(askForExclusiveUser(fd), "fcntl", operation);
        checkLocked(EXCLUSIVE.take(fd), "fcntl", operation);
        // A shared lock, so that processes that open the file by its name can be users, too.
        checkLocked(lock(fd, LibC.LOCK_SH), "flock", operation);
    }

    /**
     * Stops being a user, and closes the descriptor. If a mapping remains, it keeps the open file, and so its locks.
     */
    public static void release(int fd) {
        try {
            EXCLUSIVE.release(fd);
        } finally {
            ShmObject.unlockAndClose(fd);
        }
    }

    private static void checkLocked(int errno, String call, Operation operation) {
        if (errno != 0) {
            throw Errno.failure(operation, call, errno);
        }
    }

    /** 0, or why not. */
    private static int lock(int fd, int how) {
        Backoff backoff = Backoff.upTo(LOCK_NANOS);
        while (LibC.flock(fd, how | LibC.LOCK_NB) != 0) {
            int errno = Native.getLastError();
            if (errno != ErrNo.EAGAIN || !backoff.pause()) {
                return errno;
            }
        }
        return 0;
    }

    /** EAGAIN if there is one, 0 if there is none, or the code of the failure. */
    private static int askForExclusiveUser(int fd) {
        // With an object of its own: a look excludes other looks with it, and a network's file system may keep one
        // long. A lock of another program on the whole file means nothing here.
        return exclusive().look(fd, true);
    }

    private static ByteLock exclusive() {
        return new ByteLock(EXCLUSIVE_BYTE, LibC.F_RDLCK);
    }
}
