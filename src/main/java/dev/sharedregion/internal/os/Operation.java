package dev.sharedregion.internal.os;

import dev.sharedregion.internal.os.Failure.Reason;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * An action and its object: the beginning of each message about a failure.
 *
 * @param action an infinitive, such as {@code open}
 * @param object the description of the object, such as {@code region "prices"}
 */
public record Operation(String action, String object) {
    /** The description of a file in messages. */
    public static String file(Path file) {
        return "file \"" + file + "\"";
    }

    /** The same object with another action. */
    public Operation to(String newAction) {
        return new Operation(newAction, object);
    }

    /**
     * Returns a failure that the library found by itself.
     *
     * @param why what is wrong and what to do, as whole sentences after a colon
     */
    public Failure failure(Reason reason, String why) {
        return failure(reason, why, 0, "");
    }

    /** As {@link #failure(Reason, String)}, with the system's code and its name. */
    public Failure failure(Reason reason, String why, int code, String codeName) {
        return new Failure(reason, this + ": " + why, code, codeName);
    }

    /**
     * Returns the failure of a part of the object, which has a name of its own. The message begins with this operation,
     * because the user gave the object's name only.
     */
    public Failure failure(Failure part) {
        String why = part.getMessage();
        return failure(
                part.reason(),
                Character.toLowerCase(why.charAt(0)) + why.substring(1),
                part.errorCode(),
                part.errorName());
    }

    /** Opens or creates a part of the object. If that fails, throws {@linkplain #failure(Failure) its failure}. */
    public <T> T onPart(Supplier<T> open) {
        try {
            return open.get();
        } catch (Failure e) {
            throw failure(e);
        }
    }

    /** The failure for an object of this name that exists. */
    public Failure exists(String which, int code, String codeName) {
        String why = "it exists (" + which + "). Open it instead, or choose another name.";
        return failure(Reason.ALREADY_EXISTS, why, code, codeName);
    }

    /** Fails if the object's size is smaller than needed. */
    public void checkSize(long size, long needed) {
        if (size < needed) {
            throw failure(Reason.TOO_SMALL, "it has " + size + " bytes, but at least " + needed
                    + " are needed. Ask for less, or have its creator make it larger.");
        }
    }

    /** Returns the failure for an object that another version of the library has created. */
    public Failure wrongVersion(int version, int known) {
        return failure(Reason.UNSUPPORTED, "its layout has version " + version + ", and this library reads version "
                + known + ". Use the same version of the library everywhere.");
    }

    /** The failure for a file that does not exist. */
    public Failure noSuchFile(int code, String codeName) {
        String why = "there is no such file (" + codeName + "). Create it first, for instance with Files.createFile.";
        return failure(Reason.NOT_FOUND, why, code, codeName);
    }

    @Override
    public String toString() {
        return "Cannot " + action + " " + object;
    }
}
