package dev.sharedregion.internal.message;

/**
 * What a channel of several receivers, or one that may lose messages, has besides {@link MessageLayout}. {@code
 * src/docs/messages.md}, "Broadcast", explains it.
 */
public final class BroadcastLayout {
    /** Where the place of the first receiver is. Those of the others follow the lanes. */
    public static final int FIRST_RECEIVER = MessageLayout.RECEIVER;

    /** From one of these others to the next. */
    public static final int RECEIVER_SIZE = 256;

    /** uint64, in a receiver's place: its process. The byte at this offset is also what Linux locks. */
    public static final int RECEIVER_OWNER = 0;

    /** uint64, in a receiver's place: whether it takes part. */
    public static final int RECEIVER_LISTENING = 8;

    /** uint32, in a receiver's place: 1 while it sleeps, or is about to. */
    public static final int RECEIVER_ASLEEP = 64;

    /** Bits of the listening word. The bits above count its changes. */
    public static final int LISTENING_STATE = 3;

    /** A state: no receiver takes part. */
    public static final int ABSENT = 0;

    /** A state: senders wait for a receiver that has not got its positions yet. */
    public static final int JOINING = 1;

    /** A state: a receiver gets all messages that are sent from now on. */
    public static final int JOINED = 2;

    /** From the head of a receiver in a lane to its head in the next lane. The heads follow the receivers' places. */
    public static final int HEAD_SIZE = 128;

    /** uint64, in a lane: the position up to which its sender may have overwritten the ring. */
    public static final int LANE_INTENT = 24;

    /** How many marks a lane has: one in each quarter of its ring. Those of all lanes follow the heads. */
    public static final int MARKS = 4;

    public static final int MARK_SIZE = 16;

    /** uint64, in a mark: the position of the first record in a quarter. */
    public static final int MARK_POSITION = 0;

    /** uint64, in a mark: how many messages have begun before that. */
    public static final int MARK_BEGUN = 8;

    private BroadcastLayout() {}
}
