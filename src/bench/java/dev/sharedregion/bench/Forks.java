package dev.sharedregion.bench;

import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Measurements;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Spread;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Measures all contenders, each fork in two fresh processes, the forks of the contenders in turn; then reports. */
final class Forks {
    /** Beyond what a fork measures: for starting two processes, under Wine too. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Bytes: with larger payloads the comparison with C is of gcc's and HotSpot's loops over the payload. */
    private static final int HANDSHAKE = 64;

    private static final String SAMPLES = "samples";

    private static final String NOTE =
            "median, least, most: the median, the least and the largest of the forks' medians."
            + " p99, p99.9: the medians of the forks' own percentiles of single round trips."
            + " x C: ratio to \"C, spinning\". x pair: ratio to \"EventPair, spinning\"."
            + " per sample: how many round trips are timed together for the medians.";

    private final Measurements<Case> measurements = new Measurements<>();
    private final String title;
    private final Load load;
    private final Settings settings;
    private final Machine machine;
    private String jvm = "none measured";

    /** The processes of the fork under way. */
    private volatile List<Process> running = List.of();

    /** The name of the fork under way, or of the last one. */
    private volatile String name = "bench-none";

    private Forks(String title, Load load, Settings settings, Machine machine) {
        this.title = title;
        this.load = load;
        this.settings = settings;
        this.machine = machine;
    }

    /** Measures, and writes the report to the file of that title. */
    static void measure(String title, Load load, Settings settings) throws Exception {
        try (Machine machine = Machine.prepare(settings)) {
            Forks forks = new Forks(title, load, settings, machine);
            Thread atEnd = new Thread(forks::stop);
            Runtime.getRuntime().addShutdownHook(atEnd);
            forks.run();
            Runtime.getRuntime().removeShutdownHook(atEnd);
        }
    }

    /** When the harness itself is stopped. */
    private void stop() {
        try {
            for (Process process : running) {
                process.destroyForcibly().waitFor();
            }
            machine.forgetFork(name);
            machine.close();
        } catch (IOException | UncheckedIOException | InterruptedException e) {
            System.err.println(e);
        }
    }

    private void run() throws Exception {
        List<Case> cases = cases();
        for (int fork = 1; fork <= settings.forks(); fork++) {
            for (Case each : cases) {
                int number = fork;
                Map<String, Double> values = machine.during(() -> measure(each, number));
                values.replaceAll((name, value) -> name.equals(SAMPLES) ? value : load.value(value, each.size()));
                measurements.add(each, values);
                System.out.printf(
                        "fork %d of %d  %-44s %s%n",
                        fork, settings.forks(), each, load.unit().show(values.get(Measurements.MEDIAN)));
            }
        }
        Map<String, String> facts = machine.description();
        facts.put("jvm", jvm);
        facts.put("peers", settings.versions());
        facts.put("date", Facts.now());
        facts.put(
                "method",
                settings.forks() + " forks in turn; each warms up for " + settings.warmup().toMillis()
                        + " ms and measures for " + settings.measure().toMillis() + " ms");
        report(facts).publish(settings.json(title));
    }

    private Report report(Map<String, String> facts) {
        Report report = new Report(facts, measurements, NOTE);
        for (int size : sizes()) {
            Table table = report.newTable(load.title(size))
                    .columns(Unit.TEXT, "contender")
                    .columns(load.unit(), "median", "least", "most", "p99", "p99.9")
                    .columns(Unit.RATIO, "x C", "x pair")
                    .columns(Unit.COUNT, "per sample");
            for (Case each : measurements.keys()) {
                if (each.size() == size) {
                    Spread medians = measurements.medians(each);
                    table.add(
                            each.contender().title, medians.median(), medians.least(), medians.most(),
                            measurements.median(each, "p99"), measurements.median(each, "p99.9"),
                            ratio(each, Contender.C_SPIN), ratio(each, Contender.PAIR_SPIN),
                            each.contender().batch(size));
                }
            }
        }
        report.beginTargets(Unit.RATIO);
        sizes().forEach(size -> targets(size, report));
        return report;
    }

    private List<Integer> sizes() {
        return measurements.keys().stream().map(Case::size).distinct().toList();
    }

    /** Null if the other one was not measured. */
    private Double ratio(Case of, Contender to) {
        Case other = new Case(to, of.size());
        return measurements.has(other) ? measurements.ratio(of, other).value() : null;
    }

