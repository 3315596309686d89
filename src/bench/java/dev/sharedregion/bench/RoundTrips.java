package dev.sharedregion.bench;

/** The time of a round trip: 64 bytes, or as many as {@code bench.size} says, handed over, and the turn handed back. */
final class RoundTrips {
    /** Of its report. */
    static final String TITLE = "round-trips";

    private RoundTrips() {}

    public static void main(String[] arguments) throws Exception {
        Forks.measure(TITLE, Load.NUMBERS, Settings.fromProperties());
    }
}
