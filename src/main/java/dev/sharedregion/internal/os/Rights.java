package dev.sharedregion.internal.os;

/**
 * Who may open an object that this process creates.
 *
 * @param others what users other than the owner may do
 * @param sddl the security descriptor that replaces this on Windows, or null
 * @param givenMode the mode that replaces this on Linux, or {@link #NO_MODE}
 */
public record Rights(Others others, String sddl, int givenMode) {
    /** What users other than the owner may do. */
    public enum Others {
        NOTHING,
        READ,
        WRITE
    }

    /** No mode was given. */
    public static final int NO_MODE = -1;

    /** The mode of an object that only its owner may open. */
    public static final int OWNER_MODE = 0600;

    /** All bits that a mode can have. */
    public static final int READ_AND_WRITE = 0666;

    /** Only the owner. */
    public static final Rights OWNER_ONLY = new Rights(Others.NOTHING, null, NO_MODE);

    /** The rights for an object to which its readers also write. */
    public Rights forTurns() {
        return others == Others.READ ? new Rights(Others.WRITE, sddl, givenMode) : this;
    }

    /** The rights for an object that, on Linux, readers can harm. A given mode stays unchanged. */
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
