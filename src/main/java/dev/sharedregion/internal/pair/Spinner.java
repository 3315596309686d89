package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.jvm.SpinTime;
import java.util.concurrent.TimeUnit;

/** Polls a pair's turn for a bounded time, unless that has long been in vain. For one thread at a time. */
public final class Spinner {
    /** How often to pause between two looks at the clock. */
    private static final int PAUSES = 192;

    /** The longest spin by default: about the time that a sleep and its wake-up take. */
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** The same while turns take longer than that. In a turn of this length a sleep adds about a tenth. */
    private static final long LONG_SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

    private final PairBlock block;

    /** How long a spin may take, and whether it pays. */
    final SpinTime time;

    final Pauses pauses;

    Spinner(PairBlock block, Side me, long spinNanos) {
        this.block = block;
        this.pauses = new Pauses(me);
        this.time = spinNanos == PairRequest.DEFAULT_SPIN
                ? new SpinTime(SPIN_NANOS, LONG_SPIN_NANOS)
                : new SpinTime(spinNanos);
    }

    /** Looks for a moment, without a look at the clock, until the turn is another; returns the turn. */
    long look(long turn) {
        int between = pauses.between;
        SpinTime.pause(pauses.before);
        for (int i = 0; i < PAUSES; i += between) {
            long now = block.turn();
            if (now != turn) {
                time.hit();
                return now;
            }
            SpinTime.pause(between);
        }
        return turn;
    }
}
