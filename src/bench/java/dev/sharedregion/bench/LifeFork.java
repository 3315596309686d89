package dev.sharedregion.bench;

import dev.sharedregion.EventPair;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.bench.LifeCase.Step;
import dev.sharedregion.bench.LifeCase.What;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A fork of a contender in Java: goes through the cases that it reads from standard input, and prints a line of results
 * for each.
 */
final class LifeFork {
    private static final long OTHERS_SIZE = 4096;
    private static final RegionOptions LAZY = RegionOptions.defaults().lazy();

    private LifeFork() {}

    public static void main(String[] arguments) throws Exception {
        LifeContender contender = LifeContender.valueOf(arguments[0]);
        System.out.println(
                "jvm " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        // Not System.in, which asks how much there is: Wine cannot tell.
        InputStream input = new FileInputStream(FileDescriptor.in);
        for (String line; (line = readLine(input)) != null; ) {
            String[] words = line.split(" ");
            LifeCase of = LifeCase.of(words);
            run(contender, of, Long.parseLong(words[4]), Long.parseLong(words[5]), words[6]);
        }
    }

    private static String readLine(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next; (next = input.read()) >= 0; ) {
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
        return null;
    }

    /** What is done again and again. */
    private interface Once {
        void run() throws Exception;
    }

    private static void run(LifeContender contender, LifeCase of, long warmup, long measure, String name)
            throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            for (int i = 0; i < of.others(); i++) {
                open.add(SharedRegion.create(name + "-" + i, OTHERS_SIZE));
            }
            Once once = contender == LifeContender.MAPPED_FILE ? file(of, name, open) : ours(of, name, open);
            measure(once, warmup);
            print(measure(once, measure));
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    private static Once ours(LifeCase of, String name, List<AutoCloseable> open) {
        boolean used = of.what() == What.USED_REGION;
        if (of.what() == What.PAIR) {
            if (of.step() == Step.CREATE) {
                return () -> EventPair.create(name).close();
            }
            open.add(EventPair.create(name));
            return () -> EventPair.open(name).close();
        }
        if (of.step() == Step.CREATE) {
            RegionOptions options = of.what() == What.LAZY_REGION ? LAZY : RegionOptions.defaults();
            return () -> close(SharedRegion.create(name, of.size(), options), used);
        }
        open.add(SharedRegion.create(name, of.size(), LAZY));
        return () -> close(SharedRegion.open(name), used);
    }

    private static void close(SharedRegion region, boolean used) {
        try (region) {
            if (used) {
                region.buffer().putLong(0, 1);
            }
        }
    }

    private static Once file(LifeCase of, String name, List<AutoCloseable> open) throws IOException {
        Path folder = Path.of("/dev/shm");
        Path path = (Files.isDirectory(folder) ? folder : Path.of(System.getProperty("java.io.tmpdir"))).resolve(name);
        boolean used = of.what() == What.USED_REGION;
        if (of.step() == Step.CREATE) {
            return () -> {
                map(path, of.size(), used, StandardOpenOption.CREATE_NEW);
                Files.delete(path);
            };
        }
        map(path, of.size(), false, StandardOpenOption.CREATE_NEW);
        open.add(() -> Files.delete(path));
        return () -> map(path, of.size(), used, StandardOpenOption.WRITE);
    }

    /** The mapping stays until the collector finds that nobody has it. */
    private static void map(Path path, long size, boolean used, StandardOpenOption how) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, how)) {
            MappedByteBuffer memory = file.map(FileChannel.MapMode.READ_WRITE, 0, size);
            if (used) {
                memory.putLong(0, 1);
            }
        }
    }

    /** For so many milliseconds, and once at least. */
    private static Histogram measure(Once once, long millis) throws Exception {
        Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
        long duration = TimeUnit.MILLISECONDS.toNanos(millis);
        long begin = System.nanoTime();
        long end;
        do {
            long start = System.nanoTime();
            once.run();
            end = System.nanoTime();
            histogram.recordValue(end - start);
        } while (end - begin < duration);
        return histogram;
    }

    private static void print(Histogram histogram) {
        StringBuilder line = new StringBuilder("result samples=" + histogram.getTotalCount());
        line.append(" min=").append((double) histogram.getMinValue());
        for (double percentile : new double[] {50, 90, 99, 99.9}) {
            String name = percentile == 99.9 ? "p99.9" : String.format(Locale.ROOT, "p%.0f", percentile);
            line.append(' ').append(name).append('=').append((double) histogram.getValueAtPercentile(percentile));
        }
        System.out.println(line.append(" max=").append((double) histogram.getMaxValue()));
    }
}
