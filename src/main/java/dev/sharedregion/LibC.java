package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The C library's functions that the Linux backend calls, as the man pages declare them on 64-bit Linux, and the
 * constants that differ between processors. Declarations only. A function that fails leaves {@code errno} in
 * {@link Native#getLastError()} of the calling thread. Paths are bytes that end in a NUL, so
 * that no locale has a say in them.
 */
final class LibC {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_APPEND = 02000;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;
    /** {@code asm-generic/fcntl.h}, which Arm and PowerPC override. */
    static final int O_NOFOLLOW = overridesFcntl() ? 0100000 : 0400000;

    /** {@code O_DIRECTORY} is a part of it; again Arm and PowerPC differ. */
    static final int O_TMPFILE = 020000000 | (overridesFcntl() ? 040000 : 0200000);

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    static final int AT_EMPTY_PATH = 0x1000;

    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;
    static final int LOCK_UN = 8;

    static final int F_SETFL = 4;
    static final int F_OFD_GETLK = 36;
    static final int F_OFD_SETLK = 37;
    static final short F_RDLCK = 0;
    static final short F_WRLCK = 1;
    static final short F_UNLCK = 2;

    static final int F_ADD_SEALS = 1033;
    static final int F_GET_SEALS = 1034;
    static final int F_SEAL_SEAL = 1;
    static final int F_SEAL_SHRINK = 2;
    static final int F_SEAL_GROW = 4;

    static final int MFD_CLOEXEC = 1;
    static final int MFD_ALLOW_SEALING = 2;
    static final int MFD_NOEXEC_SEAL = 8;

    static final int SEEK_DATA = 3;

    static final int IN_CLOSE_WRITE = 8;
    static final int IN_Q_OVERFLOW = 0x4000;
    static final int IN_IGNORED = 0x8000;

    static final int PROT_NONE = 0;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;

    /** {@code asm-generic/mman.h}, which PowerPC overrides. */
    static final int MAP_NORESERVE = Platform.isPPC() ? 0x40 : 0x4000;

    static final int MREMAP_MAYMOVE = 1;
    static final int MREMAP_FIXED = 2;
    static final int MS_SYNC = 4;
    static final long MAP_FAILED = -1;

    static final int STATX_BASIC_STATS = 0x7ff;
    static final int S_IFMT = 0170000;
    static final int S_IFREG = 0100000;
    static final int S_IFDIR = 0040000;
    static final int S_IFLNK = 0120000;
    static final int S_ISVTX = 01000;
    static final int S_IXUSR = 0100;

    /** Shared between processes, as {@code FUTEX_PRIVATE_FLAG} is not set. */
    static final int FUTEX_WAIT = 0;

    static final int FUTEX_WAKE = 1;
    static final int FUTEX_WAKE_OP = 5;
    static final int FUTEX_OP_ADD = 1;

    /** The number of the {@code futex} system call, for which the C library has no function. */
    static final long SYS_FUTEX = Platform.isARM() || Platform.ARCH.startsWith("riscv") || Platform.isLoongArch()
            ? 98
            : Platform.isPPC() ? 221 : Platform.ARCH.startsWith("s390") ? 238 : 202;

    static {
        Native.register(LibC.class, Platform.C_LIBRARY_NAME);
    }

    private LibC() {}

    private static boolean overridesFcntl() {
        return Platform.isARM() || Platform.isPPC();
    }

    static native int open(byte[] path, int flags, int mode);

    static native int close(int fd);

    static native int ftruncate(int fd, long length);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native long lseek(int fd, long offset, int whence);

    static native int fchmod(int fd, int mode);

    static native int flock(int fd, int operation);

    static native int linkat(int oldDirFd, byte[] oldPath, int newDirFd, byte[] newPath, int flags);

    static native int unlink(byte[] path);

    static native int statx(int dirFd, byte[] path, int flags, int mask, byte[] statx);

    static native long pread(int fd, byte[] buffer, long count, long offset);

    static native long pwrite(int fd, byte[] buffer, long count, long offset);

    static native long mmap(long address, long length, int prot, int flags, int fd, long offset);

    static native long mremap(long oldAddress, long oldLength, long newLength, int flags, long newAddress);

    static native int munmap(long address, long length);

    static native int munlock(long address, long length);

    static native int mprotect(long address, long length, int prot);

    static native int msync(long address, long length, int flags);

    static native int fcntl(int fd, int command, long argument);

    static native int memfd_create(byte[] name, int flags);

    static native int inotify_init1(int flags);

    static native int inotify_add_watch(int fd, byte[] path, int mask);

    static native int inotify_rm_watch(int fd, int descriptor);

    static native long read(int fd, byte[] buffer, long count);

    static native long write(int fd, byte[] buffer, long count);

    static native int getpagesize();

    static native int geteuid();

    static native int getegid();

    static native long syscall(
            long number, long address, int operation, int value, long value2, long address2, int value3);
}
