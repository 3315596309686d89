package dev.sharedregion.cli;

import dev.sharedregion.NamedEvent;
import dev.sharedregion.cli.RecordingReader.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes the states of a recording again. */
@Command(
        name = "replay",
        description = "Publishes the states of a recording again, at their times.",
        footer = {
            "", "If the recording has the layout of a known program, each state is written as the program writes, and "
                    + "the program's event is set after it. At the end the regions go. Ctrl-C ends earlier."
        })
final class ReplayVerb extends Verb {
    @Parameters(index = "0", paramLabel = "FILE", description = "The recording.")
    private Path file;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME",
            description = "Another name for the main region. Then no event is set.")
    private String name;

    @Option(names = "--speed", paramLabel = "FACTOR", defaultValue = "1", description = "2 is twice as fast.")
    private double speed;

    @Option(names = "--loop", description = "Begin again after the end, until Ctrl-C.")
    private boolean loop;

    @Option(names = "--seconds", paramLabel = "NUMBER", description = "End after this time.")
    private Double seconds;

    @Option(names = "--force", description = "Write to a region that exists.")
    private boolean force;

    private record Summary(String file, List<String> regions, long states, double seconds) {
        String text() {
            return String.format(Locale.ROOT, "%s: %d states in %.1f s%n", file, states, seconds);
        }
    }

    private final List<PublishedRegion> regions = new ArrayList<>();
    private final List<NamedEvent> events = new ArrayList<>();
    private final long start = System.nanoTime();
    private long states;

    @Override
    int run(Output output) throws Exception {
        if (!(speed > 0 && speed < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The speed " + speed + " is not more than 0.");
        }
        try (Stop stop = new Stop(streams().stop(), seconds)) {
            try {
                prepare();
                replay(stop);
            } finally {
                events.forEach(NamedEvent::close);
                regions.forEach(PublishedRegion::close);
            }
            double took = (System.nanoTime() - start) / 1e9;
            Summary summary = new Summary(
                    file.toString(), regions.stream().map(PublishedRegion::name).toList(), states, took);
            output.next(summary, summary::text);
        }
        return Tool.OK;
    }

    private void prepare() throws IOException {
        try (RecordingReader reader = new RecordingReader(file)) {
            RecordingHeader header = reader.header();
            for (int i = 0; i < header.regions().size(); i++) {
                String published = i == 0 && name != null ? name : header.regions().get(i);
                regions.add(new PublishedRegion(published, header.publication(i), force));
            }
            if (name == null) {
                header.events().forEach(event -> events.add(NamedEvent.openOrCreate(event)));
            }
        }
    }

    private void replay(Stop stop) throws Exception {
        long begin = System.nanoTime();
        do {
            long length = replayOnce(begin, stop);
            if (length == 0) {
                return;
            }
            begin += length;
        } while (loop && !stop.isDue());
    }

    /** Returns how long it takes at this speed. */
    private long replayOnce(long begin, Stop stop) throws Exception {
        try (RecordingReader reader = new RecordingReader(file)) {
            for (State state; (state = reader.next()) != null; ) {
                if (waitsInVain(stop, begin, state.nanos())) {
                    return 0;
                }
                regions.get(state.region()).write(state.bytes());
                if (state.region() == 0) {
                    states += state.bytes().length > 0 ? 1 : 0;
                    events.forEach(NamedEvent::set);
                }
            }
            waitsInVain(stop, begin, reader.endNanos());
            return (long) (reader.endNanos() / speed);
        }
    }

    /** Waits until it is time for what happened at a time of the recording. Returns true if this is to end before. */
    private boolean waitsInVain(Stop stop, long begin, long nanos) throws InterruptedException {
        long time = begin + (long) (nanos / speed) - System.nanoTime();
        return time > 0 ? stop.await(time, TimeUnit.NANOSECONDS) : stop.isDue();
    }
}
