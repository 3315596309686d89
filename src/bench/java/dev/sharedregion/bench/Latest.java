package dev.sharedregion.bench;

import com.sun.jna.Platform;
import dev.sharedregion.LatestOptions;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Found;
import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Measurements;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Spread;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import dev.sharedregion.internal.latest.TableLayout;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What it costs to set and to read a latest value, in Java and in C ({@code latest_linux.c}), beside a one-slot seqlock
 * written by hand; how fast a writer is while others read; and how often a read starts over. Each fork is made of new
 * processes, which take turns.
 */
final class Latest {
    private static final String TABLE = "table";
    private static final String SEQLOCK = "seqlock";

    /** The table of {@code sharedregion.h}; on Linux. */
    private static final String C = "c";

    private static final List<String> CONTENDERS = List.of(TABLE, SEQLOCK);
    private static final List<String> OPERATIONS = List.of("read", "set");
    private static final List<Integer> SIZES = List.of(64, 4096, 1 << 16, 1 << 20);

    private static final String ALONE = "no reader";
    private static final String SLOW = "3 readers, 1,000 reads a second each";
    private static final String BUSY = "3 readers, without a pause";
    private static final List<String> COMPANIES = List.of(ALONE, SLOW, BUSY);
    private static final int READERS = 3;
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int TRIES_SIZE = 1 << 16;

    /** Of a read of 64 bytes, compared with the seqlock's. */
    private static final double MOST_OF_SEQLOCK = 1.5;

