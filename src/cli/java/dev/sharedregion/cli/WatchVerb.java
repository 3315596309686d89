package dev.sharedregion.cli;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.TelemetryReader.Result;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import terminal.Screen;
import telemetry.Telemetry;
import terminal.Terminal;

/** Shows what a region has while it changes. The region may come and go. */
@Command(
        name = "watch",
        description = "Shows the bytes of a region, or its values, while they change.",
        footer = {
            "", "In a terminal, the newest state is drawn over the last one, and what has changed stands out. Into a "
                    + "pipe or a file, each change is a line. The region need not be there yet. Ctrl-C ends."
        })
final class WatchVerb extends Verb {
    /** How often a terminal is drawn. */
    static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The name of the region; not needed with a layout.")
    private String name;

    @ArgGroup
    private Shape shape = new Shape();

    @Option(names = "--big-endian", description = "Values of --type have the most significant byte first.")
    private boolean bigEndian;

    @Option(names = "--lines", paramLabel = "NUMBER", defaultValue = "20", description = "Draw so many lines at most.")
    private int lines;

    @Option(names = "--count", paramLabel = "NUMBER", description = "End after so many changes.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--seconds", paramLabel = "NUMBER", description = "End after this time.")
    private Double seconds;

    private final Rate rate = new Rate();
    private long changes;

    /** Null if the output is no terminal. */
    private Screen screen;

    @Override
    int run(Output output) throws Exception {
        shape.checkName(name);
        if (lines < 1) {
            throw new IllegalArgumentException("--lines is " + lines + ". Give 1 or more.");
        }
        if (!output.isJson() && Terminal.canRedraw()) {
            screen = new Screen(streams().out());
        }
        try (Stop stop = new Stop(streams().stop(), seconds); Watched watched = open()) {
            watch(watched, output, stop);
        }
        return Tool.OK;
    }

    private Watched open() {
        ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return shape.isGiven()
                ? new WatchedValues(shape.title(name), shape.open(name, 0, order), lines)
                : new WatchedBytes(name, lines);
    }

    private void watch(Watched watched, Output output, Stop stop) throws Exception {
        Result last = null;
        long nextDrawing = System.nanoTime();
        boolean ends = false;
        while (!ends) {
            Result result = watched.read();
            if (result == Result.ABSENT && last == null) {
                refuse(watched.problem());
            }
            tell(watched, output, result, last);
            last = result;
            ends = changes >= count || stop.isDue() || streams().out().checkError();
            if (ends || System.nanoTime() - nextDrawing >= 0) {
                draw(watched, result);
                nextDrawing = System.nanoTime() + PERIOD_NANOS;
            }
            if (!ends) {
                watched.await(Duration.ofNanos(Math.max(0, nextDrawing - System.nanoTime())));
            }
        }
    }

    /** Prints what has changed since the last look, if it has. */
    private void tell(Watched watched, Output output, Result result, Result last) {
        boolean gone = result != last && (result == Result.ABSENT || result == Result.STALE);
        if (watched.isChanged()) {
            rate.count();
            changes++;
        }
        if (screen != null || !gone && !watched.isChanged()) {
            return;
        }
        Instant now = Instant.now();
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("time", now.toString());
        event.put("state", result);
        if (!gone) {
            event.putAll(watched.fields());
        }
        String text = gone ? watched.title() + ": " + Telemetry.state(result) : watched.line();
        output.next(event, () -> TIME.format(now) + "  " + text + "\n");
    }

    private void draw(Watched watched, Result result) {
        if (screen != null) {
            List<String> drawn = new ArrayList<>();
            drawn.add(String.format(Locale.ROOT, "%s: %s, %.1f changes/s, %d changes",
                    watched.title(), Telemetry.state(result), rate.perSecond(), changes));
            drawn.addAll(watched.lines());
            screen.draw(drawn);
        }
    }

    /** A region that does not exist may come. What is wrong with one that cannot be opened will stay so. */
    private static void refuse(Optional<SharedMemoryException> problem) {
        if (problem.isPresent() && problem.get().reason() != SharedMemoryException.Reason.NOT_FOUND) {
            throw problem.get();
        }
    }
}
