package dev.sharedregion.internal.os;

/**
 * A region without a name.
 *
 * @param mapping its memory in this process
 * @param ticket the way for another process to find it
 */
public record TicketedRegion(RegionMapping mapping, Ticket ticket) {}
