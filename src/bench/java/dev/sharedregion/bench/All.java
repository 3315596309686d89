package dev.sharedregion.bench;

/** All programs, the round trips with more than one size, and then the charts of what they found. */
final class All {
    private static final String[] NONE = {};

    private All() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.fromProperties();
        Forks.measure(RoundTrips.TITLE, Load.NUMBERS, settings.allRoundTrips());
        System.out.println();
        ParkedTurns.main(NONE);
        System.out.println();
        Forks.measure(Bulk.TITLE, Load.COPIES, settings);
        System.out.println();
        LifeCycle.main(NONE);
        System.out.println();
        Idle.main(NONE);
        System.out.println();
        Latest.main(NONE);
        System.out.println();
        Streaming.main(NONE);
        System.out.println();
        Frames.main(NONE);
        System.out.println();
        Parked.main(NONE);
        System.out.println();
        LockContention.main(NONE);
        System.out.println();
        Charts.main(NONE);
    }
}
