package dev.sharedregion.internal.windows;

/**
 * The data that follows the memory of a region without a name on Windows, on a page of its own. A ticket recognizes
 * the region by it.
 */
public final class TicketLayout {
    /** 8 bytes. */
    public static final int MAGIC = 0;

    /** uint64: the random number of the ticket. */
    public static final int KEY = 8;

    /** uint64: the region's size in bytes. */
    public static final int REGION_SIZE = 16;

    public static final int SIZE = 24;

    /** "SRTicket" in ASCII. */
    public static final long MAGIC_VALUE = 0x74656b6369545253L;

    private static final int PAGE = 4096;

    private TicketLayout() {}

    /** The position of this data in a section whose region has this size. */
    public static long offset(long size) {
        return (size + PAGE - 1) & -PAGE;
    }
}
