package dev.sharedregion.internal.os;

/**
 * Which existing objects may be used: those of any user, or only those that this user could have created with certain
 * rights. Rights that let every user write exclude no object.
 *
 * @param rights the rights of an object that may be used, or null if any object may be used
 */
public record Trust(Rights rights) {
    /** Any object that can be opened. */
    public static final Trust ANYONE = new Trust(null);

    public boolean isAnyone() {
        return rights == null;
    }
}
