package dev.sharedregion.internal.linux;

import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The result of {@code statx} for a file. The offsets are those of {@code linux/stat.h}. */
public final class FileStatus {
    private static final int STATX_SIZE = 256;
    private static final int STX_NLINK = 16;
    private static final int STX_UID = 20;
    private static final int STX_GID = 24;
    private static final int STX_MODE = 28;
    private static final int STX_INO = 32;
    private static final int STX_SIZE = 40;
    private static final int STX_DEV_MAJOR = 136;
    private static final int STX_DEV_MINOR = 140;

    /** {@code struct statx}. */
    private final ByteBuffer fields = ByteBuffer.allocate(STATX_SIZE).order(ByteOrder.nativeOrder());

    /** An empty status, which {@link #isAt} fills. */
    FileStatus() {}

    /** The open file. */
    static FileStatus of(int fd, Operation operation) {
        FileStatus file = of(fd);
        if (file == null) {
            throw Errno.last(operation, "statx");
        }
        return file;
    }

    /** The status of an open file; null if the system does not report it. */
    static FileStatus of(int fd) {
        FileStatus file = new FileStatus();
        return file.read(fd, new byte[] {0}, LibC.AT_EMPTY_PATH) == 0 ? file : null;
    }

    /** The status of the file at the path, without following symbolic links; null if there is none. */
    public static FileStatus at(byte[] path, Operation operation) {
        return new FileStatus().find(path, LibC.AT_SYMLINK_NOFOLLOW, operation);
    }

    /** The status of the file at the path, or behind the symbolic link there; null if there is none. */
    static FileStatus behind(byte[] path, Operation operation) {
        return new FileStatus().find(path, 0, operation);
    }

    private FileStatus find(byte[] path, int flags, Operation operation) {
        return Errno.succeeded(read(LibC.AT_FDCWD, path, flags), ErrNo.ENOENT, operation, "statx") ? this : null;
    }

    private int read(int dirFd, byte[] path, int flags) {
        return LibC.statx(dirFd, path, flags, LibC.STATX_BASIC_STATS, fields.array());
    }

    /**
     * Returns true if this file is at the path, without following symbolic links. Allocates nothing, because it is
     * called while an object is closed, which must succeed even after an OutOfMemoryError.
     *
     * @param scratch filled by the call; used by one thread at a time
     */
    boolean isAt(byte[] path, FileStatus scratch, Operation operation) {
        return scratch.find(path, LibC.AT_SYMLINK_NOFOLLOW, operation) != null
                && isSameFile(scratch.device(), scratch.inode());
    }

    boolean isSameFile(long device, long inode) {
        return device == device() && inode == inode();
    }

    public long device() {
        return (long) fields.getInt(STX_DEV_MAJOR) << Integer.SIZE
                | Integer.toUnsignedLong(fields.getInt(STX_DEV_MINOR));
    }

    public long inode() {
        return fields.getLong(STX_INO);
    }

    /** The file's type and permission bits. */
    int mode() {
        return Short.toUnsignedInt(fields.getShort(STX_MODE));
    }

    int links() {
        return fields.getInt(STX_NLINK);
    }

    int owner() {
        return fields.getInt(STX_UID);
    }

    int group() {
        return fields.getInt(STX_GID);
    }

    long size() {
        return fields.getLong(STX_SIZE);
    }

    boolean isRegular() {
        return (mode() & LibC.S_IFMT) == LibC.S_IFREG;
    }

    /** Returns true if the file belongs to this user or to root, which is equally trusted. */
    boolean isOwn() {
        return owner() == 0 || owner() == LibC.geteuid();
    }

    /** Fails with {@code WRONG_KIND} unless it is a regular file. */
    void checkRegular(Operation operation) {
        if (!isRegular()) {
            throw operation.failure(Reason.WRONG_KIND, "it is " + type() + ", not a regular file. Choose another.");
        }
    }

    private String type() {
        return switch (mode() & LibC.S_IFMT) {
            case LibC.S_IFDIR -> "a directory";
            case LibC.S_IFLNK -> "a symbolic link";
            default -> "a device, pipe or socket";
        };
    }
}
