package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.SharedMemoryException.Reason;

/** A mapping by {@code mmap}, with the descriptors that it holds. */
final class LinuxMapping extends RegionMapping {
    /** The named object, or null. */
    final LinuxObject object;

    private final int file;
    private final long base;
    private final long length;

    /** How large the file is, at least, unless it was cut short. */
    private final long end;

    private final boolean flushable;
    private final String what;

    private LinuxMapping(
            long base, long hidden, long length, boolean created, LinuxObject object, int file, long end,
            boolean flushable, String what) {
        super(base + hidden, length - hidden, created);
        this.base = base;
        this.length = length;
        this.object = object;
        this.file = file;
        this.end = end;
        this.flushable = flushable;
        this.what = what;
    }

    /**
     * Maps the part of an open region or file that the options name, and takes over its descriptors if that succeeds.
     *
     * @param object the named object, or null
     * @param file the descriptor of the file behind the region, or -1 where the object's is all there is
     */
    static LinuxMapping of(
            LinuxObject object, int file, long size, boolean created, RegionOptions options, String what) {
        long view = options.lengthIn(size, what);
        long hidden = options.offset == 0 ? 0 : options.offset % LibC.getpagesize();
        int protection = LibC.PROT_READ | (options.access == Access.READ_ONLY ? 0 : LibC.PROT_WRITE);
        int flags = options.access == Access.COPY_ON_WRITE ? LibC.MAP_PRIVATE : LibC.MAP_SHARED;
        int fd = file >= 0 ? file : object.fd;
        long base = map(view + hidden, protection, flags, fd, options.offset - hidden, "Cannot map " + what);
        boolean flushable = file >= 0 && options.access == Access.READ_WRITE;
        long end = options.offset + view;
        try {
            return new LinuxMapping(base, hidden, view + hidden, created, object, file, end, flushable, what);
        } catch (OutOfMemoryError e) {
            LibC.munmap(base, view + hidden);
            throw e;
        }
    }

    /** {@code mmap}; when the process has too many mappings, the collector may know some that nobody uses any more. */
    static long map(long length, int protection, int flags, int fd, long offset, String failed) {
        for (int attempt = 0; ; attempt++) {
            long base = LibC.mmap(0, length, protection, flags, fd, offset);
            if (base != LibC.MAP_FAILED) {
                return base;
            }
            int errno = Native.getLastError();
            if (errno != ErrNo.ENOMEM || !Backlog.mayRetry(attempt)) {
                throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "mmap", errno);
            }
        }
    }

    @Override
    void flush() {
        if (!flushable) {
            return;
        }
        String failed = "Cannot flush " + what;
        if (LibC.msync(base, length, LibC.MS_SYNC) != 0) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "msync", Native.getLastError());
        }
        // It succeeds also for what has no place in the file any more, and so is lost.
        long left = LinuxFile.of(file, failed).size();
        if (left < end) {
            throw new SharedMemoryException(
                    Reason.TOO_SMALL, failed + ": another process has cut the file down to " + left + " bytes, and the "
                            + "region reaches to byte " + end + ". What was written beyond is lost: close the region, "
                            + "and map the file anew.");
        }
    }

    @Override
    void closeObject(boolean reachable) {
        // An InternalError may come anywhere here: for an access, made before, to memory that has vanished.
        try {
            if (reachable) {
                replaceByEmptyMemory();
            }
        } finally {
            closeDescriptors();
        }
    }

    private void closeDescriptors() {
        try {
            if (file >= 0) {
                LinuxFileLock.release(file);
            }
        } finally {
            if (object != null) {
                object.close();
            }
        }
    }

    /**
     * Puts empty memory in the place of the region's, in one step, so that the system has all of the region back. It is
     * mapped elsewhere first: mapping it in place could fail when the old memory is gone already. It is not accessible and
     * then unlocked at first: after {@code mlockall(MCL_FUTURE)} the system would give it pages at once, as many as the
     * region has. If the system has none to give, the region's stays until it is collected.
     */
    private void replaceByEmptyMemory() {
        int flags = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE;
        long empty = LibC.mmap(0, length, LibC.PROT_NONE, flags, -1, 0);
        if (empty == LibC.MAP_FAILED) {
            return;
        }
        int replace = LibC.MREMAP_MAYMOVE | LibC.MREMAP_FIXED;
        if (LibC.munlock(empty, length) != 0
                || LibC.mprotect(empty, length, LibC.PROT_READ | LibC.PROT_WRITE) != 0
                || LibC.mremap(empty, length, length, replace, base) == LibC.MAP_FAILED) {
            LibC.munmap(empty, length);
        }
    }

    @Override
    void unmap() {
        LibC.munmap(base, length);
    }
}
