package dev.sharedregion.bench.report;

/** The bound that a target sets. */
public record Goal(String bound, double limit) {
    private static final String AT_MOST = "at most";
    private static final String LESS_THAN = "less than";
    private static final String AT_LEAST = "at least";

    public static Goal atMost(double limit) {
        return new Goal(AT_MOST, limit);
    }

    public static Goal lessThan(double limit) {
        return new Goal(LESS_THAN, limit);
    }

    public static Goal atLeast(double limit) {
        return new Goal(AT_LEAST, limit);
    }

    boolean isMetBy(double value) {
        return switch (bound) {
            case AT_MOST -> value <= limit;
            case LESS_THAN -> value < limit;
            default -> value >= limit;
        };
    }

    @Override
    public String toString() {
        return bound + " " + limit;
    }
}
