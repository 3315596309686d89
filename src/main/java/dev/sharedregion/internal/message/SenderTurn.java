package dev.sharedregion.internal.message;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Bias;
import dev.sharedregion.internal.os.ProcessFence;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The turn of the threads that share a sender. As long as one thread alone has used the sender, that thread takes the
 * turn without an atomic change.
 *
 * <p>{@link #enter} is followed at once by a try block, whose last step is {@code VarHandle.releaseFence()}, and whose
 * finally block is {@code if (own != null) own.inside = false; else turn.lock.unlock();}. It calls no method for a
 * biased thread, because such a call may find no stack.
 */
public final class SenderTurn {
    public final ReentrantLock lock = new ReentrantLock();

    /** Null if the system has none. Then there is never a bias. */
    private final ProcessFence fence;

    /** Null if no thread has it. Written by the thread that has the lock. */
    private volatile Bias bias;

    /** Whether a second thread has come. Guarded by the lock. */
    private boolean shared;

    public SenderTurn(ProcessFence fence) {
        this.fence = fence;
    }

    /** Takes the turn. Returns the bias by which this thread has it, or null if it has the lock. */
    public Bias enter() {
        Bias own = bias;
        if (own != null && own.isOfThisThread() && enter(own)) {
            return own;
        }
        StackSpace.require();
        // Made before the lock is taken, so that it takes no memory to give that back.
        Bias next = own == null && fence != null ? new Bias() : null;
        lock.lock();
        boolean entered = false;
        try {
            if (bias != null) {
                shared = true;
                bias.revoke(fence);
                bias = null;
            } else if (!shared) {
                bias = next;
            }
            entered = true;
        } finally {
            if (!entered) {
                lock.unlock();
            }
        }
        return null;
    }

    private static boolean enter(Bias own) {
        boolean entered = false;
        try {
            entered = own.enter();
        } finally {
            if (!entered) {
                own.inside = false;
            }
        }
        return entered;
    }
}
