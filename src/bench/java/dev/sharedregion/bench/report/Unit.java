package dev.sharedregion.bench.report;

import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** How the values of a table's column are shown. */
public enum Unit {
    TEXT(null),
    NANOSECONDS(null),
    GIGABYTES_PER_SECOND("0.000' GB/s'"),
    BYTES("#,##0.0"),
    COUNT("#,##0"),
    PERCENT("0.0000"),
    /** With a third digit only where there is one. */
    RATIO("0.00#");

    private final String pattern;

    Unit(String pattern) {
        this.pattern = pattern;
    }

    /** For people; an empty text for a value that is missing. */
    public String show(Object value) {
        if (value == null) {
            return "";
        }
        return switch (this) {
            case TEXT -> value.toString();
            case NANOSECONDS -> time(((Number) value).doubleValue());
            default -> format(pattern, ((Number) value).doubleValue());
        };
    }

    /** With three digits. */
    private static String time(double nanos) {
        String[] units = {" ns", " us", " ms", " s"};
        int unit = 0;
        double value = nanos;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return format(value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00", value) + units[unit];
    }

    private static String format(String pattern, double value) {
        DecimalFormat format = new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setRoundingMode(RoundingMode.HALF_UP);
        return format.format(value);
    }
}
