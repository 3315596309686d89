package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions of the C library that the Linux implementation calls, as the man pages declare them on 64-bit Linux,
 * Declarations only. A function that fails leaves {@code errno} in {@link Native#getLastError()} of the calling thread.
 * Paths are bytes that end in a NUL, so that the locale has no effect on them. The constants are those of jna-platform
 * ({@code Fcntl}, {@code Mman}), except for those that it lacks, that differ between processors, or that it has wrong:
 * its {@code MS_SYNC} is {@code MS_INVALIDATE}.
 */
public final class LibC {
    /** {@code asm-generic/fcntl.h}, which Arm and PowerPC override. */
    public static final int O_NOFOLLOW = overridesFcntl() ? 0100000 : 0400000;

    /** {@code O_DIRECTORY} is a part of it; again Arm and PowerPC differ. */
    public static final int O_TMPFILE = 020000000 | (overridesFcntl() ? 040000 : 0200000);

    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_EMPTY_PATH = 0x1000;

    public static final int LOCK_SH = 1;
    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;
    public static final int LOCK_UN = 8;

    public static final int F_SETFL = 4;
    public static final int F_OFD_GETLK = 36;
    public static final int F_OFD_SETLK = 37;
    public static final short F_RDLCK = 0;
    public static final short F_WRLCK = 1;
    public static final short F_UNLCK = 2;

    public static final int F_ADD_SEALS = 1033;
    public static final int F_GET_SEALS = 1034;
    public static final int F_SEAL_SEAL = 1;
    public static final int F_SEAL_SHRINK = 2;
    public static final int F_SEAL_GROW = 4;

    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_ALLOW_SEALING = 2;
    public static final int MFD_NOEXEC_SEAL = 8;

    public static final int SEEK_DATA = 3;

    public static final int IN_CLOSE_WRITE = 8;
    public static final int IN_Q_OVERFLOW = 0x4000;
    public static final int IN_IGNORED = 0x8000;


    /** {@code asm-generic/mman.h}, which PowerPC overrides. */
    public static final int MAP_NORESERVE = Platform.isPPC() ? 0x40 : 0x4000;

    public static final int MREMAP_MAYMOVE = 1;
    public static final int MREMAP_FIXED = 2;
    public static final int MS_SYNC = 4;
    public static final long MAP_FAILED = -1;

    // struct dirent.
    public static final int D_TYPE = 18;
    public static final int D_NAME = 19;
    public static final byte DT_UNKNOWN = 0;
    public static final byte DT_REG = 8;

    public static final int STATX_BASIC_STATS = 0x7ff;
    public static final int S_IFMT = 0170000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFDIR = 0040000;
    public static final int S_IFLNK = 0120000;

    /** Shared between processes, as {@code FUTEX_PRIVATE_FLAG} is not set. */
    public static final int FUTEX_WAIT = 0;

    public static final int FUTEX_WAKE = 1;
    public static final int FUTEX_WAKE_OP = 5;
    public static final int FUTEX_OP_ADD = 1;

    public static final int MEMBARRIER_CMD_PRIVATE_EXPEDITED = 8;
    public static final int MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 16;

    // The numbers of system calls for which the C library has no function.
    public static final long SYS_FUTEX = systemCall(202, 98, 221, 238);
    public static final long SYS_MEMBARRIER = systemCall(324, 283, 365, 356);
    /** The same on every processor. */
    public static final long SYS_FUTEX_WAITV = 449;

    /** A word of 32 bits, shared between processes. */
    public static final int FUTEX2_SIZE_U32 = 2;

    public static final int CLOCK_MONOTONIC = 1;

    static {
        Native.register(LibC.class, Platform.C_LIBRARY_NAME);
    }

    private LibC() {}

    /** A number on Intel, on the processors that have the numbers of {@code asm-generic}, on PowerPC and on s390x. */
    private static long systemCall(long intel, long generic, long powerPc, long s390x) {
        boolean hasGeneric = Platform.isARM() || Platform.ARCH.startsWith("riscv") || Platform.isLoongArch();
        return hasGeneric ? generic : Platform.isPPC() ? powerPc : Platform.ARCH.startsWith("s390") ? s390x : intel;
    }

    private static boolean overridesFcntl() {
        return Platform.isARM() || Platform.isPPC();
    }

    public static native int open(byte[] path, int flags, int mode);

    public static native int close(int fd);

    public static native int ftruncate(int fd, long length);

    public static native int fallocate(int fd, int mode, long offset, long length);

    public static native long lseek(int fd, long offset, int whence);

    public static native int fchmod(int fd, int mode);

    public static native int flock(int fd, int operation);

    public static native int linkat(int oldDirFd, byte[] oldPath, int newDirFd, byte[] newPath, int flags);

    public static native int unlink(byte[] path);

    public static native int statx(int dirFd, byte[] path, int flags, int mask, byte[] statx);

    public static native long pread(int fd, byte[] buffer, long count, long offset);

    public static native long pwrite(int fd, byte[] buffer, long count, long offset);

    public static native long mmap(long address, long length, int prot, int flags, int fd, long offset);

    public static native long mremap(long oldAddress, long oldLength, long newLength, int flags, long newAddress);

    public static native int munmap(long address, long length);

    public static native int munlock(long address, long length);

    public static native int mprotect(long address, long length, int prot);

    public static native int msync(long address, long length, int flags);

    public static native int fcntl(int fd, int command, long argument);

    public static native int fcntl(int fd, int command, byte[] argument);

    public static native int memfd_create(byte[] name, int flags);

    public static native int inotify_init1(int flags);

    public static native int inotify_add_watch(int fd, byte[] path, int mask);

    public static native int inotify_rm_watch(int fd, int descriptor);

    public static native long read(int fd, byte[] buffer, long count);

    public static native long write(int fd, byte[] buffer, long count);

    public static native int getpagesize();

    public static native int geteuid();

    public static native int getegid();

    public static native Pointer opendir(byte[] path);

    public static native Pointer readdir(Pointer directory);

    public static native int closedir(Pointer directory);

    public static native int getpwuid_r(
            int user, Pointer passwd, Pointer strings, long size, PointerByReference found);

    public static native int clock_gettime(int clock, byte[] timespec);

    public static native long syscall(
            long number, long address, int operation, int value, long value2, long address2, int value3);
}
