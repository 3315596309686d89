package dev.sharedregion.bench;

import dev.sharedregion.bench.LifeCase.Step;
import dev.sharedregion.bench.LifeCase.What;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ChoiceFormat;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.CombinedRangeXYPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.IntervalBarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.category.DefaultIntervalCategoryDataset;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Draws what the other programs have measured, as SVG. */
final class Charts {
    private static final int PAYLOAD = 64;
    private static final Dimension SIZE = new Dimension(840, 560);
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

    private static final List<String> GROUPS = List.of("this library", "C, hand-written", "others");

    /** Of this library, of C, and of the others. */
    private static final List<Color> COLORS = List.of(new Color(0x0969da), new Color(0x8c959f), new Color(0xd4a72c));

    /** Of the contenders that stream. */
    private static final List<Color> STREAM_COLORS = List.of(
            new Color(0x0969da), new Color(0x54aeff), new Color(0x2da44e), new Color(0x24292f), new Color(0xd4a72c),
            new Color(0xcf222e), new Color(0x8250df), new Color(0x8c959f));

    private static final Map<String, Function<Report, JFreeChart>> KINDS = new TreeMap<>(Map.of(
            "round-trips", Charts::roundTrips, "life-cycle", Charts::lifeCycle, "streaming", Charts::streaming));

    private static final int MOST_TICKS = 40;
    private static final Shape DOT = new Ellipse2D.Double(-3, -3, 6, 6);

