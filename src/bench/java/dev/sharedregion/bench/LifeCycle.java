package dev.sharedregion.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sharedregion.bench.LifeCase.What;
import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Found;
import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Measurements;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Spread;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures what it costs to create or to open, and to close. Each fork is a fresh process of each contender; they take
 * turns in every case, so that a change of the machine's speed affects them all.
 */
final class LifeCycle {
    /** The title of the table of all cases. */
    static final String TABLE = "Create or open, and close";

    private static final double MOST_OF_C = 2;
    private static final double MOST_GROWTH = 1.1;
    private static final String NOTE =
            "median, least, most: the median, the least and the largest of the forks' medians."
            + " p99, p99.9: the medians of the forks' own percentiles. per second: the inverse of the median."
            + " x C: ratio to C.";

    private static final Path MEMORY = Path.of("/dev/shm");

    /** The first case of a kind, for which everything is loaded and compiled, is warmed up for so much longer. */
    private static final int FIRST = 6;

    /** For opening 10,000 others, and for one that is under way at the end, of which the largest take seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** What a process has open beside the regions. */
    private static final int DESCRIPTORS = 200;

    /** What the forks of one contender measured in one case. */
    private record Key(LifeCase of, LifeContender contender) {
        @Override
        public String toString() {
            return of.title() + ", " + contender.title;
        }
    }

    private final Measurements<Key> measurements = new Measurements<>();
    private final Settings settings;
    private final Machine machine;
    private final long warmup;
    private final long measure;
    private final String name = "bench-life-" + ProcessHandle.current().pid();
    private final Map<LifeContender, Process> running = new EnumMap<>(LifeContender.class);
    private String jvm = "";

    private LifeCycle(Settings settings, Machine machine) {
        this.settings = settings;
        this.machine = machine;
        boolean quick = Facts.flag("bench.quick");
        warmup = millis("bench.warmup", quick ? "0.03" : "0.5");
        measure = millis("bench.measure", quick ? "0.03" : "0.5");
    }

