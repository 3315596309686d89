package dev.sharedregion.internal.windows;

import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.EventState;
import dev.sharedregion.internal.os.FileRequest;
import dev.sharedregion.internal.os.MutexHandle;
import dev.sharedregion.internal.os.NamedObject;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.ProcessFence;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.TicketedRegion;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.os.ViewRequest;
import java.nio.ByteBuffer;
import java.util.List;

/** Windows: sections and events of Win32. */
public final class WindowsSystem implements OperatingSystem {
    @Override
    public RegionMapping createRegion(ObjectName name, RegionRequest region, ViewRequest view) {
        return NamedSection.create(name, region, view);
    }

    @Override
    public RegionMapping openRegion(ObjectName name, ViewRequest view, Trust trust) {
        return NamedSection.open(name, view, trust);
    }

    @Override
    public RegionMapping watchRegion(ObjectName name, ViewRequest view) {
        return NamedSection.watch(name, view);
    }

    /** A name goes with its section. */
    @Override
    public boolean removeRegion(ObjectName name) {
        return false;
    }

    @Override
    public List<NamedObject> listObjects() {
        return ObjectDirectory.list();
    }

    /** No call of Win32 reports them. */
    @Override
    public boolean listsUsers() {
        return false;
    }

    /** A section without users is gone. */
    @Override
    public RegionMapping inspectRegion(ObjectName name, ViewRequest view) {
        return NamedSection.watch(name, view);
    }

    @Override
    public boolean readStart(ObjectName name, byte[] start) {
        return NamedSection.readStart(name, start);
    }

    @Override
    public EventState inspectEvent(ObjectName name) {
        return Win32Event.inspect(name);
    }

    @Override
    public boolean removeDead(ObjectName name) {
        return false;
    }

    @Override
    public TicketedRegion createAnonymous(RegionRequest region, ViewRequest view) {
        return TicketedSection.create(region, view);
    }

    @Override
    public TicketedRegion attach(String ticket, ViewRequest view) {
        return TicketedSection.attach(ticket, view);
    }

    @Override
    public RegionMapping mapFile(FileRequest file, ViewRequest view) {
        return MappedFile.map(file, view);
    }

    @Override
    public void checkSecurityDescriptor(String sddl) {
        SecurityAttributes.check(sddl);
    }

    @Override
    public EventHandle createEvent(ObjectName name, EventRequest event) {
        return Win32Event.create(name, event);
    }

    @Override
    public EventHandle openEvent(ObjectName name, boolean waitOnly, Trust trust) {
        return Win32Event.open(name, waitOnly, trust);
    }

    @Override
    public EventHandle watchEvent(ObjectName name) {
        return Win32Event.watch(name);
    }

    @Override
    public MutexHandle openMutex(ObjectName name) {
        return Win32Mutex.open(name);
    }

    @Override
    public OwnerSlot ownerSlot(RegionMapping region, ByteBuffer memory, int offset) {
        return new ProcessSlot(memory, offset);
    }

    @Override
    public ProcessFence processFence() {
        return WriteBuffers.FENCE;
    }
}
