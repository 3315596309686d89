package dev.sharedregion.bench;

import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Measurements;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Spread;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many short sections two processes do that contend for one lock, compared with a robust mutex in C. Each fork is
 * two new processes; those of the contenders take turns. On Linux.
 */
final class LockContention {
    private static final String SHARED_LOCK = "SharedLock";
    private static final String C_LOCK = "c-lock";
    private static final String C_ROBUST = "c-robust";
    private static final List<String> CONTENDERS = List.of(SHARED_LOCK, C_LOCK, C_ROBUST);
    private static final long MILLIS_PER_SECOND = TimeUnit.SECONDS.toMillis(1);

    /** Sections between two looks at the clock. */
    private static final int BATCH = 16;

    private LockContention() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            contend(arguments[0], Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
            return;
        }
        Settings settings = Settings.fromProperties();
        if (settings.wine() || !System.getProperty("os.name").equals("Linux")) {
            System.out.println("Locks are left out: the mutex that they are compared with is one of Linux.");
            return;
        }
        try (Machine machine = Machine.prepare(settings)) {
            compare(settings, machine);
        }
    }

    private static void compare(Settings settings, Machine machine) throws Exception {
        Path program = CProgram.compile(settings, "lock_contention");
        if (program == null) {
            System.out.println("Locks are left out: there is no gcc.");
            return;
        }
        long millis = settings.measure().toMillis();
        long warmup = settings.warmup().toMillis();
        Measurements<String> measurements = new Measurements<>();
        for (int fork = 1; fork <= settings.forks(); fork++) {
            for (String contender : CONTENDERS) {
                double rate = machine.during(() -> measure(contender, program, warmup, millis));
                measurements.add(contender, rate);
                System.out.printf("fork %d of %d  %-12s %,.0f%n", fork, settings.forks(), contender, rate);
            }
        }
        Map<String, String> facts = machine.description();
        facts.put("pinned", "no");
        facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("date", Facts.now());
        facts.put("method", settings.forks() + " forks in turn, each for " + millis
                + " ms, in Java after " + warmup + " ms of the same");
        Report report = new Report(facts, measurements);
        Table table = report.newTable("Sections a second of two processes, median of the forks")
                .columns(Unit.TEXT, "contender")
                .columns(Unit.COUNT, "median", "least", "most");
        for (String contender : CONTENDERS) {
            Spread spread = measurements.medians(contender);
            table.add(contender, spread.median(), spread.least(), spread.most());
        }
        report.beginTargets(Unit.RATIO);
        for (String ours : List.of(SHARED_LOCK, C_LOCK)) {
            String compared = ours + " / " + C_ROBUST;
            report.target("two processes", compared, measurements.ratio(ours, C_ROBUST), Goal.atLeast(1));
        }
        report.publish(settings.json("lock-contention"));
    }

    /** The sections a second of both processes. */
    private static double measure(String contender, Path program, long warmup, long millis) throws Exception {
        String name = "bench-lock-" + ProcessHandle.current().pid() + "-" + contender;
        List<String> command = contender.equals(SHARED_LOCK)
                ? List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                        System.getProperty("java.class.path"), LockContention.class.getName(), name,
                        "" + warmup, "" + millis)
                : List.of(program.toString(), contender, name, "" + millis);
        List<Process> both = new ArrayList<>();
        long sections = 0;
        try {
            for (int i = 0; i < 2; i++) {
                both.add(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
            }
            for (Process each : both) {
                String output = new String(each.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (each.waitFor() != 0) {
                    throw new IOException(contender + " failed");
                }
                sections += Long.parseLong(output.strip().replace("sections ", ""));
            }
        } finally {
            both.forEach(Process::destroyForcibly);
        }
        return sections * (double) MILLIS_PER_SECOND / millis;
    }

    /** One of the two processes, as {@code lock_contention_linux.c}. */
    private static void contend(String name, long warmup, long millis) throws InterruptedException {
        try (SharedRegion region = SharedRegion.openOrCreate(name, 4096);
                SharedLock lock = SharedLock.openOrCreate(name)) {
            ByteBuffer memory = region.buffer().order(ByteOrder.nativeOrder());
            arrive(lock, memory);
            sections(lock, memory, warmup);
            System.out.println("sections " + sections(lock, memory, millis));
        }
    }

    private static long sections(SharedLock lock, ByteBuffer memory, long millis) throws InterruptedException {
        long sections = 0;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            for (int i = 0; i < BATCH; i++, sections++) {
                try (SharedLock.Guard guard = lock.lock()) {
                    memory.putLong(0, memory.getLong(0) + (guard.abandoned() ? 0 : 1));
                }
            }
        }
        return sections;
    }

    /** Waits until both are there. */
    private static void arrive(SharedLock lock, ByteBuffer memory) throws InterruptedException {
        for (int here = 1, seen = 0; seen < 2; here = 0) {
            try (SharedLock.Guard guard = lock.lock()) {
                seen = memory.getInt(Long.BYTES) + (guard.abandoned() ? 0 : here);
                memory.putInt(Long.BYTES, seen);
            }
            Thread.sleep(1);
        }
    }
}
