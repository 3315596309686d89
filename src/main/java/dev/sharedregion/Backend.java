package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/**
 * What the library needs of an operating system: the seam between its meaning and the systems, and the only place that
 * picks one. Arguments arrive checked; failures leave as {@link SharedMemoryException} with nothing left behind.
 */
abstract class Backend {
    /** How long openOrCreate may find the name first free and then taken. */
    private static final long RACES_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** What is said of an object of another user, where this user's own was meant. */
    static final String ANOTHERS = "another user's, and Permissions that let other users in were not asked for";

    /**
     * The system this process runs on.
     *
     * @throws SharedMemoryException if the library does not know it
     */
    static Backend current() {
        if (Holder.CURRENT == null) {
            throw new SharedMemoryException(
                    Reason.UNSUPPORTED,
                    "Shared regions and events need Windows or 64-bit Linux; this is " + System.getProperty("os.name")
                            + " on " + System.getProperty("os.arch") + ".");
        }
        return Holder.CURRENT;
    }

    /** Creates a region; fails if the name exists. */
    abstract RegionMapping createRegion(ObjectName name, long size, RegionOptions options);

    /**
     * Opens an existing region, of at least {@code options.minimumSize} bytes.
     *
     * @param meant null for whatever has the name; otherwise what this user would not have created with these permissions is
     *     refused, unless they let everyone write
     */
    abstract RegionMapping openRegion(ObjectName name, RegionOptions options, Permissions meant);

    /**
     * Opens a region of at least this size, or creates it; opening first, as that takes fewer rights.
     *
     * @param meant as for {@link #openRegion}
     */
    final RegionMapping openOrCreateRegion(ObjectName name, long size, RegionOptions options, Permissions meant) {
        long giveUp = 0;
        for (int race = 0; ; race++) {
            SharedMemoryException notFound;
            try {
                return openRegion(name, options.minimumSize(size), meant);
            } catch (SharedMemoryException e) {
                if (e.reason() != Reason.NOT_FOUND) {
                    throw e;
                }
                notFound = e;
            }
            try {
                return createRegion(name, size, options);
            } catch (SharedMemoryException e) {
                if (e.reason() != Reason.ALREADY_EXISTS) {
                    throw e;
                }
            }
            // Someone else was faster, or has made an object that cannot be opened yet.
            if (race == 0) {
                // Not before: the first round may have to load the classes.
                giveUp = System.nanoTime() + RACES_NANOS;
            } else if (System.nanoTime() - giveUp >= 0) {
                throw notFound;
            }
            Waiting.pause();
        }
    }

    /** Creates a region without a name. */
    abstract Anonymous createAnonymous(long size, RegionOptions options);

    /** Opens the region without a name that a ticket leads to. */
    abstract Anonymous attach(String ticket, RegionOptions options);

    /** Maps a regular file; a size of 0 stands for the file's own. */
    abstract RegionMapping mapFile(Path file, long size, RegionOptions options);

    /**
     * Windows: checks a security descriptor.
     *
     * @throws IllegalArgumentException if it is none
     */
    void checkSddl(String descriptor) {}

    /** Creates an event; fails if the name exists. */
    abstract EventHandle createEvent(ObjectName name, EventOptions options);

    /**
     * Opens an existing event.
     *
     * @param meant as for {@link #openRegion}
     */
    abstract EventHandle openEvent(ObjectName name, EventAccess access, Permissions meant);

    /** Lets other threads and processes run for about so long. */
    void pause(long nanos) {
        Waiting.park(nanos);
    }

    /** Who holds the places of a pair, whose block this mapping is. */
    abstract Places places(RegionMapping mapping, PairBlock block);

    /** How messages call a region. */
    static String region(ObjectName name) {
        return "region \"" + name + "\"";
    }

    /** How messages call a file. */
    static String file(Path file) {
        return "file \"" + file + "\"";
    }

    /** How messages call an event. */
    static String event(ObjectName name) {
        return "event \"" + name + "\"";
    }

    /** How messages call a pair. */
    static String pair(ObjectName name) {
        return "pair \"" + name + "\"";
    }

