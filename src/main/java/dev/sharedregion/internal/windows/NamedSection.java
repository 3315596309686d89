package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.os.ViewRequest;
import dev.sharedregion.internal.windows.SectionView.Backing;
import dev.sharedregion.internal.windows.Sections.NewSection;

/** Regions that are sections of the paging file, with a name. */
final class NamedSection {
    private NamedSection() {}

    static RegionMapping create(ObjectName name, RegionRequest region, ViewRequest view) {
        Operation create = new Operation("create", name.region());
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer section = guard.hold(
                    Sections.create(NewSection.ofMemory(region.size(), name, region.rights()), create));
            Backing backing = new Backing(section, null, null, name.region());
            return guard.dismiss(SectionView.of(backing, region.size(), view, true));
        }
    }

    static RegionMapping open(ObjectName name, ViewRequest view, Trust trust) {
        Operation open = new Operation("open", name.region());
        int right = view.writes() ? WinBase.FILE_MAP_READ | WinBase.FILE_MAP_WRITE : WinBase.FILE_MAP_READ;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer section = guard.hold(Sections.open(
                    rights -> Kernel32.OpenFileMappingW(rights, false, wide(name)),
                    "OpenFileMappingW",
                    right,
                    trust,
                    open));
            return guard.dismiss(map(new Backing(section, null, null, name.region()), view, open));
        }
    }

    /**
     * Maps the section and closes its handle. A view keeps the section and its memory, but only a handle keeps the name
     * (Windows Internals, "Object retention").
     */
    static RegionMapping watch(ObjectName name, ViewRequest view) {
        Operation open = new Operation("open", name.region());
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer section = guard.hold(Kernel32.OpenFileMappingW(WinBase.FILE_MAP_READ, false, wide(name)));
            if (section == null) {
                throw Win32Errors.last(open, "OpenFileMappingW");
            }
            return map(new Backing(section, null, null, name.region(), name), view, open);
        }
    }

    /** Fills the array with the section's first bytes. Returns false if this user may not read them. */
    static boolean readStart(ObjectName name, byte[] start) {
        Operation open = new Operation("open", name.region());
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle);
                ScopeGuard<Pointer> views = new ScopeGuard<>(Kernel32::UnmapViewOfFile)) {
            Pointer section = guard.hold(Kernel32.OpenFileMappingW(WinBase.FILE_MAP_READ, false, wide(name)));
            if (section == null) {
                return false;
            }
            Pointer base = views.hold(Sections.mapView(section, Protection.READ_ONLY, 0, start.length, open));
            if (Sections.usableSize(base, Protection.READ_ONLY, open) < start.length) {
                return false;
            }
            base.read(0, start, 0, start.length);
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    private static WString wide(ObjectName name) {
        return new WString(name.toString());
    }

    private static RegionMapping map(Backing backing, ViewRequest view, Operation open) {
        // Not copy on write, for which the system would reserve memory to find out the size.
        Protection shared = view.writes() ? Protection.READ_WRITE : Protection.READ_ONLY;
        long size;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::UnmapViewOfFile)) {
            Pointer whole = guard.hold(Sections.mapView(backing.section(), shared, 0, Sections.TO_THE_END, open));
            size = Sections.usableSize(whole, shared, open);
            open.checkSize(size, view.minimumSize());
            // Then this view is also the one that was asked for.
            boolean isAll = view.offset() == 0
                    && view.lengthIn(size, backing.what()) == size
                    && view.protection() != Protection.COPY_ON_WRITE
                    && (Native.POINTER_SIZE == Long.BYTES || size <= Integer.MAX_VALUE);
            if (isAll) {
                return guard.dismiss(new SectionView(backing, whole, size, view, false));
            }
        }
        return SectionView.of(backing, size, view, false);
    }
}
