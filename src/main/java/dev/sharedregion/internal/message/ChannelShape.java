package dev.sharedregion.internal.message;

/**
 * How many senders and receivers a channel has room for, and how much of each sender.
 *
 * @param capacity of each lane's ring, in bytes
 * @param senders how many lanes there are
 * @param receivers how many receivers there can be at a time
 * @param lossy whether messages are lost to receivers that are too slow
 * @param schema a number of the user's, or 0
 */
public record ChannelShape(int capacity, int senders, int receivers, boolean lossy, long schema) {
    private static final long LOSSY = 1L << MessageLayout.LOSSY_SHIFT;

    /** Of a channel with one receiver, to whom no message is lost. */
    public ChannelShape(int capacity, int senders, long schema) {
        this(capacity, senders, 1, false, schema);
    }

    /** With the {@linkplain #audience() word} for the receivers. */
    public static ChannelShape of(int capacity, int senders, long audience, long schema) {
        return new ChannelShape(capacity, senders, (int) audience, (audience & LOSSY) != 0, schema);
    }

    /** Whether a channel of this shape is possible. */
    public static boolean isPossible(long capacity, long senders) {
        return capacity >= MessageLayout.LEAST_CAPACITY
                && capacity <= MessageLayout.MOST_CAPACITY
                && capacity % MessageLayout.LINE == 0
                && senders >= 1
                && senders <= MessageLayout.MOST_SENDERS;
    }

    /** Whether a channel can have this {@linkplain #audience() audience}. */
    public static boolean isPossible(long audience) {
        long receivers = audience & ~LOSSY;
        return receivers >= 1 && receivers <= MessageLayout.MOST_RECEIVERS;
    }

    /** The word for the receivers. */
    long audience() {
        return receivers | (lossy ? LOSSY : 0);
    }

    /** Whether all but the schema is the same. */
    boolean hasRoomAs(ChannelShape other) {
        return equals(new ChannelShape(other.capacity, other.senders, other.receivers, other.lossy, schema));
    }

    /** Whether each receiver gets what is sent while it is there, and nothing is kept for one that is not. */
    public boolean isBroadcast() {
        return receivers > 1 || lossy;
    }

    /** The size of the part before the rings, in bytes. */
    int controlSize() {
        return Record.roundedUp(marksOffset(lossy ? senders + 1 : 1), MessageLayout.RINGS_ALIGNMENT);
    }

    /** The size of the channel's region in bytes. */
    public long regionSize() {
        return ringOffset(senders + 1);
    }

    static int laneOffset(int lane) {
        return lane * MessageLayout.LANE_SIZE;
    }

    /** Where the place of a receiver is. */
    public int receiverOffset(int receiver) {
        return receiver == 1
                ? BroadcastLayout.FIRST_RECEIVER
                : laneOffset(senders + 1) + (receiver - 2) * BroadcastLayout.RECEIVER_SIZE;
    }

    /** Where the head of a receiver is in a lane. */
    public int headOffset(int receiver, int lane) {
        return receiver == 1
                ? laneOffset(lane) + MessageLayout.LANE_HEAD
                : headsOffset() + ((receiver - 2) * senders + lane - 1) * BroadcastLayout.HEAD_SIZE;
    }

    private int headsOffset() {
        return laneOffset(senders + 1) + (receivers - 1) * BroadcastLayout.RECEIVER_SIZE;
    }

    /** Where the marks of a lane are. */
    int marksOffset(int lane) {
        return headsOffset() + (receivers - 1) * senders * BroadcastLayout.HEAD_SIZE
                + (lane - 1) * BroadcastLayout.MARKS * BroadcastLayout.MARK_SIZE;
    }

    long ringOffset(int lane) {
        return controlSize() + (long) (lane - 1) * capacity;
    }

    /** The most bytes of a message that goes in one record. */
    public int largestRecord() {
        return capacity / 2 - MessageLayout.HEADER_SIZE;
    }

    /**
     * The lanes and the receivers, for messages.
     *
     * @param sender what a sender is called
     */
    String describe(String sender) {
        return capacity + " bytes for " + (senders == 1 ? "1 " + sender : "each of " + senders + " " + sender + "s")
                + (receivers == 1 ? "" : " and " + receivers + " receivers") + (lossy ? ", lossy" : "");
    }

    @Override
    public String toString() {
        return describe("sender");
    }
}
