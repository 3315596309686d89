package dev.sharedregion.bench;

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

/** Measures all contenders, each fork in two fresh processes, the forks of the contenders in turn; then reports. */
final class Forks {
    /** Beyond what a fork measures: for starting two processes, under Wine too. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Load load;
    private final Settings settings;
    private final Machine machine;
    private String jvm = "none measured";

    /** The processes of the fork under way. */
    private volatile List<Process> running = List.of();

    /** The name of the fork under way, or of the last one. */
    private volatile String name = "bench-none";

    private Forks(Load load, Settings settings, Machine machine) {
        this.load = load;
        this.settings = settings;
        this.machine = machine;
    }

    static void measure(Load load, Settings settings) throws Exception {
        try (Machine machine = Machine.prepare(settings)) {
            Forks forks = new Forks(load, settings, machine);
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
        Report report = new Report(load, cases);
        for (int fork = 1; fork <= settings.forks(); fork++) {
            for (Case each : cases) {
                Result result = measure(each, fork);
                report.add(each, result);
                System.out.printf(
                        "fork %d of %d  %-32s %8d bytes  %s%n",
                        fork, settings.forks(), each.contender().title, each.size(),
                        load.show(result.median(), each.size()));
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
        System.out.println();
        System.out.print(report.table(facts));
        String file = load == Load.NUMBERS ? "round-trips" : "bulk";
        Path json = settings.folder().resolve(file + (settings.wine() ? "-wine.json" : ".json"));
        Files.writeString(json, report.json(facts));
        System.out.println("\n" + json);
    }

    private List<Case> cases() {
        List<Contender> contenders = new ArrayList<>();
        for (Contender contender : settings.contendersOrAll()) {
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

    private Result measure(Case of, int fork) throws Exception {
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
            Result result = null;
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
                        result = Result.parse(line);
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
