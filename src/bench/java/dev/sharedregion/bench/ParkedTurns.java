package dev.sharedregion.bench;

/**
 * The round trips of virtual threads that park, beside those of platform threads. Not pinned: pinned to a processor
 * for each side, a round trip is above all the time in which a processor wakes, which hides the difference.
 */
final class ParkedTurns {
    private ParkedTurns() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.fromProperties();
        String reason = Contender.PAIR_VIRTUAL.reasonAgainst(false, settings.wine());
        if (reason == null) {
            Settings both = settings.notPinned(Contender.PAIR_PARKED, Contender.PAIR_VIRTUAL);
            Forks.measure("parked-turns", Load.NUMBERS, both);
        } else {
            System.out.println("left out: the parked turns of virtual threads: " + reason);
        }
    }
}
