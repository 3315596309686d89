package dev.sharedregion;

import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventWait;
import dev.sharedregion.internal.os.ProcessEnd;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An auto-reset event that no system knows: whoever waits for it spins. A sleep without end is seen as such, and ended,
 * once the peer is done with what it does for this side and has set nothing.
 */
final class MemoryEvent extends EventHandle {
    private final AtomicBoolean token = new AtomicBoolean();

    /** How often the peer was done. */
    private volatile int done;

    // Of the side that waits.
    private int waits;
    private int sleeps;
    private boolean drained;
    private boolean sleptForEver;

    MemoryEvent() {
        super(true);
    }

    /** The peer has done all of what one wait is to end by. */
    void peerIsDone() {
        done++; // by one thread
    }

    /** A wait of the handshake begins, which may sleep several times. */
    void beginWait() {
        waits++;
    }

    /** Whether the wait slept. */
    boolean slept() {
        return sleeps > 0;
    }

    /** Whether the wait took a token out of the event without sleeping. */
    boolean drained() {
        return drained;
    }

    boolean sleptForEver() {
        return sleptForEver;
    }

    boolean hasToken() {
        return token.get();
    }

    @Override
    public boolean await(long deadline, ProcessEnd process) {
        sleeps++;
        while (true) {
            // Before the token is looked for: what the peer did before is there then.
            boolean nothingMayCome = done >= waits;
            if (take()) {
                return true;
            }
            if (isCancelled()) {
                return false;
            }
            if (nothingMayCome) {
                sleptForEver = true;
                return false;
            }
            Thread.onSpinWait();
        }
    }

    @Override
    protected EventWait newWait(ProcessEnd process) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean poll() {
        boolean taken = take();
        drained |= taken;
        return taken;
    }

    private boolean take() {
        return token.get() && token.compareAndSet(true, false);
    }

    @Override
    public void set() {
        token.set(true);
    }

    @Override
    public void reset() {
        token.set(false);
    }

    @Override
    public void clear() {
        reset();
    }

    @Override
    public void cancelWaits() {
        // They look whether they are cancelled.
    }

    @Override
    public void free() {
        // The collector does.
    }
}
