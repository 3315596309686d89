package dev.sharedregion.bench;

import java.io.Closeable;
import java.nio.ByteBuffer;

/**
 * A contender that is written in Java: how messages go from senders to one receiver. Each of them lives in a process of
 * its own, and is used by one thread.
 */
interface StreamTransport {
    /** How many processes send. */
    int SENDERS = Integer.getInteger("bench.senders", 1);

    /** Bytes that may be under way, of all senders together. */
    int CAPACITY = Integer.getInteger("bench.capacity", 1 << 20);

    /** The most messages that the receiver takes in one go: they fill a quarter of the memory at most. */
    int BATCH = Math.max(1, Math.min(256, CAPACITY / 4 / Payload.SIZE));

    /** Whether the processes have to share processors, so that one that spins keeps another one from its work. */
    boolean CROWDED = Runtime.getRuntime().availableProcessors() < SENDERS + 1;

    /** Opens the receiver, which comes first. */
    Receiving receive(String name, Arrivals arrivals) throws Exception;

    /**
     * Opens a sender.
     *
     * @param message the memory of the message that it sends each time
     */
    Sending send(String name, ByteBuffer message) throws Exception;

    /** So many bytes may be sent in the warm-up, and again in the measuring. */
    default long mostBytes() {
        return Long.MAX_VALUE;
    }

    /** The receiver. */
    interface Receiving extends Closeable {
        /** Takes what is there, up to {@link #BATCH} messages; if nothing is there, pauses. */
        void poll() throws Exception;
    }

    /** A sender. */
    interface Sending extends Closeable {
        /** Sends what is in the message's memory, and waits while there is no room for it. */
        void send() throws Exception;
    }
}
