package dev.sharedregion.internal.os;

/**
 * Who may open an object that this process creates.
 *
 * @param others what users other than the owner may do
 * @param sddl the security descriptor that replaces this on Windows, or null
 * @param givenMode the mode that replaces this on Linux, or {@link #NO_MODE}
 */
public record Rights(Others others, String sddl, int givenMode) {
    /** What others than the owner may do. */
    public enum Others {
        NOTHING,
        READ,
        WRITE
    }

    /** No mode was given. */
    public static final int NO_MODE = -1;

    /** The mode of an object for its owner alone. */
    public static final int OWNER_MODE = 0600;

    /** All bits that a mode can have. */
    public static final int READ_AND_WRITE = 0666;

    /** The owner alone. */
    public static final Rights OWNER_ONLY = new Rights(Others.NOTHING, null, NO_MODE);

    /** For an object whose readers write to it, too. */
    public Rights forTurns() {
        return others == Others.READ ? new Rights(Others.WRITE, sddl, givenMode) : this;
    }

    /** For an object that cannot be read without harm, on Linux. A given mode stays. */
    public Rights withoutReaders() {
        return others == Others.READ ? new Rights(Others.NOTHING, sddl, givenMode) : this;
    }

    /** The permission bits on Linux. */
    public int mode() {
        if (givenMode != NO_MODE) {
            return givenMode;
        }
        return switch (others) {
            case NOTHING -> OWNER_MODE;
            case READ -> 0644;
            case WRITE -> READ_AND_WRITE;
        };
    }
}
