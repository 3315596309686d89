package dev.sharedregion.bench.views;

import dev.sharedregion.SharedRegion;
import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Measurements;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures access to a region's memory beside what else Java offers, by JMH, each fork in a process; then reports. */
public final class Views {
    static final String REGION_POINTER = "region.pointer()";
    static final String REGION_BUFFER = "region.buffer()";
    static final String HEAP_ARRAY = "heap array";
    static final String DIRECT_BUFFER = "direct ByteBuffer";
    static final String MAPPED_BUFFER = "MappedByteBuffer";
    static final String JNA_POINTER = "JNA Pointer";
    static final String JNA_MEMORY = "JNA Memory";
    static final String SEGMENT = "MemorySegment";

    /** In the order of the table. */
    static final List<String> CONTENDERS = List.of(
            REGION_POINTER, JNA_POINTER, JNA_MEMORY, REGION_BUFFER, DIRECT_BUFFER, MAPPED_BUFFER, SEGMENT, HEAP_ARRAY);

    /** The size of all memories, in bytes: of the largest copy. */
    static final int SIZE = 1 << 20;

    /** All memories begin at a page, but the arrays on the heap: copies feel where they begin. */
    static final int PAGE = 4096;

    /** What a loop goes over, in bytes. */
    static final int LOOP = 1 << 16;

    private static final int WARMUPS = 3;
    private static final int MEASUREMENTS = 3;
    private static final int MILLIS = 200;
    private static final int QUICK_MILLIS = 20;

    /** From this size on, a bulk copy is compared with System.arraycopy. */
    private static final int LARGE = 1 << 16;

    private static final List<Target> TARGETS = List.of(
            new Target(REGION_POINTER, JNA_POINTER, 1.0),
            new Target(REGION_BUFFER, DIRECT_BUFFER, 1.05),
            new Target(REGION_POINTER, HEAP_ARRAY, 1.05),
            new Target(REGION_BUFFER, HEAP_ARRAY, 1.05));

    private record Target(String above, String below, double most) {
        /** An array is a measure for copies only: the compiler may make a loop over an array many times faster. */
        boolean holdsFor(Row row) {
            return !below.equals(HEAP_ARRAY) || row.operation.isBulkCopy() && row.size >= LARGE;
        }
    }

    /** An operation, and the size that it was done with: 0 if it has only one. */
    private record Row(Operation operation, int size) implements Comparable<Row> {
        Row(Operation operation, BenchmarkParams parameters) {
            this(operation, Integer.parseInt(Stream.of("bytes", "chars")
                    .map(parameters::getParam)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("0")));
        }

        @Override
        public int compareTo(Row other) {
            return Comparator.comparing(Row::operation).thenComparing(Row::size).compare(this, other);
        }

        String title() {
            if (size == 0) {
                return operation.title;
            }
            String unit = !operation.isBulkCopy()
                    ? size + " chars"
                    : size < 1 << 10 ? size + " B" : size < 1 << 20 ? (size >> 10) + " KiB" : (size >> 20) + " MiB";
            return operation.title + ", " + unit;
        }
    }

    /** What the forks of one contender measured. */
    private record Key(Row row, String contender) {
        @Override
        public String toString() {
            return row.title() + ", " + contender;
        }
    }

    private Views() {}

    static SharedRegion newRegion() {
        return SharedRegion.create("bench-views-" + ProcessHandle.current().pid(), SIZE);
    }

    /** Runs those that the system properties {@code jmh.*} ask for. */
    public static void main(String[] arguments) throws Exception {
        boolean quick = Facts.flag("jmh.quick");
        int forks = Integer.parseInt(Facts.text("jmh.forks", quick ? "1" : "5"));
        List<Operation> operations = operations(Facts.text("jmh.operations", ""));
        Measurements<Key> measurements = new Measurements<>();
        for (int fork = 1; fork <= forks; fork++) {
            for (Operation operation : operations) {
                long start = System.nanoTime();
                for (RunResult result : measure(operation, quick)) {
                    measurements.add(
                            new Key(new Row(operation, result.getParams()), result.getParams().getParam("over")),
                            result.getPrimaryResult().getStatistics().getPercentile(50));
                }
                System.out.printf(
                        "fork %d of %d  %-28s %4d s%n",
                        fork, forks, operation.title, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
            }
        }
        Map<String, String> facts = Facts.host();
        facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("date", Facts.now());
        facts.put(
                "method",
                quick
                        ? "quick: each for " + QUICK_MILLIS + " ms, not warm, all in one process; nothing to judge by"
                        : forks + " forks in turn; each warms up for " + WARMUPS + " x " + MILLIS + " ms and measures "
                                + MEASUREMENTS + " x " + MILLIS + " ms");
        Path json = Path.of(System.getProperty("bench.root", "."), "target", "bench", "views.json");
        // The quick numbers are too bad to be compared with a target.
        report(facts, measurements, !quick).publish(json);
    }

    private static Report report(Map<String, String> facts, Measurements<Key> measurements, boolean judged) {
        Report report = new Report(facts, measurements);
        Table table = report.newTable("A call, median of the forks")
                .columns(Unit.TEXT, "operation")
                .columns(Unit.NANOSECONDS, CONTENDERS.toArray(String[]::new));
        List<Row> rows = measurements.keys().stream().map(Key::row).distinct().sorted().toList();
        for (Row row : rows) {
            List<Object> cells = new ArrayList<>(List.of(row.title()));
            for (String contender : CONTENDERS) {
                Key key = new Key(row, contender);
                cells.add(measurements.has(key) ? measurements.medians(key).median() : null);
            }
            table.add(cells.toArray());
        }
        if (judged) {
            report.beginTargets(Unit.RATIO);
            TARGETS.forEach(target -> rows.stream().filter(target::holdsFor).forEach(row -> {
                Key above = new Key(row, target.above);
                Key below = new Key(row, target.below);
                if (measurements.has(above) && measurements.has(below)) {
                    report.target(
                            row.title(), target.above + " / " + target.below, measurements.ratio(above, below),
                            Goal.atMost(target.most));
                }
            }));
        }
        return report;
    }

    private static List<Operation> operations(String names) {
        List<Operation> operations =
                Stream.of(names.split(",")).filter(name -> !name.isBlank()).map(Operation::valueOf).toList();
        return operations.isEmpty() ? List.of(Operation.values()) : operations;
    }

    /** One fork of each contender. JMH would run all forks of one before the next, which is why it is asked for one. */
    private static List<RunResult> measure(Operation operation, boolean quick) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(Views.class.getPackageName()) + "\\.\\w+\\." + operation + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .forks(quick ? 0 : 1)
                .warmupIterations(quick ? 0 : WARMUPS)
                .warmupTime(TimeValue.milliseconds(MILLIS))
                .measurementIterations(quick ? 1 : MEASUREMENTS)
                .measurementTime(TimeValue.milliseconds(quick ? QUICK_MILLIS : MILLIS));
        if (Runtime.version().feature() >= 24) {
            // These JDKs warn about JMH itself in every fork.
            options.jvmArgsAppend("--sun-misc-unsafe-memory-access=allow");
        }
        return List.copyOf(new Runner(options.build()).run());
    }
}
