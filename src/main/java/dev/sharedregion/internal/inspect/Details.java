package dev.sharedregion.internal.inspect;

import dev.sharedregion.internal.os.EventState;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is in an object at one moment. Looks at it without a change to it, and without becoming a user of it. */
public final class Details {
    /** The channel of a server's requests. */
    private static final String REQUESTS = ".requests";

    private Details() {}

    /**
     * The details of an object. The values are strings, numbers ({@link Long}), booleans, durations, and lists and maps
     * of these.
     */
    public static Map<String, Object> of(OperatingSystem os, Kind kind, String name) {
        ObjectName object = ObjectName.of(name);
        return Collections.unmodifiableMap(switch (kind) {
            case PAIR -> PairDetails.of(os, object);
            case LOCK -> LockDetails.of(os, object);
            case TABLE -> TableDetails.of(os, object);
            case CHANNEL -> ChannelDetails.of(os, object, "receiver", "senders");
            case REQUESTS -> ChannelDetails.of(os, object.part(REQUESTS), "server", "clients");
            case EVENT -> event(os.inspectEvent(object));
            case REGION, MUTEX, SEMAPHORE -> Map.of();
        });
    }

    static Map<String, Object> event(EventState state) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("reset", state.manualReset() ? "manual" : "automatic");
        details.put("set", state.set());
        return details;
    }
}
