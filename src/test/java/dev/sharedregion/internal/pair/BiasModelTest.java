package dev.sharedregion.internal.pair;

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

/** Every interleaving of the threads of one side, as the model checker spin sees it, and that it sees a mistake. */
@EnabledOnOs(OS.LINUX)
class BiasModelTest {
    private static final List<String> MISTAKES = Sizes.first(1, List.of(
            "NO_FENCE",
            "NO_WAIT",
            "NO_STATE",
            "NULL_BEFORE_FENCE",
            "STALE_BIAS",
            "CLOSE_WITHOUT_REVOKING"));

    @TempDir
    Path folder;

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void oneThreadAtATimeHandsTheTurnOverAndNoneAfterClose() throws Exception {
        ModelChecker.assertHolds(check());
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MISTAKES")
    void aModelWithAMistakeFails(String mistake) throws Exception {
        ModelChecker.assertFails(check(mistake));
    }

    private String check(String... definitions) throws Exception {
        return new ModelChecker(folder).check("bias.pml", List.of(definitions));
    }
}
