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

/** Every interleaving of a lane's protocol, as the model checker spin sees it; and that it would see a mistake. */
@EnabledOnOs(OS.LINUX)
class MessageModelTest {
    private static final List<String> SCENARIOS = Sizes.first(1, List.of(
            "RECORDS=5",
            "RECORDS=2 PARTS KILLS=2 MAY_GIVE_UP",
            "RECORDS=3 PARTS MAY_GIVE_UP",
            "RECORDS=3 PARTS RECEIVER_KILLS=1",
            "RECORDS=3 RECEIVER_KILLS=2",
            "RECORDS=3 KILLS=1 RECEIVER_KILLS=1",
            "RECORDS=3 TIMED KILLS=1",
            "RECORDS=3 DELAYED KILLS=1",
            "RECORDS=3 DELAYED RECEIVER_KILLS=1",
            "CAPACITY=5 DELAYED",
            "KILLS=2",
            "KILLS=1 RECEIVER_KILLS=1",
            "RECORDS=3 PARTS KILLS=1 MAY_GIVE_UP",
            "RECORDS=3 PARTS KILLS=1 RECEIVER_KILLS=1",
            "RECORDS=3 PARTS RECEIVER_KILLS=2",
            "RECORDS=3 DELAYED TIMED KILLS=1 RECEIVER_KILLS=1",
            "PARTS DELAYED",
            "CAPACITY=5 KILLS=1",
            "CAPACITY=6 RECORDS=6"));

    private static final List<String> MISTAKES = Sizes.first(1, List.of(
            "ROOM_OFF_BY_ONE",
            "NO_PADDING_ROOM",
            "PUBLISH_FIRST",
            "LAST_SAYS_2 PARTS RECORDS=3",
            "COUNT_FIRST KILLS=2 RECORDS=1",
            "CLEAR_FIRST KILLS=2 RECORDS=1",
            "COUNT_FINISHED KILLS=1 RECORDS=2",
            "AT_HEAD KILLS=1 RECORDS=2",
            "ROOM_LOOK_FIRST",
            "RELEASE_FIRST",
            "NO_QUARTER",
            "AT_TAIL RECEIVER_KILLS=1 RECORDS=2",
            "NO_FIRST_NEEDED RECEIVER_KILLS=1 PARTS RECORDS=2",
            "KEEP_PARTS MAY_GIVE_UP PARTS RECORDS=3",
            "LOOK_FIRST",
            "SHORT_LOOK DELAYED",
            "SHORT_ROOM_LOOK DELAYED"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("SCENARIOS")
    void messagesAreWholeAndInOrderAndNobodyIsForgotten(String scenario) throws Exception {
        ModelChecker.assertHolds(check(scenario));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MISTAKES")
    void aModelWithAMistakeFails(String mistake) throws Exception {
        ModelChecker.assertFails(check(mistake));
    }

    private String check(String scenario) throws Exception {
        return new ModelChecker(folder).check("message.pml", List.of(scenario.split(" ")));
    }
}
