package dev.sharedregion.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What one fork found: nanoseconds a round trip.
 *
 * @param samples how many times the clock was read; each stands for a batch
 * @param percentiles of the samples: min, p50, p90, p99, p99.9, max
 */
record Result(long samples, Map<String, Double> percentiles) {
    /** Parses a line of the asking side: {@code result samples=N min=X p50=X ...}. */
    static Result parse(String line) {
        long samples = 0;
        Map<String, Double> percentiles = new LinkedHashMap<>();
        for (String pair : line.substring("result ".length()).strip().split(" ")) {
            String[] sides = pair.split("=");
            if (sides[0].equals("samples")) {
                samples = Long.parseLong(sides[1]);
            } else {
                percentiles.put(sides[0], Double.valueOf(sides[1]));
            }
        }
        return new Result(samples, percentiles);
    }

    /** The median of what the forks found for a percentile. */
    static double median(List<Result> forks, String percentile) {
        return Spread.of(forks.stream().map(each -> each.percentiles.get(percentile)).toList()).median();
    }

    /** An array of all that the forks found. */
    static String json(List<Result> forks) {
        StringJoiner each = new StringJoiner(",\n        ", "[\n        ", "\n      ]");
        for (Result fork : forks) {
            StringJoiner values = new StringJoiner(", ", "{\"samples\": " + fork.samples + ", ", "}");
            fork.percentiles.forEach((name, value) -> values.add(Facts.quoted(name) + ": " + value));
            each.add(values.toString());
        }
        return each.toString();
    }

    double median() {
        return percentiles.get("p50");
    }
}
