package dev.sharedregion.internal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of steps in {@code src/docs/messages.md}. */
class MessageStepsTest {
    @Test
    void stepsAreWhereThePageSays() throws Exception {
        String header = Files.readString(Path.of("src", "main", "c", "sharedregion_messages.h"));
        List<MatchResult> steps = Pattern.compile("(?m)^\\| [a-z' ]+ \\| (`\\w+\\..*) \\| (`sr_.*) \\|$")
                .matcher(Files.readString(Path.of("src", "docs", "messages.md")))
                .results()
                .toList();
        assertEquals(9, steps.size());
        for (MatchResult step : steps) {
            for (String method : step.group(1).replaceAll("[`()]", "").split(", ")) {
                assertIsThere(method.split("\\."));
            }
            for (String function : step.group(2).replaceAll("[`()]", "").split(", ")) {
                assertTrue(header.contains(" " + function + "("), function);
            }
        }
    }

    private static void assertIsThere(String[] classAndMethod) throws ClassNotFoundException {
        Class<?> type = Class.forName(Lane.class.getPackageName() + "." + classAndMethod[0]);
        assertTrue(
                Stream.of(type.getDeclaredMethods()).map(Method::getName).anyMatch(classAndMethod[1]::equals),
                () -> String.join(".", classAndMethod));
    }
}
