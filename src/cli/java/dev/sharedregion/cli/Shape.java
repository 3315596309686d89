package dev.sharedregion.cli;

import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import telemetry.Layout;
import telemetry.Readings;
import telemetry.Row;

/** What the user knows of a region's content: the program whose layout it has, or the types of some values. */
final class Shape {
    @Option(names = "--layout", paramLabel = "LAYOUT", converter = LayoutConverter.class,
            completionCandidates = LayoutNames.class,
            description = "Show the values of a known program: ${COMPLETION-CANDIDATES}.")
    Layout layout;

    @Option(names = "--type", paramLabel = "TYPE", split = ",", converter = Field.Converter.class,
            description = {
                "Show values: i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, utf8[BYTES], utf16[CHARS].",
                "u8[4] are four values. i32@0x10 is at an offset, and others follow the one before."
            })
    List<Field> types = List.of();

    boolean isGiven() {
        return layout != null || !types.isEmpty();
    }

    /** Returns the readings of a region. It need not be there yet. */
    Readings open(String name, long offset, ByteOrder order) {
        if (layout != null) {
            return name == null ? layout.open(layout.staleAfter()) : layout.open(name, layout.staleAfter());
        }
        List<Field> fields = Field.placed(types, offset);
        int size = fields.stream().mapToInt(Field::end).max().orElseThrow();
        return Readings.of(name, size, bytes -> {
            bytes.order(order);
            return fields.stream().map(field -> field.row(bytes)).toList();
        });
    }

    /** Returns the values without control characters in their texts: a program may have written any. */
    static List<Row> visible(List<Row> rows) {
        return rows.stream()
                .map(row -> new Row(Text.visible(row.label()), Text.visible(row.text()), row.value()))
                .toList();
    }

    /** Returns what messages call a region of this shape. */
    String title(String name) {
        return name != null ? "\"" + name + "\"" : layout.program();
    }

    /** Fails if it is not clear which region is meant. */
    void checkName(String name) {
        if (name == null && layout == null) {
            throw new IllegalArgumentException("Give the name of a region, or a layout.");
        }
    }

    /** Finds a layout by its name. */
    static final class LayoutConverter implements ITypeConverter<Layout> {
        @Override
        public Layout convert(String name) {
            Layout layout = Layout.named(name);
            if (layout == null) {
                throw new TypeConversionException("\"" + name + "\" is no layout. The layouts: " + Layout.names());
            }
            return layout;
        }
    }

    /** The names of the layouts. */
    static final class LayoutNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Layout.ALL.stream().map(Layout::name).iterator();
        }
    }
}
