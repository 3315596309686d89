package dev.sharedregion.bench;

import java.util.ArrayList;
import java.util.List;

/** Where a number stands on an axis whose steps are powers of ten; between two places of the picture. */
record LogScale(double least, double most, double from, double to) {
    /** From a power of ten to a power of ten. */
    static LogScale around(double least, double most, double from, double to) {
        double low = Math.pow(10, Math.floor(Math.log10(least)));
        double high = Math.pow(10, Math.ceil(Math.log10(most)));
        return new LogScale(low, Math.max(high, 10 * low), from, to);
    }

    double place(double value) {
        return from + (to - from) * Math.log(value / least) / Math.log(most / least);
    }

    List<Double> powersOfTen() {
        List<Double> powers = new ArrayList<>();
        for (double power = least; power <= most * 1.001; power *= 10) {
            powers.add(power);
        }
        return powers;
    }
}
