package dev.sharedregion.internal.message;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/** How a sender wakes the receivers of a channel besides the first one. For one thread at a time. */
final class OtherReceivers implements AutoCloseable {
    private final ChannelShape shape;
    private final ByteBuffer control;
    private final IntFunction<EventHandle> opener;

    /** By number; null until one is open. */
    private final EventHandle[] events;

    /**
     * @param control the part before the rings
     * @param opener opens the event that wakes a receiver
     */
    OtherReceivers(ChannelShape shape, ByteBuffer control, IntFunction<EventHandle> opener) {
        this.shape = shape;
        this.control = control;
        this.opener = opener;
        this.events = new EventHandle[shape.receivers() + 1];
    }

    /** Wakes those that sleep. */
    void wake() {
        for (int receiver = 2; receiver < events.length; receiver++) {
            int place = shape.receiverOffset(receiver) + BroadcastLayout.RECEIVER_ASLEEP;
            if (Sleeper.isAsleep(control, place)) {
                StackSpace.require();
                wake(receiver, place);
            }
        }
    }

    private void wake(int receiver, int place) {
        if (events[receiver] == null) {
            try {
                events[receiver] = opener.apply(receiver);
            } catch (Failure e) {
                // The receiver is gone, or looks by itself after 100 ms. Do not try again for each message.
                AtomicWords.compareAndSet(control, place, Sleeper.ASLEEP, Sleeper.AWAKE);
                return;
            }
        }
        Sleeper.wake(control, place, events[receiver]);
    }

    /** Closes all events, even if one fails because its memory has vanished. */
    @Override
    public void close() {
        close(2);
    }

    private void close(int from) {
        int receiver = from;
        try {
            for (; receiver < events.length; receiver++) {
                if (events[receiver] != null) {
                    events[receiver].close();
                }
            }
        } finally {
            if (receiver < events.length) {
                close(receiver + 1);
            }
        }
    }
}
