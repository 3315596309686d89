package dev.sharedregion.bench;

import java.util.ArrayList;
import java.util.List;

/** The least, the middle and the largest of what the forks found. */
record Spread(double min, double median, double max) {
    static Spread of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /** Of the quotients within each round of forks, which ran one after the other. */
    static Spread ofQuotients(List<Double> above, List<Double> below) {
        List<Double> quotients = new ArrayList<>();
        for (int fork = 0; fork < above.size(); fork++) {
            quotients.add(above.get(fork) / below.get(fork));
        }
        return of(quotients);
    }
}
