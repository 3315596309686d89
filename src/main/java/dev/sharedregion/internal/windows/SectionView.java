package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.platform.win32.WinError;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.ViewRequest;
import java.util.concurrent.TimeUnit;

/** A view of a section by {@code MapViewOfFile}, with the handles that it holds. */
final class SectionView extends RegionMapping {
    /** How long a flush waits while the system itself writes pages of the file; that takes milliseconds. */
    private static final long LONGEST_LOCK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /**
     * What is mapped.
     *
     * @param file the handle of the file behind the section, or null
     * @param path where the file was found; null if the region has a name or no file
     * @param what the description of the region in messages
     * @param watched the name, if the handle of the section is closed once the view is mapped; otherwise null
     */
    record Backing(Pointer section, Pointer file, WString path, String what, ObjectName watched) {
        Backing(Pointer section, Pointer file, WString path, String what) {
            this(section, file, path, what, null);
        }
    }

    private final Backing backing;
    private final Pointer base;
    private final boolean flushable;

    /** A view that begins at this address. Takes ownership of it and of the handles, if that succeeds. */
    SectionView(Backing backing, Pointer base, long size, ViewRequest view, boolean created) {
        super(Pointer.nativeValue(base) + hidden(view), size, created);
        this.backing = backing;
        this.base = base;
        this.flushable = view.writes();
    }

    /** How many bytes are mapped in front of the view. */
    private static long hidden(ViewRequest view) {
        return view.offset() % Sections.GRANULARITY;
    }

    /**
     * Maps a part of a section, and takes ownership of the handles if that succeeds.
     *
     * @param size the size of the whole region
     * @param created whether the region is new
     */
    static SectionView of(Backing backing, long size, ViewRequest view, boolean created) {
        long viewSize = view.lengthIn(size, backing.what);
        long hidden = hidden(view);
        Operation map = new Operation("map", backing.what);
        if (Native.POINTER_SIZE == Integer.BYTES && viewSize + hidden > Integer.MAX_VALUE) {
            throw map.failure(Reason.NO_SPACE, "a 32-bit process has no room for " + viewSize
                    + " bytes. Map a part of it, or use a 64-bit JVM.");
        }
        // The section of a file ends with the file, inside the last page that the system reports. No more than that is
        // mapped.
        boolean toTheEnd = size - view.offset() - viewSize < Sections.GRANULARITY;
        long length = toTheEnd ? Sections.TO_THE_END : viewSize + hidden;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::UnmapViewOfFile)) {
            Pointer base = guard.hold(
                    Sections.mapView(backing.section, view.protection(), view.offset() - hidden, length, map));
            if (backing.file == null && !created) {
                Sections.checkUsable(base, hidden + viewSize, view.protection(), map);
            }
            return guard.dismiss(new SectionView(backing, base, viewSize, view, created));
        }
    }

    @Override
    public void flush() {
        if (!flushable) {
            return;
        }
        Operation flush = new Operation("flush", backing.what);
        Backoff backoff = Backoff.upTo(LONGEST_LOCK_NANOS);
        while (!Kernel32.FlushViewOfFile(base, new SIZE_T(0))) {
            int error = Native.getLastError();
            if (error != WinError.ERROR_LOCK_VIOLATION || !backoff.pause()) {
                throw Win32Errors.failure(flush, "FlushViewOfFile", error);
            }
        }
        // A process that opened the section by its name has no handle of the file, and cannot reach the disk's cache.
        if (backing.file != null && !Kernel32.FlushFileBuffers(backing.file)) {
            throw Win32Errors.last(flush, "FlushFileBuffers");
        }
    }

    /**
     * A name leads to its section as long as anybody has a handle of that. A watched view has none: its section's name
     * may have gone, and may have come again with another section. A file can be renamed.
     */
    @Override
    public boolean isCurrent() {
        if (backing.watched != null) {
            return Sections.isTaken(backing.watched);
        }
        Operation look = new Operation("look for", backing.what);
        return backing.path == null || MappedFile.isAt(backing.path, backing.file, look);
    }

    /**
     * The memory stays until it is unmapped, because Windows has no call that replaces a view by other memory in one
     * step.
     */
    @Override
    protected void closeObject(boolean reachable) {
        if (backing.watched == null) {
            Kernel32.CloseHandle(backing.section);
        }
        if (backing.file != null) {
            Kernel32.CloseHandle(backing.file);
        }
    }

    @Override
    protected void unmap() {
        Kernel32.UnmapViewOfFile(base);
    }
}
