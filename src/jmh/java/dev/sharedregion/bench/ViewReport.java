package dev.sharedregion.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;

/** The results of all forks of {@link Views}, as a table for people and as JSON for programs. */
final class ViewReport {
    /** From this size on, a bulk copy is measured against System.arraycopy. */
    private static final int LARGE = 1 << 16;

    /** What the project has promised itself. */
    private static final List<Target> TARGETS = List.of(
            new Target(Views.REGION_POINTER, Views.JNA_POINTER, 1.0),
            new Target(Views.REGION_BUFFER, Views.DIRECT_BUFFER, 1.05),
            new Target(Views.REGION_POINTER, Views.HEAP_ARRAY, 1.05),
            new Target(Views.REGION_BUFFER, Views.HEAP_ARRAY, 1.05));

    /** Nanoseconds a call, of each fork, of each contender, of each row. */
    private final Map<Row, Map<String, List<Double>>> results = new TreeMap<>();

    /** Whether the numbers are good enough to say of a target that it was met. */
    private final boolean judges;

    ViewReport(boolean judges) {
        this.judges = judges;
    }

    void add(Operation operation, RunResult result) {
        String bytes = result.getParams().getParam("bytes");
        String chars = result.getParams().getParam("chars");
        String size = bytes != null ? bytes : chars != null ? chars : "0";
        results.computeIfAbsent(new Row(operation, Integer.parseInt(size)), row -> new HashMap<>())
                .computeIfAbsent(result.getParams().getParam("over"), over -> new ArrayList<>())
                .add(result.getPrimaryResult().getStatistics().getPercentile(50));
    }

    String table(Map<String, String> facts) {
        StringBuilder table = new StringBuilder();
        facts.forEach((fact, value) -> table.append(String.format("%-10s %s%n", fact, value)));
        table.append(String.format("%n%-28s", "ns a call, median of forks"));
        Views.CONTENDERS.forEach(contender -> table.append(String.format("%18s", contender)));
        results.forEach((row, contenders) -> {
            table.append(String.format("%n%-28s", row));
            for (String contender : Views.CONTENDERS) {
                List<Double> forks = contenders.get(contender);
                table.append(String.format("%18s", forks == null ? "" : nanos(Spread.of(forks).median())));
            }
        });
        table.append(String.format("%n%n%-74s%-9s%s%n", "quotient of the medians, and the forks' own", "", "target"));
        for (Ratio ratio : ratios()) {
            table.append(String.format(
                    Locale.ROOT, "%-28s %-38s %6.3f   %.3f to %.3f   %s%n",
                    ratio.row, ratio.target.above + " / " + ratio.target.below, ratio.value,
                    ratio.forks.min(), ratio.forks.max(), verdict(ratio)));
        }
        return table.toString();
    }

    String json(Map<String, String> facts) {
        StringJoiner json = new StringJoiner(",\n", "{\n", "\n}\n");
        facts.forEach((fact, value) -> json.add("  " + Facts.quoted(fact) + ": " + Facts.quoted(value)));
        json.add("  \"unit\": \"nanoseconds a call\"");
        StringJoiner operations = new StringJoiner(",\n", "  \"operations\": [\n", "\n  ]");
        results.forEach((row, contenders) -> {
            StringJoiner each = new StringJoiner(",\n      ", "[\n      ", "\n    ]");
            for (String contender : Views.CONTENDERS) {
                if (contenders.containsKey(contender)) {
                    Spread forks = Spread.of(contenders.get(contender));
                    each.add("{\"title\": " + Facts.quoted(contender) + ", \"medianOfForks\": " + forks.median()
                            + ", \"minOfForks\": " + forks.min() + ", \"maxOfForks\": " + forks.max()
                            + ", \"forks\": " + contenders.get(contender) + "}");
                }
            }
            operations.add("    {" + row.json() + ", \"title\": " + Facts.quoted(row.toString())
                    + ", \"contenders\": " + each + "}");
        });
        json.add(operations.toString());
        StringJoiner ratios = new StringJoiner(",\n", "  \"ratios\": [\n", "\n  ]");
        for (Ratio ratio : ratios()) {
            ratios.add("    {" + ratio.row.json() + ", \"above\": " + Facts.quoted(ratio.target.above)
                    + ", \"below\": " + Facts.quoted(ratio.target.below) + ", \"value\": " + ratio.value
                    + ", \"minOfForks\": " + ratio.forks.min() + ", \"maxOfForks\": " + ratio.forks.max()
                    + ", \"target\": " + Facts.quoted(verdict(ratio)) + "}");
        }
        return json.add(ratios.toString()).toString();
    }

    private List<Ratio> ratios() {
        List<Ratio> ratios = new ArrayList<>();
        for (Target target : TARGETS) {
            results.forEach((row, contenders) -> {
                List<Double> above = contenders.get(target.above);
                List<Double> below = contenders.get(target.below);
                if (above != null && below != null && target.holdsFor(row)) {
                    ratios.add(new Ratio(row, target, above, below));
                }
            });
        }
        return ratios;
    }

    private String verdict(Ratio ratio) {
        String target = "at most " + ratio.target.atMost;
        return judges ? target + ": " + (ratio.value <= ratio.target.atMost ? "met" : "missed") : target;
    }

    /** With as many digits as a call that takes less than a nanosecond needs. */
    private static String nanos(double nanos) {
        return String.format(Locale.ROOT, nanos < 100 ? "%.2f" : "%,.0f", nanos);
    }

    /** An operation, and the size that it was done with: 0 if it has but one. */
    private record Row(Operation operation, int size) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            int order = operation.compareTo(other.operation);
            return order != 0 ? order : Integer.compare(size, other.size);
        }

        String json() {
            return "\"operation\": " + Facts.quoted(operation.name()) + ", \"size\": " + size;
        }

        @Override
        public String toString() {
            if (size == 0) {
                return operation.title;
            }
            String unit = !operation.isBulkCopy()
                    ? size + " chars"
                    : size < 1 << 10 ? size + " B" : size < 1 << 20 ? (size >> 10) + " KiB" : (size >> 20) + " MiB";
            return operation.title + ", " + unit;
        }
    }

    private record Target(String above, String below, double atMost) {
        /** What holds against an array on the heap is the speed of a copy; a loop over one may be any times faster. */
        boolean holdsFor(Row row) {
            return !below.equals(Views.HEAP_ARRAY) || row.operation.isBulkCopy() && row.size >= LARGE;
        }
    }

    private record Ratio(Row row, Target target, double value, Spread forks) {
        Ratio(Row row, Target target, List<Double> above, List<Double> below) {
            this(
                    row,
                    target,
                    Spread.of(above).median() / Spread.of(below).median(),
                    Spread.ofQuotients(above, below));
        }
    }
}
