package dev.sharedregion.internal.os;

import java.util.Objects;

/**
 * Whose existing object may be used. An object is either used whoever made it, or only if this user could have made it with
 * certain rights. Rights that let every user write exclude no object.
 */
public final class Trust {
    /** Any object that can be opened. */
    public static final Trust ANYONE = new Trust(null);

    private final Rights rights;

    private Trust(Rights rights) {
        this.rights = rights;
    }

    /** An object as this user creates it with these rights. */
    public static Trust ownWith(Rights rights) {
        return new Trust(Objects.requireNonNull(rights));
    }

    public boolean isAnyone() {
        return rights == null;
    }

    /** The rights of an object that may be used; only if not {@linkplain #isAnyone() anyone's} may be used. */
    public Rights rights() {
        return Objects.requireNonNull(rights);
    }
}
