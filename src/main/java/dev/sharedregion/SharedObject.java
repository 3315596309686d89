package dev.sharedregion;

import dev.sharedregion.internal.inspect.Catalog;
import dev.sharedregion.internal.inspect.Details;
import dev.sharedregion.internal.inspect.Entry;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.NamedObject;
import dev.sharedregion.internal.os.NamedObject.Life;
import dev.sharedregion.internal.os.ObjectName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A named object that exists on this machine: an object of this library, or the shared memory, event, mutex or
 * semaphore of another program.
 *
 * <pre>{@code
 * for (SharedObject object : SharedObject.list()) {
 *     System.out.println(object.name() + " " + object.kind() + " " + object.users());
 * }
 * }</pre>
 *
 * <p>The pair {@code x} consists of several objects of the system, such as {@code x.written} and {@code x.pair}. It is
 * one object here, and {@link #parts()} returns the objects of the system.
 *
 * <p>A {@code SharedObject} holds what {@link #list()} found, and never changes. Listing, and reading
 * {@linkplain #details() details}, changes nothing: this process does not become a user of the objects, and does not
 * keep them. All methods may be called from any thread.
 *
 * <p><b>Linux.</b> The list has the files in {@code /dev/shm}. For an object of this library, {@link #users()} has all
 * processes, of all users, that hold the object. It also has the processes that have mapped this object or another
 * program's object, if this user may inspect them. Processes in other containers are not listed. To check whether an
 * object is dead, the library holds the object's lock for some microseconds. A create or a removal at that moment tries
 * again. An open at that moment may find the object alive.
 *
 * <p><b>Windows.</b> The list has the sections, events, mutexes and semaphores of this session, and those in {@code
 * Global\}, whose names begin with {@code Global\}. Windows does not report which processes use an object. So {@link
 * #users()} has only the processes that a pair, lock, table or channel itself names, and no object is {@link
 * State#DEAD}: Windows removes an object with its last user. Windows reports the size, the owner and the permissions
 * only of an open object. So {@link #list()} opens each object for a moment. If the last user closes an object in that
 * moment, the object exists a little longer, and a call that creates it again at once may fail with {@code
 * ALREADY_EXISTS}. Do not list often while other programs start.
 */
public final class SharedObject {
    /** What an object is. */
    public enum Kind {
        /** A block of memory: a {@link SharedRegion}, or another program's. */
        REGION,
        /** A {@link NamedEvent}. */
        EVENT,
        /** An {@link EventPair}. */
        PAIR,
        /** A {@link SharedLock}. */
        LOCK,
        /** A table of latest values: what a {@link LatestWriter} writes to. */
        TABLE,
        /** A channel of messages: what a {@link MessageReceiver} receives from. */
        CHANNEL,
        /** The channels of a {@link RequestServer}, and those of its clients. */
        REQUESTS,
        /** A mutex of Windows. */
        MUTEX,
        /** A semaphore of another program. */
        SEMAPHORE
    }

    /** Whether an object is in use. */
    public enum State {
        /** At least one process uses it. */
        USED,
        /**
         * No process uses it. Its last users were killed, and left it behind. The next use of its name, or {@link
         * SharedObject#removeDead()}, frees its memory. {@link SharedObject#users()} then has the processes that have
         * mapped it without the library, or only read it. They can continue, and the memory exists until they end.
         */
        DEAD,
        /**
         * The system does not report the state. On Linux there are two cases: another program created the object, or
         * the object is {@linkplain RegionOptions#persistent() persistent}, and no process is known to have mapped it;
         * or the object belongs to another user, and this user may not open it.
         */
        UNKNOWN
    }

    private final Kind kind;
    private final String name;
    private final List<NamedObject> parts;

    private final List<Long> users;

    private SharedObject(Kind kind, String name, List<NamedObject> parts, List<Long> users) {
        this.kind = kind;
        this.name = name;
        this.parts = parts;
        this.users = users;
    }

    private static SharedObject of(Entry entry) {
        return new SharedObject(Kind.valueOf(entry.kind().name()), entry.name(), entry.parts(), entry.users());
    }

    private static SharedObject of(NamedObject part) {
        Kind kind = Kind.valueOf(part.type().name());
        return new SharedObject(kind, part.name(), List.of(part), part.usage().processes());
    }

    /**
     * Lists the objects that exist now, by name. An object that is created or removed meanwhile may be missing.
     *
     * @return the objects; the list cannot be changed
     * @throws SharedMemoryException {@code ACCESS_DENIED} if this user may not list objects; {@code TOO_MANY_OPEN} if
     *     the process has reached its limit of descriptors
     */
    public static List<SharedObject> list() {
        StackSpace.require();
        return SharedMemoryException.translating(() -> Catalog.of(ThisSystem.get()))
                .stream().map(SharedObject::of).toList();
    }

    /**
     * Returns the name, as this library's methods take it. On Windows the name of an object in {@code Global\} begins
     * with {@code Global\}.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the kind of the object.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the size in bytes, of all parts. An event, a mutex and a semaphore of Windows have none, and count as 0.
     *
     * @return the size, or -1 if the system does not report it to this user
     */
    public long size() {
        boolean isKnown = parts.stream().allMatch(part -> part.size() >= 0);
        return isKnown ? parts.stream().mapToLong(NamedObject::size).sum() : -1;
    }

    /**
     * Returns the owner: the name of the user on Linux, the name of the account on Windows.
     *
     * @return the owner of the first part, or an empty string if the system does not report it to this user
     */
    public String owner() {
        return parts.get(0).access().owner();
    }

    /**
     * Returns who may use the object: on Linux the mode, such as {@code rw-r--r--}, on Windows the discretionary access
     * list in the Security Descriptor Definition Language.
     *
     * @return the permissions of the first part, or an empty string if the system does not report them to this user
     */
    public String permissions() {
        return parts.get(0).access().permissions();
    }

    /**
     * Returns whether the object is in use. An object of several parts is dead if all its parts are dead.
     *
     * @return the state when it was listed
     */
    public State state() {
        State state = State.DEAD;
        for (NamedObject part : parts) {
            Life life = part.usage().life();
            if (life == Life.USED) {
                return State.USED;
            } else if (life == Life.UNKNOWN) {
                state = State.UNKNOWN;
            }
        }
        return state;
    }

    /**
     * Returns the ids of the processes that use the object, as far as they are known.
     *
     * @return the ids in ascending order; the list cannot be changed
     */
    public List<Long> users() {
        return users;
    }

    /**
     * Returns the objects of the system that a pair, lock, table, channel or request server consists of.
     *
     * @return the regions and events, by name; empty for any other kind; the list cannot be changed
     */
    public List<SharedObject> parts() {
        return isPlain() ? List.of() : parts.stream().map(SharedObject::of).toList();
    }

    private boolean isPlain() {
        return parts.size() == 1 && parts.get(0).name().equals(name);
    }

    /**
     * Reads the details of the object as they are now, for people and for monitoring: whose turn it is, who holds the
     * lock, how many bytes wait in a channel, the version of a table, and so on. Later versions of the library may add
     * keys.
     *
     * @return the details, in an order for people; the values are {@link String}, {@link Long}, {@link Boolean},
     *     {@link java.time.Duration}, and lists and maps of these; empty for a region, a mutex and a semaphore; the map
     *     cannot be changed
     * @throws IllegalArgumentException if another program gave the object a name that this library does not accept
     * @throws SharedMemoryException {@code NOT_FOUND} if the object no longer exists; {@code ACCESS_DENIED} if this
     *     user may not read it; {@code CORRUPT} if another program has overwritten it; {@code UNSUPPORTED} if it is of
     *     another version; {@code WRONG_KIND} or {@code TOO_SMALL} if another program's object now has its name; {@code
     *     NO_SPACE} if there is no address space to map it
     */
    public Map<String, Object> details() {
        StackSpace.require();
        dev.sharedregion.internal.inspect.Kind inside = dev.sharedregion.internal.inspect.Kind.valueOf(kind.name());
        return SharedMemoryException.translating(() -> Details.of(ThisSystem.get(), inside, name));
    }

    /**
     * Removes the object if no process uses it, and so frees its memory. Parts that a process uses are not removed. A
     * process that has mapped the object without the library is not a user: see {@link State#DEAD}. Windows: does
     * nothing and returns false.
     *
     * @return true if at least one part was removed; false if the object is in use, is another program's or persistent,
     *     or no longer exists
     * @throws IllegalArgumentException if another program gave the object a name that this library does not accept
     * @throws SharedMemoryException {@code ACCESS_DENIED} if the object belongs to another user
     */
    public boolean removeDead() {
        StackSpace.require();
        boolean removed = false;
        for (NamedObject part : parts) {
            ObjectName object = ObjectName.of(part.name());
            removed |= SharedMemoryException.translating(() -> ThisSystem.get().removeDead(object));
        }
        return removed;
    }

    /** Returns the kind, the name, the size and the users, for messages. */
    @Override
    public String toString() {
        String processes = users.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return kind.name().toLowerCase(Locale.ROOT) + " \"" + name + "\" (" + size() + " bytes, " + state()
                + (processes.isEmpty() ? "" : ", processes " + processes) + ")";
    }
}
