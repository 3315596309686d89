package dev.sharedregion.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.internal.linux.Errno;
import dev.sharedregion.internal.windows.Win32Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The codes in {@code src/docs/errors.md} are those of the table; {@code -Dsharedregion.docs=write} writes them there.
 */
class ReasonsPageTest {
    private static final Path PAGE = Path.of("src", "docs", "errors.md");

    @Test
    void pageListsEveryReasonAndEveryCode() throws IOException {
        List<String> is = new ArrayList<>();
        List<String> shouldBe = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE)) {
            is.add(line);
            if (line.startsWith("| `")) {
                String[] cells = line.split(" ?\\| ?", -1);
                Reason reason = Reason.valueOf(cells[1].replace("`", ""));
                reasons.add(reason.name());
                shouldBe.add(row(
                        "`" + reason + "`", codes(reason, Win32Errors.TABLE), codes(reason, Errno.TABLE), cells[4]));
            } else {
                shouldBe.add(line);
            }
        }
        if ("write".equals(System.getProperty("sharedregion.docs"))) {
            Files.writeString(PAGE, String.join("\n", shouldBe) + "\n");
        } else {
            assertEquals(shouldBe, is);
        }
        assertEquals(names(Reason.values()), reasons);
        assertEquals(names(Reason.values()), names(Failure.Reason.values()));
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }

    private static String row(String... cells) {
        return Arrays.stream(cells)
                .map(cell -> cell.isEmpty() ? "" : cell + " ")
                .collect(Collectors.joining("| ", "| ", "|"));
    }

    private static String codes(Reason reason, ErrorTable table) {
        return table.entries().stream()
                .filter(entry -> entry.reason().name().equals(reason.name()))
                .map(entry -> "`" + entry.name() + "` (" + entry.code() + ")")
                .collect(Collectors.joining(", "));
    }
}
