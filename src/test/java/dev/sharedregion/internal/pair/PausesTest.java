package dev.sharedregion.internal.pair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two sides try their pauses in stretches whose times are made up. */
class PausesTest {
    private static final int ROUND = 256;

    private final Pauses server = new Pauses(Side.WRITING);
    private final Pauses client = new Pauses(Side.READING);
    private long stretch = -1;

    /** What a stretch takes while each side makes its number of pauses. */
    private long nanos(int between, int serverBefore, int clientBefore) {
        return 100_000
                + 10_000 * Math.abs(server.between - between)
                + 1000 * Math.abs(server.before - serverBefore)
                + 1000 * Math.abs(client.before - clientBefore);
    }

    private void round(LongUnaryOperator nanos) {
        for (int i = 0; i < ROUND; i++) {
            long took = nanos.applyAsLong(stretch);
            stretch++;
            server.begin(stretch, took);
            client.begin(stretch, took);
        }
    }

    private void assertNumbers(int between, int serverBefore, int clientBefore) {
        assertEquals(between, server.between);
        assertEquals(between, client.between);
        assertEquals(serverBefore, server.before);
        assertEquals(clientBefore, client.before);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0", "2, 7, 3", "3, 15, 15", "1, 0, 15", "3, 15, 0"})
    void findsTheFastestNumbers(int between, int serverBefore, int clientBefore) {
        round(stretch -> nanos(between, serverBefore, clientBefore));
        round(stretch -> nanos(between, serverBefore, clientBefore));
        assertNumbers(between, serverBefore, clientBefore);
    }

    @Test
    void followsAChangeOfTheMachine() {
        round(stretch -> nanos(3, 9, 12));
        round(stretch -> nanos(3, 9, 12));
        round(stretch -> nanos(1, 2, 4));
        round(stretch -> nanos(1, 2, 4));
        assertNumbers(1, 2, 4);
    }

    @Test
    void triesNoGreaterNumbersAfterTwoSlowOnes() {
        int[] greatest = new int[1];
        round(stretch -> {
            greatest[0] = Math.max(greatest[0], server.before);
            return 100_000L * (1 + server.before);
        });
        assertEquals(2, greatest[0]);
        assertEquals(0, server.before);
    }

    @Test
    void oneSlowStretchEndsNoTries() {
        round(stretch -> nanos(1, 8, 8));
        round(stretch -> stretch % 5 == 0 ? 10_000_000 : nanos(1, 8, 8));
        assertTrue(Math.abs(server.before - 8) <= 1, () -> "server: " + server.before);
        assertTrue(Math.abs(client.before - 8) <= 1, () -> "client: " + client.before);
    }

    @Test
    void turnsTooShortForPausesBeforeTheFirstLookTryNone() {
        round(stretch -> {
            assertEquals(0, server.before);
            assertEquals(0, client.before);
            return 50_000 + 1000L * server.between;
        });
        assertNumbers(1, 0, 0);
    }

    /** Of a pair that was in use before, or whose turn another program overwrites. */
    @Test
    void anyStretchMayFollowAnyOther() {
        for (int last = -1; last < ROUND; last++) {
            for (int next = 0; next < ROUND; next++) {
                for (Side side : Side.values()) {
                    Pauses pauses = new Pauses(side);
                    for (int i = 0; i <= last; i++) {
                        pauses.begin(i, 100_000);
                    }
                    pauses.begin(next, 50_000);
                    pauses.begin(next + 1, 50_000);
                    assertTrue(
                            pauses.between >= 1 && pauses.between <= 3 && pauses.before >= 0 && pauses.before < 16,
                            pauses.between + " between and " + pauses.before + " before, from " + last + " to " + next);
                }
            }
        }
    }
}
