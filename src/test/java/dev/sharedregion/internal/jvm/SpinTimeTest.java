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

    @Test
    void spinsNoLongerThanUsualAfterLongSpinInVain() {
        waits(FEWEST_WAITS, BETWEEN);
        time.missed();
        time.waited(LONGEST + 1);
        assertEquals(USUAL, time.nanos());
    }

    @Test
    void longSpinInVainDoublesTheWaitsThatMakeSpinsLonger() {
        int needed = FEWEST_WAITS;
        for (int i = 0; i < 20; i++) {
            waits(needed - 1, BETWEEN);
            assertEquals(USUAL, time.nanos());
            waits(1, BETWEEN);
            assertEquals(LONGEST, time.nanos());
            time.missed();
            needed = Math.min(2 * needed, 1024);
        }
    }

    @Test
    void longSpinThatEndsAWaitForgetsThoseInVain() {
        waits(FEWEST_WAITS, BETWEEN);
        time.missed();
        waits(2 * FEWEST_WAITS, BETWEEN);
        time.hit();
        time.waited(BETWEEN);
        time.missed();
        waits(2 * FEWEST_WAITS, BETWEEN);
        assertEquals(LONGEST, time.nanos());
    }

    @Test
    void waitThatNoSpinWouldHaveEndedStartsTheCountAnew() {
        waits(FEWEST_WAITS - 1, BETWEEN);
        time.waited(LONGEST + 1);
        waits(FEWEST_WAITS - 1, BETWEEN);
        assertEquals(USUAL, time.nanos());
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
        for (int i = 0; i < 8; i++) {
            assertTrue(time.pays());
            time.missed();
            time.waited(LONGEST + 1);
        }
        assertFalse(time.pays());
        assertEquals(0, time.nanos());
        time.hit();
        assertTrue(time.pays());
    }

    private void waits(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            time.waited(nanos);
        }
    }
}
