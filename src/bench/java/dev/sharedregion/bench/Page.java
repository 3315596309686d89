package dev.sharedregion.bench;

import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes the tables and the pictures of {@code src/docs/benchmarks.md} from {@code src/docs/benchmarks/*.json}. */
final class Page {
    private static final Pattern TABLES =
            Pattern.compile("(<!-- made from (\\S+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);
    private static final Pattern PICTURE_TEXT = Pattern.compile(">([^<]+)</text");

    private Page() {}

    /** With the argument {@code check} it changes nothing, and fails if a file does not agree with the JSON. */
    public static void main(String[] arguments) throws Exception {
        Path docs = Path.of(Facts.text("bench.root", "."), "src", "docs");
        Path json = docs.resolve("benchmarks");
        Path page = docs.resolve("benchmarks.md");
        String made = made(Files.readString(page), reports(json));
        if (List.of(arguments).contains("check")) {
            check(made.equals(Files.readString(page)), page);
            Path target = Files.createDirectories(docs.resolve("../../target/bench/page"));
            for (Path picture : Charts.draw(json, target, "")) {
                Path committed = docs.resolve(picture.getFileName());
                check(texts(picture).equals(texts(committed)), committed);
            }
        } else {
            Files.writeString(page, made);
            Charts.draw(json, docs, "");
        }
    }

    private static void check(boolean agrees, Path file) {
        if (!agrees) {
            throw new IllegalStateException(file + " does not agree with the JSON in src/docs/benchmarks;"
                    + " run mvn -B -q verify -Pbench -Dbench.main=Page");
        }
    }

    private static Map<String, Report> reports(Path folder) throws IOException {
        Map<String, Report> reports = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> reports.put(file.getFileName().toString().replace(".json", ""), Report.read(file)));
        }
        return reports;
    }

    private static String made(String page, Map<String, Report> reports) {
        return TABLES.matcher(page).replaceAll(part -> Matcher.quoteReplacement(part.group(1) + "\n"
                + (part.group(2).equals("all") ? Report.summary(reports) : tables(reports.get(part.group(2))))
                + "\n" + part.group(3)));
    }

    /** Of a report, which there may not be yet. */
    private static String tables(Report report) {
        return report == null ? "Not measured yet.\n" : report.markdown();
    }

    /** Places and sizes depend on the fonts of the machine. */
    private static List<String> texts(Path picture) throws IOException {
        return PICTURE_TEXT.matcher(Files.readString(picture)).results().map(text -> text.group(1)).toList();
    }
}
