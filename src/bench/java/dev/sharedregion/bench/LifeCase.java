package dev.sharedregion.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A line of the life cycle's table: what is created or opened, and closed, again and again.
 *
 * @param size of the region in bytes
 * @param others how many regions, of 4 KiB, this process has open besides
 */
record LifeCase(What what, Step step, long size, int others) {
    private static final long PAGE = 4096;
    static final List<Long> SIZES = List.of(PAGE, 1L << 16, 1L << 20, 1L << 26, 1L << 30, 1L << 32);
    private static final List<Long> QUICK_SIZES = List.of(PAGE, 1L << 20);
    private static final List<Integer> OTHERS = List.of(1, 10, 100, 1_000, 10_000);
    private static final List<Integer> QUICK_OTHERS = List.of(1, 1_000);

    enum What {
        /** Its memory is taken when it is created. */
        REGION("region"),
        LAZY_REGION("lazy region"),
        /** Reserved; the first long of it is written before it is closed, through a buffer. */
        USED_REGION("region, written to"),
        PAIR("pair");

        final String title;

        What(String title) {
            this.title = title;
        }
    }

    enum Step {
        CREATE,
        /** While the process that opens it has it open already, as its creator. */
        OPEN
    }

    /** All that are measured, in order, each once. */
    static Set<LifeCase> all(boolean quick) {
        Set<LifeCase> cases = new LinkedHashSet<>();
        for (Step step : Step.values()) {
            for (What what : What.values()) {
                // To open a lazy one is nothing else.
                if (what != What.LAZY_REGION || step == Step.CREATE) {
                    cases.add(new LifeCase(what, step, PAGE, 0));
                }
            }
        }
        for (long size : quick ? QUICK_SIZES : SIZES) {
            cases.add(new LifeCase(What.REGION, Step.CREATE, size, 0));
            cases.add(new LifeCase(What.LAZY_REGION, Step.CREATE, size, 0));
            cases.add(new LifeCase(What.REGION, Step.OPEN, size, 0));
        }
        for (int others : quick ? QUICK_OTHERS : OTHERS) {
            cases.add(new LifeCase(What.REGION, Step.CREATE, PAGE, others));
            cases.add(new LifeCase(What.REGION, Step.OPEN, PAGE, others));
        }
        return cases;
    }

    /** As {@link LifeFork} is told; the reference in C has the same. */
    static LifeCase of(String[] words) {
        return new LifeCase(
                What.valueOf(words[0]), Step.valueOf(words[1]), Long.parseLong(words[2]), Integer.parseInt(words[3]));
    }

    String words() {
        return what + " " + step + " " + size + " " + others;
    }

    /** The memory that it takes from the system, in bytes. */
    long memory() {
        return (what == What.REGION && step == Step.CREATE ? size : 0) + others * PAGE;
    }

    /** The case that its growth is measured against, or itself. */
    LifeCase smallest() {
        return new LifeCase(what, step, PAGE, Math.min(others, 1));
    }

    /** The case that runs the same code. */
    LifeCase kind() {
        return new LifeCase(what, step, PAGE, 0);
    }

    String title() {
        return step.name().toLowerCase(Locale.ROOT) + "+close, " + what.title
                + (what == What.PAIR ? "" : ", " + sizeTitle(size)) + (others > 0 ? ", " + others + " open" : "");
    }

    static String sizeTitle(long size) {
        int unit = 0;
        for (long left = size; left >= 1024; left /= 1024) {
            unit++;
        }
        return (size >> 10 * unit) + List.of(" B", " KiB", " MiB", " GiB").get(unit);
    }
}
