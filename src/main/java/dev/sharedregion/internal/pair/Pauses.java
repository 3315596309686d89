package dev.sharedregion.internal.pair;

/**
 * How many pauses a wait makes before its first look at the turn, and how many between two looks. With few it sees a
 * change early. With many it leaves the turn's cache line to the side that is about to write to it. A look at the right
 * moment costs least: if the change is on its way just then, the processor goes on as if it had come, and fetches the
 * data beside it. Which numbers make turns fastest depends on how long the peer takes, and on whether the processors of
 * both sides share a cache, which a hypervisor may change at any time. So they are tried in rounds: both sides try
 * numbers between two looks, in the same turns, then the server tries numbers before its first look, then the client.
 * For one thread at a time.
 */
public final class Pauses {
    /** The numbers between two looks go from 1 to this one. */
    private static final int BETWEEN_TRIES = 3;

    /** So many numbers before the first look are tried by each side, from 0. */
    private static final int BEFORE_TRIES = 16;

    /** So many changes of the turn are timed together; a power of two. */
    private static final int STRETCH = 1024;

    /** A round has so many stretches; a power of two. The tries are in the first ones. */
    private static final int STRETCHES = 256;

    /** If the fastest stretch takes less, a turn is too short for pauses before the first look, and none are tried. */
    private static final long SHORT_NANOS = 64 * STRETCH;

    /** So many numbers in a row that are slower by a quarter end the tries: greater ones are slower still. */
    private static final int MOST_SLOW = 2;

    /** How many pauses to make now. */
    int before;

    int between = 1;

    /** The stretch of a round in which this side begins to try numbers before its first look. */
    private final int beforeBegins;

    private long stretch;
    private long begin = System.nanoTime();

    /** Whether this side has been there since the round began. Otherwise it waits for the next round. */
    private boolean trying = true;

    /** The number whose stretch took the least time, that time, and how many slow ones came last. */
    private int fastest;

    private long leastNanos;
    private int slow;

    Pauses(Side me) {
        beforeBegins = BETWEEN_TRIES + me.ordinal() * BEFORE_TRIES;
    }

    /** Notes the turn with which this side has handed over: after that, as the peer waits for what comes before. */
    void handedOver(long turn) {
        long now = turn / (PairBlockLayout.TURN_COUNT * STRETCH);
        if (now != stretch) {
            long clock = System.nanoTime();
            begin(now, clock - begin);
            begin = clock;
        }
    }

    /**
     * Begins a stretch.
     *
     * @param nanos how long the last one took
     */
    void begin(long now, long nanos) {
        boolean follows = now == stretch + 1;
        stretch = now;
        int number = (int) now & STRETCHES - 1;
        if (number == 0) {
            trying = true;
            before = 0;
            slow = 0;
        } else if (!follows) {
            trying = false;
        }
        if (!trying) {
            return;
        }
        between = next(between, 1, number, BETWEEN_TRIES, nanos);
        if (number == BETWEEN_TRIES) {
            fastest = 0;
            slow = leastNanos < SHORT_NANOS ? MOST_SLOW : 0;
        }
        before = next(before, 0, number - beforeBegins, BEFORE_TRIES, nanos);
    }

    /**
     * The number for the stretch that begins.
     *
     * @param last that of the last stretch, which stays if it is not the time of these tries
     * @param first the first number that is tried
     * @param tried how many were tried in this round, if that is from 0 to {@code tries}
     */
    private int next(int last, int first, int tried, int tries, long nanos) {
        if (tried < 0 || tried > tries) {
            return last;
        }
        if (tried > 0 && slow < MOST_SLOW) {
            if (tried == 1 || nanos < leastNanos) {
                leastNanos = nanos;
                fastest = last;
            }
            slow = nanos - leastNanos > leastNanos / 4 ? slow + 1 : 0;
        }
        return tried < tries && slow < MOST_SLOW ? first + tried : fastest;
    }
}
