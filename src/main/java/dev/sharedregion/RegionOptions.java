package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.FileRequest;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.ViewRequest;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;

/**
 * The options for creating, opening or mapping a {@link SharedRegion}. Options are immutable and can be shared between
 * threads: each method returns a changed copy.
 *
 * <pre>{@code
 * SharedRegion.open("prices", RegionOptions.readOnly().minimumSize(4096));
 * SharedRegion.map(file, 0, RegionOptions.defaults().offset(1_000_000).length(100));
 * }</pre>
 *
 * <p>A call refuses an option that has no meaning for it with an {@link IllegalArgumentException}. An example is
 * exclusive use of a file for a region that has no file.
 */
public final class RegionOptions {
    private enum Flag {
        LAZY,
        EXCLUSIVE,
        PERSISTENT
    }

    final ViewRequest view;
    final ObjectName name;

    /** Never changed. */
    private final EnumSet<Flag> flags;

    /** Null if no permissions were given. */
    private final Permissions permissions;

    private RegionOptions(ViewRequest view, EnumSet<Flag> flags, ObjectName name, Permissions permissions) {
        this.view = view;
        this.flags = flags;
        this.name = name;
        this.permissions = permissions;
    }

    private RegionOptions with(ViewRequest newView) {
        return new RegionOptions(newView, flags, name, permissions);
    }

    private RegionOptions with(Flag flag) {
        EnumSet<Flag> more = EnumSet.copyOf(flags);
        more.add(flag);
        return new RegionOptions(view, more, name, permissions);
    }

    private boolean has(Flag flag) {
        return flags.contains(flag);
    }

    /**
     * Returns the options that apply if none are given: {@link Access#READ_WRITE}, the whole region, and memory that
     * is reserved when the region is created.
     *
     * @return the defaults
     */
    public static RegionOptions defaults() {
        StackSpace.require();
        return new RegionOptions(ViewRequest.whole(0), EnumSet.noneOf(Flag.class), null, null);
    }

    /**
     * Returns the defaults with {@link Access#READ_ONLY}.
     *
     * @return the options
     */
    public static RegionOptions readOnly() {
        return defaults().access(Access.READ_ONLY);
    }

    /**
     * Returns the defaults with {@link Access#COPY_ON_WRITE}.
     *
     * @return the options
     */
    public static RegionOptions copyOnWrite() {
        return defaults().access(Access.COPY_ON_WRITE);
    }

    /**
     * Sets what this process may do with the memory. A call that may create a region accepts only
     * {@link Access#READ_WRITE}.
     *
     * @param newAccess the access
     * @return a copy with this access
     */
    public RegionOptions access(Access newAccess) {
        Objects.requireNonNull(newAccess, "access");
        return with(view.withProtection(Protection.valueOf(newAccess.name())));
    }

