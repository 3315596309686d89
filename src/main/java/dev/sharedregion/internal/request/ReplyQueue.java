package dev.sharedregion.internal.request;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.VirtualThreads;
import dev.sharedregion.internal.message.ChannelWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The replies to one client for which there was no room at once. A thread of its own sends them, so that a client that
 * is stopped holds up nobody. The thread runs only while there are any.
 */
final class ReplyQueue {
    private static final String NAME = "sharedregion-reply-sender";

    /** When so many bytes are here, no further reply is taken. */
    private static final long MOST_BYTES = 16 << 20;

    private record Reply(int type, ByteBuffer bytes) {}

    private final ChannelWriter writer;

    // Written by the thread that has this object's lock.

    private final Queue<Reply> replies = new ArrayDeque<>();

    /** Of these replies, and of the one that is being sent. */
    private long bytesHere;

    private volatile boolean running;
    private boolean closed;

    ReplyQueue(ChannelWriter writer) {
        this.writer = writer;
    }

    boolean isEmpty() {
        return !running;
    }

    /** Sends the remaining bytes of a buffer when there is room. Drops them if the queue is full or closed. */
    synchronized void add(int type, ByteBuffer bytes) {
        if (closed || bytesHere >= MOST_BYTES) {
            return;
        }
        replies.add(new Reply(type, bytes));
        bytesHere += bytes.remaining();
        if (!running) {
            running = true;
            boolean started = false;
            try {
                VirtualThreads.start(this::run, NAME);
                started = true;
            } finally {
                if (!started) {
                    running = false;
                    clear();
                }
            }
        }
    }

    private void run() {
        long sent = 0;
        for (Reply next = next(sent); next != null; next = next(sent)) {
            try {
                writer.sendWhenRoom(next.type, next.bytes, Deadline.never());
            } catch (Throwable e) {
                // The client has gone, and the server has closed the channel; or another program has overwritten it.
                close();
            }
            sent = next.bytes.remaining();
        }
    }

    /** The next reply, after one of so many bytes was sent; null if there is none. */
    private synchronized Reply next(long sent) {
        bytesHere -= sent;
        Reply next = replies.poll();
        running = next != null;
        return next;
    }

    /** Drops all replies, and those to come. */
    synchronized void close() {
        closed = true;
        clear();
    }

    private void clear() {
        replies.clear();
        bytesHere = 0;
    }
}
