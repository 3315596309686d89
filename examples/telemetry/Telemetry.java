package telemetry;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.TelemetryReader.Result;
import java.util.List;
import java.util.stream.Stream;

/** Shows what a program publishes in shared memory, while it changes. The program may start and end at any time. */
public final class Telemetry {
    private static final String USAGE = "Usage: Telemetry <layout>. The layouts: ";

    private final Layout layout;
    private List<Row> rows = List.of();

    private Telemetry(Layout layout) {
        this.layout = layout;
    }

    public static void main(String[] args) throws InterruptedException {
        Layout layout = args.length == 1 ? Layout.named(args[0]) : null;
        if (layout == null) {
            System.err.println(USAGE + Layout.names() + ".");
            System.exit(1);
        }
        try (Readings readings = layout.open(layout.staleAfter())) {
            new Telemetry(layout).run(readings, Display.of(System.out));
        } catch (SharedMemoryException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run(Readings readings, Display display) throws InterruptedException {
        while (true) {
            Result result = readings.read();
            if (result == Result.FRESH) {
                rows = readings.rows();
            } else if (result == Result.ABSENT) {
                rows = readings.problem().map(Telemetry::reason).orElse(List.of());
            }
            display.show(layout.program() + ": " + state(result), rows);
            Thread.sleep(display.period().toMillis());
        }
    }

    /** What was tried, what failed and what to do, in a row each. A program that does not run needs no reason. */
    private static List<Row> reason(SharedMemoryException problem) {
        return problem.reason() == Reason.NOT_FOUND
                ? List.of()
                : Stream.of(problem.getMessage().split("(?<=[:.]) ")).map(part -> new Row("", part)).toList();
    }

    /** Returns what a result says of a program, for people. */
    public static String state(Result result) {
        return switch (result) {
            case FRESH, UNCHANGED -> "live";
            case TORN -> "live, but busy writing";
            case STALE -> "STALE, no longer written";
            case ABSENT -> "ABSENT";
        };
    }
}
