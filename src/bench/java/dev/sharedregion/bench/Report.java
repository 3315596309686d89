package dev.sharedregion.bench;

import static dev.sharedregion.bench.Facts.quoted;

import dev.sharedregion.EventPair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The results of all forks, as a table for people and as JSON for programs. */
final class Report {
    /** Bytes: with more it is gcc and HotSpot on the loops over the payload that would be compared with C. */
    private static final int HANDSHAKE = 64;

    private final Load load;
    private final Map<Case, List<Result>> results = new LinkedHashMap<>();

    Report(Load load, List<Case> cases) {
        this.load = load;
        cases.forEach(each -> results.put(each, new ArrayList<>()));
    }

    void add(Case of, Result result) {
        results.get(of).add(result);
    }

    String table(Map<String, String> facts) {
        StringBuilder table = new StringBuilder();
        facts.forEach((fact, value) -> table.append(String.format("%-10s %s%n", fact, value)));
        for (int size : sizes()) {
            table.append(String.format(
                    "%n%-44s %12s %12s %12s %12s %12s %8s %8s%n",
                    (load == Load.NUMBERS ? "round trip of " : "bulk data in payloads of ") + size + " bytes",
                    "median", "least", "most", "p99", "p99.9", "x C", "x pair"));
            results.forEach((each, forks) -> {
                if (each.size() == size) {
                    table.append(line(each, forks));
                }
            });
        }
        table.append(String.format(
                "%nmedian: of the forks' medians, least and most of which are beside it; p99, p99.9: the medians of the"
                        + " forks' own,%nof single round trips; x C: its %s by that of C, spinning; x pair: by that of EventPair, spinning%n",
                load == Load.NUMBERS ? "time" : "rate"));
        for (Target target : targets()) {
            table.append(String.format(
                    Locale.ROOT, "%n%8d bytes: %-70s %8.2f   forks %.2f to %.2f   %s",
                    target.size(), target.text(), target.value(), target.forks().min(), target.forks().max(),
                    target.goal().verdict(target.value())));
        }
        return table.append(String.format("%n")).toString();
    }

    String json(Map<String, String> facts) {
        StringJoiner json = new StringJoiner(",\n", "{\n", "\n}\n");
        facts.forEach((fact, value) -> json.add("  " + quoted(fact) + ": " + quoted(value)));
        json.add("  \"load\": " + quoted(load.id()));
        json.add("  \"unit\": \"nanoseconds a round trip\"");
        StringJoiner cases = new StringJoiner(",\n", "  \"contenders\": [\n", "\n  ]");
        results.forEach((each, forks) -> cases.add(json(each, forks)));
        json.add(cases.toString());
        StringJoiner targets = new StringJoiner(",\n", "  \"targets\": [\n", "\n  ]");
        for (Target target : targets()) {
            targets.add("    {\"what\": " + quoted(target.text()) + ", \"payloadBytes\": " + target.size()
                    + ", \"value\": " + target.value()
                    + ", \"minOfForks\": " + target.forks().min() + ", \"maxOfForks\": " + target.forks().max()
                    + ", \"target\": " + quoted(target.goal().verdict(target.value())) + "}");
        }
        return json.add(targets.toString()).toString();
    }

    private String line(Case of, List<Result> forks) {
        Spread medians = Spread.of(forks.stream().map(Result::median).toList());
        int batch = of.contender().batch(of.size());
        return String.format(
                "%-44s %12s %12s %12s %12s %12s %8s %8s%n",
                of.contender().title + (batch > 1 ? ", means of " + batch : ""),
                show(medians.median(), of), show(load == Load.NUMBERS ? medians.min() : medians.max(), of),
                show(load == Load.NUMBERS ? medians.max() : medians.min(), of),
                show(Result.median(forks, "p99"), of), show(Result.median(forks, "p99.9"), of),
                quotient(of, Contender.C_SPIN), quotient(of, Contender.PAIR_SPIN));
    }

    private String json(Case of, List<Result> forks) {
        Spread medians = Spread.of(forks.stream().map(Result::median).toList());
        return "    {\n      \"id\": " + quoted(of.contender().id) + ",\n      \"title\": "
                + quoted(of.contender().title) + ",\n      \"payloadBytes\": " + of.size()
                + ",\n      \"roundTripsPerSample\": " + of.contender().batch(of.size())
                + ",\n      \"medianOfForks\": " + medians.median() + ",\n      \"minOfForks\": " + medians.min()
                + ",\n      \"maxOfForks\": " + medians.max()
                + ",\n      \"gigabytesPerSecond\": " + of.size() / medians.median()
                + ",\n      \"timesC\": " + number(of, Contender.C_SPIN)
                + ",\n      \"timesPair\": " + number(of, Contender.PAIR_SPIN)
                + ",\n      \"forks\": " + Result.json(forks) + "\n    }";
    }

    private String show(double nanos, Case of) {
        return load.show(nanos, of.size());
    }

    private List<Integer> sizes() {
        return results.keySet().stream().map(Case::size).distinct().toList();
    }

    /** What the project has set itself, as far as it was measured. */
    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (int size : sizes()) {
            if (load == Load.COPIES) {
                target(Contender.PAIR_SPIN, Contender.C_SPIN, size, Goal.atLeast(0.95), targets);
                continue;
            }
            if (size == HANDSHAKE) {
                target(Contender.PAIR_SPIN, Contender.C_SPIN, size, Goal.atMost(1.2), targets);
                target(Contender.PAIR_PARKED, Contender.C_PARKED, size, Goal.atMost(1.1), targets);
            }
            results.keySet().stream()
                    .filter(each -> each.size() == size && each.contender().isPeer())
                    .min(Comparator.comparingDouble(each -> Spread.of(medians(each)).median()))
                    .ifPresent(fastest -> target(
                            Contender.PAIR_SPIN, fastest.contender(), size, Goal.lessThan(1), targets));
        }
        return targets;
    }

    private void target(Contender ours, Contender theirs, int size, Goal goal, List<Target> targets) {
        Case above = new Case(ours, size);
        Case below = new Case(theirs, size);
        if (results.containsKey(above) && results.containsKey(below)) {
            String text = ours.title + " / " + (theirs.isPeer() ? "the fastest peer, " : "") + theirs.title;
            targets.add(new Target(text, size, factor(above, below), factors(above, below), goal));
        }
    }

    private String quotient(Case of, Contender by) {
        Case other = new Case(by, of.size());
        return results.containsKey(other) ? String.format(Locale.ROOT, "%.2f", factor(of, other)) : "";
    }

    private String number(Case of, Contender by) {
        Case other = new Case(by, of.size());
        return results.containsKey(other) ? String.valueOf(factor(of, other)) : "null";
    }

    /** Of the times, or of the rates. */
    private double factor(Case above, Case below) {
        return factor(Spread.of(medians(above)).median(), Spread.of(medians(below)).median());
    }

    /** The quotients within each round of forks, which ran one after the other. */
    private Spread factors(Case above, Case below) {
        return load == Load.NUMBERS
                ? Spread.ofQuotients(medians(above), medians(below))
                : Spread.ofQuotients(medians(below), medians(above));
    }

    private double factor(double above, double below) {
        return load == Load.NUMBERS ? above / below : below / above;
    }

    private List<Double> medians(Case of) {
        return results.get(of).stream().map(Result::median).toList();
    }

    private record Target(String text, int size, double value, Spread forks, Goal goal) {}
}
