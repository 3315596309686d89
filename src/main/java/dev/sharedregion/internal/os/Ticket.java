package dev.sharedregion.internal.os;

import dev.sharedregion.internal.os.Failure.Reason;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place where a process finds a region without a name: the process, its descriptor or handle, and a random number
 * that shows that it is still the same region.
 *
 * @param windows true for a handle of Windows, false for a descriptor of Linux
 * @param pid the process that has the region open
 * @param handle the handle or descriptor in that process
 * @param writable whether a process that attaches the region may write to it
 */
public record Ticket(boolean windows, long pid, long handle, Region region, boolean writable) {
    /**
     * What tells one region from another.
     *
     * @param size the whole region's size in bytes
     * @param key the random number
     */
    public record Region(long size, long key) {}

    /** How messages call a region without a name. */
    public static final String REGION = "anonymous region";

    /** The operation of creating such a region. */
    public static final Operation CREATING = new Operation("create", "an " + REGION);

    private static final Pattern FORMAT = Pattern.compile(
            "srt1([wl])-([1-9][0-9]{0,9})-(0|[1-9][0-9]{0,18})-([1-9][0-9]{0,18})-([0-9a-f]{16})(-r)?");

    /**
     * Reads a ticket.
     *
     * @throws IllegalArgumentException if the string is not a ticket, or if it is a ticket of the other system
     */
    public static Ticket of(String text, boolean windows) {
        Objects.requireNonNull(text, "ticket");
        Matcher parts = FORMAT.matcher(text);
        if (!parts.matches()) {
            throw bad(text, "is not a ticket. Give the string that SharedRegion.ticket() returned, unchanged.");
        }
        if (parts.group(1).equals("w") != windows) {
            throw bad(text, "is a ticket of the other system, " + (windows ? "Linux" : "Windows") + ".");
        }
        try {
            return new Ticket(
                    windows,
                    Long.parseLong(parts.group(2)),
                    Long.parseLong(parts.group(3)),
                    new Region(Long.parseLong(parts.group(4)), Long.parseUnsignedLong(parts.group(5), 16)),
                    parts.group(6) == null);
        } catch (NumberFormatException e) {
            throw bad(text, "is not a ticket: a number in it is too large.");
        }
    }

    private static IllegalArgumentException bad(String text, String why) {
        String shown = text.length() <= 100 ? text : text.substring(0, 100) + "…";
        return new IllegalArgumentException("\"" + shown.replace("\0", "\\0") + "\" " + why);
    }

    public long size() {
        return region.size;
    }

    public long key() {
        return region.key;
    }

    /** Returns a new key. Another process of this user may read the key. No key is used twice. */
    public static long randomKey() {
        return new SecureRandom().nextLong();
    }

    /** The operation of attaching the region. */
    public Operation attaching() {
        return new Operation("attach", "the " + REGION + " of process " + pid);
    }

    /** Fails if the region does not allow this view. */
    public void check(ViewRequest view) {
        Operation attach = attaching();
        if (view.writes() && !writable) {
            throw attach.failure(Reason.ACCESS_DENIED, "the process that made this ticket has the region open for "
                    + "reading only. Ask for READ_ONLY or COPY_ON_WRITE access, or use a ticket from the "
                    + "region's creator.");
        }
        attach.to("open").checkSize(size(), view.minimumSize());
        view.lengthIn(size(), attach.object());
    }

    /** The failure for a ticket whose process or region does not exist (any more). */
    public Failure stale(boolean processLives, int code, String codeName) {
        String why = processLives
                ? "the process has no such region open, or has closed it. Make a new ticket there, and keep the region "
                        + "open until this process has attached it."
                : "the process does not exist, or has ended. Use a ticket from a running process.";
        return attaching().failure(Reason.NOT_FOUND, why, code, codeName);
    }

    /** The failure for a ticket of a process to which this process has no access. */
    public Failure forbidden(String call, int code, String codeName) {
        String why = call + " failed with " + codeName + " (" + code + "). That process belongs to another user, or "
                + "has more privileges than this one. Run both with the same privileges, or use a region with a name.";
        return attaching().failure(Reason.ACCESS_DENIED, why, code, codeName);
    }

    /** The random number as 16 hexadecimal digits. */
    public static String keyDigits(long key) {
        return String.format("%016x", key);
    }

    /** The text that {@link #of} reads. It has only letters, digits and hyphens, so that no shell changes it. */
    @Override
    public String toString() {
        return "srt1" + (windows ? "w-" : "l-") + pid + "-" + handle + "-" + size() + "-" + keyDigits(key())
                + (writable ? "" : "-r");
    }
}
