package dev.sharedregion.internal.lock;

import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Rights;

/**
 * A lock to open or create.
 *
 * @param rights who may use it
 */
public record LockRequest(ObjectName name, Rights rights) {
    private static final String BLOCK = ".lock";
    private static final String EVENT = ".unlocked";

    /** Checks the names of the lock's objects, too. */
    public LockRequest {
        name.part(EVENT);
    }

    /** The description of the lock in messages. */
    public String what() {
        return "lock \"" + name + "\"";
    }

    ObjectName block() {
        return name.part(BLOCK);
    }

    ObjectName event() {
        return name.part(EVENT);
    }
}
