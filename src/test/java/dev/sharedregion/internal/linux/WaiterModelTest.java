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

/** Every interleaving of a wait in steps with its waiter thread, as the model checker spin sees it. */
@EnabledOnOs(OS.LINUX)
class WaiterModelTest {
    private static final List<String> MISTAKES =
            Sizes.first(1, List.of("NOT_SYNCHRONOUS", "NOT_COMPARED", "RELEASES_IGNORED", "NOT_GIVEN_BACK"));

    @TempDir
    Path folder;

    /** Without -Pexhaustive there is one set. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void noInterleavingLosesASignalOrAWait() throws Exception {
        String result = Sizes.EXHAUSTIVE ? check() : check("ONE_SET");
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
        return new ModelChecker(folder).check("waiter.pml", List.of(definitions));
    }
}
