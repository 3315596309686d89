package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.jvm.SpinTime;

/** Polls a pair's turn for a bounded time, unless that has long been in vain. For one thread at a time. */
public final class Spinner {
    /** How often to look between two looks at the clock. */
    private static final int LOOKS = 64;

    private final PairBlock block;

    /** How long a spin may take, and whether it pays. */
    final SpinTime time;

    Spinner(PairBlock block, long spinNanos) {
        this.block = block;
        this.time = new SpinTime(spinNanos);
    }

    /** Looks for a moment, without a look at the clock; true if the turn is another by now. */
    boolean look(long turn) {
        for (int i = 0; i < LOOKS; i++) {
            if (block.turn() != turn) {
                time.hit();
                return true;
            }
            pause();
        }
        return false;
    }

    /** Without pauses, the looks keep the turn's cache line from the peer, which is about to write to it. */
    private static void pause() {
        Thread.onSpinWait();
        Thread.onSpinWait();
        Thread.onSpinWait();
    }
}
