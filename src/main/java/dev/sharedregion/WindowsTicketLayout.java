package dev.sharedregion;

/** What follows the memory of a region without a name on Windows, on a page of its own: how a ticket knows it again. */
final class WindowsTicketLayout {
    /** 8 bytes. */
    static final int MAGIC = 0;

    /** uint64: the random number of the ticket. */
    static final int KEY = 8;

    /** uint64: the region's size in bytes. */
    static final int REGION_SIZE = 16;

    static final int SIZE = 24;

    /** "SRTicket" in ASCII. */
    static final long MAGIC_VALUE = 0x74656b6369545253L;

    private static final int PAGE = 4096;

    private WindowsTicketLayout() {}

    /** Where it begins in a section whose region has this size. */
    static long offset(long size) {
        return (size + PAGE - 1) & -PAGE;
    }
}
