package dev.sharedregion;

import java.nio.ByteBuffer;

/** Gets the messages of a {@link MessageReceiver}, one after the other. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes a message. If this throws, the message counts as received, and the call of the receiver throws the same.
     *
     * @param type the type that the sender gave the message; 0 if it gave none
     * @param message the bytes of the message from index 0 on, read-only, in the machine's byte order. They are the
     *     channel's memory, which the sender uses again when this method has returned: copy the bytes that are needed
     *     later
     */
    void onMessage(int type, ByteBuffer message);
}
