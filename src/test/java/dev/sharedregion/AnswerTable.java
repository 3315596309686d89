package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of wrong calls and their answers in {@code src/docs/bad-input.md}. {@code -Dsharedregion.docs=write} has a
 * run write this system's answers into it; any other run fails if they are not what the page says. Windows itself and
 * other versions of Wine are left out, as the page has what was seen under Wine 8.
 */
final class AnswerTable {
    private static final Path PAGE = Path.of("src", "docs", "bad-input.md");
    private static final boolean WRITING = "write".equals(System.getProperty("sharedregion.docs"));
    private static final int COLUMN = Platform.isWindows() ? 1 : 0;
    private static final String THE_SAME = "the same";
    private static final String HEAD = "| call | answer on Linux | answer on Windows |";

    /** The answers on both systems, by call. */
    private static final Map<String, String[]> ANSWERS = read();

    /** The calls of this run, in order. */
    private static final List<String> CALLS = new ArrayList<>();

    private AnswerTable() {}

    /** Notes an answer, and fails if the page has another. */
    static void check(String call, String answer) {
        CALLS.add(call);
        String[] answers = ANSWERS.computeIfAbsent(call, c -> new String[] {"", ""});
        if (WRITING) {
            answers[COLUMN] = cell(answer);
        } else if (hasThePagesAnswers()) {
            assertEquals(answers[COLUMN], cell(answer), () -> PAGE + " is out of date: run the tests with "
                    + "-Dsharedregion.docs=write on Linux, and then with -Pwine");
        }
    }

    /** Writes the page, if that was asked for. */
    static void save() throws IOException {
        if (!WRITING) {
            return;
        }
        StringBuilder page = new StringBuilder(Files.readString(PAGE));
        page.setLength(page.indexOf(HEAD) + HEAD.length());
        page.append("\n| --- | --- | --- |\n");
        for (String call : CALLS) {
            String[] answers = ANSWERS.get(call);
            String windows = answers[1].equals(answers[0]) ? THE_SAME : answers[1];
            page.append("| ")
                    .append(call)
                    .append(" | ")
                    .append(answers[0])
                    .append(" | ")
                    .append(windows)
                    .append(" |\n");
        }
        Files.writeString(PAGE, page);
    }

    private static Map<String, String[]> read() {
        Map<String, String[]> answers = new LinkedHashMap<>();
        try {
            Files.readAllLines(PAGE).stream().dropWhile(line -> !line.equals(HEAD)).skip(2).forEach(line -> {
                String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
                answers.put(cells[0], new String[] {cells[1], cells[2].equals(THE_SAME) ? cells[1] : cells[2]});
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }

    private static String cell(String answer) {
        // Half a surrogate pair becomes a question mark.
        String encodable = new String(answer.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return encodable.replace("|", "\\|").replace("\n", " ").replace("\0", "\\0");
    }

    /** Another Wine, and Windows itself, have other codes for a few calls. */
    private static boolean hasThePagesAnswers() {
        if (!Platform.isWindows()) {
            return true;
        }
        try {
            Function version = NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return version.invokeString(new Object[0], false).startsWith("8.");
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}
