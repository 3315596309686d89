package dev.sharedregion.kills;

import dev.sharedregion.SharedRegion;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the workers of {@link MessageKillTest} tell of each sender. It survives them. {@code messages_peer.c} has the
 * same.
 */
final class MessageLog {
    static final int SIZE = 4096;

    private static final int SENDER = 256;
    private static final int BEGUN = 0;
    private static final int SENT = 64;
    private static final int RECEIVED = 128;
    private static final VarHandle NUMBER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;

    MessageLog(SharedRegion region) {
        memory = region.buffer();
    }

    /** The number of the message that the sender has begun to send. */
    int begun(int sender) {
        return number(sender, BEGUN);
    }

    /** The number of the last message of which the sender knows that it is sent. */
    int sent(int sender) {
        return number(sender, SENT);
    }

    /** The number of the last message that a receiver was handed. */
    int received(int sender) {
        return number(sender, RECEIVED);
    }

    private int number(int sender, int field) {
        return (int) (long) NUMBER.getVolatile(memory, sender * SENDER + field);
    }

    void setBegun(int sender, int number) {
        NUMBER.setVolatile(memory, sender * SENDER + BEGUN, (long) number);
    }

    void setSent(int sender, int number) {
        NUMBER.setVolatile(memory, sender * SENDER + SENT, (long) number);
    }

    void setReceived(int sender, int number) {
        NUMBER.setVolatile(memory, sender * SENDER + RECEIVED, (long) number);
    }
}
