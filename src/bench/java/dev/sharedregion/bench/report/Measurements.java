package dev.sharedregion.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every fork measured.
 *
 * @param <K> says what was measured; its text is the name in the JSON
 */
public final class Measurements<K> {
    /** The name of a fork's median. */
    public static final String MEDIAN = "p50";

    /** The named values of each fork. */
    private final Map<K, List<Map<String, Double>>> forks = new LinkedHashMap<>();

    /** Parses a line of a measured process: {@code result samples=N min=X p50=X ...}. */
    public static Map<String, Double> parse(String line) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String pair : line.substring("result ".length()).strip().split(" ")) {
            String[] sides = pair.split("=");
            values.put(sides[0], Double.valueOf(sides[1]));
        }
        return values;
    }

    public void add(K key, Map<String, Double> fork) {
        forks.computeIfAbsent(key, absent -> new ArrayList<>()).add(fork);
    }

    public void add(K key, double median) {
        add(key, Map.of(MEDIAN, median));
    }

    public boolean has(K key) {
        return forks.containsKey(key);
    }

    /** In the order in which they were first added. */
    public List<K> keys() {
        return List.copyOf(forks.keySet());
    }

    /** The spread of the forks' medians. */
    public Spread medians(K key) {
        return Spread.of(values(key, MEDIAN));
    }

    /** The median of the forks' own values. */
    public double median(K key, String name) {
        return Spread.of(values(key, name)).median();
    }

    /** The ratio of two medians. */
    public Found ratio(K above, K below) {
        return new Found(
                medians(above).median() / medians(below).median(),
                Found.quotients(values(above, MEDIAN), values(below, MEDIAN)));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        forks.forEach((key, values) -> json.put(key.toString(), values));
        return json;
    }

    private List<Double> values(K key, String name) {
        return forks.get(key).stream().map(fork -> fork.get(name)).toList();
    }
}
