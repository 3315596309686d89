package dev.sharedregion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Draws what the other programs have measured: each JSON that is there becomes an SVG beside it. */
final class Plots {
    private static final double PAYLOAD = 64;
    private static final int WIDTH = 840;

    private Plots() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Settings.fromProperties().folder();
        for (String suffix : List.of("", "-wine")) {
            Path roundTrips = folder.resolve("round-trips" + suffix + ".json");
            if (Files.exists(roundTrips)) {
                write(roundTrips, roundTrips(read(roundTrips)));
            }
            Path lifeCycle = folder.resolve("life-cycle" + suffix + ".json");
            if (Files.exists(lifeCycle)) {
                write(lifeCycle, lifeCycle(read(lifeCycle)));
            }
        }
    }

    private static Map<String, Object> read(Path json) throws IOException {
        return Json.parse(Files.readString(json));
    }

    private static void write(Path json, String svg) throws IOException {
        Path file = json.resolveSibling(json.getFileName().toString().replace(".json", ".svg"));
        Files.writeString(file, svg);
        System.out.println(file);
    }

    private static String time(double nanos) {
        return Facts.time(nanos).replace("us", "µs");
    }

    private static double number(Map<String, Object> object, String key) {
        return (double) object.get(key);
    }

    /** A bar for each contender, the fastest first; its whisker goes from the fastest fork to the slowest. */
    private static String roundTrips(Map<String, Object> json) {
        List<Map<String, Object>> bars = new ArrayList<>(Json.objects(json, "contenders"));
        bars.removeIf(bar -> (double) bar.getOrDefault("payloadBytes", PAYLOAD) != PAYLOAD);
        bars.sort(Comparator.comparingDouble(bar -> number(bar, "medianOfForks")));
        int top = 74;
        int step = 28;
        int left = 250;
        int right = WIDTH - 70;
        int bottom = top + step * bars.size();
        LogScale scale = LogScale.around(least(bars), most(bars), left, right);
        Svg svg = new Svg(WIDTH, bottom + 78, "Round trip of 64 bytes between two processes");
        svg.text("title", 20, 30, "Round trip of 64 bytes between two processes");
        svg.text("small soft", 20, 48, "Median of the forks, logarithmic; the thin line goes from the fastest fork to the slowest."
                + " Less is better.");
        for (double power : scale.powersOfTen()) {
            svg.line("grid", scale.place(power), top - 6, scale.place(power), bottom + 4);
            svg.text("small soft middle", scale.place(power), bottom + 20, time(power));
        }
        double y = top;
        for (Map<String, Object> bar : bars) {
            String id = (String) bar.get("id");
            double median = number(bar, "medianOfForks");
            svg.text("right", left - 10, y + 15, (String) bar.get("title"));
            svg.box(id.startsWith("pair") ? "a" : id.startsWith("c-") ? "b" : "c", left, y, scale.place(median) - left, 20);
            svg.line("spread", scale.place(number(bar, "minOfForks")), y + 10, scale.place(number(bar, "maxOfForks")), y + 10);
            double end = Math.max(scale.place(median), scale.place(number(bar, "maxOfForks")));
            svg.text("", end + 6, y + 15, time(median));
            y += step;
        }
        legend(svg, bottom + 44, json, "this library", "C, hand-written", "others");
        return svg.end();
    }

    private static double least(List<Map<String, Object>> values) {
        return values.stream().mapToDouble(each -> number(each, "minOfForks")).min().orElse(1);
    }

    private static double most(List<Map<String, Object>> values) {
        return values.stream().mapToDouble(each -> number(each, "maxOfForks")).max().orElse(10);
    }

    /** Three panels: what it takes to create and to open, against the size. */
    private static String lifeCycle(Map<String, Object> json) {
        List<Map<String, Object>> cases = new ArrayList<>(Json.objects(json, "cases"));
        cases.removeIf(each -> number(each, "othersOpen") != 0
                || each.get("what").equals("PAIR")
                || each.get("what").equals("USED_REGION"));
        Svg svg = new Svg(WIDTH, 380, "Creating or opening a region, and closing it, against its size");
        svg.text("title", 20, 30, "Creating or opening a region, and closing it, against its size");
        svg.text("small soft", 20, 48, "Median of the forks; both axes logarithmic. Less is better.");
        LogScale times = LogScale.around(least(cases), most(cases), 290, 84);
        panel(svg, times, 70, "create, reserved", cases, each -> is(each, "REGION", "CREATE"));
        panel(svg, times, 70 + 255, "create, lazy", cases, each -> is(each, "LAZY_REGION", "CREATE"));
        panel(svg, times, 70 + 510, "open", cases, each -> is(each, "REGION", "OPEN"));
        for (double power : times.powersOfTen()) {
            svg.text("small soft right", 64, times.place(power) + 4, time(power));
        }
        legend(svg, 344, json, "this library", "C, the same system calls", "FileChannel.map, never reserved");
        return svg.end();
    }

    private static boolean is(Map<String, Object> of, String what, String step) {
        return of.get("what").equals(what) && of.get("step").equals(step);
    }

    private static void panel(
            Svg svg, LogScale times, double left, String title, List<Map<String, Object>> cases,
            Predicate<Map<String, Object>> filter) {
        LogScale sizes = new LogScale(1 << 12, 1L << 32, left + 14, left + 221);
        for (double power : times.powersOfTen()) {
            svg.line("grid", left, times.place(power), left + 235, times.place(power));
        }
        svg.text("middle", left + 117, 74, title);
        for (int shift : new int[] {12, 20, 26, 32}) {
            svg.text("small soft middle", sizes.place(1L << shift), 308, LifeCase.sizeTitle(1L << shift));
        }
        for (LifeContender contender : LifeContender.values()) {
            String style = List.of("a", "b", "c").get(contender.ordinal());
            double[] last = null;
            for (Map<String, Object> each : cases) {
                if (filter.test(each) && each.get("contender").equals(contender.title)) {
                    double x = sizes.place(number(each, "bytes"));
                    double y = times.place(number(each, "medianOfForks"));
                    if (last != null) {
                        svg.line("line " + style, last[0], last[1], x, y);
                    }
                    svg.line("spread", x, times.place(number(each, "minOfForks")), x, times.place(number(each, "maxOfForks")));
                    svg.dot(style, x, y);
                    last = new double[] {x, y};
                }
            }
        }
    }

    private static void legend(Svg svg, double y, Map<String, Object> json, String... titles) {
        double x = 20;
        for (int i = 0; i < titles.length; i++) {
            svg.box(List.of("a", "b", "c").get(i), x, y - 10, 12, 12);
            svg.text("small", x + 17, y, titles[i]);
            x += 40 + 6 * titles[i].length();
        }
        String date = ((String) json.getOrDefault("date", "")).split("T")[0];
        svg.text("small soft", 20, y + 20, json.get("machine") + "; " + json.get("system") + "; " + date);
    }
}
