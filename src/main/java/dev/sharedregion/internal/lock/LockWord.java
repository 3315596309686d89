package dev.sharedregion.internal.lock;

import static dev.sharedregion.internal.lock.LockLayout.WORD_GENERATION;
import static dev.sharedregion.internal.lock.LockLayout.WORD_INCONSISTENT;
import static dev.sharedregion.internal.lock.LockLayout.WORD_OWNER;
import static dev.sharedregion.internal.lock.LockLayout.WORD_WAITERS;

/** The parts of a lock's word. It stays a plain number, so that acquiring needs no memory. */
final class LockWord {
    private static final long FLAGS = WORD_WAITERS | WORD_INCONSISTENT;

    private LockWord() {}

    /** The place that owns the lock, or 0. */
    static int owner(long word) {
        return (int) word & WORD_OWNER;
    }

    static boolean isFree(long word) {
        return owner(word) == 0;
    }

    static boolean hasWaiters(long word) {
        return (word & WORD_WAITERS) != 0;
    }

    static boolean isInconsistent(long word) {
        return (word & WORD_INCONSISTENT) != 0;
    }

    /** Whether two words are of one ownership, which others may have changed the flags of. */
    static boolean isSameOwnership(long word, long other) {
        return ((word ^ other) & ~FLAGS) == 0;
    }

    /** A free word that gets an owner. */
    static long owned(long word, int place) {
        return word | place;
    }

    static long withWaiters(long word) {
        return word | WORD_WAITERS;
    }

    /** After a release. */
    static long released(long word, boolean consistent) {
        long ended = ended(word) & ~WORD_WAITERS;
        return consistent ? ended & ~WORD_INCONSISTENT : ended;
    }

    /** After a successor has found that the owner died in its place. */
    static long settled(long word) {
        return released(word, false) | WORD_INCONSISTENT;
    }

    /** After another process has found that the owner died. */
    static long takenOver(long word, int place) {
        return owned(ended(word), place) | WORD_INCONSISTENT;
    }

    private static long ended(long word) {
        return (word & ~WORD_OWNER) + WORD_GENERATION;
    }
}
