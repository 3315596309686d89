package dev.sharedregion.internal.message;

import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Rights;

/**
 * A channel to create or open.
 *
 * @param schema the number that the channel's schema must have, or 0 for any
 * @param rights who may use the channel
 * @param words what error messages call its sides
 */
public record MessageRequest(ObjectName name, long schema, Rights rights, ChannelWords words) {
    private static final String MESSAGES = ".messages";
    private static final String SENT = ".sent";
    private static final String FREED = ".freed";

    /** Checks the names of the channel's objects, too. */
    public MessageRequest {
        // The longest.
        name.part(FREED + "." + MessageLayout.MOST_SENDERS);
    }

    /** The description of the channel in messages. */
    public String what() {
        return "channel \"" + name + "\"";
    }

    ObjectName messages() {
        return name.part(MESSAGES);
    }

    /** The event that wakes the receiver of a place. */
    ObjectName sent(int receiver) {
        return name.part(receiver == 1 ? SENT : SENT + "." + receiver);
    }

    /** The event that wakes the sender of a lane. */
    ObjectName freed(int lane) {
        return name.part(FREED + "." + lane);
    }

    /** The rights for objects that all sides write to. */
    Rights sharedRights() {
        return rights.forTurns();
    }
}
