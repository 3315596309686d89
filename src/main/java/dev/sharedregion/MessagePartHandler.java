package dev.sharedregion;

import java.nio.ByteBuffer;

/** Gets the messages of a {@link MessageReceiver} part by part, so that none of them is ever in memory as a whole. */
@FunctionalInterface
public interface MessagePartHandler {
    /**
     * Takes a part of a message. The parts of one sender come in their order. Between them, parts of other senders may
     * come. If this throws, the part counts as received, and the call of the receiver throws the same.
     *
     * @param sender the number of the sender's lane, 1 to 255. When a sender has closed the channel or died, another
     *     one may get its number
     * @param type the type that the sender gave the message; 0 if it gave none
     * @param part the next bytes of the message, from index 0 on, read-only, in the machine's byte order. They are the
     *     channel's memory, which the sender uses again when this method has returned
     * @param last whether this is the last part of the message
     */
    void onPart(int sender, int type, ByteBuffer part, boolean last);

    /**
     * Called if the rest of a message does not come, because its sender has died or given the message up. Called at
     * most once for a message of which a part was handed over.
     *
     * @param sender the number of the sender's lane
     */
    default void onAborted(int sender) {}
}