    /** The error for a name that is in use. */
    static SharedMemoryException exists(String failed, String which, int code, String codeName) {
        return new SharedMemoryException(
                Reason.ALREADY_EXISTS,
                failed + ": it exists (" + which + "). Open it instead, or choose another name.",
                code,
                codeName);
    }

    /** The error for an object that is there but too small. */
    static SharedMemoryException tooSmall(String what, long size, long needed) {
        return new SharedMemoryException(
                Reason.TOO_SMALL,
                "Cannot open " + what + ": it has " + size + " bytes, but at least " + needed
                        + " are needed. Ask for less, or have its creator make it larger.");
    }

    /** The error for an object that another version of the library has made. */
    static SharedMemoryException wrongVersion(String failed, int version, int known) {
        return new SharedMemoryException(
                Reason.UNSUPPORTED,
                failed + ": its layout has version " + version + ", this library reads " + known
                        + ". Use the same version of the library everywhere.");
    }

    /** Refuses to attach what the ticket is not for. */
    static void checkTicket(Ticket ticket, RegionOptions options, String what) {
        if (options.access == Access.READ_WRITE && !ticket.writable()) {
            throw new SharedMemoryException(
                    Reason.ACCESS_DENIED,
                    "Cannot attach the " + what + ": who gave this ticket has it open for reading only. Ask for READ_ONLY or "
                            + "COPY_ON_WRITE access, or take a ticket of its creator.");
        }
        if (ticket.size() < options.minimumSize) {
            throw tooSmall("the " + what, ticket.size(), options.minimumSize);
        }
        options.lengthIn(ticket.size(), "the " + what);
    }

    /** The error for a ticket that leads nowhere any more, or never did. */
    static SharedMemoryException staleTicket(
            boolean processLives, String failed, int code, String codeName) {
        return new SharedMemoryException(
                Reason.NOT_FOUND,
                failed + (processLives
                        ? ": it has no such region open, or no more. Have it make a new ticket, and keep the region open "
                                + "until this one is attached."
                        : ": there is no such process, or no more. Take a ticket of a process that lives."),
                code,
                codeName);
    }

    /** The error for a ticket of a process that the system does not let this one look into. */
    static SharedMemoryException forbiddenTicket(String failed, String call, int code, String codeName) {
        return new SharedMemoryException(
                Reason.ACCESS_DENIED,
                failed + ": " + call + " failed with " + codeName + " (" + code + "). That process is another user's, or has "
                        + "more rights than this one. Run both alike, or use a region with a name.",
                code,
                codeName);
    }

    /** What a ticket knows a region by; another process of this user may read it anyway, and it is never used twice. */
    static long randomKey() {
        return new SecureRandom().nextLong();
    }

    /** The size to map of a file that has {@code fileSize} bytes now: the one asked for, where it may be had. */
    static long sizeToMap(Path file, long fileSize, long size, RegionOptions options) {
        if (size == 0 && fileSize == 0) {
            throw new SharedMemoryException(
                    Reason.EMPTY_FILE, "Cannot map " + file(file) + ": it is empty. Give the size to grow it to.");
        }
        if (size > fileSize && options.access != Access.READ_WRITE) {
            throw new SharedMemoryException(
                    Reason.TOO_SMALL,
                    "Cannot map " + file(file) + ": it has " + fileSize + " bytes, but " + size
                            + " were asked for, and only READ_WRITE access can grow it. Ask for less, or for that.");
        }
        return size == 0 ? fileSize : size;
    }

    /** Loads the one backend that is used, at its first use. */
    private static final class Holder {
        static final Backend CURRENT = pick();

        private static Backend pick() {
            if (Platform.isWindows()) {
                return new WindowsBackend();
            }
            // Other processors have other numbers for the constants in LibC.
            boolean known = Platform.isIntel()
                    || Platform.isARM()
                    || Platform.isPPC()
                    || Platform.isLoongArch()
                    || Platform.ARCH.startsWith("riscv")
                    || Platform.ARCH.startsWith("s390");
            if (Platform.isLinux() && Native.POINTER_SIZE == Long.BYTES && known) {
                return new LinuxBackend();
            }
            return null;
        }
    }
}
