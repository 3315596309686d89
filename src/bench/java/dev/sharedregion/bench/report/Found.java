package dev.sharedregion.bench.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a target is compared with.
 *
 * @param value computed from medians
 * @param forks the same value within each round of forks, which ran one after the other; may be empty
 */
public record Found(double value, List<Double> forks) {
    /** A ratio of ratios. */
    public Found dividedBy(Found other) {
        return new Found(value / other.value, quotients(forks, other.forks));
    }

    static List<Double> quotients(List<Double> above, List<Double> below) {
        return IntStream.range(0, above.size()).mapToObj(fork -> above.get(fork) / below.get(fork)).toList();
    }
}
