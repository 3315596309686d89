package dev.sharedregion.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How much of the processors a process uses that waits. */
final class ProcessorTime {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private ProcessorTime() {}

    /** Prints {@code cpu}, and the milliseconds that this process uses while this thread sleeps. */
    static void print(long millis) throws InterruptedException {
        // What the turns, and the measuring itself, leave to compile.
        for (int i = 0; i < 300; i++) {
            processorMillis();
        }
        TimeUnit.SECONDS.sleep(1);
        Map<String, Double> before = processorMillis();
        Thread.sleep(millis);
        Map<String, Double> after = processorMillis();
        // Threads that have ended, the compiler's at most, are not counted at all.
        double used = 0;
        for (String thread : after.keySet()) {
            used += after.get(thread) - before.getOrDefault(thread, 0.0);
        }
        System.out.println("cpu " + used);
    }

    /** Of each thread, to the nanosecond; where that is not to be had, what the JVM says of all, in ticks of 10 ms. */
    private static Map<String, Double> processorMillis() {
        Path threads = Path.of("/proc/self/task");
        if (!Files.exists(threads)) {
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return Map.of("all", system.getProcessCpuTime() / 1e6);
        }
        Map<String, Double> millis = new TreeMap<>();
        try (Stream<Path> each = Files.list(threads)) {
            each.forEach(thread -> addMillis(thread, millis));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return millis;
    }

    private static void addMillis(Path thread, Map<String, Double> millis) {
        try {
            String nanos = Files.readString(thread.resolve("schedstat")).split(" ")[0];
            millis.put(thread.getFileName().toString(), Long.parseLong(nanos) / 1e6);
        } catch (IOException e) {
            // It ended since it was listed.
        }
    }

    /** What a process prints: in each line a word, and its value. */
    static Map<String, String> lines(Process process, long millis) throws IOException, InterruptedException {
        Map<String, String> result = new LinkedHashMap<>();
        CompletableFuture<Void> end =
                Machine.endAfter(Duration.ofMillis(millis).plus(PATIENCE), List.of(process));
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line; (line = output.readLine()) != null; ) {
                String[] words = line.split(" ", 2);
                result.put(words[0], words[1]);
            }
        } finally {
            end.complete(null);
        }
        if (process.waitFor() != 0 || result.isEmpty()) {
            throw new IOException("A process failed with exit status " + process.exitValue());
        }
        return result;
    }
}
