package dev.sharedregion.leaks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.helpers.TestNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The build runs it by itself, after all other classes. */
class LeftoversTest {
    /** On Windows an object ends with its last handle. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void noTestHasLeftAnObject() throws IOException {
        try (Stream<Path> objects = Files.list(Path.of("/dev/shm"))) {
            List<String> left = objects.map(each -> each.getFileName().toString())
                    .filter(each -> each.startsWith(TestNames.RUN))
                    .sorted()
                    .toList();
            assertEquals(List.of(), left);
        }
    }
}
