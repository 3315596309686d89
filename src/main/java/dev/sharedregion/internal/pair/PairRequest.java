package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Rights;

/**
 * A pair to create or open.
 *
 * @param spinNanos how long a wait polls the turn before it sleeps
 * @param existingEvents whether a server may use events that exist
 * @param rights who may be the other side
 */
public record PairRequest(ObjectName name, long spinNanos, boolean existingEvents, Rights rights) {}
