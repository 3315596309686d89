package dev.sharedregion.internal.os;

import java.util.List;

/**
 * An object of the system that has a name, as the list of all of them has it.
 *
 * @param name with its namespace, if it is not the one of a plain name
 * @param size in bytes; 0 if objects of this type have none, -1 if the system does not tell it to this user
 */
public record NamedObject(String name, Type type, long size, Access access, Usage usage) {
    /** What it is for the system. */
    public enum Type {
        REGION,
        EVENT,
        MUTEX,
        SEMAPHORE
    }

    /** Whether a process uses it. */
    public enum Life {
        USED,
        /** The library created it, and no process uses it. */
        DEAD,
        /** The system does not tell this user. */
        UNKNOWN
    }

    /**
     * Who may use it.
     *
     * @param owner as the system names it; empty if it does not tell
     * @param permissions as the system writes them; empty if it does not tell
     */
    public record Access(String owner, String permissions) {}

    /**
     * Who uses it.
     *
     * @param processes the ids of those that are known
     */
    public record Usage(Life life, List<Long> processes) {}
}
