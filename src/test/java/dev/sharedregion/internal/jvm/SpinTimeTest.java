package dev.sharedregion.internal.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpinTimeTest {
    private static final long USUAL = 50_000;
    private static final long LONGEST = 250_000;

    /** Of a wait that only the longest spin ends. */
    private static final long BETWEEN = 100_000;

    private static final int FEWEST_WAITS = 8;

    private final SpinTime time = new SpinTime(USUAL, LONGEST);

    @BeforeEach
    void spinsAtAll() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "with one processor no wait spins");
    }

    @Test
    void spinsForTheUsualTimeAtFirst() {
        assertEquals(USUAL, time.nanos());
    }

    @Test
    void spinsLongerWhileThatEndsTheWaits() {
        for (int i = 1; i <= FEWEST_WAITS; i++) {
            assertEquals(USUAL, time.nanos());
            time.missed();
            time.waited(BETWEEN);
        }
        assertTrue(time.pays());
        assertEquals(LONGEST, time.nanos());
        time.hit();
        time.waited(BETWEEN);
        assertEquals(LONGEST, time.nanos());
    }

    /** Both sides sleep and are woken in such a wait, which takes longer than the peer's turn. */
    @Test
    void spinsLongerToFindOutWhetherThatEndsLongWaits() {
        waits(FEWEST_WAITS, 10 * LONGEST);
        assertEquals(LONGEST, time.nanos());
    }

    @Test
    void spinsNoLongerThanUsualAfterTwoLongSpinsInVain() {
        waits(FEWEST_WAITS, BETWEEN);
        longSpinInVain();
        time.hit();
        time.waited(BETWEEN);
        longSpinInVain();
        assertEquals(LONGEST, time.nanos());
        longSpinInVain();
        assertEquals(USUAL, time.nanos());
    }

    @Test
    void longSpinsInVainDoubleTheWaitsThatMakeSpinsLonger() {
        int needed = FEWEST_WAITS;
        for (int i = 0; i < 20; i++) {
            waits(needed - 1, BETWEEN);
            assertEquals(USUAL, time.nanos());
            waits(1, BETWEEN);
            assertEquals(LONGEST, time.nanos());
            time.missed();
            time.missed();
            needed = Math.min(2 * needed, 1024);
        }
    }

    @Test
    void longSpinThatEndsAWaitForgetsThoseInVain() {
        waits(FEWEST_WAITS, BETWEEN);
        time.missed();
        time.missed();
        waits(2 * FEWEST_WAITS, BETWEEN);
        time.hit();
        time.waited(BETWEEN);
        time.missed();
        time.missed();
        waits(FEWEST_WAITS, BETWEEN);
        assertEquals(USUAL, time.nanos());
        waits(FEWEST_WAITS, BETWEEN);
        assertEquals(LONGEST, time.nanos());
    }

    /** A wait that ends later, as a sleep does, is none that a longer spin has ended. */
    @Test
    void longSpinInVainForgetsNothing() {
        waits(FEWEST_WAITS, BETWEEN);
        time.missed();
        time.missed();
        waits(2 * FEWEST_WAITS, BETWEEN);
        longSpinInVain();
        longSpinInVain();
        // The last of the two counts.
        waits(4 * FEWEST_WAITS - 2, BETWEEN);
        assertEquals(USUAL, time.nanos());
        waits(1, BETWEEN);
        assertEquals(LONGEST, time.nanos());
    }

    @Test
    void waitsThatTheUsualSpinEndsDoNotMakeSpinsLonger() {
        waits(10_000, USUAL);
        assertEquals(USUAL, time.nanos());
    }

    @Test
    void fixedTimeIsNotAdjusted() {
        SpinTime fixed = new SpinTime(USUAL);
        for (long nanos = 0; nanos < 2 * LONGEST; nanos += 100) {
            fixed.waited(nanos);
            assertEquals(USUAL, fixed.nanos());
        }
    }

    @Test
    void doesNotPayAfterSpinsInVain() {
        SpinTime fixed = new SpinTime(USUAL);
        for (int i = 0; i < 8; i++) {
            assertTrue(fixed.pays());
            fixed.missed();
            fixed.waited(LONGEST + 1);
        }
        assertFalse(fixed.pays());
        assertEquals(0, fixed.nanos());
        fixed.hit();
        assertTrue(fixed.pays());
    }

    /** Not more than three microseconds for each wait of a millisecond or longer. */
    @Test
    void slowPeerCostsLittle() {
        int waits = 10_000;
        long spun = 0;
        for (int i = 0; i < waits; i++) {
            long nanos = time.nanos();
            if (nanos > 0) {
                spun += nanos;
                time.missed();
            }
            time.waited(1_000_000 + nanos);
        }
        assertTrue(spun < waits * 3_000L, spun + " ns");
    }

    private void longSpinInVain() {
        time.missed();
        time.waited(LONGEST + 1);
    }

    private void waits(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            time.waited(nanos);
        }
    }
}
