package dev.sharedregion.internal.linux;

import dev.sharedregion.helpers.ModelChecker;
import dev.sharedregion.helpers.Sizes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every interleaving of the event's protocol, as the model checker spin sees it; and that it would see a mistake. */
@EnabledOnOs(OS.LINUX)
class EventModelTest {
    private static final List<String> MISTAKES = Sizes.first(1, List.of("SLEEP_ON_SIGNAL", "RELEASE_FOR_ALL"));

    @TempDir
    Path folder;

    /** Without -Pexhaustive no process resets the event, which leaves a third of the states. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void modelNeitherLosesNorDoublesARelease() throws Exception {
        String result = Sizes.EXHAUSTIVE ? check() : check("NO_RESET");
        ModelChecker.assertHolds(result);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MISTAKES")
    void modelWithAMistakeFails(String mistake) throws Exception {
        String result = check(mistake);
        ModelChecker.assertFails(result);
    }

    private String check(String... definitions) throws Exception {
        return new ModelChecker(folder).check("event.pml", List.of(definitions));
    }
}
