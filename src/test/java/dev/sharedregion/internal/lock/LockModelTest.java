package dev.sharedregion.internal.lock;

import dev.sharedregion.helpers.ModelChecker;
import dev.sharedregion.helpers.Sizes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every interleaving of the lock's protocol, as the model checker spin sees it; and that it would see a mistake. */
@EnabledOnOs(OS.LINUX)
class LockModelTest {
    private static final List<String> SCENARIOS = Sizes.first(1, List.of(
            "KILLS=0", "KILLS=1", "USERS=2 ROUNDS=2 KILLS=1 STOPS=1", "ROUNDS=2 MAY_GIVE_UP", "KILLS=1 POLLS",
            "KILLS=1 STOPS=1",
            "KILLS=2",
            "USERS=2 ROUNDS=3 KILLS=1",
            "ROUNDS=2 KILLS=1 POLLS",
            "PLACES=3 KILLS=1",
            "PLACES=3 MAY_GIVE_UP"));

    private static final List<String> MISTAKES = Sizes.first(1, List.of(
            "NO_WAITERS",
            "FORGET_WAITERS PLACES=3",
            "NO_LOOK KILLS=1",
            "NO_SETTLE KILLS=1",
            "ROB_THE_LIVING",
            "NO_GENERATION KILLS=1 ROUNDS=2 POLLS",
            "UNTOLD KILLS=1"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("SCENARIOS")
    void oneOwnerAndNoWaiterIsStranded(String scenario) throws Exception {
        ModelChecker.assertHolds(check(scenario));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MISTAKES")
    void aModelWithAMistakeFails(String mistake) throws Exception {
        ModelChecker.assertFails(check(mistake));
    }

    private String check(String scenario) throws Exception {
        return new ModelChecker(folder).check("lock.pml", List.of(scenario.split(" ")));
    }
}
