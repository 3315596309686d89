package dev.sharedregion.internal.latest;

import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Rights;

/**
 * A table to create or open.
 *
 * @param schema the number that the table's schema must have, or 0 for any
 * @param rights who may read the table
 */
public record LatestRequest(ObjectName name, long schema, Rights rights) {
    private static final String TABLE = ".latest";
    private static final String NEWER = ".newer";

    /** Checks the names of the table's objects, too. */
    public LatestRequest {
        // The longest.
        name.part(NEWER + "." + NewerLayout.PLACES);
    }

    /** The description of the table in messages. */
    public String what() {
        return "table \"" + name + "\"";
    }

    ObjectName table() {
        return name.part(TABLE);
    }

    ObjectName newer() {
        return name.part(NEWER);
    }

    ObjectName event(int place) {
        return name.part(NEWER + "." + place);
    }

    /** The rights for what readers write to. */
    Rights waitingRights() {
        return rights.forTurns();
    }
}