    private Charts() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Settings.fromProperties().folder();
        for (String suffix : List.of("", "-wine")) {
            draw(folder, folder, suffix).forEach(System.out::println);
        }
    }

    /** Draws the reports that are in a folder, and returns the pictures. */
    static List<Path> draw(Path reports, Path pictures, String suffix) throws Exception {
        System.setProperty("java.awt.headless", "true");
        List<Path> drawn = new ArrayList<>();
        for (String name : KINDS.keySet()) {
            Path json = reports.resolve(name + suffix + ".json");
            if (Files.exists(json)) {
                Path svg = pictures.resolve(name + suffix + ".svg");
                Report report = Report.read(json);
                write(report, KINDS.get(name).apply(report), svg);
                drawn.add(svg);
            }
        }
        return drawn;
    }

    /** A bar for each contender, the fastest first; its thin line goes from the fastest fork to the slowest. */
    private static JFreeChart roundTrips(Report report) {
        List<Map<String, Object>> rows = report.table(Load.NUMBERS.title(PAYLOAD)).rows().stream()
                .sorted(Comparator.comparingDouble(row -> Table.number(row, "median")))
                .toList();
        String[] labels = rows.stream()
                .map(row -> row.get("contender") + ": " + time(Table.number(row, "median")))
                .toArray(String[]::new);
        LogAxis times = logAxis(10, Charts::powerOfTen);
        CategoryAxis contenders = new CategoryAxis();
        contenders.setMaximumCategoryLabelWidthRatio(1);
        CategoryPlot plot = new CategoryPlot(null, contenders, times, null);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        // A dataset for each group: their bars would stand beside each other in one dataset.
        for (int group = 0; group < GROUPS.size(); group++) {
            DefaultCategoryDataset bars = new DefaultCategoryDataset();
            for (int i = 0; i < labels.length; i++) {
                boolean inGroup = group((String) rows.get(i).get("contender")) == group;
                bars.addValue(inGroup ? (Number) rows.get(i).get("median") : null, GROUPS.get(group), labels[i]);
            }
            addBars(plot, bars, new BarRenderer(), COLORS.get(group));
        }
        IntervalBarRenderer thin = new IntervalBarRenderer();
        thin.setMaximumBarWidth(0.004);
        addBars(
                plot,
                new DefaultIntervalCategoryDataset(
                        new String[] {"from the fastest fork to the slowest"}, labels,
                        column(rows, "least"), column(rows, "most")),
                thin, Color.BLACK);
        // Only now: it ends the axis's adaptation to the data.
        times.setLowerBound(Math.pow(10, Math.floor(Math.log10(Table.number(rows.get(0), "least")))));
        return chart(
                plot, "Round trip of 64 bytes between two processes",
                "Median of the forks, logarithmic. Less is better.");
    }

    /** Of {@link #GROUPS}. */
    private static int group(String contender) {
        boolean ours = contender.startsWith("EventPair") || contender.startsWith("RequestClient");
        return ours ? 0 : contender.startsWith("C, ") ? 1 : 2;
    }

    private static void addBars(CategoryPlot plot, CategoryDataset bars, BarRenderer renderer, Color color) {
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setSeriesPaint(0, color);
        int index = plot.getDatasetCount();
        plot.setDataset(index, bars);
        plot.setRenderer(index, renderer);
    }

    private static Number[][] column(List<Map<String, Object>> rows, String name) {
        return new Number[][] {rows.stream().map(row -> (Number) row.get(name)).toArray(Number[]::new)};
    }

    /** A line for each contender: the rate against the size. */
    private static JFreeChart streaming(Report report) {
        YIntervalSeriesCollection contenders = new YIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDefaultLinesVisible(true);
        renderer.setDrawXError(false);
        List<Table> tables = report.tables().stream().filter(table -> table.title().endsWith(", one sender")).toList();
        for (StreamContender contender : Streaming.ONE_SENDER) {
            YIntervalSeries series = new YIntervalSeries(contender.title);
            for (Table table : tables) {
                int size = Integer.parseInt(table.title().replaceAll("\\D+", ""));
                double scale = size / 1e9;
                table.row(contender.title).ifPresent(row -> series.add(
                        size, Table.number(row, "median") * scale, Table.number(row, "least") * scale,
                        Table.number(row, "most") * scale));
            }
            if (!series.isEmpty()) {
                int index = contenders.getSeriesCount();
                renderer.setSeriesShape(index, DOT);
                renderer.setSeriesPaint(index, STREAM_COLORS.get(Streaming.ONE_SENDER.indexOf(contender)));
                contenders.addSeries(series);
            }
        }
        LogAxis sizes = logAxis(2, bytes -> LifeCase.sizeTitle((long) bytes));
        sizes.setTickUnit(new NumberTickUnit(4));
        sizes.setRange(1 << 3, 1L << 21);
        sizes.setLabel("size of a message");
        LogAxis rates = logAxis(10, rate -> "");
        rates.setNumberFormatOverride(new DecimalFormat("0.### GB/s", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        rates.setSmallestValue(0.01);
        rates.setRange(0.01, 100);
        return chart(
                new XYPlot(contenders, sizes, rates, renderer), "Messages from one process to another",
                "Median of the forks, from the slowest to the fastest fork; logarithmic. More is better.");
    }

    /** Three panels: what it takes to create and to open, against the size. */
    private static JFreeChart lifeCycle(Report report) {
        CombinedRangeXYPlot panels = new CombinedRangeXYPlot(logAxis(10, Charts::powerOfTen));
        panels.add(panel(report, "create, reserved", What.REGION, Step.CREATE));
        panels.add(panel(report, "create, lazy", What.LAZY_REGION, Step.CREATE));
        panels.add(panel(report, "open", What.REGION, Step.OPEN));
        panels.setFixedLegendItems(panels.getSubplots().get(0).getLegendItems());
        return chart(
                panels, "Creating or opening a region, and closing it, against its size",
                "Median of the forks, from the fastest to the slowest fork; logarithmic. Less is better."
                        + " FileChannel.map never reserves memory.");
    }

    private static XYPlot panel(Report report, String title, What what, Step step) {
        YIntervalSeriesCollection contenders = new YIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDefaultLinesVisible(true);
        renderer.setDrawXError(false);
        for (LifeContender contender : LifeContender.values()) {
            YIntervalSeries series = new YIntervalSeries(contender.title);
            for (long size : LifeCase.SIZES) {
                report.table(LifeCycle.TABLE)
                        .row(new LifeCase(what, step, size, 0).title(), contender.title)
                        .ifPresent(row -> series.add(
                                size, Table.number(row, "median"), Table.number(row, "least"),
                                Table.number(row, "most")));
            }
            renderer.setSeriesShape(contender.ordinal(), DOT);
            renderer.setSeriesPaint(contender.ordinal(), COLORS.get(contender.ordinal()));
            contenders.addSeries(series);
        }
        LogAxis sizes = logAxis(2, bytes -> LifeCase.sizeTitle((long) bytes));
        sizes.setRange(1 << 11, 1L << 33);
        sizes.setTickUnit(new NumberTickUnit(10));
        sizes.setLabel(title);
        return new XYPlot(contenders, sizes, null, renderer);
    }

    private static LogAxis logAxis(int base, DoubleFunction<String> label) {
        LogAxis axis = new LogAxis();
        axis.setBase(base);
        axis.setSmallestValue(1);
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setMinorTickMarksVisible(false);
        double[] powers = IntStream.range(0, MOST_TICKS).mapToDouble(power -> Math.pow(base, power)).toArray();
        axis.setNumberFormatOverride(
                new ChoiceFormat(powers, Arrays.stream(powers).mapToObj(label).toArray(String[]::new)));
        return axis;
    }

    private static String time(double nanos) {
        return Unit.NANOSECONDS.show(nanos).replace("us", "µs");
    }

    private static String powerOfTen(double nanos) {
        return time(nanos).replaceAll("\\.0+ ", " ");
    }

    private static JFreeChart chart(Plot plot, String title, String subtitle) {
        plot.setBackgroundPaint(Color.WHITE);
        JFreeChart chart = new JFreeChart(title, new Font(Font.SANS_SERIF, Font.BOLD, 16), plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.addSubtitle(new TextTitle(subtitle, SMALL));
        return chart;
    }

    private static void write(Report report, JFreeChart chart, Path file) throws Exception {
        Map<String, String> facts = report.facts();
        String date = facts.get("date").split("T")[0];
        TextTitle on = new TextTitle(facts.get("machine") + "; " + facts.get("system") + "; " + date, SMALL);
        on.setPosition(RectangleEdge.BOTTOM);
        chart.addSubtitle(on);
        SVGGraphics2D graphics = new SVGGraphics2D(DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .getDOMImplementation()
                .createDocument("http://www.w3.org/2000/svg", "svg", null));
        graphics.setSVGCanvasSize(SIZE);
        chart.draw(graphics, new Rectangle(SIZE));
        try (Writer writer = Files.newBufferedWriter(file)) {
            graphics.stream(writer, true);
        }
    }
}
