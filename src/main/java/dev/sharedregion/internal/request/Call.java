package dev.sharedregion.internal.request;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** A thread that waits for the reply to its request. */
final class Call implements Asker {
    private final Thread thread = Thread.currentThread();
    private ByteBuffer reply;
    private Throwable failure;

    /** Set after the others. */
    private volatile boolean done;

    @Override
    public void onReply(ByteBuffer bytes) {
        reply = bytes;
        end();
    }

    @Override
    public void onFailure(Throwable why) {
        failure = why;
        end();
    }

    private void end() {
        done = true;
        if (thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
        }
    }

    boolean isDone() {
        return done;
    }

    /** The reply, once it is done. Throws if there is none. */
    ByteBuffer result() {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
        return reply;
    }
}
