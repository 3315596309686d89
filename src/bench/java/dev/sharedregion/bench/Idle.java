package dev.sharedregion.bench;

import dev.sharedregion.EventPair;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Found;
import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Measurements;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Spread;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * What idle pairs cost: the processor time of a JVM that waits in one where nothing happens, or in a hundred, beside
 * one that only sleeps, each after some turns; and the memory of pairs and regions. In fresh processes, in turn.
 */
final class Idle {
    /** Of one processor, beyond the JVM that sleeps, for one pair in which a side waits. */
    private static final double MOST_PERCENT = 0.1;

    private static final String SLEEPING = "sleeping";

    private static final String NOTE =
            "pairs: 1,000, of which this process has the server sides. regions: 10,000 of 4 KiB,"
            + " written to. heap: Java's. resident: in physical memory. of-it-shared: the part of it that is shared"
            + " memory. mapped: addresses. descriptors: a number, not bytes.";

    private static final int TURNS = 1_000;
    private static final int MANY = 100;
    private static final int PAIRS = 1_000;
    private static final int REGIONS = 10_000;
    private static final long PATIENCE_SECONDS = 120;
    private static final long REGION_SIZE = 4096;
    private static final Path STATUS = Path.of("/proc/self/status");

    /** With one side idle in its turn, the other waits for it; and then the other way round. */
    private static final List<List<String>> TOGETHER = List.of(
            List.of(SLEEPING),
            List.of("holding-server", "waiting-client"),
            List.of("waiting-server", "holding-client"),
            List.of("100-holding-servers", "100-waiting-clients"),
            List.of("100-waiting-servers", "100-holding-clients"));

    /** Of processes in percent, and of kinds of memory in bytes. */
    private final Measurements<String> measurements = new Measurements<>();

    private final Settings settings;
    private final Machine machine;
    private final long millis;
    private final List<Process> running = new ArrayList<>();

