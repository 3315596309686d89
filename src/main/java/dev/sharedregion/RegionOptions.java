package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.FileRequest;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.ViewRequest;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How a {@link SharedRegion} is created, opened or mapped. Immutable, and so safe to share between threads: each method
 * returns a changed copy.
 *
 * <pre>{@code
 * SharedRegion.open("prices", RegionOptions.readOnly().minimumSize(4096));
 * SharedRegion.map(file, 0, RegionOptions.defaults().offset(1_000_000).length(100));
 * }</pre>
 *
 * <p>An option that has no meaning for a call, such as an exclusive file for a region without one, is refused there
 * with an {@link IllegalArgumentException}.
 */
public final class RegionOptions {
    final ViewRequest view;
    private final boolean lazy;
    private final boolean exclusive;
    final ObjectName name;

    /** Null where none were asked for. */
    private final Permissions permissions;

    private RegionOptions(ViewRequest view, boolean lazy, boolean exclusive, ObjectName name, Permissions permissions) {
        this.view = view;
        this.lazy = lazy;
        this.exclusive = exclusive;
        this.name = name;
        this.permissions = permissions;
    }

    private RegionOptions with(ViewRequest newView) {
        return new RegionOptions(newView, lazy, exclusive, name, permissions);
    }

    Access access() {
        return Access.valueOf(view.protection().name());
    }

    /**
     * What is used where no options are given: {@link Access#READ_WRITE}, the whole region, its memory reserved when it
     * is created.
     *
     * @return the defaults
     */
    public static RegionOptions defaults() {
        StackSpace.require();
        return new RegionOptions(ViewRequest.whole(0), false, false, null, null);
    }

    /**
     * The defaults with {@link Access#READ_ONLY}.
     *
     * @return the options
     */
    public static RegionOptions readOnly() {
        return defaults().access(Access.READ_ONLY);
    }

    /**
     * The defaults with {@link Access#COPY_ON_WRITE}.
     *
     * @return the options
     */
    public static RegionOptions copyOnWrite() {
        return defaults().access(Access.COPY_ON_WRITE);
    }

    /**
     * What this process may do with the memory. A region that a call may have to create is {@link Access#READ_WRITE}.
     *
     * @param newAccess the access
     * @return a copy with this access
     */
    public RegionOptions access(Access newAccess) {
        Objects.requireNonNull(newAccess, "access");
        return with(view.withProtection(Protection.valueOf(newAccess.name())));
    }

