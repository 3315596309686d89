package dev.sharedregion.bench;

import java.util.Locale;

/** What the writing side does in each turn, and in which unit it is reported. */
enum Load {
    /** It writes numbers; a round trip's time. */
    NUMBERS,

    /** It copies a block of data; so many bytes in a time, each verified. */
    COPIES;

    static Load of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }

    /** As on command lines. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The time of one turn, for people. */
    String show(double nanos, int size) {
        if (this == COPIES) {
            return String.format(Locale.ROOT, "%.3f GB/s", size / nanos);
        }
        return nanos < 10_000
                ? String.format(Locale.ROOT, "%.0f ns", nanos)
                : String.format(Locale.ROOT, "%.1f us", nanos / 1000);
    }
}