    private Idle(Settings settings, Machine machine, long millis) {
        this.settings = settings;
        this.machine = machine;
        this.millis = millis;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            fork(arguments[0], arguments[1], Long.parseLong(arguments[2]));
            return;
        }
        Settings settings = Settings.fromProperties();
        boolean quick = Facts.flag("bench.quick");
        try (Machine machine = Machine.prepare(settings)) {
            Idle idle = new Idle(settings, machine, quick ? 1_000 : 10_000);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> idle.running.forEach(Process::destroy)));
            idle.run(quick ? Integer.parseInt(Facts.text("bench.forks", "1")) : settings.forks());
        }
    }

    private void run(int forks) throws IOException, InterruptedException {
        String jvm = "";
        for (int fork = 0; fork < forks; fork++) {
            String name = "bench-idle-" + ProcessHandle.current().pid() + "-" + fork;
            for (List<String> sides : TOGETHER) {
                for (String side : sides) {
                    start(side, name);
                }
                for (int i = 0; i < sides.size(); i++) {
                    Map<String, String> result = ProcessorTime.lines(running.get(i), millis);
                    jvm = result.getOrDefault("jvm", jvm);
                    measurements.add(sides.get(i), Double.parseDouble(result.get("cpu")) * 100 / millis);
                }
                running.clear();
            }
            for (String what : List.of("pairs", "regions")) {
                start(what, name);
                Map<String, String> result = ProcessorTime.lines(running.get(0), millis);
                result.remove("jvm");
                result.forEach((kind, bytes) -> measurements.add(what + ", " + kind, Double.parseDouble(bytes)));
                running.clear();
            }
            System.out.println("fork " + (fork + 1) + " of " + forks);
        }
        Map<String, String> facts = machine.description();
        facts.put("pinned", "no");
        facts.put("jvm", jvm);
        facts.put("date", Facts.now());
        facts.put("method", forks + " forks in turn; each is idle for " + millis + " ms");
        report(facts).publish(settings.json("idle"));
    }

    private Report report(Map<String, String> facts) {
        Report report = new Report(facts, measurements, NOTE);
        Table processor = report.newTable("Processor time, in percent of one processor")
                .columns(Unit.TEXT, "process")
                .columns(Unit.PERCENT, "median", "least", "most", "beyond sleeping");
        Table memory = report.newTable("Memory for each one, in bytes")
                .columns(Unit.TEXT, "objects, kind of memory")
                .columns(Unit.BYTES, "median", "least", "most");
        report.beginTargets(Unit.PERCENT);
        for (String what : measurements.keys()) {
            Spread spread = measurements.medians(what);
            if (what.contains(", ")) {
                memory.add(what, spread.median(), spread.least(), spread.most());
                continue;
            }
            double beyond = spread.median() - measurements.medians(SLEEPING).median();
            processor.add(what, spread.median(), spread.least(), spread.most(), beyond);
            if (what.startsWith("waiting")) {
                report.target(
                        what, "processor time beyond a JVM that sleeps, %", new Found(beyond, List.of()),
                        Goal.lessThan(MOST_PERCENT));
            }
        }
        return report;
    }

    private void start(String what, String name) throws IOException {
        running.add(machine.java(Idle.class, what, name, String.valueOf(millis))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    // In the processes that are measured.

    private static void fork(String what, String name, long millis) throws Exception {
        System.out.println(
                "jvm " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        switch (what) {
            case SLEEPING -> {
                try (EventPair server = EventPair.create(name);
                        EventPair client = EventPair.open(name)) {
                    for (int turn = 0; turn < TURNS; turn++) {
                        server.write(() -> { });
                        client.read(() -> { });
                    }
                    server.awaitRead();
                    ProcessorTime.print(millis);
                }
            }
            case "pairs" -> memory(PAIRS, i -> EventPair.create(name + "-" + i));
            case "regions" -> memory(REGIONS, i -> {
                SharedRegion region = SharedRegion.create(name + "-" + i, REGION_SIZE);
                region.buffer().putLong(0, 1);
                return region;
            });
            default -> {
                String[] words = what.split("-");
                idle(
                        words[0].equals("100") ? MANY : 1,
                        what.contains("waiting"),
                        what.contains("server"),
                        name,
                        millis);
            }
        }
    }

    /** Waits in its pairs, a thread in each, or has their turns and sleeps. */
    private static void idle(int count, boolean waiting, boolean server, String name, long millis) throws Exception {
        List<EventPair> pairs = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                pairs.add(server
                        ? EventPair.create(name + "-" + i)
                        : EventPair.open(name + "-" + i, Duration.ofSeconds(PATIENCE_SECONDS)));
            }
            for (EventPair pair : pairs) {
                // So that everything is loaded; then the turn is where it stays.
                for (int turn = 0; turn < TURNS / count; turn++) {
                    if (server) {
                        pair.write(() -> { });
                    } else {
                        pair.read(() -> { });
                    }
                }
                if (server) {
                    pair.awaitRead();
                    if (waiting) {
                        pair.signalWritten();
                    }
                } else if (!waiting) {
                    pair.awaitWritten();
                }
            }
            CountDownLatch end = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            if (waiting) {
                pairs.forEach(pair -> threads.add(new Thread(() -> await(pair, server, end))));
            }
            threads.forEach(Thread::start);
            ProcessorTime.print(millis);
            // Not before the other one has measured.
            Thread.sleep(2_000);
            end.countDown();
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
        } finally {
            pairs.forEach(EventPair::close);
        }
    }

    private static void await(EventPair pair, boolean server, CountDownLatch end) {
        try {
            if (server) {
                pair.awaitRead();
            } else {
                pair.awaitWritten();
            }
        } catch (InterruptedException e) {
            if (end.getCount() == 0) {
                return;
            }
        } catch (SharedMemoryException e) {
            if (e.reason() == SharedMemoryException.Reason.CLOSED) {
                return; // The other process has measured, and was sooner.
            }
            throw e;
        }
        throw new IllegalStateException("It was not idle.");
    }

    private interface Opening {
        AutoCloseable open(int index) throws Exception;
    }

    /** Prints by how many bytes each one makes the process larger. */
    private static void memory(int count, Opening opening) throws Exception {
        // So that everything is loaded, and as many as the heap has room for are no surprise to it.
        for (int i = 0; i < count; i++) {
            opening.open(i).close();
        }
        Map<String, Long> before = memory();
        List<AutoCloseable> open = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                open.add(opening.open(i));
            }
            Map<String, Long> after = memory();
            before.forEach(
                    (kind, bytes) -> System.out.println(kind + " " + (double) (after.get(kind) - bytes) / count));
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    private static Map<String, Long> memory() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        Map<String, Long> memory = new TreeMap<>();
        Runtime runtime = Runtime.getRuntime();
        memory.put("heap", runtime.totalMemory() - runtime.freeMemory());
        if (Files.exists(STATUS)) {
            memory.put("resident", Facts.number(STATUS, "VmRSS:") << 10);
            memory.put("of-it-shared", Facts.number(STATUS, "RssShmem:") << 10);
            memory.put("mapped", Facts.number(STATUS, "VmSize:") << 10);
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                memory.put("descriptors", descriptors.count());
            }
        }
        return memory;
    }
}
