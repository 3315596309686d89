package dev.sharedregion.cli;

import dev.sharedregion.TelemetryReader.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import telemetry.Layout;
import telemetry.ProgramRegion;

/** Writes the states of a region to a file. */
@Command(
        name = "record",
        description = "Writes each state of a region to a file, from which 'replay' publishes them again.",
        footer = {
            "", "The region need not be there yet, and may come and go. Ctrl-C ends. However this ends, the file is a "
                    + "valid recording of what was there until then."
        })
final class RecordVerb extends Verb {
    /** How long Ctrl-C is not noticed at most. */
    private static final Duration LOOK = Duration.ofMillis(20);

    @Parameters(arity = "1..2", paramLabel = "[NAME] FILE", hideParamSyntax = true,
            description = "The name of the region, not needed with a layout, and a new file.")
    private List<String> arguments;

    @Option(names = "--layout", paramLabel = "LAYOUT", converter = Shape.LayoutConverter.class,
            completionCandidates = Shape.LayoutNames.class,
            description = "Record all regions and the event of a known program: ${COMPLETION-CANDIDATES}.")
    private Layout layout;

    @Option(names = "--event", paramLabel = "NAME", description = "An event that 'replay' sets after each state.")
    private List<String> events = new ArrayList<>();

    @Option(names = "--count", paramLabel = "NUMBER", description = "End after so many states of the region.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--seconds", paramLabel = "NUMBER", description = "End after this time.")
    private Double seconds;

    @Option(names = "--force", description = "Replace the file.")
    private boolean force;

    private record Summary(String file, List<String> regions, long states, long torn, double seconds) {
        String text() {
            return String.format(Locale.ROOT, "%s: %d states in %.1f s%s%n", file, states, seconds,
                    torn == 0 ? "" : ", " + torn + " of them while they were written");
        }
    }

    private final List<RegionCopy> copies = new ArrayList<>();
    private byte[][] written;
    private long states;
    private long torn;

    /** When the first state was there; 0 before it. */
    private long start;

    @Override
    int run(Output output) throws Exception {
        Path file = Path.of(arguments.get(arguments.size() - 1));
        try (Stop stop = new Stop(streams().stop(), seconds)) {
            openRegions(output);
            try (RecordingWriter writer = new RecordingWriter(FileAccess.create(file, force), header())) {
                record(writer, stop);
                writer.end(nanos());
            }
            Summary summary = new Summary(file.toString(), header().regions(), states, torn, nanos() / 1e9);
            output.next(summary, summary::text);
        } finally {
            copies.forEach(RegionCopy::close);
        }
        return Tool.OK;
    }

    private void openRegions(Output output) {
        String name = arguments.size() == 2 ? arguments.get(0) : null;
        if (layout != null) {
            for (ProgramRegion region : layout.regions()) {
                boolean renamed = name != null && copies.isEmpty();
                copies.add(new RegionCopy(renamed ? region.named(name) : region));
            }
            events.addAll(layout.events());
        } else if (name != null) {
            copies.add(new RegionCopy(name));
        } else {
            throw new IllegalArgumentException("Give the name of a region and a file, or a layout and a file.");
        }
        written = new byte[copies.size()][0];
        if (copies.get(0).refuseUnlessMissing() && !output.isJson()) {
            streams().err().println("Waiting for the region \"" + copies.get(0).name() + "\". Ctrl-C ends.");
        }
    }

    private RecordingHeader header() {
        return new RecordingHeader(Instant.now(), layout == null ? "" : layout.name(),
                copies.stream().map(RegionCopy::name).toList(), events);
    }

    private void record(RecordingWriter writer, Stop stop) throws Exception {
        while (true) {
            // The main region comes last: what it means can depend on the others.
            for (int i = copies.size() - 1; i >= 0; i--) {
                write(writer, i);
            }
            if (states >= count || stop.isDue()) {
                return;
            }
            copies.get(0).await(LOOK);
        }
    }

    private void write(RecordingWriter writer, int region) throws IOException {
        RegionCopy copy = copies.get(region);
        Result result = copy.read();
        if (!Arrays.equals(copy.bytes(), written[region])) {
            start = start == 0 ? System.nanoTime() : start;
            written[region] = copy.bytes();
            writer.write(nanos(), region, copy.bytes());
            states += region == 0 && copy.bytes().length > 0 ? 1 : 0;
            torn += result == Result.TORN ? 1 : 0;
        }
    }

    /** The time since the first state. */
    private long nanos() {
        return start == 0 ? 0 : System.nanoTime() - start;
    }
}
