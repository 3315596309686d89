package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.UNFINISHED_ABORTED_SHIFT;
import static dev.sharedregion.internal.message.MessageLayout.UNFINISHED_PARTS;
import static dev.sharedregion.internal.message.MessageLayout.UNFINISHED_POSITION_SHIFT;
import static dev.sharedregion.internal.message.MessageLayout.UNFINISHED_RECORD;

/**
 * The word of a lane that tells what its sender has begun and not finished, and how many messages were never finished.
 */
final class Unfinished {
    private static final long STATE = 3;
    private static final long POSITION = (1L << UNFINISHED_ABORTED_SHIFT) - 1 & ~STATE;

    /** The position's lowest bits are 0, and so not in the word. */
    private static final int POSITION_SHIFT = 3 - UNFINISHED_POSITION_SHIFT;

    private Unfinished() {}

    /** A message that the tail's next change finishes. */
    static long record(long counted, long tail) {
        return counted | position(tail) | UNFINISHED_RECORD;
    }

    /** A message of which more parts follow. */
    static long parts(long counted, long tail) {
        return counted | position(tail) | UNFINISHED_PARTS;
    }

    private static long position(long tail) {
        return tail >>> POSITION_SHIFT & POSITION;
    }

    /** Whether a message is unfinished. */
    static boolean is(long word, long tail) {
        long state = word & STATE;
        return state == UNFINISHED_PARTS || state == UNFINISHED_RECORD && (word & POSITION) == position(tail);
    }

    /** How many messages were counted that were never finished. */
    static long aborted(long word) {
        return word >>> UNFINISHED_ABORTED_SHIFT;
    }

    /** The word's count alone. */
    static long counted(long word) {
        return word & -1L << UNFINISHED_ABORTED_SHIFT;
    }

    /** The count with one more. */
    static long countedOneMore(long word) {
        return counted(word) + (1L << UNFINISHED_ABORTED_SHIFT);
    }
}
