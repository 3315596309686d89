package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.SharedMemoryException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What {@code statx} tells of a file, and how a file gets its size. The offsets are those of {@code linux/stat.h}. */
record LinuxFile(long device, long inode, int mode, int owner, long size) {
    private static final int STATX_SIZE = 256;
    private static final int STX_UID = 20;
    private static final int STX_MODE = 28;
    private static final int STX_INO = 32;
    private static final int STX_SIZE = 40;
    private static final int STX_DEV_MAJOR = 136;
    private static final int STX_DEV_MINOR = 140;

    /** The open file. */
    static LinuxFile of(int fd, String failed) {
        LinuxFile file = of(fd);
        if (file == null) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "statx", Native.getLastError());
        }
        return file;
    }

    private static LinuxFile of(int fd) {
        return statx(fd, new byte[] {0}, LibC.AT_EMPTY_PATH);
    }

    /** What is at the path, symbolic links not followed; null if there is nothing. */
    static LinuxFile at(byte[] path, String failed) {
        return found(statx(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW), failed);
    }

    /** What is at the path, or behind the symbolic link there; null if there is nothing. */
    static LinuxFile behind(byte[] path, String failed) {
        return found(statx(LibC.AT_FDCWD, path, 0), failed);
    }

    private static LinuxFile found(LinuxFile file, String failed) {
        int errno = file == null ? Native.getLastError() : 0;
        if (errno != 0 && errno != ErrNo.ENOENT) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "statx", errno);
        }
        return file;
    }

    private static LinuxFile statx(int dirFd, byte[] path, int flags) {
        byte[] statx = new byte[STATX_SIZE];
        if (LibC.statx(dirFd, path, flags, LibC.STATX_BASIC_STATS, statx) != 0) {
            return null;
        }
        ByteBuffer fields = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
        return new LinuxFile(
                (long) fields.getInt(STX_DEV_MAJOR) << Integer.SIZE | Integer.toUnsignedLong(fields.getInt(STX_DEV_MINOR)),
                fields.getLong(STX_INO),
                Short.toUnsignedInt(fields.getShort(STX_MODE)),
                fields.getInt(STX_UID),
                fields.getLong(STX_SIZE));
    }

    boolean isRegular() {
        return (mode & LibC.S_IFMT) == LibC.S_IFREG;
    }

    /** The sticky bit, which means nothing on a regular file and so can be this library's mark. */
    boolean isSticky() {
        return (mode & LibC.S_ISVTX) != 0;
    }

    /** Whether it is this user's, or root's, which is as good. */
    boolean isOwn() {
        return owner == 0 || owner == LibC.geteuid();
    }

    /** The owner's right to execute, which no permissions of ours give: the mark of what is no plain region. */
    boolean isExecutable() {
        return (mode & LibC.S_IXUSR) != 0;
    }

    boolean isSameFile(LinuxFile other) {
        return device == other.device && inode == other.inode;
    }

    /** Fails with {@code WRONG_KIND} unless it is a regular file. */
    void checkRegular(String failed) {
        if (!isRegular()) {
            throw new SharedMemoryException(
                    Reason.WRONG_KIND, failed + ": it is " + kind() + ", not a regular file. Choose another.");
        }
    }

    String kind() {
        return switch (mode & LibC.S_IFMT) {
            case LibC.S_IFREG -> "a file";
            case LibC.S_IFDIR -> "a directory";
            case LibC.S_IFLNK -> "a symbolic link";
            default -> "a device, pipe or socket";
        };
    }

    /** Grows a file; on failure it may have grown by a part of that. */
    static void grow(int fd, long from, long to, boolean reserve, String failed) {
        int errno;
        do {
            if (reserve) {
                errno = LibC.posix_fallocate(fd, from, to - from);
            } else {
                errno = LibC.ftruncate(fd, to) == 0 ? 0 : Native.getLastError();
            }
        } while (errno == ErrNo.EINTR);
        if (errno != 0) {
            throw SystemErrors.failure(
                    SystemErrors.Source.ERRNO, failed, reserve ? "posix_fallocate" : "ftruncate", errno);
        }
    }

    /**
     * Takes the growth of a file back, after a failure, if that harms nobody: if no other user of this library has the
     * file open, and it has not grown further. If it cannot, that failure is the one to tell of.
     */
    static void shrinkBack(int fd, long from, long to) {
        if (LibC.flock(fd, LibC.LOCK_EX | LibC.LOCK_NB) != 0) {
            return;
        }
        LinuxFile now = of(fd);
        if (now != null && now.size() > from && now.size() <= to) {
            LibC.ftruncate(fd, from);
        }
    }
}
