package dev.sharedregion.internal.message;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of a channel, the region {@code x.messages}, in native byte order. {@code src/docs/messages.md} explains
 * them.
 */
public final class MessageLayout {
    /** 6 bytes that a channel begins with, and after them uint16, the version of this layout. */
    public static final int MAGIC = 0;

    public static final int VERSION = 6;

    /** uint64: the bytes of each lane's ring. */
    public static final int CAPACITY = 8;

    /** uint64: how many lanes there are. */
    public static final int SENDERS = 16;

    /** uint64: a number of the user's, or 0. */
    public static final int SCHEMA = 24;

    /** uint64: how many receivers there can be, and whether messages may be lost: 1 for one, to whom none is lost. */
    public static final int RECEIVERS = 32;

    /** Where the bit is in that word that says that messages may be lost. */
    public static final int LOSSY_SHIFT = 32;

    /** uint64: the receiver. The byte at this offset is also what Linux locks. */
    public static final int RECEIVER = 64;

    /** uint32: 1 while the receiver sleeps, or is about to. */
    public static final int RECEIVER_ASLEEP = 128;

    /** uint64: the highest number of a lane that a sender ever took. */
    public static final int USED = 192;

    /** From one lane to the next. Lane 1 begins here, too. */
    public static final int LANE_SIZE = 256;

    /** uint64, in a lane: its sender. The byte at this offset is also what Linux locks. */
    public static final int LANE_OWNER = 0;

    /** uint64, in a lane: what its sender has begun and not finished. */
    public static final int LANE_UNFINISHED = 8;

    /** uint64, in a lane: how often a send found no room. */
    public static final int LANE_FULL = 16;

    /** uint64, in a lane: the position after the last record. */
    public static final int LANE_TAIL = 64;

    /** uint64, in a lane: the position of the first record that the receiver has not released. */
    public static final int LANE_HEAD = 128;

    /** uint32, in a lane: 1 while its sender sleeps until there is room, or is about to. */
    public static final int LANE_ASLEEP = 192;

    /** Where the first ring begins is a multiple of this. */
    public static final int RINGS_ALIGNMENT = 4096;

    /** What a capacity is a multiple of. */
    public static final int LINE = 64;

    public static final int LEAST_CAPACITY = 128;
    public static final int MOST_CAPACITY = 1 << 30;
    public static final int MOST_SENDERS = 255;
    public static final int MOST_RECEIVERS = 64;

    /** The header of a record. The bytes of its message follow. */
    public static final int HEADER_SIZE = 8;

    /** uint32, in a header: kind and length. */
    public static final int HEADER_LENGTH = 0;

    /** int32, in a header: the message's type. */
    public static final int HEADER_TYPE = 4;

    /** Where the kind is in the first word of a header. Its length is in the bits below. */
    public static final int KIND_SHIFT = 29;

    public static final int WHOLE = 1;
    public static final int FIRST = 2;
    public static final int MIDDLE = 3;
    public static final int LAST = 4;
    public static final int PADDING = 5;

    /** Bits of the unfinished word: a message is unfinished if the tail is still at the position. */
    public static final int UNFINISHED_RECORD = 1;

    /** Bits of the unfinished word: a message in parts is unfinished. */
    public static final int UNFINISHED_PARTS = 2;

    /** Where the position, divided by 8, is in the unfinished word. */
    public static final int UNFINISHED_POSITION_SHIFT = 2;

    /** Where the number of aborted messages is in the unfinished word. */
    public static final int UNFINISHED_ABORTED_SHIFT = 40;

    public static final byte[] MAGIC_VALUE = "SRMsgs".getBytes(StandardCharsets.US_ASCII);
    public static final short VERSION_VALUE = 1;

    private MessageLayout() {}
}
