package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.Backoff;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;

/**
 * The right of one thread to begin a step without an atomic change, until another thread revokes it. {@code
 * src/docs/handshake.md}, "Threads of one side", says why that is safe. The reference is weak because the thread may
 * refer to the pair or the lock, which the garbage collector could then never close.
 */
public class Bias extends WeakReference<Thread> {
    /** How long a revocation repeats a fence that the system refuses. */
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * True while the thread uses its right, or finds out whether it still has it. Only that thread writes it. Not
     * volatile, because a volatile store waits for the stores to the region.
     */
    public boolean inside;

    private volatile boolean revoked;

    /** The bias of the current thread. */
    public Bias() {
        super(Thread.currentThread());
    }

    public final boolean isOfThisThread() {
        return refersTo(Thread.currentThread());
    }

    /** Returns whether the bias' thread may use its right now. {@link #inside} has to be false again afterwards. */
    public final boolean enter() {
        inside = true;
        // For the compilers: the store stays before the loads that follow. The processor may change their order, which
        // is what revoke() needs the other fence for.
        VarHandle.acquireFence();
        return !revoked;
    }

    /** Ends the use of the right, after all that the thread wrote meanwhile. */
    public final void leave() {
        VarHandle.releaseFence();
        inside = false;
    }

    /** Returns when the thread does not use its right, and never will again. */
    public final void revoke(ProcessFence fence) {
        revoked = true;
        // A system that has the fence does not refuse it, as membarrier(2) says. If it does so nevertheless, this goes
        // on after a time for which no processor keeps a store back.
        Backoff refused = Backoff.upTo(REFUSED_NANOS);
        while (!fence.run() && refused.pause()) {
            // Again.
        }
        Backoff used = Backoff.endless();
        while (isInside()) {
            used.pause();
        }
    }

    public final boolean isRevoked() {
        return revoked;
    }

    private boolean isInside() {
        boolean now = inside;
        VarHandle.acquireFence();
        return now;
    }
}
