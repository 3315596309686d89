package dev.sharedregion.bench;

import static dev.sharedregion.bench.Facts.quoted;

import dev.sharedregion.bench.LifeCase.What;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The results of the life cycle, as a table for people and as JSON for programs. */
final class LifeReport {
    private static final double MOST_OF_C = 2;
    private static final double MOST_GROWTH = 1.1;

    /** A target, and what became of it. */
    private record Target(String what, double value, Spread forks, double limit) {
        String verdict() {
            return "at most " + limit + ": " + (value <= limit ? "met" : "missed");
        }
    }

    private final Map<LifeCase, Map<LifeContender, List<Result>>> results = new LinkedHashMap<>();

    void add(LifeCase of, LifeContender contender, Result result) {
        results.computeIfAbsent(of, key -> new EnumMap<>(LifeContender.class))
                .computeIfAbsent(contender, key -> new ArrayList<>())
                .add(result);
    }

    /** What the last fork found. */
    String last(LifeCase of) {
        StringBuilder line = new StringBuilder(String.format("%-46s", of.title()));
        results.get(of).forEach((contender, forks) -> line.append(String.format(
                "  %s %s", contender.title, Facts.time(forks.get(forks.size() - 1).median()))));
        return line.toString();
    }

    String table(Map<String, String> facts) {
        StringBuilder table = new StringBuilder();
        facts.forEach((fact, value) -> table.append(String.format("%-10s %s%n", fact, value)));
        table.append(String.format(
                "%n%-46s %-16s %10s %10s %10s %10s %10s %11s %7s%n",
                "", "", "median", "least", "most", "p99", "p99.9", "per second", "x C"));
        results.forEach((of, contenders) -> contenders.forEach((contender, forks) -> {
            Spread medians = Spread.of(medians(of, contender));
            table.append(String.format(
                    Locale.ROOT,
                    "%-46s %-16s %10s %10s %10s %10s %10s %11.0f %7s%n",
                    of.title(), contender.title, Facts.time(medians.median()), Facts.time(medians.min()),
                    Facts.time(medians.max()), Facts.time(Result.median(forks, "p99")),
                    Facts.time(Result.median(forks, "p99.9")), 1e9 / medians.median(),
                    has(of, LifeContender.C)
                            ? String.format(Locale.ROOT, "%.2f", medians.median() / median(of, LifeContender.C))
                            : ""));
        }));
        table.append(String.format(
                "%nmedian: of the forks' medians, least and most of which are beside it; p99, p99.9: the medians of the"
                        + " forks' own%n%n"));
        for (Target target : targets()) {
            table.append(String.format(
                    Locale.ROOT, "%-72s %6.2f   forks %.2f to %.2f   %s%n",
                    target.what, target.value, target.forks.min(), target.forks.max(), target.verdict()));
        }
        return table.toString();
    }

    String json(Map<String, String> facts) {
        StringJoiner json = new StringJoiner(",\n", "{\n", "\n}\n");
        facts.forEach((fact, value) -> json.add("  " + quoted(fact) + ": " + quoted(value)));
        json.add("  \"unit\": \"nanoseconds to create or open, and to close\"");
        StringJoiner cases = new StringJoiner(",\n", "  \"cases\": [\n", "\n  ]");
        results.forEach((of, contenders) ->
                contenders.forEach((contender, forks) -> cases.add(json(of, contender, forks))));
        json.add(cases.toString());
        StringJoiner targets = new StringJoiner(",\n", "  \"targets\": [\n", "\n  ]");
        for (Target target : targets()) {
            targets.add("    {\"what\": " + quoted(target.what) + ", \"value\": " + target.value + ", \"minOfForks\": "
                    + target.forks.min() + ", \"maxOfForks\": " + target.forks.max() + ", \"target\": "
                    + quoted(target.verdict()) + "}");
        }
        return json.add(targets.toString()).toString();
    }

    private String json(LifeCase of, LifeContender contender, List<Result> forks) {
        Spread medians = Spread.of(medians(of, contender));
        return "    {\n      \"contender\": " + quoted(contender.title) + ",\n      \"what\": " + quoted(of.what().name())
                + ",\n      \"step\": " + quoted(of.step().name()) + ",\n      \"bytes\": " + of.size()
                + ",\n      \"othersOpen\": " + of.others() + ",\n      \"medianOfForks\": " + medians.median()
                + ",\n      \"minOfForks\": " + medians.min() + ",\n      \"maxOfForks\": " + medians.max()
                + ",\n      \"forks\": " + Result.json(forks) + "\n    }";
    }

    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (LifeCase of : results.keySet()) {
            if (has(of, LifeContender.C)) {
                targets.add(target(of.title() + " / C", of, of, MOST_OF_C));
            }
        }
        for (LifeCase of : results.keySet()) {
            LifeCase smallest = of.smallest();
            if (of.what() == What.PAIR || of.equals(smallest) || !results.containsKey(smallest)) {
                continue;
            }
            if (of.others() > 0) {
                targets.add(growth(of, smallest));
            } else if (has(of, LifeContender.C)) {
                targets.add(growthBesideC(of, smallest));
            }
        }
        return targets;
    }

    private Target target(String what, LifeCase ours, LifeCase theirs, double limit) {
        return new Target(
                what,
                median(ours, LifeContender.OURS) / median(theirs, LifeContender.C),
                Spread.ofQuotients(medians(ours, LifeContender.OURS), medians(theirs, LifeContender.C)),
                limit);
    }

    private Target growth(LifeCase of, LifeCase smallest) {
        return new Target(
                of.title() + " / with one open",
                median(of, LifeContender.OURS) / median(smallest, LifeContender.OURS),
                Spread.ofQuotients(medians(of, LifeContender.OURS), medians(smallest, LifeContender.OURS)),
                MOST_GROWTH);
    }

    /** How much more it grows with the size than C does, which makes the same calls: what the kernel does is in both. */
    private Target growthBesideC(LifeCase of, LifeCase smallest) {
        Target large = target("", of, of, 0);
        Target small = target("", smallest, smallest, 0);
        List<Double> forks = new ArrayList<>();
        for (int fork = 0; fork < medians(of, LifeContender.OURS).size(); fork++) {
            forks.add(quotient(of, fork) / quotient(smallest, fork));
        }
        return new Target(
                of.title() + " / with 4 KiB, beside C's growth", large.value / small.value, Spread.of(forks), MOST_GROWTH);
    }

    private double quotient(LifeCase of, int fork) {
        return medians(of, LifeContender.OURS).get(fork) / medians(of, LifeContender.C).get(fork);
    }

    private boolean has(LifeCase of, LifeContender contender) {
        return results.get(of).containsKey(contender);
    }

    private double median(LifeCase of, LifeContender contender) {
        return Spread.of(medians(of, contender)).median();
    }

    private List<Double> medians(LifeCase of, LifeContender contender) {
        return results.get(of).get(contender).stream().map(Result::median).toList();
    }
}
