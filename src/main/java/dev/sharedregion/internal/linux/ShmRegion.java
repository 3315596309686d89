package dev.sharedregion.internal.linux;

import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.linux.MmapMapping.Backing;
import dev.sharedregion.internal.linux.ShmObject.Kind;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.os.ViewRequest;

/** Regions that are objects in {@code /dev/shm}. */
final class ShmRegion {
    private static final byte[] NOTHING = {};

    private ShmRegion() {}

    static RegionMapping create(ObjectName name, RegionRequest region, ViewRequest view) {
        ShmObject.Content content = new ShmObject.Content(region.size(), !region.lazy(), NOTHING);
        int marks = region.persistent() ? 0 : ShmObject.marks(Kind.REGION);
        try (ScopeGuard<ShmObject> guard =
                new ScopeGuard<>(region.persistent() ? ShmObject::discard : ShmObject::close)) {
            ShmObject object = guard.hold(
                    ShmObject.create(name, Kind.REGION, content, region.rights().mode() | marks));
            return guard.dismiss(MmapMapping.of(Backing.of(object), region.size(), view, true));
        }
    }

    static RegionMapping open(ObjectName name, ViewRequest view, Trust trust) {
        Operation open = new Operation("open", name.region());
        try (ScopeGuard<ShmObject> guard = new ScopeGuard<>(ShmObject::close)) {
            ShmObject object = guard.hold(ShmObject.open(name, open, view.writes()));
            object.checkIsTrusted(trust);
            return guard.dismiss(map(object, open, view));
        }
    }

    static RegionMapping watch(ObjectName name, ViewRequest view) {
        Operation open = new Operation("open", name.region());
        try (ScopeGuard<ShmObject> guard = new ScopeGuard<>(ShmObject::close)) {
            return guard.dismiss(map(guard.hold(ShmObject.watch(name, open)), open, view));
        }
    }

    static RegionMapping inspect(ObjectName name, ViewRequest view) {
        Operation open = new Operation("open", name.region());
        try (ScopeGuard<ShmObject> guard = new ScopeGuard<>(ShmObject::close)) {
            return guard.dismiss(map(guard.hold(ShmObject.inspect(name, open)), open, view));
        }
    }

    static boolean readStart(ObjectName name, byte[] start) {
        Operation open = new Operation("open", name.region());
        try (ShmObject object = ShmObject.inspect(name, open)) {
            object.read(start);
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    private static RegionMapping map(ShmObject object, Operation open, ViewRequest view) {
        Kind kind = object.kind();
        if (kind == Kind.EVENT) {
            throw ShmObject.wrongKind(open, kind);
        }
        if (kind == Kind.ALIAS) {
            return MappedFile.openAlias(object, open, view);
        }
        long size = object.stat.size();
        if (size == 0) {
            String why = "the program that created it has not given it a size yet. Use open(name, timeout) to wait.";
            throw open.failure(Reason.NOT_FOUND, why);
        }
        open.checkSize(size, view.minimumSize());
        return MmapMapping.of(Backing.of(object), size, view, false);
    }
}
