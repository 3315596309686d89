package dev.sharedregion.bench;

import dev.sharedregion.bench.report.Facts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What was asked for on the command line of Maven: the system properties {@code bench.*}, which may be empty. */
record Settings(
        int forks,
        Duration warmup,
        Duration measure,
        List<String> contenders,
        List<Integer> sizes,
        String pin,
        List<Integer> line,
        boolean wine,
        String versions,
        Path root) {
    /** Of the bulk data; and of the quick run. */
    private static final String BULK_SIZES = "64,1024,65536,1048576";

    private static final String QUICK_BULK_SIZES = "64,1048576";

    /** Of the messages; and of the quick run. */
    private static final String STREAM_SIZES = "10,64,1024,65536,1048576";

    private static final String QUICK_STREAM_SIZES = "64,1048576";

    private static final int LINE = 64;

    /**
     * Of the round trips in {@link All}: with more it is the loops over the payload that are measured, not the
     * hand-over.
     */
    private static final String ROUND_TRIP_SIZES = "64,1024";

    static Settings fromProperties() {
        boolean quick = isQuick();
        return new Settings(
                Integer.parseInt(Facts.text("bench.forks", quick ? "1" : "5")),
                seconds("bench.warmup", quick ? "1.5" : "4"),
                seconds("bench.measure", quick ? "0.5" : "1"),
                list("bench.contenders").stream().map(Settings::contender).toList(),
                list("bench.size").stream().map(Settings::size).toList(),
                Facts.text("bench.pin", "auto"),
                line(Facts.text("bench.line", "0,1000000")),
                Facts.flag("bench.wine"),
                Facts.text("bench.versions", "unknown"),
                Path.of(Facts.text("bench.root", ".")).toAbsolutePath().normalize());
    }

    private static boolean isQuick() {
        return Facts.flag("bench.quick");
    }

    /** Where everything goes that a run makes. */
    Path folder() {
        return root.resolve("target").resolve("bench");
    }

    /** The file for the report of that name. */
    Path json(String name) {
        return folder().resolve(name + (wine ? "-wine.json" : ".json"));
    }

    /** Whether that contender was asked for, or none was, which means all. */
    boolean wants(String contender) {
        return contenders.isEmpty() || contenders.contains(contender);
    }

    /** Those that were asked for; or 64 bytes for a round trip, and all for bulk data. */
    List<Integer> sizesOf(Load load) {
        if (!sizes.isEmpty()) {
            return sizes.stream().map(Settings::wholeLines).toList();
        }
        return load == Load.NUMBERS ? List.of(64) : sizes(isQuick() ? QUICK_BULK_SIZES : BULK_SIZES);
    }

    /** Of messages: those that were asked for, or all. */
    List<Integer> streamSizes() {
        return sizes.isEmpty() ? sizes(isQuick() ? QUICK_STREAM_SIZES : STREAM_SIZES) : sizes;
    }

    /** With all sizes of the round trips, if none was asked for; not in the quick run. */
    Settings allRoundTrips() {
        List<Integer> all = sizes.isEmpty() && !isQuick() ? sizes(ROUND_TRIP_SIZES) : sizes;
        return new Settings(forks, warmup, measure, contenders, all, pin, line, wine, versions, root);
    }

    /** For these contenders, not pinned. */
    Settings notPinned(Contender... only) {
        List<String> ids = Arrays.stream(only).map(each -> each.id).toList();
        return new Settings(forks, warmup, measure, ids, sizes, "none", line, wine, versions, root);
    }

    private static List<Integer> sizes(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(",")).map(Settings::size).toList();
    }

    /** From how many to how many nanoseconds. */
    private static List<Integer> line(String commaSeparated) {
        List<Integer> line = Arrays.stream(commaSeparated.split(",")).map(Integer::valueOf).toList();
        if (line.size() != 2 || line.get(0) > line.get(1)) {
            throw new IllegalArgumentException("bench.line is no least and largest time: " + commaSeparated);
        }
        return line;
    }

    private static int size(String text) {
        int size = Integer.parseInt(text);
        if (size < Long.BYTES || size > 1 << 26) {
            throw new IllegalArgumentException("bench.size is no number from 8 to 67108864: " + size);
        }
        return size;
    }

    private static int wholeLines(int size) {
        if (size % LINE != 0) {
            throw new IllegalArgumentException("bench.size is no multiple of 64, which this program needs: " + size);
        }
        return size;
    }

    /** One that some program has. */
    private static String contender(String id) {
        boolean known = Arrays.stream(Contender.values()).anyMatch(each -> each.id.equals(id))
                || Arrays.stream(StreamContender.values()).anyMatch(each -> each.id.equals(id));
        if (!known) {
            throw new IllegalArgumentException("There is no contender \"" + id + "\".");
        }
        return id;
    }

    private static List<String> list(String name) {
        return Arrays.stream(Facts.text(name, "").split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    private static Duration seconds(String name, String otherwise) {
        return Duration.ofMillis(Math.round(Double.parseDouble(Facts.text(name, otherwise)) * 1000));
    }
}
