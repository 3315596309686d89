package dev.sharedregion.internal.message;

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

/**
 * Every interleaving of the protocols of broadcast, as the model checker spin sees it; and that it would see a mistake.
 * The first word is the model.
 */
@EnabledOnOs(OS.LINUX)
class BroadcastModelTest {
    private static final List<String> SCENARIOS = Sizes.first(2, List.of(
            "broadcast.pml CAPACITY=1 RECORDS=2 KILLS=1",
            "lossy.pml RECORDS=3",
            "broadcast.pml",
            "broadcast.pml CAPACITY=3 RECORDS=5",
            "broadcast.pml CAPACITY=1 RECORDS=3 SUCCESSOR KILLS=1",
            "broadcast.pml RECORDS=3 SUCCESSOR KILLS=1",
            "lossy.pml RECORDS=5",
            "lossy.pml RECORDS=4 KILLS=1 MAY_GIVE_UP",
            "lossy.pml RECORDS=3 KILLS=2"));

    private static final List<String> MISTAKES = Sizes.first(1, List.of(
            "broadcast.pml NO_SECOND_HEAD",
            "lossy.pml CHECK_FIRST",
            "lossy.pml MARK_LATE",
            "broadcast.pml NO_SCAN_FENCE",
            "broadcast.pml EVICT_ALWAYS CAPACITY=1 RECORDS=3 KILLS=1 SUCCESSOR",
            "broadcast.pml EVICT_HELD_FIRST CAPACITY=1 RECORDS=3 KILLS=1 SUCCESSOR",
            "broadcast.pml JOINING_IS_CORRUPT",
            "broadcast.pml COUNT_JOINING",
            "broadcast.pml KEEP_WORD KILLS=1 SUCCESSOR",
            "broadcast.pml NO_JOIN_FENCE",
            "broadcast.pml RELEASE_FIRST",
            "broadcast.pml GIVE_UP_FIRST SUCCESSOR",
            "lossy.pml NO_TAIL_CHECK",
            "lossy.pml OLDER_UNCHECKED",
            "lossy.pml COUNT_UNCHECKED",
            "lossy.pml INTENT_LATE",
            "lossy.pml LOWER_INTENT KILLS=1",
            "lossy.pml PADDING_TOGETHER KILLS=1",
            "lossy.pml KEEP_SKIPPED KILLS=1",
            "lossy.pml COUNT_LATE"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("SCENARIOS")
    void eachReceiverGetsWhatItShallOrCountsIt(String scenario) throws Exception {
        ModelChecker.assertHolds(check(scenario));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MISTAKES")
    void aModelWithAMistakeFails(String mistake) throws Exception {
        ModelChecker.assertFails(check(mistake));
    }

    private String check(String scenario) throws Exception {
        List<String> words = List.of(scenario.split(" "));
        return new ModelChecker(folder).check(words.get(0), words.subList(1, words.size()));
    }
}
