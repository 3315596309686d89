package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SystemErrors.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The codes in {@code src/docs/errors.md} are those of the table; {@code -Dsharedregion.docs=write} writes them there. */
class ReasonsPageTest {
    private static final Path PAGE = Path.of("src", "docs", "errors.md");

    @Test
    void thePageHasEveryReasonAndEveryCode() throws IOException {
        List<String> is = new ArrayList<>();
        List<String> shouldBe = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE)) {
            is.add(line);
            if (line.startsWith("| `")) {
                String[] cells = line.split(" ?\\| ?", -1);
                Reason reason = Reason.valueOf(cells[1].replace("`", ""));
                reasons.add(reason.name());
                shouldBe.add(row("`" + reason + "`", codes(reason, Source.WIN32), codes(reason, Source.ERRNO), cells[4]));
            } else {
                shouldBe.add(line);
            }
        }
        if ("write".equals(System.getProperty("sharedregion.docs"))) {
            Files.writeString(PAGE, String.join("\n", shouldBe) + "\n");
        } else {
            assertEquals(shouldBe, is);
        }
        assertEquals(Arrays.stream(Reason.values()).map(Reason::name).toList(), reasons);
    }

    private static String row(String... cells) {
        return Arrays.stream(cells).map(cell -> cell.isEmpty() ? "" : cell + " ").collect(Collectors.joining("| ", "| ", "|"));
    }

    private static String codes(Reason reason, Source source) {
        return SystemErrors.TABLE.stream()
                .filter(entry -> entry.reason() == reason && entry.source() == source)
                .map(entry -> "`" + entry.name() + "` (" + entry.code() + ")")
                .collect(Collectors.joining(", "));
    }
}
