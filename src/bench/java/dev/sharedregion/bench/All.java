package dev.sharedregion.bench;

/** The round trips, then the bulk data, both with all sizes. */
final class All {
    private All() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.fromProperties().allSizes();
        Forks.measure(Load.NUMBERS, settings);
        System.out.println();
        Forks.measure(Load.COPIES, settings);
    }
}
