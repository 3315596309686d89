package dev.sharedregion.internal.os;

/**
 * A region without a name.
 *
 * @param mapping its memory in this process
 * @param ticket the way for another process to find it
 */
public record TicketedRegion(RegionMapping mapping, Ticket ticket) {
    /** Takes ownership of the mapping, and frees it if this fails. */
    public static TicketedRegion of(RegionMapping mapping, Ticket ticket) {
        try {
            return new TicketedRegion(mapping, ticket);
        } catch (OutOfMemoryError e) {
            mapping.free();
            throw e;
        }
    }
}
