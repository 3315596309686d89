package dev.sharedregion.internal.telemetry;

import dev.sharedregion.internal.os.ObjectName;

/**
 * How a reader learns of new data.
 *
 * @param event the producer's event, or null
 * @param pollNanos how often to look where no event can be waited for
 */
public record Wakeups(ObjectName event, long pollNanos) {}
