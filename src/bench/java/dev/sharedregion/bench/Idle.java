package dev.sharedregion.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sharedregion.EventPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What an idle pair costs: the processor time, in 10 s, of a JVM that waits in a pair where nothing happens, beside one that
 * only sleeps. Each after some turns, in fresh processes, in turn.
 */
final class Idle {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int TURNS = 1_000;

    private Idle() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            idle(arguments[0], arguments[1]);
            return;
        }
        TreeMap<String, List<Double>> millis = new TreeMap<>();
        int forks = Settings.fromProperties().forks();
        for (int fork = 0; fork < forks; fork++) {
            String name = "bench-idle-" + ProcessHandle.current().pid() + "-" + fork;
            // With one side idle in its turn, the other waits for it; and then the other way round.
            for (List<String> sides : List.of(List.of("sleeping"), List.of("holding server", "waiting client"),
                    List.of("waiting server", "holding client"))) {
                List<Process> processes = new ArrayList<>();
                for (String side : sides) {
                    processes.add(start(side, name));
                }
                for (int i = 0; i < sides.size(); i++) {
                    millis.computeIfAbsent(sides.get(i), side -> new ArrayList<>()).add(result(processes.get(i)));
                }
            }
        }
        System.out.println("processor time in " + IDLE.toSeconds() + " s, in ms, over " + forks + " forks:");
        millis.forEach((side, each) -> {
            each.sort(null);
            System.out.printf(
                    "%-16s median %6.1f  least %6.1f  most %6.1f%n",
                    side, each.get(each.size() / 2), each.get(0), each.get(each.size() - 1));
        });
    }

    private static Process start(String side, String name) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Idle.class.getName(), side, name));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static double result(Process process) throws InterruptedException {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            double millis = Double.parseDouble(output.readLine());
            process.waitFor();
            return millis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void idle(String side, String name) throws InterruptedException {
        switch (side) {
            case "sleeping" -> {
                try (EventPair server = EventPair.create(name);
                        EventPair client = EventPair.open(name)) {
                    turns(server, client);
                    measure(() -> Thread.sleep(IDLE.toMillis()));
                }
            }
            case "holding server", "waiting server" -> {
                try (EventPair server = EventPair.create(name)) {
                    turns(server, null);
                    server.awaitRead();
                    if (side.startsWith("waiting")) {
                        server.signalWritten();
                        measure(() -> server.awaitRead(IDLE));
                    } else {
                        measure(() -> Thread.sleep(IDLE.toMillis()));
                    }
                    // Not before the other one has measured.
                    Thread.sleep(1_000);
                }
            }
            default -> {
                try (EventPair client = EventPair.open(name, IDLE)) {
                    turns(null, client);
                    if (side.startsWith("waiting")) {
                        measure(() -> client.awaitWritten(IDLE));
                    } else {
                        client.awaitWritten();
                        measure(() -> Thread.sleep(IDLE.toMillis()));
                    }
                    Thread.sleep(1_000);
                }
            }
        }
    }

    /** So that everything is loaded. */
    private static void turns(EventPair server, EventPair client) throws InterruptedException {
        for (int turn = 0; turn < TURNS; turn++) {
            if (server != null) {
                server.write(() -> { });
            }
            if (client != null) {
                client.read(() -> { });
            }
        }
        if (server != null && client != null) {
            server.awaitRead();
        }
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void measure(Wait wait) throws InterruptedException {
        // What the turns, and the measuring itself, leave to compile.
        for (int i = 0; i < 300; i++) {
            processorMillis();
        }
        TimeUnit.SECONDS.sleep(1);
        double before = processorMillis();
        wait.run();
        System.out.println(processorMillis() - before);
    }

    /** Of all threads that live, to the nanosecond; where that is not to be had, what the JVM says, in ticks of 10 ms. */
    private static double processorMillis() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Path threads = Path.of("/proc/self/task");
        if (!Files.exists(threads)) {
            return system.getProcessCpuTime() / 1e6;
        }
        try (Stream<Path> each = Files.list(threads)) {
            return each.mapToDouble(Idle::threadMillis).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double threadMillis(Path thread) {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]) / 1e6;
        } catch (IOException e) {
            return 0; // It ended since it was listed.
        }
    }
}
