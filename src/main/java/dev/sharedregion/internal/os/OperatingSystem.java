package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.os.Failure.Reason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The operations that the library needs from an operating system. The caller has checked the arguments. An operation
 * that fails throws a {@link Failure} and leaves nothing behind.
 */
public interface OperatingSystem {
    /** The description, in messages, of an object of another user where an object of this user was expected. */
    String ANOTHERS = "owned by another user, and the Permissions that were asked for let no other users in";

    /** How long {@link #openOrCreateRegion} may find the name first free and then taken. */
    long RACES_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Creates a region. Fails if the name exists. */
    RegionMapping createRegion(ObjectName name, RegionRequest region, ViewRequest view);

    /** Opens an existing region. */
    RegionMapping openRegion(ObjectName name, ViewRequest view, Trust trust);

    /**
     * Opens an existing region to read it, without becoming one of its users: its name goes as if this process did not
     * have it. The mapping is {@linkplain RegionMapping#isCurrent() current} while the name leads to a living object of
     * the same size.
     */
    RegionMapping watchRegion(ObjectName name, ViewRequest view);

    /**
     * Opens a region, or creates it. It tries to open first, which takes fewer rights.
     *
     * @param view with the minimum size of an existing region
     */
    default RegionMapping openOrCreateRegion(ObjectName name, RegionRequest region, ViewRequest view, Trust trust) {
        return openOrCreate(() -> openRegion(name, view, trust), () -> createRegion(name, region, view));
    }

    private static <T> T openOrCreate(Supplier<T> open, Supplier<T> create) {
        Backoff races = null;
        while (true) {
            Failure notFound;
            try {
                return open.get();
            } catch (Failure e) {
                if (e.reason() != Reason.NOT_FOUND) {
                    throw e;
                }
                notFound = e;
            }
            try {
                return create.get();
            } catch (Failure e) {
                if (e.reason() != Reason.ALREADY_EXISTS) {
                    throw e;
                }
            }
            // Another process was faster, or has created an object that cannot be opened yet.
            if (races == null) {
                // Not before: the first round may have to load the classes.
                races = Backoff.upTo(RACES_NANOS);
            }
            if (!races.pause()) {
                throw notFound;
            }
        }
    }

    /** Removes the name of a region that has no lifetime; false if there is none. */
    boolean removeRegion(ObjectName name);

    /** Lists the regions, events, mutexes and semaphores that have names, those of other programs, too. */
    List<NamedObject> listObjects();

    /** Whether the list has the processes that use an object. */
    boolean listsUsers();

    /**
     * As {@link #watchRegion}, but also opens a region that no process uses, and lets its name be. For a look that
     * changes nothing.
     */
    RegionMapping inspectRegion(ObjectName name, ViewRequest view);

    /** Fills the array with the first bytes of a region. Returns false if it is not there, or may not be read. */
    boolean readStart(ObjectName name, byte[] start);

    /** Returns the state of an event, and changes nothing. */
    EventState inspectEvent(ObjectName name);

    /**
     * Removes the name of an object that the library created and that no process uses.
     *
     * @return false if there is no such object
     */
    boolean removeDead(ObjectName name);

    /** Creates a region without a name. */
    TicketedRegion createAnonymous(RegionRequest region, ViewRequest view);

    /** Opens the region without a name that a ticket leads to. */
    TicketedRegion attach(String ticket, ViewRequest view);

    /** Maps a regular file. */
    RegionMapping mapFile(FileRequest file, ViewRequest view);

    /**
     * Windows: checks a security descriptor.
     *
     * @throws IllegalArgumentException if the string is not a security descriptor
     */
    void checkSecurityDescriptor(String sddl);

    /** Creates an event. Fails if the name exists. */
    EventHandle createEvent(ObjectName name, EventRequest event);

    /**
     * Opens an existing event.
     *
     * @param waitOnly whether to open the event without the right to set and reset it
     */
    EventHandle openEvent(ObjectName name, boolean waitOnly, Trust trust);

    /**
     * Opens an existing manual-reset event to wait for it. On Linux without becoming one of its users. Fails for an
     * auto-reset event, because a wait for it would take its signal.
     */
    EventHandle watchEvent(ObjectName name);

    /** Opens an event, or creates it. It tries to open first, which takes fewer rights. */
    default EventHandle openOrCreateEvent(ObjectName name, EventRequest event, Trust trust) {
        return openOrCreate(() -> openEvent(name, false, trust), () -> createEvent(name, event));
    }

    /** Opens an existing mutex, which another program has created. */
    MutexHandle openMutex(ObjectName name);

    /**
     * Returns an owner slot in a region.
     *
     * @param region a region that this system has mapped from its start: for reading and writing, unless the slot is
     *     only looked at
     * @param memory the region's memory
     * @param offset the position of the slot's word in bytes from the start of the region: a multiple of 8
     */
    OwnerSlot ownerSlot(RegionMapping region, ByteBuffer memory, int offset);

    /** Returns the fence for all threads of this process; null if the system has none. */
    ProcessFence processFence();
}
