package dev.sharedregion.cli;

import dev.sharedregion.EventPair;
import dev.sharedregion.PairOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Measures the round trip between two processes on this machine. */
@Command(
        name = "bench",
        description = {
            "Measures on this machine how long 64 bytes take to another process and back. Takes about five seconds.",
            "The README says how the library's own benchmarks measure, which take longer and say more."
        })
final class BenchVerb extends Verb {
    private static final int BYTES = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How often to look whether the second process has ended before it took part. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final long WARM_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MEASURE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_200);
    private static final int MOST_SAMPLES = 5_000_000;

    /** The name of the hidden verb. */
    private static final String PEER = "bench-peer";

    /** A way to wait for the other side. */
    private enum Wait {
        DEFAULT("default options", PairOptions.defaults()),
        SLEEP("both sides sleep in each turn", PairOptions.defaults().spin(Duration.ZERO));

        private final String text;
        private final PairOptions options;

        Wait(String text, PairOptions options) {
            this.text = text;
            this.options = options;
        }
    }

    /** What was measured, in nanoseconds. */
    private record Result(String roundTrip, long samples, long median, long percentile99) {
        static Result of(Wait wait, long[] samples, int count) {
            Arrays.sort(samples, 0, count);
            return new Result(wait.text, count, samples[count / 2], samples[(int) (count * 0.99)]);
        }
    }

    @Override
    int run(Output output) throws IOException, InterruptedException {
        String name = Tool.NAME + "-bench-" + ProcessHandle.current().pid();
        List<Result> results = new ArrayList<>();
        for (Wait wait : Wait.values()) {
            results.add(measure(wait, name + "-" + wait.name().toLowerCase(Locale.ROOT)));
        }
        output.print(results, () -> table(results));
        return Tool.OK;
    }

    private static Result measure(Wait wait, String name) throws IOException, InterruptedException {
        try (SharedRegion region = SharedRegion.create(name, BYTES);
                EventPair pair = EventPair.create(name, wait.options)) {
            Process peer = startPeer(wait, name);
            try {
                awaitPeer(peer, pair);
                return roundTrips(wait, region.buffer(), pair);
            } finally {
                pair.close();
                if (!peer.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    peer.destroyForcibly();
                }
            }
        }
    }

    private static Process startPeer(Wait wait, String name) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Tool.class.getName(),
                PEER,
                wait.name(),
                name);
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** On a busy machine it may take long to start. */
    private static void awaitPeer(Process peer, EventPair pair) throws IOException, InterruptedException {
        while (!pair.awaitPeer(BETWEEN_LOOKS)) {
            if (!peer.isAlive()) {
                throw new IOException("The second process has ended with exit status " + peer.exitValue()
                        + " before it took part.");
            }
        }
    }

    private static Result roundTrips(Wait wait, ByteBuffer buffer, EventPair pair)
            throws IOException, InterruptedException {
        long[] samples = new long[MOST_SAMPLES];
        int count = 0;
        long number = 0;
        long start = System.nanoTime();
        for (long last = start; last - start < WARM_UP_NANOS + MEASURE_NANOS && count < MOST_SAMPLES; ) {
            put(buffer, ++number);
            pair.signalWritten();
            pair.awaitRead();
            if (buffer.getLong(0) != -number) {
                throw new IOException("The second process answered " + buffer.getLong(0) + ", not -" + number);
            }
            long now = System.nanoTime();
            if (now - start > WARM_UP_NANOS) {
                samples[count++] = now - last;
            }
            last = now;
        }
        return Result.of(wait, samples, count);
    }

    private static void put(ByteBuffer buffer, long number) {
        for (int i = 0; i < BYTES; i += Long.BYTES) {
            buffer.putLong(i, number);
        }
    }

    private static Table table(List<Result> results) {
        Table table = new Table("64 BYTES AND BACK", "MEDIAN", "99 % BELOW", "ROUND TRIPS");
        for (Result result : results) {
            table.add(
                    result.roundTrip,
                    Text.time(result.median),
                    Text.time(result.percentile99),
                    Long.toString(result.samples));
        }
        return table;
    }

    /** The second process: answers until the first one closes the pair, or ends. */
    @Command(name = PEER, hidden = true)
    static final class Peer extends Verb {
        @Parameters(index = "0")
        private Wait wait;

        @Parameters(index = "1")
        private String name;

        @Override
        int run(Output output) throws InterruptedException {
            try (EventPair pair = EventPair.open(name, PATIENCE, wait.options);
                    SharedRegion region = SharedRegion.open(name)) {
                ByteBuffer buffer = region.buffer();
                while (true) {
                    pair.awaitWritten();
                    put(buffer, -buffer.getLong(0));
                    pair.signalRead();
                }
            } catch (SharedMemoryException e) {
                if (!e.isPeerGone()) {
                    throw e;
                }
                return Tool.OK;
            }
        }
    }
}