    /**
     * Where in the region the view begins. Any offset will do, whatever the system's granularity (64 KiB on Windows, a
     * page on Linux): what must be mapped in front of it stays hidden.
     *
     * @param bytes the distance from the region's start in bytes, 0 or more
     * @return a copy with this offset
     * @throws IllegalArgumentException if it is negative
     */
    public RegionOptions offset(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("The offset of a view is negative: " + bytes + ".");
        }
        return with(view.from(bytes));
    }

    /**
     * How much of the region the view spans; without it, all from the offset to the end.
     *
     * @param bytes the length in bytes, 1 or more
     * @return a copy with this length
     * @throws IllegalArgumentException if it is not positive
     */
    public RegionOptions length(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("The length of a view is not positive: " + bytes + ".");
        }
        return with(view.ofLength(bytes));
    }

    /**
     * The least size that an opened region must have: a smaller one is refused with
     * {@link SharedMemoryException.Reason#TOO_SMALL}. For {@code open} only; the other calls name a size anyway.
     *
     * @param bytes the size in bytes, 1 or more
     * @return a copy with this least size
     * @throws IllegalArgumentException if it is not positive
     */
    public RegionOptions minimumSize(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("The minimum size is not positive: " + bytes + ".");
        }
        return with(view.ofAtLeast(bytes));
    }

    /**
     * Takes memory (or disk space, where a file grows) page by page as it is first written to, instead of reserving all
     * of it at creation. For large regions that stay mostly empty. The risk, on Linux: when {@code /dev/shm} or the disk
     * is full by then, the access that needs a page, in {@code /dev/shm} even a read, is an {@link InternalError}, perhaps a
     * late one, or ends the JVM: as for memory that vanishes, see {@link SharedRegion}. On Windows it changes nothing: there
     * the commit charge is always taken at creation, and the pages always at first use; a file's growth is always reserved
     * on the disk, except in a compressed or sparse file ({@link SharedRegion#map(java.nio.file.Path, long)}).
     *
     * @return a copy with this set
     */
    public RegionOptions lazy() {
        return new RegionOptions(view, true, exclusive, name, permissions);
    }

    /**
     * Opens a file so that nobody else can use it meanwhile, or fails with
     * {@link SharedMemoryException.Reason#IN_USE}. For {@link SharedRegion#map} only. Windows: no sharing mode, which
     * binds every process; the call waits up to 250 ms for a program, such as a virus scanner, that has the file open for a
     * moment. Linux: locks, by {@code flock} and {@code fcntl}, which bind users of this library; they keep no other program
     * from cutting the file short. A process that has the file by its {@linkplain #name name} remains a user after the
     * exclusive one has closed.
     *
     * @return a copy with this set
     */
    public RegionOptions exclusive() {
        return new RegionOptions(view, lazy, true, name, permissions);
    }

    /**
     * Gives the region that a file backs a name, by which other processes {@linkplain SharedRegion#open open} it
     * without knowing the file. For {@link SharedRegion#map} only; the name must be new. On Linux only processes of the
     * same user, or of any user where root gave the name, can open it so.
     *
     * @param newName the name, by the rules of {@link SharedRegion}
     * @return a copy with this name
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if it breaks the rules for names
     */
    public RegionOptions name(String newName) {
        return new RegionOptions(view, lazy, exclusive, ObjectName.of(newName), permissions);
    }

    /**
     * Who may open a region that this call creates; without it, {@link Permissions#ownerOnly()}. For a file that is mapped,
     * only together with a {@linkplain #name name}: the file has permissions of its own.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public RegionOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new RegionOptions(view, lazy, exclusive, name, newPermissions);
    }

    /** Who may open what is created. */
    Rights rights() {
        return permissions == null ? Rights.OWNER_ONLY : permissions.rights;
    }

    /** Refuses the options that mean nothing to {@code create} and {@code openOrCreate}. */
    void checkForCreate(String call) {
        refuse(!view.writes(), call, "access " + access(), "a new region would stay empty; open it so");
        refuse(view.minimumSize() != 0, call, "a minimum size", "the size is an argument");
        checkNoFile(call);
    }

    /** Refuses the options that mean nothing to {@code anonymous}. */
    void checkForAnonymous() {
        checkForCreate("anonymous");
        refuse(permissions != null, "anonymous", "permissions", "only processes of the same user can have its tickets");
    }

    /** Refuses the options that mean nothing to {@code open}. */
    void checkForOpen() {
        refuse(lazy, "open", "lazy memory", "it is for the creator to say");
        refuse(permissions != null, "open", "permissions", "they are for the creator to say");
        checkNoFile("open");
    }

    /** Refuses the options that mean nothing to {@code map}. */
    void checkForMap() {
        refuse(view.minimumSize() != 0, "map", "a minimum size", "the size is an argument");
        refuse(permissions != null && name == null, "map", "permissions without a name", "the file has its own");
    }

    /** Refuses the options that mean nothing to {@code attach}. */
    void checkForAttach() {
        refuse(lazy, "attach", "lazy memory", "it is for the creator to say");
        refuse(permissions != null, "attach", "permissions", "a ticket is for processes of the same user");
        checkNoFile("attach");
    }

    private void checkNoFile(String call) {
        refuse(exclusive, call, "exclusive use", "it is for files");
        refuse(name != null, call, "a second name", "it is for files");
    }

    private static void refuse(boolean given, String call, String option, String why) {
        if (given) {
            throw new IllegalArgumentException(call + " does not take " + option + ": " + why + ".");
        }
    }

    /** A region to create with these options. */
    RegionRequest region(long size) {
        return new RegionRequest(size, lazy, rights());
    }

    /** A file to map with these options. */
    FileRequest file(Path path, long size) {
        FileRequest.Alias alias = name == null ? null : new FileRequest.Alias(name, rights());
        return new FileRequest(path, size, lazy, exclusive, alias);
    }
}
