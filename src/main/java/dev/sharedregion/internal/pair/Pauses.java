package dev.sharedregion.internal.pair;

/**
 * How many pauses a spin makes between two looks at the turn. With few it sees a change early. With many it leaves the
 * turn's cache line to the side that is about to write to it. Which of the two makes turns faster, up to twice as
 * fast, depends on whether the processors of both sides share a cache, and a hypervisor may change that at any time. So
 * both sides try both, in the same turns, and keep the faster one for a while. For one thread at a time.
 */
public final class Pauses {
    private static final int FEW = 1;
    private static final int MANY = 3;

    /** So many changes of the turn are timed together; a power of two. */
    private static final int STRETCH = 2048;

    /** After so many stretches, both are tried again; a power of two. */
    private static final int STRETCHES = 64;

    /** How many pauses to make now. */
    int count = FEW;

    private long stretch;
    private long begin = System.nanoTime();
    private long nanosWithFew;

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
        switch ((int) now & STRETCHES - 1) {
            case 0 -> count = FEW;
            case 1 -> {
                nanosWithFew = nanos;
                count = MANY;
            }
            case 2 -> count = nanos < nanosWithFew ? MANY : FEW;
            default -> {
                // Goes on.
            }
        }
    }
}
