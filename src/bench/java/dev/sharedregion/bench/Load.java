package dev.sharedregion.bench;

import dev.sharedregion.bench.report.Unit;
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

    /** Of {@link #value}. */
    Unit unit() {
        return this == NUMBERS ? Unit.NANOSECONDS : Unit.GIGABYTES_PER_SECOND;
    }

    /** What is reported of one turn: its time, or the rate. */
    double value(double nanos, int size) {
        return this == NUMBERS ? nanos : size / nanos;
    }

    String title(int size) {
        return (this == NUMBERS ? "Round trip of " : "Bulk data in payloads of ") + size + " bytes";
    }
}
