package dev.sharedregion.bench;

import static dev.sharedregion.bench.Facts.quoted;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What idle pairs cost, as a table for people and as JSON for programs. */
final class IdleReport {
    /** Of one processor, beyond the JVM that sleeps. */
    private static final double MOST_PERCENT = 0.1;

    private static final String SLEEPING = "sleeping";

    private final long millis;
    private final Map<String, List<Double>> processor = new LinkedHashMap<>();
    private final Map<String, Map<String, List<Double>>> memory = new LinkedHashMap<>();

    IdleReport(long millis) {
        this.millis = millis;
    }

    void addProcessor(String what, double usedMillis) {
        processor.computeIfAbsent(what, key -> new ArrayList<>()).add(usedMillis * 100 / millis);
    }

    void addMemory(String what, String kind, double each) {
        memory.computeIfAbsent(what, key -> new LinkedHashMap<>())
                .computeIfAbsent(kind, key -> new ArrayList<>())
                .add(each);
    }

    String table(Map<String, String> facts) {
        StringBuilder table = new StringBuilder();
        facts.forEach((fact, value) -> table.append(String.format("%-10s %s%n", fact, value)));
        table.append(String.format(
                "%n%-24s %10s %10s %10s %20s%n", "% of one processor", "median", "least", "most", "beyond sleeping"));
        processor.forEach((what, percents) -> {
            Spread spread = Spread.of(percents);
            table.append(String.format(
                    Locale.ROOT,
                    "%-24s %10.4f %10.4f %10.4f %20.4f   %s%n",
                    what, spread.median(), spread.min(), spread.max(), beyond(what), verdict(what)));
        });
        table.append(String.format("%n%-24s %10s %10s %10s%n", "bytes for each one", "median", "least", "most"));
        memory.forEach((what, kinds) -> kinds.forEach((kind, values) -> {
            Spread spread = Spread.of(values);
            table.append(String.format(
                    Locale.ROOT,
                    "%-24s %10.1f %10.1f %10.1f%n",
                    what + ", " + kind, spread.median(), spread.min(), spread.max()));
        }));
        return table.append(String.format(
                        "%npairs: 1,000 of which this process has the servers; regions: 10,000 of 4 KiB, written to;%n"
                                + "heap: of Java; resident: in memory; of that shared with others; mapped: addresses;%n"
                                + "descriptors: so many, not bytes%n"))
                .toString();
    }

    String json(Map<String, String> facts) {
        StringJoiner json = new StringJoiner(",\n", "{\n", "\n}\n");
        facts.forEach((fact, value) -> json.add("  " + quoted(fact) + ": " + quoted(value)));
        StringJoiner idle = new StringJoiner(",\n", "  \"percentOfOneProcessor\": [\n", "\n  ]");
        processor.forEach((what, percents) -> idle.add("    {\"what\": " + quoted(what) + ", " + numbers(percents)
                + ", \"beyondSleeping\": " + beyond(what) + ", \"target\": " + quoted(verdict(what)) + "}"));
        StringJoiner each = new StringJoiner(",\n", "  \"bytesForEach\": [\n", "\n  ]");
        memory.forEach((what, kinds) -> kinds.forEach((kind, values) -> each.add(
                "    {\"what\": " + quoted(what) + ", \"kind\": " + quoted(kind) + ", " + numbers(values) + "}")));
        return json.add(idle.toString()).add(each.toString()).toString();
    }

    private static String numbers(List<Double> values) {
        Spread spread = Spread.of(values);
        return "\"medianOfForks\": " + spread.median() + ", \"minOfForks\": " + spread.min() + ", \"maxOfForks\": "
                + spread.max() + ", \"forks\": " + values;
    }

    /** The median, without that of the JVM that sleeps. */
    private double beyond(String what) {
        return Spread.of(processor.get(what)).median() - Spread.of(processor.get(SLEEPING)).median();
    }

    /** The target is for one pair in which a side waits. */
    private String verdict(String what) {
        if (!what.startsWith("waiting")) {
            return "";
        }
        return "less than " + MOST_PERCENT + ": " + (beyond(what) < MOST_PERCENT ? "met" : "missed");
    }
}
