package dev.sharedregion.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How values are written for people. */
final class Text {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
    private static final int UNIT = 1024;
    private static final int MICRO = 1_000;
    private static final int MILLI = 1_000_000;
    private static final int SECOND_MILLIS = 1_000;

    // What details call a process, and whether it is alive.
    private static final String PROCESS = "process";
    private static final String ALIVE = "alive";

    private static final Set<Byte> HIDDEN = Set.of(
            Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE);

    private Text() {}

    static String size(long bytes) {
        if (bytes < 0) {
            return "?";
        }
        if (bytes < UNIT) {
            return Long.toString(bytes);
        }
        int unit = 0;
        long size = bytes;
        for (; size / UNIT >= UNIT && unit + 1 < UNITS.length; size /= UNIT) {
            unit++;
        }
        // In tenths.
        long tenths = Math.round((double) size * 10 / UNIT);
        return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " " + UNITS[unit];
    }

    static String time(long nanos) {
        return nanos < MICRO
                ? nanos + " ns"
                : nanos < MILLI
                        ? String.format(Locale.ROOT, "%.1f µs", (double) nanos / MICRO)
                        : String.format(Locale.ROOT, "%.1f ms", (double) nanos / MILLI);
    }

    static String orUnknown(String text) {
        return text.isEmpty() ? "?" : text;
    }

    static String users(List<Processes.User> users) {
        return users.isEmpty() ? "-" : users.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /** {@code lastWriteAgo} as words. */
    static String words(String key) {
        return key.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    /** A detail of an object, or a part of one, in one line. */
    static String value(Object value, Processes processes) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(ALIVE))
                    .map(entry -> entry.getKey().equals(PROCESS)
                            ? process((Long) entry.getValue(), map.get(ALIVE), processes)
                            : words(entry.getKey().toString()) + " " + value(entry.getValue(), processes))
                    .collect(Collectors.joining(", "));
        }
        if (value instanceof Boolean yes) {
            return yes ? "yes" : "no";
        }
        if (value instanceof Duration duration) {
            return String.format(Locale.ROOT, "%.3f s", (double) duration.toMillis() / SECOND_MILLIS);
        }
        return visible(String.valueOf(value));
    }

    /** The command of a process that has ended is unknown: its id may be another one's now. */
    private static String process(long process, Object alive, Processes processes) {
        return Boolean.TRUE.equals(alive) ? processes.user(process).toString() : process + " (ended)";
    }

    /**
     * The text with other signs for what controls a terminal, ends a line, turns the direction of writing or cannot be
     * seen: a name of another program may have any character.
     */
    static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(letter -> {
            if (HIDDEN.contains((byte) Character.getType(letter))) {
                for (char unit : Character.toChars(letter)) {
                    shown.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                shown.appendCodePoint(letter);
            }
        });
        return shown.toString();
    }
}