    /** The project's targets, if their contenders were measured. */
    private void targets(int size, Report report) {
        if (load == Load.COPIES) {
            target(Contender.PAIR_SPIN, Contender.C_SPIN, size, Goal.atLeast(0.95), report);
            return;
        }
        if (size == HANDSHAKE) {
            target(Contender.PAIR_SPIN, Contender.C_SPIN, size, Goal.atMost(1.2), report);
            target(Contender.PAIR_PARKED, Contender.C_PARKED, size, Goal.atMost(1.1), report);
            target(Contender.PAIR_VIRTUAL, Contender.PAIR_PARKED, size, Goal.atMost(2.5), report);
            target(Contender.REQUESTS, Contender.PAIR_SPIN, size, Goal.atMost(1.3), report);
            target(Contender.REQUESTS, Contender.AERON_IPC, size, Goal.atMost(0.7), report);
        }
        measurements.keys().stream()
                .filter(each -> each.size() == size && each.contender().isPeer())
                .min(Comparator.comparingDouble(each -> measurements.medians(each).median()))
                .ifPresent(fastest -> target(
                        Contender.PAIR_SPIN, fastest.contender(), size, Goal.lessThan(1), report));
    }

    private void target(Contender ours, Contender theirs, int size, Goal goal, Report report) {
        Case above = new Case(ours, size);
        Case below = new Case(theirs, size);
        if (measurements.has(above) && measurements.has(below)) {
            String compared = ours.title + " / "
                    + (theirs.isPeer() && ours != Contender.REQUESTS ? "the fastest peer, " : "") + theirs.title;
            report.target(size + " bytes", compared, measurements.ratio(above, below), goal);
        }
    }

    private List<Case> cases() {
        List<Contender> contenders = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            if (!settings.wants(contender.id)) {
                continue;
            }
            String reason = contender.carries(load) ? machine.reasonAgainst(contender) : "not with this load";
            if (reason == null) {
                contenders.add(contender);
            } else if (contender.carries(load) || !settings.contenders().isEmpty()) {
                System.out.println("left out: " + contender.title + ": " + reason);
            }
        }
        List<Case> cases = new ArrayList<>();
        for (int size : settings.sizesOf(load)) {
            contenders.forEach(contender -> cases.add(new Case(contender, size)));
        }
        return cases;
    }

    private Map<String, Double> measure(Case of, int fork) throws Exception {
        name = "bench-" + ProcessHandle.current().pid() + "-" + of.contender().id + "-" + of.size() + "-" + fork;
        Path errors = settings.folder().resolve(of.contender().id + ".errors");
        List<String> arguments = List.of(
                name,
                String.valueOf(settings.warmup().toMillis()),
                String.valueOf(settings.measure().toMillis()),
                String.valueOf(of.contender().batch(of.size())));
        List<Process> sides = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = Machine.endAfter(
                settings.warmup().plus(settings.measure()).plus(settings.measure()).plus(PATIENCE), sides);
        Files.deleteIfExists(errors);
        running = sides;
        try {
            Process asking = start(machine.side(true, of, load, arguments), errors);
            sides.add(asking);
            Map<String, Double> result = null;
            try (BufferedReader output = asking.inputReader(StandardCharsets.UTF_8)) {
                for (String line; (line = output.readLine()) != null; ) {
                    if (line.startsWith("jvm ")) {
                        jvm = line.substring("jvm ".length());
                    } else if (line.startsWith("ready ")) {
                        String address = line.substring("ready ".length());
                        Process answering = start(
                                machine.side(false, of, load, List.of(address))
                                        .redirectOutput(ProcessBuilder.Redirect.appendTo(errors.toFile())),
                                errors);
                        sides.add(answering);
                        // If it fails, the other one would wait for ever.
                        answering.onExit().thenAccept(ended -> {
                            if (ended.exitValue() != 0) {
                                asking.destroy();
                            }
                        });
                    } else if (line.startsWith("result ")) {
                        result = Measurements.parse(line);
                    }
                }
            }
            List<Integer> statuses = new ArrayList<>();
            for (Process side : sides) {
                statuses.add(side.waitFor());
            }
            if (!statuses.equals(List.of(0, 0)) || result == null) {
                throw new IOException(of.contender().title + " failed in fork " + fork + ", or took too long; exit"
                        + " statuses " + statuses + "\n" + Files.readString(errors));
            }
            return result;
        } finally {
            end.complete(null);
            for (Process side : sides) {
                side.destroyForcibly().waitFor();
            }
            running = List.of();
            machine.forgetFork(name);
        }
    }

    private static Process start(ProcessBuilder builder, Path errors) throws IOException {
        return builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile())).start();
    }
}
