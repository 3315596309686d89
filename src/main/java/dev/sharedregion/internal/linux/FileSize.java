package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.linux.Fcntl;
import dev.sharedregion.internal.os.Operation;
import java.util.stream.IntStream;

/** Sets the size of a file, and takes a growth back. */
final class FileSize {
    /** How many bytes are written or read at once. */
    private static final int CHUNK = 1 << 16;

    private FileSize() {}

    /**
     * Sets the size of a new file, which no other process can have open. After a failure it may have a part of the
     * size.
     */
    static void set(int fd, long size, boolean reserve, Operation operation) {
        if (reserve) {
            allocate(fd, 0, size, operation);
        } else {
            Errno.check(LibC.ftruncate(fd, size), operation, "ftruncate");
        }
    }

    /**
     * Grows a file that other processes may be growing at the same time. It therefore uses calls that can neither
     * shorten nor overwrite the file. After a failure the file may have grown by a part.
     */
    static void grow(int fd, long from, long to, boolean reserve, Operation operation) {
        allocate(fd, reserve ? from : to - 1, to, operation);
    }

    /**
     * Not {@code posix_fallocate}, which writes into the file if the file system does not support {@code fallocate}.
     */
    private static void allocate(int fd, long from, long to, Operation operation) {
        int result;
        do {
            result = LibC.fallocate(fd, 0, from, to - from);
        } while (result < 0 && Native.getLastError() == ErrNo.EINTR);
        if (!Errno.succeeded(result, ErrNo.EOPNOTSUPP, operation, "fallocate")) {
            appendZeros(fd, to, operation);
        }
    }

    private static void appendZeros(int fd, long to, Operation operation) {
        Errno.check(LibC.fcntl(fd, LibC.F_SETFL, Fcntl.O_APPEND | Fcntl.O_NONBLOCK), operation, "fcntl(F_SETFL)");
        byte[] zeros = new byte[CHUNK];
        for (long left; (left = to - FileStatus.of(fd, operation).size()) > 0; ) {
            Errno.succeeded((int) LibC.write(fd, zeros, Math.min(left, CHUNK)), ErrNo.EINTR, operation, "write");
        }
    }

    /**
     * Takes the growth of a file back after a failure, if this harms no other process: if no other user of this
     * library has the file open, the file has not grown further, and the new part is still zero. If this fails, the
     * first failure is reported.
     */
    static void shrinkBack(int fd, long from, long to) {
        if (LibC.flock(fd, LibC.LOCK_EX | LibC.LOCK_NB) != 0) {
            return;
        }
        FileStatus now = FileStatus.of(fd);
        if (now != null && now.size() > from && now.size() <= to && isZero(fd, from, now.size())) {
            LibC.ftruncate(fd, from);
        }
    }

    private static boolean isZero(int fd, long from, long to) {
        byte[] chunk = new byte[CHUNK];
        for (long at = from; at < to; ) {
            // Skips holes and memory that is only reserved, because these can be far larger than the machine's memory.
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
