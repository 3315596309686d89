package dev.sharedregion.bench;

/** What a quotient of medians shall be: of times in the round trips, of rates with bulk data. */
record Goal(String bound, double limit) {
    private static final String AT_MOST = "at most";
    private static final String LESS_THAN = "less than";
    private static final String AT_LEAST = "at least";

    static Goal atMost(double limit) {
        return new Goal(AT_MOST, limit);
    }

    static Goal lessThan(double limit) {
        return new Goal(LESS_THAN, limit);
    }

    static Goal atLeast(double limit) {
        return new Goal(AT_LEAST, limit);
    }

    String verdict(double value) {
        boolean met = switch (bound) {
            case AT_MOST -> value <= limit;
            case LESS_THAN -> value < limit;
            default -> value >= limit;
        };
        return bound + " " + limit + ": " + (met ? "met" : "missed");
    }
}
