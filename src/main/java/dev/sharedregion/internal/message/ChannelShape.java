package dev.sharedregion.internal.message;

/**
 * How many senders a channel has room for, and how much of each.
 *
 * @param capacity of each lane's ring, in bytes
 * @param senders how many lanes there are
 * @param schema a number of the user's, or 0
 */
public record ChannelShape(int capacity, int senders, long schema) {
    /** Whether a channel of this shape is possible. */
    public static boolean isPossible(long capacity, long senders) {
        return capacity >= MessageLayout.LEAST_CAPACITY
                && capacity <= MessageLayout.MOST_CAPACITY
                && capacity % MessageLayout.LINE == 0
                && senders >= 1
                && senders <= MessageLayout.MOST_SENDERS;
    }

    /** The size of the part before the rings, in bytes. */
    int controlSize() {
        return Record.roundedUp(laneOffset(senders + 1), MessageLayout.RINGS_ALIGNMENT);
    }

    /** The size of the channel's region in bytes. */
    public long regionSize() {
        return ringOffset(senders + 1);
    }

    static int laneOffset(int lane) {
        return lane * MessageLayout.LANE_SIZE;
    }

    long ringOffset(int lane) {
        return controlSize() + (long) (lane - 1) * capacity;
    }

    /** The most bytes of a message that goes in one record. */
    public int largestRecord() {
        return capacity / 2 - MessageLayout.HEADER_SIZE;
    }

    /** The lanes, for messages. */
    @Override
    public String toString() {
        return capacity + " bytes for " + (senders == 1 ? "1 sender" : "each of " + senders + " senders");
    }
}
