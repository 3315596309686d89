package dev.sharedregion.internal.message;

/** What the receivers of a broadcast channel still need of a lane's ring. */
@FunctionalInterface
interface Gate {
    /**
     * The lowest head of the receivers. For any thread.
     *
     * @param tail the lane's
     * @param needed which head the sender needs. It may find out why a head is lower
     * @return at most the tail
     */
    long head(long tail, long needed);
}
