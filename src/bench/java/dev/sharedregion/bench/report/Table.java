package dev.sharedregion.bench.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of a report.
 *
 * @param columns their names and units, in order
 * @param rows the cells of each row, by the column's name
 */
public record Table(String title, Map<String, Unit> columns, List<Map<String, Object>> rows) {
    private static final int MOST_WIDTH = 1000;

    /** Bars between the cells; the line below the header is a row, because it says how the columns are aligned. */
    private static final Character[] MARKDOWN = new Character[29];

    static {
        Arrays.fill(MARKDOWN, 4, 7, '|');
        Arrays.fill(MARKDOWN, 11, 14, '|');
    }

    Table(String title) {
        this(title, new LinkedHashMap<>(), new ArrayList<>());
    }

    /** Adds columns. */
    public Table columns(Unit unit, String... names) {
        for (String name : names) {
            columns.put(name, unit);
        }
        return this;
    }

    /** Adds a row: a cell for each column, null for none. */
    public void add(Object... cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (String name : columns.keySet()) {
            Object cell = cells[row.size()];
            row.put(name, cell);
        }
        rows.add(row);
    }

    /** The row whose first cells are these. */
    public Optional<Map<String, Object>> row(Object... cells) {
        return rows.stream()
                .filter(row -> List.copyOf(row.values()).subList(0, cells.length).equals(List.of(cells)))
                .findFirst();
    }

    /** A number of a row. */
    public static double number(Map<String, Object> row, String column) {
        return ((Number) row.get(column)).doubleValue();
    }

    String markdown() {
        Column[] header = columns.entrySet().stream()
                .map(column -> column(column.getKey(), column.getValue()))
                .toArray(Column[]::new);
        List<Object[]> data = new ArrayList<>();
        data.add(columns.values().stream().map(unit -> unit == Unit.TEXT ? "---" : "---:").toArray());
        for (Map<String, Object> row : rows) {
            data.add(columns.entrySet().stream()
                    .map(column -> column.getValue().show(row.get(column.getKey())))
                    .toArray());
        }
        String table = AsciiTable.builder()
                .border(MARKDOWN)
                .lineSeparator("\n")
                .data(header, data.toArray(Object[][]::new))
                .asString();
        return (title.isEmpty() ? "" : "**" + title + "**\n\n") + table + "\n";
    }

    private static Column column(String name, Unit unit) {
        HorizontalAlign align = unit == Unit.TEXT ? HorizontalAlign.LEFT : HorizontalAlign.RIGHT;
        return new Column().header(name).headerAlign(align).dataAlign(align).maxWidth(MOST_WIDTH);
    }
}
