package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.platform.win32.WinError;
import java.util.concurrent.TimeUnit;

/** A view of a section by {@code MapViewOfFile}, with the handles that it holds. */
final class WindowsMapping extends RegionMapping {
    /** How long a flush waits while the system itself writes pages of the file; that takes milliseconds. */
    private static final long LONGEST_LOCK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Pointer base;
    private final Pointer section;
    private final Pointer file;
    private final boolean flushable;
    private final String what;

    /**
     * Takes over a view and its handles.
     *
     * @param hidden how many bytes are mapped in front of the view
     * @param file the handle of the file behind the section, or null
     */
    WindowsMapping(
            Pointer base, long hidden, long size, boolean created, Pointer section, Pointer file, Access access,
            String what) {
        super(Pointer.nativeValue(base) + hidden, size, created);
        this.base = base;
        this.section = section;
        this.file = file;
        this.flushable = access == Access.READ_WRITE;
        this.what = what;
    }

    @Override
    void flush() {
        if (!flushable) {
            return;
        }
        if (!flushView()) {
            throw failure("FlushViewOfFile");
        }
        // Who opened the section by its name has no handle of the file, and cannot reach the disk's cache.
        if (file != null && !Kernel32.FlushFileBuffers(file)) {
            throw failure("FlushFileBuffers");
        }
    }

    private boolean flushView() {
        long giveUp = System.nanoTime() + LONGEST_LOCK_NANOS;
        while (!Kernel32.FlushViewOfFile(base, new SIZE_T(0))) {
            if (Native.getLastError() != WinError.ERROR_LOCK_VIOLATION || System.nanoTime() - giveUp >= 0) {
                return false;
            }
            Waiting.rest();
        }
        return true;
    }

    private SharedMemoryException failure(String call) {
        return SystemErrors.failure(
                SystemErrors.Source.WIN32, "Cannot flush " + what, call, Native.getLastError());
    }

    /** The memory stays until it is unmapped: no call of Windows puts other memory in its place in one step. */
    @Override
    void closeObject(boolean reachable) {
        Kernel32.CloseHandle(section);
        if (file != null) {
            Kernel32.CloseHandle(file);
        }
    }

    @Override
    void unmap() {
        Kernel32.UnmapViewOfFile(base);
    }
}