    private static final double MOST_TRIES = 25;

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Latest() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            child(arguments);
            return;
        }
        Settings settings = Settings.fromProperties();
        try (Machine machine = Machine.prepare(settings)) {
            compare(settings, machine);
        }
    }

    private static void compare(Settings settings, Machine machine) throws Exception {
        Path program = Platform.isLinux() ? CProgram.compile(settings, "latest") : null;
        Measurements<String> measurements = new Measurements<>();
        for (int fork = 1; fork <= settings.forks(); fork++) {
            for (String contender : CONTENDERS) {
                add(measurements, machine.during(() -> run(settings, "cost", contender)));
            }
            for (int size : program == null ? List.<Integer>of() : SIZES) {
                add(measurements, machine.during(() -> costsOfC(settings, program, size)));
            }
            for (String company : COMPANIES) {
                for (int size : List.of(64, TRIES_SIZE)) {
                    add(measurements, machine.during(() -> together(settings, company, size)));
                }
            }
            System.out.println("fork " + fork + " of " + settings.forks());
        }
        Map<String, String> facts = machine.description();
        facts.put("pinned", "no");
        facts.put("date", Facts.now());
        facts.put("method", settings.forks() + " forks in turn, each for " + settings.measure().toMillis()
                + " ms after " + settings.warmup().toMillis() + " ms of the same");
        Report report = new Report(facts, measurements);
        costs(report, measurements);
        rates(report, measurements);
        targets(report, measurements);
        report.publish(settings.json("latest"));
    }

    /** A line {@code KEY: NUMBER}. */
    private static void add(Measurements<String> measurements, String line) {
        System.out.println(line);
        String[] sides = line.split(": ");
        measurements.add(sides[0], Double.parseDouble(sides[1]));
    }

    private static void add(Measurements<String> measurements, List<String> lines) {
        lines.forEach(line -> add(measurements, line));
    }

    // The report.

    private static void costs(Report report, Measurements<String> measurements) {
        Table table = report.newTable("Time of one call without contention, median of the forks")
                .columns(Unit.TEXT, "call", "bytes")
                .columns(Unit.NANOSECONDS, "table", "seqlock by hand", "table in C")
                .columns(Unit.RATIO, "ratio");
        for (String operation : OPERATIONS) {
            for (int size : SIZES) {
                String ours = cost(operation, size, TABLE);
                String byHand = cost(operation, size, SEQLOCK);
                table.add(
                        operation, "" + size, measurements.medians(ours).median(), measurements.medians(byHand).median(),
                        Platform.isLinux() ? measurements.medians(cost(operation, size, C)).median() : null,
                        measurements.ratio(ours, byHand).value());
            }
        }
    }

    private static String cost(String operation, int size, String contender) {
        return operation + " of " + size + " bytes, " + contender;
    }

    private static void rates(Report report, Measurements<String> measurements) {
        Table table = report.newTable("A writer that never pauses, median of the forks")
                .columns(Unit.TEXT, "read by", "bytes")
                .columns(Unit.COUNT, "writes a second", "writes a second of its processor time",
                        "reads a second of all readers", "most tries of a read");
        for (String company : COMPANIES) {
            for (int size : List.of(64, TRIES_SIZE)) {
                Spread tries = company.equals(ALONE) ? null : measurements.medians(rate("tries", company, size));
                table.add(
                        company, "" + size,
                        measurements.medians(rate("writes", company, size)).median(),
                        measurements.medians(rate("writes of processor time", company, size)).median(),
                        tries == null ? null : measurements.medians(rate("reads", company, size)).median(),
                        tries == null ? null : tries.most());
            }
        }
    }

    private static String rate(String what, String company, int size) {
        return what + ", " + company + ", " + size + " bytes";
    }

    private static void targets(Report report, Measurements<String> measurements) {
        report.beginTargets(Unit.RATIO);
        report.target(
                "read of 64 bytes", "table / seqlock by hand",
                measurements.ratio(cost("read", 64, TABLE), cost("read", 64, SEQLOCK)), Goal.atMost(MOST_OF_SEQLOCK));
        double worst = measurements.medians(rate("tries", BUSY, TRIES_SIZE)).most();
        report.target(
                "read of 64 KiB", "most tries under a busy writer",
                new Found(worst, List.of()), Goal.atMost(MOST_TRIES));
    }

    // Processes.

    private static ProcessBuilder builder(Settings settings, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Latest.class.getName()));
        command.addAll(List.of(arguments));
        command.add("" + settings.warmup().toMillis());
        command.add("" + settings.measure().toMillis());
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static List<String> costsOfC(Settings settings, Path program, int size) throws Exception {
        String name = "bench-latest-c-" + ProcessHandle.current().pid();
        return lines(new ProcessBuilder(
                        program.toString(), name, "" + size, "" + settings.warmup().toMillis(),
                        "" + settings.measure().toMillis())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The lines that a process writes. */
    private static List<String> run(Settings settings, String... arguments) throws Exception {
        Process process = builder(settings, arguments).start();
        try {
            return lines(process);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> lines(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("a process failed");
        }
        return output.lines().toList();
    }

    /** A writer, and its readers, which end when it ends. */
    private static List<String> together(Settings settings, String company, int size) throws Exception {
        String name = "bench-latest-" + ProcessHandle.current().pid();
        List<Process> readers = new ArrayList<>();
        // The table stays as long as this reader has it.
        try (LatestReader table = newTable(name, size)) {
            return together(settings, company, table, readers);
        } finally {
            readers.forEach(Process::destroyForcibly);
        }
    }

    private static LatestReader newTable(String name, int size) {
        try (LatestWriter writer = LatestWriter.create(name, size)) {
            writer.set(ByteBuffer.allocate(size));
            return LatestReader.open(name);
        }
    }

    private static List<String> together(
            Settings settings, String company, LatestReader table, List<Process> readers) throws Exception {
        Process writer = builder(settings, "write", table.name(), company, "" + table.size()).start();
        try {
            for (int i = 0; i < READERS && !company.equals(ALONE); i++) {
                readers.add(builder(settings, "read", table.name(), company.equals(SLOW) ? "slow" : "busy").start());
            }
            List<String> lines = new ArrayList<>(lines(writer));
            double reads = 0;
            double tries = 0;
            for (Process reader : readers) {
                String[] found = lines(reader).get(0).split(" ");
                reads += Double.parseDouble(found[0]);
                tries = Math.max(tries, Double.parseDouble(found[1]));
            }
            if (!readers.isEmpty()) {
                lines.add(rate("reads", company, table.size()) + ": " + reads);
                lines.add(rate("tries", company, table.size()) + ": " + tries);
            }
            return lines;
        } finally {
            writer.destroyForcibly();
        }
    }

    private static void child(String[] arguments) throws IOException {
        long measure = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[arguments.length - 1]));
        long warmup = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[arguments.length - 2]));
        switch (arguments[0]) {
            case "cost" -> costs(arguments[1], warmup, measure);
            case "write" -> write(arguments[1], arguments[2], warmup, measure);
            default -> read(arguments[1], arguments[2].equals("slow"), warmup);
        }
    }

    // One process.

    private static void costs(String contender, long warmup, long measure) throws IOException {
        for (int size : SIZES) {
            if (contender.equals(TABLE)) {
                String name = "bench-latest-cost-" + ProcessHandle.current().pid();
                try (LatestWriter writer = LatestWriter.create(name, size);
                        LatestReader reader = LatestReader.open(name)) {
                    costs(contender, size, writer::set, reader::read, warmup, measure);
                }
            } else {
                Seqlock seqlock = new Seqlock(size);
                costs(contender, size, seqlock::set, seqlock::read, warmup, measure);
            }
        }
    }

    private interface Setter {
        void set(ByteBuffer value);
    }

    private interface Getter {
        long read(ByteBuffer copy);
    }

    private static void costs(
            String contender, int size, Setter setter, Getter getter, long warmup, long measure) {
        ByteBuffer value = ByteBuffer.allocateDirect(size);
        Runnable set = () -> setter.set(value);
        Runnable read = () -> getter.read(value);
        set.run();
        nanos(set, size, warmup / 2);
        nanos(read, size, warmup / 2);
        System.out.println(cost("set", size, contender) + ": " + nanos(set, size, measure));
        System.out.println(cost("read", size, contender) + ": " + nanos(read, size, measure));
    }

    /** The time of one call. */
    private static double nanos(Runnable call, int size, long time) {
        int batch = Math.max(1, (1 << 16) / size);
        long begin = System.nanoTime();
        long calls = 0;
        long now = begin;
        for (; now - begin < time; now = System.nanoTime()) {
            for (int i = 0; i < batch; i++) {
                call.run();
            }
            calls += batch;
        }
        return (now - begin) / (double) calls;
    }

    private static void write(String name, String company, long warmup, long measure) {
        try (LatestWriter writer = LatestWriter.open(name, LatestOptions.defaults())) {
            ByteBuffer value = ByteBuffer.allocateDirect(writer.size());
            // The readers' JVMs start meanwhile.
            write(writer, value, 2 * warmup);
            long before = processorNanos();
            long writes = write(writer, value, measure);
            long processor = processorNanos() - before;
            System.out.println(rate("writes", company, writer.size()) + ": " + writes * 1e9 / measure);
            System.out.println(
                    rate("writes of processor time", company, writer.size()) + ": " + writes * 1e9 / processor);
        }
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long write(LatestWriter writer, ByteBuffer value, long time) {
        long end = System.nanoTime() + time;
        long writes = 0;
        for (; System.nanoTime() - end < 0; writes++) {
            writer.set(value);
        }
        return writes;
    }

    /** Reads until the writer has gone. */
    private static void read(String name, boolean slow, long warmup) {
        try (LatestReader reader = LatestReader.open(name);
                SharedRegion region = SharedRegion.open(name + ".latest", RegionOptions.readOnly())) {
            ByteBuffer copy = ByteBuffer.allocateDirect(reader.size());
            long end = System.nanoTime() + 2 * warmup;
            while (System.nanoTime() - end < 0 && reader.writerState() != LatestReader.WriterState.ALIVE) {
                LockSupport.parkNanos(SLOW_NANOS);
            }
            CountingReader counting = new CountingReader(region.buffer(), reader.size());
            long begin = System.nanoTime();
            long reads = 0;
            for (int look = 0; look % 64 != 0 || reader.writerState() == LatestReader.WriterState.ALIVE; look++) {
                // Half of them by each, so that both are compiled.
                if (look % 2 == 0) {
                    reader.read(copy);
                } else {
                    counting.read(copy);
                }
                reads++;
                if (slow) {
                    LockSupport.parkNanos(SLOW_NANOS);
                }
            }
            System.out.println(reads * 1e9 / (System.nanoTime() - begin) + " " + counting.mostTries);
        }
    }

    /** A reader of a table of one value that counts how often it starts over. */
    private static final class CountingReader {
        private final ByteBuffer memory;
        private final int size;
        private long mostTries;

        CountingReader(ByteBuffer memory, int size) {
            this.memory = memory;
            this.size = size;
        }

        void read(ByteBuffer copy) {
            for (long tries = 1; ; tries++) {
                long latest = (long) LONG.getAcquire(memory, TableLayout.FIRST_VALUE);
                long sequence = latest >>> TableLayout.LATEST_VERSION_SHIFT << 1;
                int slot = (int) latest & TableLayout.LATEST_SLOT;
                int at = TableLayout.FIRST_VALUE + TableLayout.FIRST_SLOT + slot * (TableLayout.BYTES + size);
                if ((long) LONG.getAcquire(memory, at) == sequence) {
                    copy.put(0, memory, at + TableLayout.BYTES, size);
                    VarHandle.acquireFence();
                    if ((long) LONG.getOpaque(memory, at) == sequence) {
                        mostTries = Math.max(mostTries, tries);
                        return;
                    }
                }
            }
        }
    }

    /** The usual code by hand: one sequence, and the bytes behind it, in a mapped file. No checks, time or wake-ups. */
    private static final class Seqlock {
        private final ByteBuffer memory;
        private final int size;
        private long version;

        Seqlock(int size) throws IOException {
            this.size = size;
            Path folder = Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm") : null;
            Path file = folder == null
                    ? Files.createTempFile("seqlock", "")
                    : Files.createTempFile(folder, "seqlock", "");
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size + 64L).order(ByteOrder.nativeOrder());
            }
        }

        void set(ByteBuffer value) {
            version++;
            LONG.setOpaque(memory, 0, 2 * version + 1);
            VarHandle.releaseFence();
            memory.put(64, value, 0, size);
            LONG.setRelease(memory, 0, 2 * version);
        }

        long read(ByteBuffer copy) {
            while (true) {
                long sequence = (long) LONG.getAcquire(memory, 0);
                if ((sequence & 1) == 0) {
                    copy.put(0, memory, 64, size);
                    VarHandle.acquireFence();
                    if ((long) LONG.getOpaque(memory, 0) == sequence) {
                        return sequence >>> 1;
                    }
                }
            }
        }
    }
}