    /**
     * Sets where the view begins in the region. Any offset is allowed, regardless of the system's granularity (64 KiB
     * on Windows, a page on Linux). Bytes that the system must map in front of the view stay hidden.
     *
     * @param bytes the distance from the start of the region in bytes, 0 or more
     * @return a copy with this offset
     * @throws IllegalArgumentException if the offset is negative
     */
    public RegionOptions offset(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("The offset of a view is negative: " + bytes + ".");
        }
        return with(view.from(bytes));
    }

    /**
     * Sets the length of the view. Without this option, the view spans everything from the offset to the end of the
     * region.
     *
     * @param bytes the length in bytes, 1 or more
     * @return a copy with this length
     * @throws IllegalArgumentException if the length is not positive
     */
    public RegionOptions length(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("The length of a view is not positive: " + bytes + ".");
        }
        return with(view.ofLength(bytes));
    }

    /**
     * Sets the minimum size of a region that is opened. A smaller region is refused with
     * {@link SharedMemoryException.Reason#TOO_SMALL}. Only {@code open} and {@code attach} accept this option; the
     * other calls have a size as an argument.
     *
     * @param bytes the size in bytes, 1 or more
     * @return a copy with this minimum size
     * @throws IllegalArgumentException if the size is not positive
     */
    public RegionOptions minimumSize(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("The minimum size is not positive: " + bytes + ".");
        }
        return with(view.ofAtLeast(bytes));
    }

    /**
     * Does not reserve memory at creation. Each page is taken when it is first written to. The same applies to disk
     * space where a file grows. Use this for large regions that stay mostly empty.
     *
     * <p>Linux: if {@code /dev/shm} or the disk is full when a page is needed, the access throws an
     * {@link InternalError}, perhaps some time later, or ends the JVM. In {@code /dev/shm} this can be a read, too.
     * See "Memory that vanishes" in {@link SharedRegion}.
     *
     * <p>Windows: the option has no effect. Windows always charges the memory at creation and takes the pages when
     * they are first used. The growth of a file is always reserved on the disk, except in a compressed or sparse file
     * ({@link SharedRegion#map(java.nio.file.Path, long)}).
     *
     * @return a copy with this option
     */
    public RegionOptions lazy() {
        return with(Flag.LAZY);
    }

    /**
     * Opens a file so that no other process can use it until the region is closed. If another process uses the file,
     * the call fails with {@link SharedMemoryException.Reason#IN_USE}. Only {@link SharedRegion#map} accepts this
     * option.
     *
     * <p>Windows: the file is opened without a sharing mode. This binds every process. If a program, such as a virus
     * scanner, has the file open for a moment, the call waits up to 250 ms. Linux: the file is locked with
     * {@code flock} and {@code fcntl}. These locks bind users of this library only. They do not prevent another
     * program from truncating the file.
     *
     * <p>A process that has opened the region by its {@linkplain #name name} still uses the file after the exclusive
     * user has closed it.
     *
     * @return a copy with this option
     */
    public RegionOptions exclusive() {
        return with(Flag.EXCLUSIVE);
    }

    /**
     * Keeps the name of a new region on Linux until a program removes it, as {@code shm_open} does. Use this option if
     * a program without this library needs the region after its last user in this library has closed it. Only {@code
     * create} and {@code openOrCreate} accept this option. It does not change a region that {@code openOrCreate} finds.
     *
     * <p>Linux: the region lives in {@code /dev/shm}, with its memory and its content, until {@link
     * SharedRegion#remove} or a restart of the machine. All programs, and the library itself, treat it as a region that
     * another program created: it can be opened as usual, {@code create} fails with {@code ALREADY_EXISTS}, and the
     * library does not remove it after a crash. A process that wants to start with zeros removes the name first.
     * Windows: no effect, because a section always ends with its last user.
     *
     * @return a copy with this option
     */
    public RegionOptions persistent() {
        return with(Flag.PERSISTENT);
    }

    /**
     * Gives the region of a file a name. Other processes {@linkplain SharedRegion#open open} it by this name and need
     * not know the file. Only {@link SharedRegion#map} accepts this option. The name must not be in use. On Linux only
     * processes of the same user can open the region by this name, or, if root gave the name, processes of any user.
     *
     * @param newName the name, which follows the rules of {@link SharedRegion}
     * @return a copy with this name
     * @throws NullPointerException if the name is null
     * @throws IllegalArgumentException if the name is not valid
     */
    public RegionOptions name(String newName) {
        return new RegionOptions(view, flags, ObjectName.of(newName), permissions);
    }

    /**
     * Sets who may open a region that this call creates. Without this option, {@link Permissions#ownerOnly()} applies.
     * {@link SharedRegion#map} accepts permissions only together with a {@linkplain #name name}, because the file has
     * permissions of its own.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public RegionOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new RegionOptions(view, flags, name, newPermissions);
    }

    /** Returns who may open a region that these options create. */
    Rights rights() {
        return permissions == null ? Rights.OWNER_ONLY : permissions.rights;
    }

    /** Refuses the options that have no meaning for {@code create} and {@code openOrCreate}. */
    void checkForCreate(String call) {
        refuse(!view.writes(), call, "access " + view.protection(), "a call that can create a region needs READ_WRITE");
        refuse(view.minimumSize() != 0, call, "a minimum size", "the call has a size argument");
        checkNoFile(call);
    }

    /** Refuses the options that have no meaning for {@code anonymous}. */
    void checkForAnonymous() {
        checkForCreate("anonymous");
        refusePersistent("anonymous");
        refuse(permissions != null, "anonymous", "permissions", "only processes of the same user can use its ticket");
    }

    /** Refuses the options that have no meaning for {@code open}. */
    void checkForOpen() {
        checkForExisting("open");
        refuse(permissions != null, "open", "permissions", "they apply only when a region is created");
    }

    /** Refuses the options that have no meaning for {@code map}. */
    void checkForMap() {
        refuse(view.minimumSize() != 0, "map", "a minimum size", "the call has a size argument");
        refusePersistent("map");
        boolean unnamed = permissions != null && name == null;
        refuse(unnamed, "map", "permissions without a name", "the file has permissions of its own");
    }

    /** Refuses the options that have no meaning for {@code attach}. */
    void checkForAttach() {
        checkForExisting("attach");
        refuse(permissions != null, "attach", "permissions", "only processes of the same user can use a ticket");
    }

    private void checkForExisting(String call) {
        refuse(has(Flag.LAZY), call, "lazy memory", "lazy() applies only when a region is created");
        refusePersistent(call);
        checkNoFile(call);
    }

    private void checkNoFile(String call) {
        refuse(has(Flag.EXCLUSIVE), call, "exclusive use", "it applies only to files");
        refuse(name != null, call, "a second name", "it applies only to files");
    }

    private void refusePersistent(String call) {
        String why = "it applies only when a region of memory is created by name";
        refuse(has(Flag.PERSISTENT), call, "a persistent name", why);
    }

    private static void refuse(boolean given, String call, String option, String why) {
        if (given) {
            throw new IllegalArgumentException(call + " does not take " + option + ": " + why + ".");
        }
    }

    /** Returns a request for a new region with these options. */
    RegionRequest region(long size) {
        return new RegionRequest(size, has(Flag.LAZY), has(Flag.PERSISTENT), rights());
    }

    /** Returns a request for a mapped file with these options. */
    FileRequest file(Path path, long size) {
        FileRequest.Alias alias = name == null ? null : new FileRequest.Alias(name, rights());
        return new FileRequest(path, size, has(Flag.LAZY), has(Flag.EXCLUSIVE), alias);
    }
}
