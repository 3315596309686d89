package dev.sharedregion.internal.telemetry;

import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.ViewRequest;
import java.util.function.Function;

/**
 * What to read, and how.
 *
 * @param size how many bytes to map, or {@link ViewRequest#TO_THE_END}
 * @param protocol makes the rule by which to copy
 */
public record TelemetryRequest(
        ObjectName name,
        Function<OperatingSystem, CopyProtocol> protocol,
        long size,
        Liveness liveness,
        Wakeups wakeups) {
    Operation operation() {
        return new Operation("read", name.region());
    }

    ViewRequest view() {
        return new ViewRequest(Protection.READ_ONLY, 0, size, size);
    }
}
