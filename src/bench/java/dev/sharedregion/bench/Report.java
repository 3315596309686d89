package dev.sharedregion.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The results of all forks, as a table for people and as JSON for programs. */
final class Report {
    /** The quotients that the project has promised itself something about. */
    private static final List<Ratio> RATIOS = List.of(
            new Ratio(Contender.PAIR_SPIN, Contender.C_SPIN, "at most", 1.3, 1.3),
            new Ratio(Contender.PAIR_SPIN, Contender.C_TUNED, "", 0, 0),
            new Ratio(Contender.PAIR_DEFAULT, Contender.C_SPIN, "", 0, 0),
            new Ratio(Contender.PAIR_PARKED, Contender.C_PARKED, "at most", 1.2, 1.5),
            new Ratio(Contender.UNIX_SOCKET, Contender.PAIR_SPIN, "at least", 100, 100),
            new Ratio(Contender.TCP, Contender.PAIR_SPIN, "at least", 100, 100));

    private final boolean wine;
    private final Map<Contender, List<Result>> results = new EnumMap<>(Contender.class);

    Report(List<Contender> contenders, boolean wine) {
        this.wine = wine;
        contenders.forEach(contender -> results.put(contender, new ArrayList<>()));
    }

    void add(Contender contender, Result result) {
        results.get(contender).add(result);
    }

    String table(Map<String, String> facts) {
        StringBuilder table = new StringBuilder();
        facts.forEach((fact, value) -> table.append(String.format("%-10s %s%n", fact, value)));
        table.append(String.format(
                "%nround trip of %d bytes, median of a fork     %12s %12s %12s    p99 of a fork%n",
                Payload.SIZE, "median", "min", "max"));
        results.forEach((contender, forks) -> {
            Spread medians = Spread.of(forks.stream().map(Result::median).toList());
            Spread tails = Spread.of(forks.stream().map(each -> each.percentiles().get("p99")).toList());
            table.append(String.format(
                    "%-43s %12s %12s %12s %16s%n",
                    contender.title + (contender.batch > 1 ? ", means of " + contender.batch : ""),
                    nanos(medians.median()), nanos(medians.min()), nanos(medians.max()), nanos(tails.median())));
        });
        table.append(String.format("%nquotient of the medians, and the forks' own%n"));
        for (Ratio ratio : measured()) {
            Spread forks = forks(ratio);
            double value = value(ratio);
            table.append(String.format(
                    Locale.ROOT, "%-63s %8.2f   %.2f to %.2f   %s%n",
                    ratio.above.title + " / " + ratio.below.title, value, forks.min(), forks.max(),
                    ratio.verdict(value, wine)));
        }
        return table.toString();
    }

    String json(Map<String, String> facts) {
        StringJoiner json = new StringJoiner(",\n", "{\n", "\n}\n");
        facts.forEach((fact, value) -> json.add("  " + quoted(fact) + ": " + quoted(value)));
        json.add("  \"unit\": \"nanoseconds a round trip\"");
        json.add("  \"payloadBytes\": " + Payload.SIZE);
        StringJoiner contenders = new StringJoiner(",\n", "  \"contenders\": [\n", "\n  ]");
        results.forEach((contender, forks) -> {
            Spread medians = Spread.of(forks.stream().map(Result::median).toList());
            StringJoiner each = new StringJoiner(",\n        ", "[\n        ", "\n      ]");
            for (Result fork : forks) {
                StringJoiner values = new StringJoiner(", ", "{\"samples\": " + fork.samples() + ", ", "}");
                fork.percentiles().forEach((name, value) -> values.add(quoted(name) + ": " + value));
                each.add(values.toString());
            }
            contenders.add("    {\n      \"id\": " + quoted(contender.id) + ",\n      \"title\": "
                    + quoted(contender.title) + ",\n      \"roundTripsPerSample\": " + contender.batch
                    + ",\n      \"medianOfForks\": " + medians.median() + ",\n      \"minOfForks\": " + medians.min()
                    + ",\n      \"maxOfForks\": " + medians.max() + ",\n      \"forks\": " + each + "\n    }");
        });
        json.add(contenders.toString());
        StringJoiner ratios = new StringJoiner(",\n", "  \"ratios\": [\n", "\n  ]");
        for (Ratio ratio : measured()) {
            Spread forks = forks(ratio);
            ratios.add("    {\"above\": " + quoted(ratio.above.id) + ", \"below\": " + quoted(ratio.below.id)
                    + ", \"value\": " + value(ratio) + ", \"minOfForks\": " + forks.min() + ", \"maxOfForks\": "
                    + forks.max() + ", \"target\": " + quoted(ratio.verdict(value(ratio), wine)) + "}");
        }
        return json.add(ratios.toString()).toString();
    }

    /** Nanoseconds for people. */
    static String nanos(double nanos) {
        return nanos < 10_000
                ? String.format(Locale.ROOT, "%.0f ns", nanos)
                : String.format(Locale.ROOT, "%.1f us", nanos / 1000);
    }

    private List<Ratio> measured() {
        return RATIOS.stream()
                .filter(ratio -> results.containsKey(ratio.above) && results.containsKey(ratio.below))
                .toList();
    }

    private double value(Ratio ratio) {
        return Spread.of(medians(ratio.above)).median() / Spread.of(medians(ratio.below)).median();
    }

    private Spread forks(Ratio ratio) {
        return Spread.ofQuotients(medians(ratio.above), medians(ratio.below));
    }

    private List<Double> medians(Contender contender) {
        return results.get(contender).stream().map(Result::median).toList();
    }

    /** As a JSON string. */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private record Ratio(Contender above, Contender below, String bound, double target, double targetOnWine) {
        String verdict(double value, boolean wine) {
            if (bound.isEmpty()) {
                return "";
            }
            double wanted = wine ? targetOnWine : target;
            boolean met = bound.equals("at most") ? value <= wanted : value >= wanted;
            return bound + " " + wanted + ": " + (met ? "met" : "missed");
        }
    }
}
