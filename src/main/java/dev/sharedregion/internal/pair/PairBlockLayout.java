package dev.sharedregion.internal.pair;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of a pair's control block, the region {@code x.pair}, in native byte order. {@code src/docs/handshake.md}
 * explains them.
 */
public final class PairBlockLayout {
    /** 6 bytes that a block begins with, and after them uint16, the version of this layout. */
    public static final int MAGIC = 0;

    public static final int VERSION = 6;

    /** uint64: whose turn it is in {@link #TURN_SIDE}, {@link #TURN_TOKEN}, above them a count of changes. */
    public static final int TURN = 128;

    /** Where the server's place begins. */
    public static final int WRITING_PLACE = 256;

    /** Where the client's place begins. */
    public static final int READING_PLACE = 384;

    /** uint64, in a place: who holds it. The byte at this offset is also what Linux locks. */
    public static final int OWNER = 0;

    /** uint32, in a place: one of the states, above it a generation that is raised by each registration. */
    public static final int STATE = 8;

    /** Of the region: a page. */
    public static final int SIZE = 4096;

    public static final byte[] MAGIC_VALUE = "SRPair".getBytes(StandardCharsets.US_ASCII);
    public static final short VERSION_VALUE = 1;

    /** Bit of the turn: 0 for the server, 1 for the client. */
    public static final int TURN_SIDE = 1;

    /** Bit of the turn: the hand-over is a signal in the side's event. The taker of that signal has the turn. */
    public static final int TURN_TOKEN = 2;

    /** What each change adds to the turn. */
    public static final int TURN_COUNT = 4;

    /** Nobody is registered, though a program that knows only the events may be there. */
    public static final int ABSENT = 0;

    /** Registered, and looks at the turn before it sleeps. */
    public static final int ACTIVE = 1;

    /** Registered, and sleeps on its event or is about to. */
    public static final int PARKED = 2;

    /** Registered, and the peer is going to set its event to wake it. */
    public static final int WAKING = 3;

    /** Registered, and the peer has set its event to wake it. */
    public static final int WOKEN = 4;

    /** Registered, and the peer, which leaves, has taken the wake-up out of its event again. */
    public static final int RECALLED = 5;

    /** Was registered, and left in order. */
    public static final int CLOSED = 6;

    /** Was registered, and the peer found its process ended. */
    public static final int DEAD = 7;

    /** The bits of the state. */
    public static final int STATE_BITS = 7;

    /** What each registration adds to the state. */
    public static final int GENERATION = 8;

    private PairBlockLayout() {}
}
