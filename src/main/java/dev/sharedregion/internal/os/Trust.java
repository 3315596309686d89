package dev.sharedregion.internal.os;

import java.util.Objects;

/**
 * Which existing objects may be used: those of any user, or only those that this user could have created with certain
 * rights. Rights that let every user write exclude no object.
 */
public final class Trust {
    /** Any object that can be opened. */
    public static final Trust ANYONE = new Trust(null);

    private final Rights rights;

    private Trust(Rights rights) {
        this.rights = rights;
    }

    /** An object that this user could have created with these rights. */
    public static Trust ownWith(Rights rights) {
        return new Trust(Objects.requireNonNull(rights));
    }

    public boolean isAnyone() {
        return rights == null;
    }

    /** The rights of an object that may be used. Not valid if {@linkplain #isAnyone() any object} may be used. */
    public Rights rights() {
        return Objects.requireNonNull(rights);
    }
}
