package dev.sharedregion.internal.pair;

import static dev.sharedregion.internal.pair.PairBlockLayout.TURN_COUNT;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN_SIDE;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN_TOKEN;

/** The parts of the turn word. It stays a plain number, so that a turn needs no memory. */
public final class TurnWord {
    private TurnWord() {}

    /** Whether the turn is this side's, with or without a token. */
    public static boolean isOf(long turn, Side side) {
        return (turn & TURN_SIDE) == side.ordinal();
    }

    public static boolean hasToken(long turn) {
        return (turn & TURN_TOKEN) != 0;
    }

    /** Whether the turn is this side's at once: without a token. */
    static boolean isHeldBy(long turn, Side side) {
        return (turn & (TURN_SIDE | TURN_TOKEN)) == side.ordinal();
    }

    /** Whether the turn becomes this side's when it takes the token out of its event. */
    static boolean isOfferedTo(long turn, Side side) {
        return isOf(turn, side) && hasToken(turn);
    }

    /** The change that follows this one and gives the turn to a side at once. */
    public static long next(long turn, Side side) {
        return (turn & -TURN_COUNT) + TURN_COUNT + side.ordinal();
    }

    static long withToken(long turn) {
        return turn | TURN_TOKEN;
    }
}
