package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.linux.Mman;
import dev.sharedregion.internal.os.Backlog;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.ViewRequest;

/** A mapping by {@code mmap}, with the descriptors that it holds. */
final class MmapMapping extends RegionMapping {
    /**
     * What is mapped.
     *
     * @param object the named object, or null
     * @param file the descriptor of the file behind the region, or -1 if the object is all there is
     * @param path where the file was found, ended by a NUL; null if it has no path
     * @param what how messages call the region
     */
    record Backing(ShmObject object, int file, byte[] path, String what) {
        /** A named object that is all there is. */
        static Backing of(ShmObject object) {
            return new Backing(object, -1, null, object.operation.object());
        }

        private boolean hasFile() {
            return file >= 0;
        }

        private int fd() {
            return hasFile() ? file : object.fd;
        }
    }

    private final Backing backing;
    private final ViewRequest view;

    private MmapMapping(Backing backing, long address, long size, ViewRequest view, boolean created) {
        super(address, size, created);
        this.backing = backing;
        this.view = view;
    }

    /**
     * Maps a part of an open region or file, and takes ownership of its descriptors if that succeeds.
     *
     * @param size the size of the whole region
     * @param created whether the region is new
     */
    static MmapMapping of(Backing backing, long size, ViewRequest view, boolean created) {
        long viewLength = view.lengthIn(size, backing.what);
        long hidden = hidden(view);
        long length = hidden + viewLength;
        Operation map = new Operation("map", backing.what);
        long base = map(backing.fd(), view.offset() - hidden, length, view.protection(), map);
        try {
            return new MmapMapping(backing, base + hidden, viewLength, view, created);
        } catch (OutOfMemoryError e) {
            LibC.munmap(base, length);
            throw e;
        }
    }

    /** How many bytes are mapped in front of the view: mappings begin at page boundaries. */
    private static long hidden(ViewRequest view) {
        return view.offset() == 0 ? 0 : view.offset() % LibC.getpagesize();
    }

    private long base() {
        return address - hidden(view);
    }

    private long length() {
        return hidden(view) + size;
    }

    /**
     * Maps a part of a file, and returns the address. Calls the garbage collector if the process has too many mappings,
     * because some of them may be unused.
     */
    static long map(int fd, long offset, long length, Protection protection, Operation operation) {
        int access = Mman.PROT_READ | (protection == Protection.READ_ONLY ? 0 : Mman.PROT_WRITE);
        int flags = protection == Protection.COPY_ON_WRITE ? Mman.MAP_PRIVATE : Mman.MAP_SHARED;
        for (int attempt = 0; ; attempt++) {
            long base = LibC.mmap(0, length, access, flags, fd, offset);
            if (base != LibC.MAP_FAILED) {
                return base;
            }
            int errno = Native.getLastError();
            if (errno != ErrNo.ENOMEM || !Backlog.mayRetry(attempt)) {
                throw Errno.failure(operation, "mmap", errno);
            }
        }
    }

    /** The descriptor of the named object. */
    int objectFd() {
        return backing.object.fd;
    }

    @Override
    public void flush() {
        if (!backing.hasFile() || !view.writes()) {
            return;
        }
        Operation flush = new Operation("flush", backing.what);
        Errno.check(LibC.msync(base(), length(), LibC.MS_SYNC), flush, "msync");
        // The flush succeeds even for a part that is no longer in the file, and so is lost.
        long left = FileStatus.of(backing.file, flush).size();
        long end = view.offset() + size;
        if (left < end) {
            throw flush.failure(Reason.TOO_SMALL, "another process has truncated the file to " + left + " bytes, but "
                    + "the region ends at byte " + end + ". Data beyond the end of the file is lost: close the region, "
                    + "and map the file again.");
        }
    }

    /** Who opens an alias is led to the file's path. */
    @Override
    public boolean isCurrent() {
        return (backing.object == null || backing.object.isCurrent()) && (backing.path == null || pathLeadsHere());
    }

    private boolean pathLeadsHere() {
        Operation look = new Operation("look for", backing.what);
        FileStatus there = FileStatus.behind(backing.path, look);
        return there != null && FileStatus.of(backing.file, look).isSameFile(there.device(), there.inode());
    }

    @Override
    protected void closeObject(boolean reachable) {
        // An InternalError may come anywhere here, because of an earlier access to memory that has vanished.
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
            if (backing.hasFile()) {
                FileLock.release(backing.file);
            }
        } finally {
            if (backing.object != null) {
                backing.object.close();
            }
        }
    }

    /**
     * Replaces the region's memory by empty memory in one step, so that the system gets all of the region's memory
     * back. The empty memory is first mapped elsewhere: mapping it in place could fail after the old memory is gone.
     * It is first inaccessible and then unlocked: after {@code mlockall(MCL_FUTURE)} the system would otherwise give
     * it pages at once, as many as the region has. If the system has no memory for this, the region's memory stays
     * until it is collected.
     */
    private void replaceByEmptyMemory() {
        long length = length();
        int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | LibC.MAP_NORESERVE;
        long empty = LibC.mmap(0, length, Mman.PROT_NONE, flags, -1, 0);
        if (empty == LibC.MAP_FAILED) {
            return;
        }
        int replace = LibC.MREMAP_MAYMOVE | LibC.MREMAP_FIXED;
        if (LibC.munlock(empty, length) != 0
                || LibC.mprotect(empty, length, Mman.PROT_READ | Mman.PROT_WRITE) != 0
                || LibC.mremap(empty, length, length, replace, base()) == LibC.MAP_FAILED) {
            LibC.munmap(empty, length);
        }
    }

    @Override
    protected void unmap() {
        LibC.munmap(base(), length());
    }
}
