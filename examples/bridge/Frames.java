package bridge;

/**
 * What the two ends send each other: messages of Aeron, each with a header of 32 bytes. Integers are in the byte order
 * of the machine, which must be the same on both.
 *
 * <p>The sending end begins a <b>conversation</b>, a random number, by OPEN, and repeats that until a STATUS has the
 * same number. It begins another one if the connection was lost, or if a STATUS has another number: then the receiving
 * end was restarted, or has missed something.
 */
final class Frames {
    /** int32: one of the kinds below. */
    static final int KIND = 0;

    /** int32: the lane, or the index of the value. */
    static final int INDEX = 4;

    /** int64: the conversation; 0 in a STATUS: none. */
    static final int CONVERSATION = 8;

    /**
     * int64. RECORDS: the position after what was sent before of this lane. VALUE: the number of this frame in its
     * conversation, from 1 on. STATUS: the highest number of a VALUE that has come. OPEN: says which channel it is.
     */
    static final int BEFORE = 16;

    /** int64. RECORDS: the position of the first byte. OPEN: the capacity of a ring, or the size of a value. */
    static final int POSITION = 24;

    static final int HEADER = 32;

    /** INDEX is the number of the channel's senders, or of the table's values. */
    static final int OPEN = 1;

    /** Bytes of a ring, as {@code src/docs/messages.md} says, from a multiple of 8 to another one. */
    static final int RECORDS = 2;

    /** The bytes of a value. */
    static final int VALUE = 3;

    /** INDEX is the number of the entries that follow. */
    static final int STATUS = 4;

    /** An entry of a STATUS: int64, the lane; then the two below. */
    static final int ENTRY = 24;

    /** int64: all records before this position are in the channel of the receiving machine. */
    static final int ENTRY_DONE = 8;

    /** int64: the BEFORE of the first RECORDS of this lane in this conversation; -1 if none has come. */
    static final int ENTRY_START = 16;

    private Frames() {}
}
