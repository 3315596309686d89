package telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A value.
 *
 * @param label what it is
 * @param text the value as people read it, with its unit
 * @param value the value as programs read it: a number, a text, or a list of numbers
 */
public record Row(String label, String text, Object value) {
    Row(String label, String text) {
        this(label, text, text);
    }

    /**
     * Returns a row with a value in a format of {@link String#format}.
     *
     * @param values the value and its unit, or several values
     */
    public static Row of(String label, String format, Object... values) {
        boolean several = values.length > 1 && values[1] instanceof Number;
        String text = String.format(Locale.ROOT, format, values).stripTrailing();
        return new Row(label, text, several ? List.of(values) : values[0]);
    }

    /** Returns the rows as lines, as they are shown in a terminal. */
    public static List<String> lines(List<Row> rows, int most) {
        List<String> lines = new ArrayList<>();
        rows.stream().limit(most).forEach(
                row -> lines.add(String.format(Locale.ROOT, "  %-24s%s", row.label(), row.text()).stripTrailing()));
        if (rows.size() > most) {
            lines.add("  and " + (rows.size() - most) + " more");
        }
        return lines;
    }

    @Override
    public String toString() {
        return label + " " + text;
    }
}
