package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Rights;
import java.util.Objects;

/**
 * Who may open an object that this process creates. The same permissions are used for all types of objects, on both
 * systems. Permissions are immutable and can be shared between threads: each method returns a changed copy.
 *
 * <pre>{@code
 * Permissions users = Permissions.everyone();
 * SharedRegion.create("Global\\scan", 1 << 20, RegionOptions.defaults().permissions(users));
 * EventPair.create("Global\\scan", PairOptions.defaults().permissions(users));
 * }</pre>
 *
 * <p>The process that creates an object sets its permissions. A process that opens the object asks for the access it
 * needs, and fails with {@code ACCESS_DENIED} if the permissions do not grant it. The owner is the user of the
 * creating process. In addition to the owner, the administrators of the machine always have access: the system account
 * on Windows, root on Linux.
 *
 * <p>The permissions grant these rights to other users:
 *
 * <table>
 * <caption>Rights of users other than the owner</caption>
 * <tr><th scope="col"></th><th scope="col">{@link #ownerAndReaders()}</th><th scope="col">{@link #everyone()}</th></tr>
 * <tr><th scope="row">region</th><td>reading</td><td>reading and writing</td></tr>
 * <tr><th scope="row">event</th><td>waiting ({@link EventAccess#WAIT_ONLY}). Linux: only for a manual-reset event,
 *     because a wait for an auto-reset event writes to the event</td><td>waiting, setting, resetting</td></tr>
 * <tr><th scope="row">pair</th><td colspan="2">being the other side. Both sides write to the pair's events and its
 *     control block, so a reader of the region has this right, too. The region is a separate object</td></tr>
 * <tr><th scope="row">lock</th><td colspan="2">locking. Users of a lock write to its event and its region</td></tr>
 * <tr><th scope="row">table of latest values</th><td>reading values, and waiting for newer ones</td><td>reading values,
 *     and being the writer</td></tr>
 * <tr><th scope="row">channel, request server</th><td colspan="2">sending and receiving. Both sides write to the
 *     channel</td></tr>
 * <tr><th scope="row">name of a file's region</th><td colspan="2">Windows: as for a region. Linux: the file's own mode
 *     decides</td></tr>
 * </table>
 *
 * <p>Only the owner may change these rights. On Linux, only the owner may remove a name. A process that may open an
 * object can also keep it open, and so keep its name in use.
 */
public final class Permissions {
    final Rights rights;

    private Permissions(Rights rights) {
        this.rights = rights;
    }

    /**
     * Grants access to the owner only. This is the default. Windows: the user and the system account. Linux: mode
     * 0600.
     *
     * @return the permissions
     */
    public static Permissions ownerOnly() {
        StackSpace.require();
        return new Permissions(Rights.OWNER_ONLY);
    }

    /**
     * Grants the owner all access, and every other user read access. Linux: mode 0644.
     *
     * @return the permissions
     */
    public static Permissions ownerAndReaders() {
        StackSpace.require();
        return new Permissions(new Rights(Rights.Others.READ, null, Rights.NO_MODE));
    }

    /**
     * Grants every user of the machine read and write access. Linux: mode 0666.
     *
     * @return the permissions
     */
    public static Permissions everyone() {
        StackSpace.require();
        return new Permissions(new Rights(Rights.Others.WRITE, null, Rights.NO_MODE));
    }

    /**
     * Sets a security descriptor that replaces these permissions on Windows. Each object gets the descriptor
     * unchanged. It has no effect on Linux.
     *
     * <p>In the descriptor, {@code GR} grants reading a region, {@code GW} grants writing to a region or setting an
     * event, and {@code GX} grants waiting for an event.
     *
     * @param descriptor a string in the Security Descriptor Definition Language. For example,
     *     {@code D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGWGX;;;IU)} grants everything to the system account and to
     *     administrators, and grants users who are logged on the rights that turns need
     * @return a copy with this descriptor
     * @throws NullPointerException if the descriptor is null
     * @throws IllegalArgumentException on Windows, if the string is not such a descriptor
     * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format">Security
     *     Descriptor String Format (Win32)</a>
     */
    public Permissions sddl(String descriptor) {
        Objects.requireNonNull(descriptor, "descriptor");
        ThisSystem.get().checkSecurityDescriptor(descriptor);
        return new Permissions(new Rights(rights.others(), descriptor, rights.givenMode()));
    }

    /**
     * Sets a mode that replaces these permissions on Linux. It is the mode of the object's file in {@code /dev/shm}.
     * The umask is not applied. It has no effect on Windows. A user who may read an auto-reset event can take its
     * signals away with a program of their own.
     *
     * @param bits bits of {@code 0666}, which must include the owner's {@code 0600}; for example {@code 0660} for a
     *     group
     * @return a copy with this mode
     * @throws IllegalArgumentException if the mode has other bits or lacks the owner's
     * @see <a href="https://man7.org/linux/man-pages/man7/inode.7.html">inode(7)</a>
     */
    public Permissions mode(int bits) {
        if ((bits & ~Rights.READ_AND_WRITE) != 0 || (bits & Rights.OWNER_MODE) != Rights.OWNER_MODE) {
            throw new IllegalArgumentException("The mode " + octal(bits) + " is not valid for a shared object: it must "
                    + "contain 0600 (the owner) and no bit outside of 0666.");
        }
        return new Permissions(new Rights(rights.others(), rights.sddl(), bits));
    }

    /** Returns true if the other object is permissions that grant the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Permissions permissions && rights.equals(permissions.rights);
    }

    @Override
    public int hashCode() {
        return rights.hashCode();
    }

    /** Returns what the permissions grant on each system, for messages. */
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
