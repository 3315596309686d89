package dev.sharedregion.internal.message;

import dev.sharedregion.internal.memory.RegionPointer;
import dev.sharedregion.internal.memory.View;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.OwnerSlot;

/**
 * What a sender or a receiver has open. The opener closes it if it fails, and the sender or receiver gives it back
 * otherwise. Made before the first object is opened, so that it takes no memory to give back the open ones.
 */
public final class ChannelObjects implements AutoCloseable {
    /** Null until it is open. */
    View view;

    /** All of the view; null until that is open. */
    RegionPointer pointer;

    /** Null until it is known. */
    ChannelShape shape;

    /** How all of the channel is looked at; null until it is open. */
    Channel channel;

    /** The place of this sender or receiver, if it has one. */
    OwnerSlot place;

    /** The number of the receiver's place; for a sender that of the first one. */
    int receiver = 1;

    /** What wakes that receiver; null until it is open. */
    EventHandle sent;

    /** How a sender wakes the others, if there can be any. */
    OtherReceivers others;

    /** What wakes this sender; null for a receiver, and until it is open. */
    EventHandle freed;

    /** Gives all of them back, even if one fails because its memory has vanished. */
    @Override
    public void close() {
        View first = view;
        Channel second = channel;
        EventHandle third = sent;
        EventHandle fourth = freed;
        OwnerSlot fifth = place;
        OtherReceivers sixth = others;
        try (first; second; third; fourth; sixth; fifth) {
            // Before they are closed, in the reverse order.
            if (fifth != null) {
                fifth.giveUp();
            }
        }
    }
}