    private static long millis(String property, String otherwise) {
        return Math.round(Double.parseDouble(Facts.text(property, otherwise)) * 1000);
    }

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.fromProperties();
        try (Machine machine = Machine.prepare(settings)) {
            LifeCycle lifeCycle = new LifeCycle(settings, machine);
            Thread atEnd = new Thread(lifeCycle::stop);
            Runtime.getRuntime().addShutdownHook(atEnd);
            lifeCycle.run();
            Runtime.getRuntime().removeShutdownHook(atEnd);
        }
    }

    private void run() throws Exception {
        int forks = Facts.flag("bench.quick") ? Integer.parseInt(Facts.text("bench.forks", "1")) : settings.forks();
        List<LifeCase> cases = cases();
        for (int fork = 1; fork <= forks; fork++) {
            try {
                start();
                Set<LifeCase> kinds = new HashSet<>();
                for (LifeCase of : cases) {
                    System.out.printf("fork %d of %d  %-46s", fork, forks, of.title());
                    measure(of, kinds.add(of.kind()) ? FIRST * warmup : warmup);
                    System.out.println();
                }
            } finally {
                stop();
            }
        }
        Map<String, String> facts = machine.description();
        facts.put("pinned", "no");
        facts.put("jvm", jvm);
        facts.put("date", Facts.now());
        facts.put(
                "method",
                forks + " forks, in which the contenders take turns; each case warms up for " + warmup
                        + " ms (the first of its kind " + FIRST * warmup + " ms) and is measured for " + measure
                        + " ms");
        report(facts).publish(settings.json("life-cycle"));
    }

    private void measure(LifeCase of, long warmup) throws Exception {
        for (LifeContender contender : running.keySet()) {
            if (contender.does(of)) {
                Map<String, Double> fork = machine.during(() -> measure(contender, of, warmup));
                measurements.add(new Key(of, contender), fork);
                System.out.printf(
                        "  %s %s", contender.title, Unit.NANOSECONDS.show(fork.get(Measurements.MEDIAN)));
            }
        }
    }

    private Report report(Map<String, String> facts) {
        Report report = new Report(facts, measurements, NOTE);
        Table table = report.newTable(TABLE)
                .columns(Unit.TEXT, "case", "contender")
                .columns(Unit.NANOSECONDS, "median", "least", "most", "p99", "p99.9")
                .columns(Unit.COUNT, "per second")
                .columns(Unit.RATIO, "x C");
        for (Key key : measurements.keys()) {
            Spread medians = measurements.medians(key);
            Key c = new Key(key.of, LifeContender.C);
            table.add(
                    key.of.title(), key.contender.title, medians.median(), medians.least(), medians.most(),
                    measurements.median(key, "p99"), measurements.median(key, "p99.9"), 1e9 / medians.median(),
                    measurements.has(c) ? measurements.ratio(key, c).value() : null);
        }
        report.beginTargets(Unit.RATIO);
        List<LifeCase> cases = measurements.keys().stream().map(Key::of).distinct().toList();
        cases.stream().filter(this::hasC).forEach(of -> report.target(
                of.title(), "sharedregion / C", besideC(of), Goal.atMost(MOST_OF_C)));
        cases.forEach(of -> growth(of, of.smallest(), report));
        return report;
    }

    private void growth(LifeCase of, LifeCase smallest, Report report) {
        if (of.what() == What.PAIR || of.equals(smallest) || !measurements.has(new Key(smallest, LifeContender.OURS))) {
            return;
        }
        if (of.others() > 0) {
            Key ours = new Key(of, LifeContender.OURS);
            report.target(
                    of.title(), "growth from one open region",
                    measurements.ratio(ours, new Key(smallest, LifeContender.OURS)), Goal.atMost(MOST_GROWTH));
        } else if (hasC(of)) {
            // C makes the same calls: what the kernel does is in both.
            report.target(
                    of.title(), "growth from 4 KiB / C's growth",
                    besideC(of).dividedBy(besideC(smallest)), Goal.atMost(MOST_GROWTH));
        }
    }

    private boolean hasC(LifeCase of) {
        return measurements.has(new Key(of, LifeContender.C));
    }

    private Found besideC(LifeCase of) {
        return measurements.ratio(new Key(of, LifeContender.OURS), new Key(of, LifeContender.C));
    }

    /** Those for which there is room; says which are left out, and why. */
    private List<LifeCase> cases() throws IOException {
        List<LifeCase> cases = new ArrayList<>();
        for (LifeCase of : LifeCase.all(Facts.flag("bench.quick"))) {
            String reason = reasonAgainst(of);
            if (reason == null) {
                cases.add(of);
            } else {
                System.out.println("left out: " + of.title() + ": " + reason);
            }
        }
        return cases;
    }

    private String reasonAgainst(LifeCase of) throws IOException {
        if (machine.isWindows() && of.what() == What.LAZY_REGION) {
            return "Windows reserves every region's memory";
        }
        long room = freeMemory() / 2;
        if (of.memory() > room) {
            return "it takes " + (of.memory() >> 20) + " MiB, and no more than " + (room >> 20) + " MiB shall be taken";
        }
        long descriptors = mostDescriptors();
        return of.others() + DESCRIPTORS > descriptors
                ? "a process may have " + descriptors + " descriptors (ulimit -Hn)"
                : null;
    }

    private static long freeMemory() throws IOException {
        Path memory = Path.of("/proc/meminfo");
        if (!Files.exists(memory)) {
            return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getFreeMemorySize();
        }
        long free = Facts.number(memory, "MemAvailable:") << 10;
        return Files.isDirectory(MEMORY) ? Math.min(free, Files.getFileStore(MEMORY).getUsableSpace()) : free;
    }

    /** Of a process that raises its own limit. */
    private long mostDescriptors() throws IOException {
        Path limits = Path.of("/proc/self/limits");
        if (machine.isWindows() || !Files.exists(limits)) {
            return Long.MAX_VALUE;
        }
        try (Stream<String> lines = Files.lines(limits)) {
            String[] words = lines.filter(line -> line.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow()
                    .split(" +");
            return words[4].equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(words[4]);
        }
    }

    private synchronized void start() throws IOException {
        for (LifeContender contender : LifeContender.values()) {
            ProcessBuilder builder = contender == LifeContender.C
                    ? machine.c("life_cycle")
                    : machine.java(LifeFork.class, contender.name());
            String reason = builder == null
                    ? "there is no compiler"
                    : machine.isWindows() && contender == LifeContender.MAPPED_FILE
                            ? "Windows deletes no mapped file, and only the collector unmaps it"
                            : null;
            if (reason == null) {
                running.put(contender, builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
            } else {
                System.out.println("left out: " + contender.title + ": " + reason);
            }
        }
    }

    private Map<String, Double> measure(LifeContender contender, LifeCase of, long warmup) throws IOException {
        Process process = running.get(contender);
        Writer orders = process.outputWriter(StandardCharsets.UTF_8);
        orders.write(of.words() + " " + warmup + " " + measure + " " + name + "-" + contender.ordinal() + "\n");
        orders.flush();
        // The same reader each time.
        BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        CompletableFuture<Void> end =
                Machine.endAfter(Duration.ofMillis(warmup + measure).plus(PATIENCE), List.of(process));
        try {
            for (String line; (line = answers.readLine()) != null; ) {
                if (line.startsWith("jvm ")) {
                    jvm = line.substring("jvm ".length());
                } else if (line.startsWith("result ")) {
                    return Measurements.parse(line);
                }
            }
        } finally {
            end.complete(null);
        }
        throw new IOException(contender.title + " failed: " + of.title());
    }

    /** Ends the processes of a fork, and removes what they leave if they are killed. */
    private synchronized void stop() {
        try {
            for (Process process : running.values()) {
                process.outputWriter(StandardCharsets.UTF_8).close();
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
            running.clear();
            if (Files.isDirectory(MEMORY)) {
                try (DirectoryStream<Path> left = Files.newDirectoryStream(MEMORY, name + "*")) {
                    for (Path each : left) {
                        Files.deleteIfExists(each);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
