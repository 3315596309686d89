package dev.sharedregion.cli;

import java.io.PrintStream;
import java.util.function.Supplier;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Where a verb prints its results: as text for people, or as JSON for programs. */
final class Output {
    private final PrintStream out;
    private final boolean json;

    Output(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    boolean isJson() {
        return json;
    }

    /** Prints a result, or all results: as indented JSON, or as a text. */
    void print(Object value, Supplier<?> text) {
        out.print(json ? Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n" : text.get());
    }

    /** Prints one of several results, as it comes: as a line of JSON, or as a text. */
    void next(Object value, Supplier<?> text) {
        out.print(json ? Json.MAPPER.writeValueAsString(value) + "\n" : text.get());
        out.flush();
    }

    /** Loaded only if JSON was asked for, because that takes longer than to list ten thousand objects. */
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.builder()
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .build();
    }
}
