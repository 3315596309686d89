package dev.sharedregion.internal.os;

/**
 * A region without a name.
 *
 * @param mapping its memory in this process
 * @param ticket how another process finds it
 */
public record TicketedRegion(RegionMapping mapping, Ticket ticket) {
    /** How messages call it. */
    public static final String WHAT = "anonymous region";

    /** The operation of creating one. */
    public static final Operation CREATING = new Operation("create", "an " + WHAT);
}
