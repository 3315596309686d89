package dev.sharedregion.cli;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.TelemetryReader.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import telemetry.Readings;
import telemetry.Row;

/** Values of a region. */
final class WatchedValues implements Watched {
    private final String title;
    private final Readings readings;
    /** How many rows are shown at most. */
    private final int most;

    private List<Row> rows = List.of();
    private boolean changed;

    /** When the value of a row has changed, by its index. */
    private final Map<Integer, Long> changes = new HashMap<>();

    WatchedValues(String title, Readings readings, int most) {
        this.most = most;
        this.title = title;
        this.readings = readings;
    }

    @Override
    public Result read() {
        Result result = readings.read();
        changed = result == Result.FRESH;
        if (changed) {
            List<Row> next = Shape.visible(readings.rows());
            long now = System.nanoTime();
            for (int i = 0; i < Math.min(rows.size(), next.size()); i++) {
                if (!rows.get(i).equals(next.get(i))) {
                    changes.put(i, now);
                }
            }
            rows = next;
        } else if (result == Result.ABSENT) {
            rows = List.of();
        }
        return result;
    }

    @Override
    public boolean isChanged() {
        return changed;
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
        return readings.await(time);
    }

    @Override
    public Optional<SharedMemoryException> problem() {
        return readings.problem();
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String line() {
        return rows.stream().map(Row::toString).map(String::strip).collect(Collectors.joining(", "));
    }

    @Override
    public Map<String, Object> fields() {
        return Map.of("values", rows);
    }

    @Override
    public List<String> lines() {
        long now = System.nanoTime();
        List<Row> marked = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            boolean recent = changes.containsKey(i) && now - changes.get(i) < HIGHLIGHT_NANOS;
            marked.add(new Row(row.label(), Highlight.of(recent, row.text()), row.value()));
        }
        return Row.lines(marked, most);
    }

    @Override
    public void close() {
        readings.close();
    }
}
