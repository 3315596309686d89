package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.SharedMemoryException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** What {@code statx} tells of a file, and how a file gets its size. The offsets are those of {@code linux/stat.h}. */
record LinuxFile(long device, long inode, int mode, int links, int owner, int group, long size) {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private static final int STATX_SIZE = 256;
    private static final int STX_NLINK = 16;
    private static final int STX_UID = 20;
    private static final int STX_GID = 24;
    private static final int STX_MODE = 28;
    private static final int STX_INO = 32;
    private static final int STX_SIZE = 40;
    private static final int STX_DEV_MAJOR = 136;
    private static final int STX_DEV_MINOR = 140;

    /** How many bytes are written or read at once. */
    private static final int CHUNK = 1 << 16;

    private static VarHandle view(Class<?> elements) {
        return MethodHandles.byteArrayViewVarHandle(elements, ByteOrder.nativeOrder());
    }

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
        byte[] fields = new byte[STATX_SIZE];
        if (LibC.statx(dirFd, path, flags, LibC.STATX_BASIC_STATS, fields) != 0) {
            return null;
        }
        return new LinuxFile(
                device(fields),
                inode(fields),
                (short) SHORT.get(fields, STX_MODE) & 0xffff,
                (int) INT.get(fields, STX_NLINK),
                (int) INT.get(fields, STX_UID),
                (int) INT.get(fields, STX_GID),
                (long) LONG.get(fields, STX_SIZE));
    }

    private static long device(byte[] fields) {
        return (long) (int) INT.get(fields, STX_DEV_MAJOR) << Integer.SIZE
                | Integer.toUnsignedLong((int) INT.get(fields, STX_DEV_MINOR));
    }

    private static long inode(byte[] fields) {
        return (long) LONG.get(fields, STX_INO);
    }

    /** What {@link #isAt} needs. */
    static byte[] scratch() {
        return new byte[STATX_SIZE];
    }

    /**
     * Whether this very file is at the path, symbolic links not followed. Allocates nothing, because it is called while
     * an object is closed, which must succeed after an OutOfMemoryError too.
     *
     * @param scratch from {@link #scratch}; by one thread at a time
     */
    boolean isAt(byte[] path, byte[] scratch, String failed) {
        if (LibC.statx(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW, LibC.STATX_BASIC_STATS, scratch) == 0) {
            return device(scratch) == device && inode(scratch) == inode;
        }
        found(null, failed);
        return false;
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

    /** Gives a new file, which no other process can have open, its size; on failure it may have a part of that. */
    static void setSize(int fd, long size, boolean reserve, String failed) {
        if (reserve) {
            allocate(fd, 0, size, failed);
        } else if (LibC.ftruncate(fd, size) != 0) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "ftruncate", Native.getLastError());
        }
    }

    /**
     * Grows a file that other processes may be growing at this moment, so by calls that can neither shorten nor overwrite
     * it; on failure it may have grown by a part of that.
     */
    static void grow(int fd, long from, long to, boolean reserve, String failed) {
        allocate(fd, reserve ? from : to - 1, to, failed);
    }

    /** Not {@code posix_fallocate}, which writes into the file where the file system knows no {@code fallocate}. */
    private static void allocate(int fd, long from, long to, String failed) {
        int errno;
        do {
            errno = LibC.fallocate(fd, 0, from, to - from) == 0 ? 0 : Native.getLastError();
        } while (errno == ErrNo.EINTR);
        if (errno == ErrNo.EOPNOTSUPP) {
            appendZeros(fd, to, failed);
        } else if (errno != 0) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "fallocate", errno);
        }
    }

    private static void appendZeros(int fd, long to, String failed) {
        if (LibC.fcntl(fd, LibC.F_SETFL, LibC.O_APPEND | LibC.O_NONBLOCK) != 0) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "fcntl(F_SETFL)", Native.getLastError());
        }
        byte[] zeros = new byte[CHUNK];
        for (long left; (left = to - of(fd, failed).size()) > 0; ) {
            int errno = LibC.write(fd, zeros, Math.min(left, CHUNK)) < 0 ? Native.getLastError() : 0;
            if (errno != 0 && errno != ErrNo.EINTR) {
                throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "write", errno);
            }
        }
    }

    /**
     * Takes the growth of a file back, after a failure, if that harms nobody: if no other user of this library has the
     * file open, it has not grown further, and nobody has written to the new part. If it cannot, that failure is the one to
     * tell of.
     */
    static void shrinkBack(int fd, long from, long to) {
        if (LibC.flock(fd, LibC.LOCK_EX | LibC.LOCK_NB) != 0) {
            return;
        }
        LinuxFile now = of(fd);
        if (now != null && now.size() > from && now.size() <= to && isZero(fd, from, now.size())) {
            LibC.ftruncate(fd, from);
        }
    }

    private static boolean isZero(int fd, long from, long to) {
        byte[] chunk = new byte[CHUNK];
        for (long at = from; at < to; ) {
            // Without reading holes and what is only reserved, which can be far more than there is memory.
            long data = LibC.lseek(fd, at, LibC.SEEK_DATA);
            if (data < 0) {
                return Native.getLastError() == ErrNo.ENXIO;
            }
            if (data >= to) {
                return true;
            }
            int length = (int) LibC.pread(fd, chunk, Math.min(to - data, CHUNK), data);
            if (length <= 0 || IntStream.range(0, length).anyMatch(i -> chunk[i] != 0)) {
                return false;
            }
            at = data + length;
        }
        return true;
    }
}
