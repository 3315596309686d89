package dev.sharedregion.internal.pair;

import static dev.sharedregion.internal.pair.PairBlockLayout.ACTIVE;
import static dev.sharedregion.internal.pair.PairBlockLayout.CLOSED;
import static dev.sharedregion.internal.pair.PairBlockLayout.GENERATION;
import static dev.sharedregion.internal.pair.PairBlockLayout.RECALLED;
import static dev.sharedregion.internal.pair.PairBlockLayout.STATE_BITS;

/** The parts of a place's state word. It stays a plain number, so that a turn needs no memory. */
public final class StateWord {
    private StateWord() {}

    public static boolean is(int word, int state) {
        return (word & STATE_BITS) == state;
    }

    static boolean isRegistered(int word) {
        int state = word & STATE_BITS;
        return state >= ACTIVE && state <= RECALLED;
    }

    static boolean isGone(int word) {
        return (word & STATE_BITS) >= CLOSED;
    }

    /** Another state of the same generation. */
    public static int with(int word, int state) {
        return word & ~STATE_BITS | state;
    }

    /** The state of a side that registers after this one. */
    static int successor(int word) {
        return with(word + GENERATION, ACTIVE);
    }
}
