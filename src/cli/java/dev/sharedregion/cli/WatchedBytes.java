package dev.sharedregion.cli;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.TelemetryReader.Result;
import dev.sharedregion.cli.Runs.Run;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The bytes of a region. */
final class WatchedBytes implements Watched {
    /** What a line has room for. */
    private static final int MOST_PLACES = 8;

    private static final int MOST_BYTES = 16;

    private static final int DRAWINGS = (int) (HIGHLIGHT_NANOS / WatchVerb.PERIOD_NANOS);

    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final RegionCopy copy;
    private byte[] before = {};
    private byte[] bytes = {};
    private List<Run> runs = List.of();
    private boolean changed;

    /** In how many drawings a byte still stands out. */
    private byte[] marks = {};

    /** How many lines are shown at most. */
    private final int most;

    /** When a shown line has changed, the latest last. */
    private final Map<Integer, Long> recent = new LinkedHashMap<>(16, 0.75f, true);

    WatchedBytes(String name, int most) {
        this.copy = new RegionCopy(name);
        this.most = most;
    }

    @Override
    public Result read() {
        Result result = copy.read();
        changed = copy.bytes() != bytes && result != Result.ABSENT;
        if (copy.bytes() != bytes) {
            before = bytes;
            bytes = copy.bytes();
            runs = before.length == 0 ? List.of() : Runs.between(before, bytes, 0);
            mark();
        }
        return result;
    }

    private void mark() {
        marks = marks.length == bytes.length ? marks : new byte[bytes.length];
        for (Run run : runs) {
            int end = Math.min(run.end(), bytes.length);
            Arrays.fill(marks, Math.min(run.offset(), end), end, (byte) DRAWINGS);
            for (int line = run.offset() / Hex.PER_LINE; line * Hex.PER_LINE < end; line++) {
                show(line);
            }
        }
    }

    /** Shows a line that has changed. One that is shown and changes, too, keeps its place. */
    private void show(int line) {
        long now = System.nanoTime();
        if (!recent.containsKey(line) && recent.size() >= most) {
            Map.Entry<Integer, Long> oldest = recent.entrySet().iterator().next();
            if (now - oldest.getValue() < KEPT_NANOS) {
                return;
            }
            recent.remove(oldest.getKey());
        }
        recent.put(line, now);
    }

    @Override
    public boolean isChanged() {
        return changed;
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
        return copy.await(time);
    }

    @Override
    public Optional<SharedMemoryException> problem() {
        return Optional.of(copy.problem());
    }

    @Override
    public String title() {
        return "\"" + copy.name() + "\"" + (bytes.length == 0 ? "" : ", " + bytes.length + " bytes");
    }

    private int changedBytes() {
        return runs.stream().mapToInt(Run::length).sum();
    }

    @Override
    public String line() {
        if (before.length == 0) {
            return bytes.length + " bytes";
        }
        String places = runs.stream().limit(MOST_PLACES).map(this::place).collect(Collectors.joining(", "));
        String more = runs.size() > MOST_PLACES ? ", and " + (runs.size() - MOST_PLACES) + " more" : "";
        String size = before.length == bytes.length ? "" : bytes.length + " bytes, ";
        return size + changedBytes() + " changed: " + places + more;
    }

    private String place(Run run) {
        int end = Math.min(run.end(), run.offset() + MOST_BYTES);
        String dots = end < run.end() ? " ..." : "";
        return String.format(Locale.ROOT, "%08x %s -> %s%s", run.offset(), spaced(before, run.offset(), end),
                spaced(bytes, run.offset(), end), dots);
    }

    /** A shorter state has no bytes there. */
    private static String spaced(byte[] state, int from, int to) {
        return Hex.spaced(state, Math.min(from, state.length), Math.min(to, state.length));
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("size", bytes.length);
        fields.put("changes", runs.stream().map(run -> Difference.of(run, before, bytes)).toList());
        return fields;
    }

    @Override
    public List<String> lines() {
        int lines = (bytes.length + Hex.PER_LINE - 1) / Hex.PER_LINE;
        // Lines of an earlier, larger region.
        recent.keySet().removeIf(line -> line >= lines);
        List<String> drawn = Stream.concat(recent.keySet().stream(), IntStream.range(0, Math.min(lines, most)).boxed())
                .distinct()
                .limit(most)
                .sorted()
                .map(line -> Hex.line(0, bytes, line * Hex.PER_LINE, i -> marks[i] > 0))
                .toList();
        for (int i = 0; i < marks.length; i++) {
            marks[i] -= marks[i] > 0 ? 1 : 0;
        }
        return drawn;
    }

    @Override
    public void close() {
        copy.close();
    }
}
