package telemetry;

import java.util.Locale;

/** A value as people read it. */
public record Row(String label, String value) {
    /** Returns a row with a value in a format of {@link String#format}. */
    static Row of(String label, String format, Object... values) {
        return new Row(label, String.format(Locale.ROOT, format, values));
    }

    @Override
    public String toString() {
        return label + " " + value;
    }
}
