package dev.sharedregion.bench;

/** So many bytes in a time: copied into the shared memory or sent, and verified by the reader. */
final class Bulk {
    /** Of its report. */
    static final String TITLE = "bulk";

    private Bulk() {}

    public static void main(String[] arguments) throws Exception {
        Forks.measure(TITLE, Load.COPIES, Settings.fromProperties());
    }
}
