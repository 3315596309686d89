package dev.sharedregion.internal.pair;

/**
 * How many pauses a spin makes between two looks at the turn. With few it sees a change early. With many it leaves the
 * turn's cache line to the side that is about to write to it. Which number makes turns faster, up to twice as fast,
 * depends on whether the processors of both sides share a cache, which a hypervisor may change at any time, and on how
 * long the peer takes. So both sides try each number, in the same turns, and keep the fastest one for a while. For one
 * thread at a time.
 */
public final class Pauses {
    /** The numbers go from 1 to this one. */
    private static final int MOST = 3;

    /** So many changes of the turn are timed together; a power of two. */
    private static final int STRETCH = 2048;

    /** After so many stretches, each number is tried again; a power of two. */
    private static final int STRETCHES = 64;

    /** How many pauses to make now. */
    int count = 1;

    private long stretch;
    private long begin = System.nanoTime();

    /** The number whose stretch took the least time, and that time. */
    private int fastest = 1;

    private long leastNanos;

    /** Notes the turn with which this side has handed over: after that, as the peer waits for what comes before. */
    void handedOver(long turn) {
        long now = turn / (PairBlockLayout.TURN_COUNT * STRETCH);
        if (now != stretch) {
            begin(now);
        }
    }

    private void begin(long now) {
        stretch = now;
        long clock = System.nanoTime();
        long nanos = clock - begin;
        begin = clock;
        // In stretches 0 to MOST - 1 each number is tried.
        int number = (int) now & STRETCHES - 1;
        if (number == 1 || number > 1 && number <= MOST && nanos < leastNanos) {
            leastNanos = nanos;
            fastest = count;
        }
        count = number < MOST ? number + 1 : fastest;
    }
}
