package dev.sharedregion.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Measures all contenders, each fork in two fresh processes, the forks of the contenders in turn; then reports. */
final class RoundTrips {
    /** Beyond what a fork measures: for starting two processes, under Wine too. */
    private static final long PATIENCE_SECONDS = 60;

    private final Settings settings;
    private final Machine machine;
    private String jvm = "none measured";

    /** The processes of the fork under way. */
    private volatile List<Process> running = List.of();

    private RoundTrips(Settings settings, Machine machine) {
        this.settings = settings;
        this.machine = machine;
    }

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.fromProperties();
        try (Machine machine = Machine.prepare(settings)) {
            RoundTrips roundTrips = new RoundTrips(settings, machine);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> roundTrips.running.forEach(Process::destroy)));
            roundTrips.run();
        }
    }

    private void run() throws Exception {
        List<Contender> contenders = settings.contenders().stream().filter(machine::canRun).toList();
        Report report = new Report(contenders, settings.wine());
        for (int fork = 1; fork <= settings.forks(); fork++) {
            for (Contender contender : contenders) {
                Result result = measure(contender, fork);
                report.add(contender, result);
                System.out.printf(
                        "fork %d of %d  %-28s %s%n",
                        fork, settings.forks(), contender.title, Report.nanos(result.median()));
            }
        }
        Map<String, String> facts = machine.description();
        facts.put("jvm", jvm);
        facts.put(
                "date",
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS)));
        facts.put(
                "method",
                settings.forks() + " forks in turn; each warms up for " + settings.warmup().toMillis()
                        + " ms and measures for " + settings.measure().toMillis() + " ms");
        System.out.println();
        System.out.print(report.table(facts));
        Path json = settings.folder().resolve(settings.wine() ? "round-trips-wine.json" : "round-trips.json");
        Files.writeString(json, report.json(facts));
        System.out.println("\n" + json);
    }

    private Result measure(Contender contender, int fork) throws Exception {
        String name = "bench-" + ProcessHandle.current().pid() + "-" + contender.id + "-" + fork;
        Path errors = settings.folder().resolve(contender.id + ".errors");
        List<String> arguments = List.of(
                name,
                String.valueOf(settings.warmup().toMillis()),
                String.valueOf(settings.measure().toMillis()),
                String.valueOf(contender.batch));
        List<Process> sides = new CopyOnWriteArrayList<>();
        // Whatever hangs is ended, which ends its output, and so the loop below.
        CompletableFuture<Void> end = new CompletableFuture<>();
        end.orTimeout(
                        settings.warmup().plus(settings.measure()).toSeconds() + PATIENCE_SECONDS, TimeUnit.SECONDS)
                .exceptionally(timeout -> {
                    sides.forEach(Process::destroyForcibly);
                    return null;
                });
        Files.deleteIfExists(errors);
        running = sides;
        try {
            Process asking = start(machine.side(true, contender, arguments), errors);
            sides.add(asking);
            Result result = null;
            try (BufferedReader output = asking.inputReader(StandardCharsets.UTF_8)) {
                for (String line; (line = output.readLine()) != null; ) {
                    if (line.startsWith("jvm ")) {
                        jvm = line.substring("jvm ".length());
                    } else if (line.startsWith("ready ")) {
                        String address = line.substring("ready ".length());
                        Process answering = start(
                                machine.side(false, contender, List.of(address))
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
                        result = Result.parse(line);
                    }
                }
            }
            List<Integer> statuses = new ArrayList<>();
            for (Process side : sides) {
                statuses.add(side.waitFor());
            }
            if (!statuses.equals(List.of(0, 0)) || result == null) {
                throw new IOException(contender.title + " failed in fork " + fork + ", or took too long; exit statuses "
                        + statuses + "\n" + Files.readString(errors));
            }
            return result;
        } finally {
            end.complete(null);
            sides.forEach(Process::destroyForcibly);
            running = List.of();
            if (contender.isC()) {
                // What the C program leaves if it is killed.
                Files.deleteIfExists(Path.of("/dev/shm", name));
            }
        }
    }

    private static Process start(ProcessBuilder builder, Path errors) throws IOException {
        return builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile())).start();
    }
}
