package dev.sharedregion.internal.linux;

import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.EventState;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.FileRequest;
import dev.sharedregion.internal.os.MutexHandle;
import dev.sharedregion.internal.os.NamedObject;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.ProcessFence;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.TicketedRegion;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.os.ViewRequest;
import java.nio.ByteBuffer;
import java.util.List;

/** Linux: objects in {@code /dev/shm} that behave as Windows' sections and events. */
public final class LinuxSystem implements OperatingSystem {
    @Override
    public RegionMapping createRegion(ObjectName name, RegionRequest region, ViewRequest view) {
        return ShmRegion.create(name, region, view);
    }

    @Override
    public RegionMapping openRegion(ObjectName name, ViewRequest view, Trust trust) {
        return ShmRegion.open(name, view, trust);
    }

    @Override
    public RegionMapping watchRegion(ObjectName name, ViewRequest view) {
        return ShmRegion.watch(name, view);
    }

    @Override
    public boolean removeRegion(ObjectName name) {
        return ShmObject.removeRegion(name);
    }

    @Override
    public List<NamedObject> listObjects() {
        return ShmList.list();
    }

    @Override
    public boolean listsUsers() {
        return true;
    }

    @Override
    public RegionMapping inspectRegion(ObjectName name, ViewRequest view) {
        return ShmRegion.inspect(name, view);
    }

    @Override
    public boolean readStart(ObjectName name, byte[] start) {
        return ShmRegion.readStart(name, start);
    }

    @Override
    public EventState inspectEvent(ObjectName name) {
        return FutexEvent.inspect(name);
    }

    @Override
    public boolean removeDead(ObjectName name) {
        return ShmObject.removeDead(name);
    }

    @Override
    public TicketedRegion createAnonymous(RegionRequest region, ViewRequest view) {
        return MemFd.create(region, view);
    }

    @Override
    public TicketedRegion attach(String ticket, ViewRequest view) {
        return MemFd.attach(ticket, view);
    }

    @Override
    public RegionMapping mapFile(FileRequest file, ViewRequest view) {
        return MappedFile.map(file, view);
    }

    /** Linux has no security descriptors, and accepts any string. */
    @Override
    public void checkSecurityDescriptor(String sddl) {}

    @Override
    public EventHandle createEvent(ObjectName name, EventRequest event) {
        return FutexEvent.create(name, event);
    }

    @Override
    public EventHandle openEvent(ObjectName name, boolean waitOnly, Trust trust) {
        return FutexEvent.open(name, waitOnly, trust);
    }

    @Override
    public EventHandle watchEvent(ObjectName name) {
        return FutexEvent.watch(name);
    }

    /** Linux has no mutexes with names. A program that has one there has made its own, of unknown layout. */
    @Override
    public MutexHandle openMutex(ObjectName name) {
        throw new Operation("open", name.mutex()).failure(Reason.UNSUPPORTED, "Linux has no mutexes with names: "
                + "a NamedMutex is for a Windows program that has one. Between programs of this library, use a "
                + "SharedLock.");
    }

    @Override
    public OwnerSlot ownerSlot(RegionMapping region, ByteBuffer memory, int offset) {
        return new OfdLockSlot(((MmapMapping) region).objectFd(), memory, offset);
    }

    @Override
    public ProcessFence processFence() {
        return Membarrier.FENCE;
    }
}
