package dev.sharedregion.bench;

import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Found;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Measures messages a second: each fork in fresh processes, the forks of the cases in turn. */
final class StreamForks implements AutoCloseable {
    /** Beyond what a fork measures: for starting the processes, under Wine too. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final double GIGA = 1e9;

    private final Measurements<StreamCase> measurements = new Measurements<>();
    private final Settings settings;
    private final Machine machine;
    private final Thread atEnd = new Thread(this::stop);
    private String jvm = "none measured";

    /** The processes of the fork under way. */
    private volatile List<Process> running = List.of();

    /** The name of the fork under way, or of the last one. */
    private volatile String name = "bench-none";

    StreamForks(Settings settings) throws Exception {
        this.settings = settings;
        this.machine = Machine.prepare(settings);
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(atEnd);
        machine.close();
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

    /** Whether a contender was asked for, and can run here; says why it cannot. */
    boolean takes(StreamContender contender) {
        if (!settings.wants(contender.id)) {
            return false;
        }
        String reason = machine.reasonAgainst(contender);
        if (reason != null) {
            System.out.println("left out: " + contender.title + ": " + reason);
        }
        return reason == null;
    }

    /** Measures, and returns a report with a table for each number of senders and size; targets are to be added. */
    Report measure(List<StreamCase> cases, String what) throws Exception {
        for (int fork = 1; fork <= settings.forks(); fork++) {
            for (StreamCase each : cases) {
                int number = fork;
                double rate = machine.during(() -> measure(each, number));
                measurements.add(each, rate);
                System.out.printf("fork %d of %d  %-54s %,.0f%n", fork, settings.forks(), each, rate);
            }
        }
        Map<String, String> facts = machine.description();
        facts.put("pinned", machine.pinned("receiver", "sender"));
        facts.put("jvm", jvm);
        facts.put("date", Facts.now());
        facts.put(
                "method",
                settings.forks() + " forks in turn; each warms up for " + settings.warmup().toMillis()
                        + " ms and measures for " + settings.measure().toMillis() + " ms");
        Report report = new Report(facts, measurements);
        cases.stream().map(StreamCase::of).distinct().forEach(of -> table(of, what, report));
        report.beginTargets(Unit.RATIO);
        return report;
    }

    private void table(String of, String what, Report report) {
        Table table = report.newTable(what + " a second: " + of)
                .columns(Unit.TEXT, "contender")
                .columns(Unit.COUNT, "median", "least", "most")
                .columns(Unit.GIGABYTES_PER_SECOND, "median rate");
        for (StreamCase each : measurements.keys()) {
            if (each.of().equals(of)) {
                Spread spread = measurements.medians(each);
                double gigabytes = spread.median() * each.size() / GIGA;
                table.add(each.contender().title, spread.median(), spread.least(), spread.most(), gigabytes);
            }
        }
    }

    boolean has(StreamCase of) {
        return measurements.has(of);
    }

    double median(StreamCase of) {
        return measurements.medians(of).median();
    }

    Found ratio(StreamCase above, StreamCase below) {
        return measurements.ratio(above, below);
    }

    private double measure(StreamCase of, int fork) throws Exception {
        name = "bench-" + ProcessHandle.current().pid() + "-" + of.contender().id + "-" + of.size() + "-" + fork;
        Path errors = settings.folder().resolve(of.contender().id + ".errors");
        List<Process> processes = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = Machine.endAfter(
                settings.warmup().plus(settings.measure()).plus(PATIENCE), processes);
        Files.deleteIfExists(errors);
        running = processes;
        try {
            List<String> times =
                    List.of(name, "" + settings.warmup().toMillis(), "" + settings.measure().toMillis());
            Process receiver = start(machine.stream(true, of, times), errors, processes);
            Double rate = null;
            try (BufferedReader output = receiver.inputReader(StandardCharsets.UTF_8)) {
                for (String line; (line = output.readLine()) != null; ) {
                    if (line.startsWith("jvm ")) {
                        jvm = line.substring("jvm ".length());
                    } else if (line.equals("ready")) {
                        startSenders(of, errors, processes);
                    } else if (line.startsWith("result ")) {
                        rate = Double.valueOf(line.substring("result ".length()));
                        endSenders(processes);
                    }
                }
            }
            List<Integer> statuses = new ArrayList<>();
            for (Process each : processes) {
                statuses.add(each.waitFor());
            }
            if (rate == null || statuses.stream().anyMatch(status -> status != 0)) {
                throw new IOException(of + " failed in fork " + fork + ", or took too long; exit statuses " + statuses
                        + "\n" + Files.readString(errors));
            }
            return rate;
        } finally {
            end.complete(null);
            for (Process each : processes) {
                each.destroyForcibly().waitFor();
            }
            running = List.of();
            machine.forgetFork(name);
        }
    }

    private static ProcessBuilder.Redirect appendTo(Path file) {
        return ProcessBuilder.Redirect.appendTo(file.toFile());
    }

    private static Process start(ProcessBuilder builder, Path errors, List<Process> processes) throws IOException {
        Process started = builder.redirectError(appendTo(errors)).start();
        processes.add(started);
        // If it fails, the others would wait for ever.
        started.onExit().thenAccept(ended -> {
            if (ended.exitValue() != 0) {
                processes.forEach(Process::destroy);
            }
        });
        return started;
    }

    /** Behind the receiver, which is the first of the processes. */
    private void startSenders(StreamCase of, Path errors, List<Process> processes) throws IOException {
        for (int sender = 0; sender < of.senders(); sender++) {
            ProcessBuilder builder = machine.stream(false, of, List.of(name, "" + sender));
            start(builder.redirectOutput(appendTo(errors)), errors, processes);
        }
    }

    /** They send until their input ends. */
    private static void endSenders(List<Process> processes) throws IOException {
        for (Process sender : processes.subList(1, processes.size())) {
            sender.getOutputStream().close();
        }
    }
}
