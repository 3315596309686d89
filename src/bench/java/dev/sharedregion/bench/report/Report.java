package dev.sharedregion.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one program found: Markdown for people, and JSON, from which the documentation's tables and pictures are made.
 *
 * @param facts about the machine and the run
 * @param tables for people; the last one has the targets
 * @param notes explain the tables
 * @param forks what each fork found
 */
public record Report(Map<String, String> facts, List<Table> tables, List<String> notes, Map<String, Object> forks) {
    private static final String TARGETS = "Targets";
    private static final String OF = "of";
    private static final String COMPARED = "compared";
    private static final String FOUND = "found";
    private static final String TARGET = "target";
    private static final String VERDICT = "verdict";
    private static final String MISSED = "missed";

    /** Arrays with an element on each line. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .defaultPrettyPrinter(new DefaultPrettyPrinter()
                    .withObjectIndenter(new DefaultPrettyPrinter.FixedSpaceIndenter())
                    .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE))
            .build();

    /** Without tables and targets, which are to be added. */
    public Report(Map<String, String> facts, Measurements<?> measurements, String... notes) {
        this(facts, new ArrayList<>(), List.of(notes), measurements.json());
    }

    public static Report read(Path json) {
        return JSON.readValue(json, Report.class);
    }

    /** A new table, without columns. */
    public Table newTable(String title) {
        Table table = new Table(title);
        tables.add(table);
        return table;
    }

    /** Begins the targets' table: after all others. */
    public void beginTargets(Unit unit) {
        newTable(TARGETS)
                .columns(Unit.TEXT, OF, COMPARED)
                .columns(unit, FOUND, "least fork", "largest fork")
                .columns(Unit.TEXT, TARGET, VERDICT);
    }

    /**
     * Adds a target.
     *
     * @param of what was measured
     * @param compared what is compared, and with what
     */
    public void target(String of, String compared, Found found, Goal goal) {
        Spread forks = found.forks().isEmpty() ? null : Spread.of(found.forks());
        table(TARGETS).add(
                of, compared, found.value(), forks == null ? null : forks.least(), forks == null ? null : forks.most(),
                goal.toString(), goal.isMetBy(found.value()) ? "met" : MISSED);
    }

    /** The table of that title. */
    public Table table(String title) {
        return tables.stream().filter(table -> table.title().equals(title)).findFirst().orElseThrow();
    }

    public List<Table> tables() {
        return List.copyOf(tables);
    }

    /** Prints it, and writes it as JSON. */
    public void publish(Path json) throws IOException {
        System.out.print("\n" + markdown());
        Files.createDirectories(json.getParent());
        JSON.writerWithDefaultPrettyPrinter().writeValue(json, this);
        System.out.println("\n" + json);
    }

    public String markdown() {
        Table about = new Table("").columns(Unit.TEXT, "measured on", "");
        facts.forEach(about::add);
        List<String> parts = new ArrayList<>(List.of(about.markdown()));
        tables.forEach(table -> parts.add(table.markdown()));
        notes.forEach(note -> parts.add(note + "\n"));
        return String.join("\n", parts);
    }

    /** A table of the targets of all reports: a row for the comparisons of one kind. */
    public static String summary(Map<String, Report> reports) {
        Table summary = new Table("").columns(Unit.TEXT, "report", COMPARED, TARGET, FOUND, "met", MISSED);
        reports.forEach((name, report) -> report.tables.stream()
                .filter(table -> table.title().equals(TARGETS))
                .forEach(table -> summarize(name, table, summary)));
        return summary.markdown();
    }

    private static void summarize(String name, Table targets, Table summary) {
        Unit unit = targets.columns().get(FOUND);
        Map<List<Object>, List<Map<String, Object>>> kinds = new LinkedHashMap<>();
        targets.rows().forEach(row -> kinds.computeIfAbsent(
                        List.of(row.get(COMPARED), row.get(TARGET)), kind -> new ArrayList<>())
                .add(row));
        kinds.forEach((kind, rows) -> {
            List<String> missed = rows.stream()
                    .filter(row -> row.get(VERDICT).equals(MISSED))
                    .map(row -> row.get(OF) + ": " + unit.show(row.get(FOUND)))
                    .toList();
            Spread found = Spread.of(rows.stream().map(row -> Table.number(row, FOUND)).toList());
            summary.add(
                    name, kind.get(0), kind.get(1),
                    unit.show(found.least()) + (rows.size() == 1 ? "" : " to " + unit.show(found.most())),
                    rows.size() - missed.size() + " of " + rows.size(), String.join("; ", missed));
        });
    }
}
