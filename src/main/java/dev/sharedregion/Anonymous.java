package dev.sharedregion;

/**
 * A region without a name, as a backend hands it over.
 *
 * @param mapping its memory in this process
 * @param ticket how another process finds it
 */
record Anonymous(RegionMapping mapping, Ticket ticket) {
    /** How messages call a new one. */
    static final String WHAT = "anonymous region";

    /** How messages call one of another process. */
    static String what(Ticket ticket) {
        return WHAT + " of process " + ticket.pid();
    }
}
