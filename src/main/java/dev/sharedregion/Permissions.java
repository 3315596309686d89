package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Rights;
import java.util.Objects;

/**
 * Who may open an object that this process creates: one option for regions, events and pairs, on both systems. Immutable, and
 * so safe to share between threads: each method returns a changed copy.
 *
 * <pre>{@code
 * Permissions users = Permissions.everyone();
 * SharedRegion.create("Global\\scan", 1 << 20, RegionOptions.defaults().permissions(users));
 * EventPair.create("Global\\scan", PairOptions.defaults().permissions(users));
 * }</pre>
 *
 * <p>They are set once, by who creates the object; who opens it asks for what it needs, and fails with
 * {@code ACCESS_DENIED} if it is not granted. The owner is the user that the creating process runs as. Apart from the owner,
 * those who administer the machine always get in: the system account on Windows, root on Linux.
 *
 * <p>What the kinds of objects grant to others:
 *
 * <table>
 * <caption>Rights of others than the owner</caption>
 * <tr><th scope="col"></th><th scope="col">{@link #ownerAndReaders()}</th><th scope="col">{@link #everyone()}</th></tr>
 * <tr><th scope="row">region</th><td>reading</td><td>reading and writing</td></tr>
 * <tr><th scope="row">event</th><td>waiting ({@link EventAccess#WAIT_ONLY}); on Linux for a manual-reset event only, as a
 *     wait for an auto-reset one takes the signal out, which there is writing</td><td>waiting, setting, resetting</td></tr>
 * <tr><th scope="row">pair</th><td colspan="2">being its other side. Whoever takes turns writes to the pair's events and its
 *     control block, so this is the same for readers; the region that it guards is another object</td></tr>
 * <tr><th scope="row">name of a file's region</th><td colspan="2">Windows: as a region. Linux: the file's own mode
 *     decides</td></tr>
 * </table>
 *
 * <p>Nobody but the owner may change these rights or, on Linux, remove a name. Who may open an object can also hold it open,
 * and so its name taken.
 */
public final class Permissions {
    final Rights rights;

    private Permissions(Rights rights) {
        this.rights = rights;
    }

    /**
     * The owner alone, which is the default. Windows: the user, and the system account; Linux: mode 0600.
     *
     * @return the permissions
     */
    public static Permissions ownerOnly() {
        StackSpace.require();
        return new Permissions(Rights.OWNER_ONLY);
    }

    /**
     * The owner for everything, everyone else for reading. Linux: mode 0644.
     *
     * @return the permissions
     */
    public static Permissions ownerAndReaders() {
        StackSpace.require();
        return new Permissions(new Rights(Rights.Others.READ, null, Rights.NO_MODE));
    }

    /**
     * Every user of the machine, for reading and writing. Linux: mode 0666.
     *
     * @return the permissions
     */
    public static Permissions everyone() {
        StackSpace.require();
        return new Permissions(new Rights(Rights.Others.WRITE, null, Rights.NO_MODE));
    }

    /**
     * What counts on Windows instead: a security descriptor, which is given to each object as it stands. On Linux nothing
     * changes by it.
     *
     * @param descriptor in the Security Descriptor Definition Language, such as
     *     {@code D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGWGX;;;IU)}: all for the system account and administrators, what turns take
     *     for users who are logged on. {@code GR} reads a region, {@code GW} writes to it or sets an event, {@code GX} waits
     *     for one
     * @return a copy with this descriptor
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException on Windows, if it is no such descriptor
     * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format">Security
     *     Descriptor String Format (Win32)</a>
     */
    public Permissions sddl(String descriptor) {
        Objects.requireNonNull(descriptor, "descriptor");
        ThisSystem.get().checkSecurityDescriptor(descriptor);
        return new Permissions(new Rights(rights.others(), descriptor, rights.givenMode()));
    }

    /**
     * What counts on Linux instead: the mode of the file in {@code /dev/shm}. The umask has no say in it. On Windows nothing
     * changes by it. Who may read an auto-reset event can take its signals away, in a program of their own.
     *
     * @param bits those of {@code 0666}, with the owner's {@code 0600} among them, such as {@code 0660} for a group
     * @return a copy with this mode
     * @throws IllegalArgumentException if it has others, or lacks these
     * @see <a href="https://man7.org/linux/man-pages/man7/inode.7.html">inode(7)</a>
     */
    public Permissions mode(int bits) {
        if ((bits & ~Rights.READ_AND_WRITE) != 0 || (bits & Rights.OWNER_MODE) != Rights.OWNER_MODE) {
            throw new IllegalArgumentException("The mode " + octal(bits)
                    + " cannot be a shared object's: it takes the owner's 0600, and nothing but 0666 beside it.");
        }
        return new Permissions(new Rights(rights.others(), rights.sddl(), bits));
    }

    /** Whether the other object is permissions that grant the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Permissions permissions && rights.equals(permissions.rights);
    }

    @Override
    public int hashCode() {
        return rights.hashCode();
    }

    /** What they grant, on either system. */
    @Override
    public String toString() {
        String portable = switch (rights.others()) {
            case NOTHING -> "owner only";
            case READ -> "owner and readers";
            case WRITE -> "everyone";
        };
        return portable + (rights.sddl() == null ? "" : ", on Windows " + rights.sddl())
                + (rights.givenMode() == Rights.NO_MODE ? "" : ", on Linux " + octal(rights.givenMode()));
    }

    private static String octal(int bits) {
        return "0" + Integer.toOctalString(bits);
    }
}
