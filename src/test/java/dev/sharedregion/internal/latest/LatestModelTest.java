package dev.sharedregion.internal.latest;

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

/** Every interleaving of a table's protocol, as the model checker spin sees it; and that it would see a mistake. */
@EnabledOnOs(OS.LINUX)
class LatestModelTest {
    private static final List<String> SCENARIOS = Sizes.first(1, List.of(
            "READS=2 KILLS=1",
            "SLOTS=3 WRITES=4 READS=1 KILLS=2",
            "VALUES=2 WRITES=2 READS=2 KILLS=1",
            "AWAITS=1 KILLS=1",
            "AWAITS=2",
            "VALUES=2 WRITES=2 AWAITS=1",
            "READERS=2 AWAITS=1 WRITES=1 READER_KILLS=1",
            "READERS=2 AWAITS=1 WRITES=1 MAY_GIVE_UP",
            "VALUES=2 READS=2 KILLS=1",
            "AWAITS=2 KILLS=1",
            "AWAITS=1 KILLS=2",
            "VALUES=2 AWAITS=1 KILLS=1",
            "VALUES=2 WRITES=2 AWAITS=2 KILLS=1",
            "READERS=2 AWAITS=1 WRITES=2 READER_KILLS=1",
            "READERS=2 AWAITS=1 WRITES=1 KILLS=1 READER_KILLS=1",
            "READERS=2 AWAITS=1 WRITES=2 MAY_GIVE_UP",
            "READERS=2 PLACES=2 AWAITS=1 WRITES=1 KILLS=1",
            "READERS=2 PLACES=2 VALUES=2 AWAITS=1 WRITES=1"));

    private static final List<String> MISTAKES = Sizes.first(1, List.of(
            "NO_ODD READS=1",
            "PUBLISHED_SLOT READS=1",
            "PUBLISHED_SLOT KILLS=1",
            "NO_REPAIR KILLS=1",
            "NO_WAKE_ALL AWAITS=1 WRITES=1 KILLS=1",
            "NEWEST_FIRST AWAITS=1",
            "BITS_FIRST AWAITS=1 WRITES=1",
            "NO_CHECK READS=1",
            "EVEN_ONLY READS=1",
            "NO_LOOK AWAITS=1",
            "BIT_LAST AWAITS=1",
            "WANTED_LAST VALUES=2 WRITES=2 AWAITS=2",
            "PLAIN_AND READERS=2 PLACES=2 VALUES=2 WRITES=2 AWAITS=1"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("SCENARIOS")
    void readsAreWholeAndNoReaderIsForgotten(String scenario) throws Exception {
        ModelChecker.assertHolds(check(scenario));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MISTAKES")
    void aModelWithAMistakeFails(String mistake) throws Exception {
        ModelChecker.assertFails(check(mistake));
    }

    private String check(String scenario) throws Exception {
        return new ModelChecker(folder).check("latest.pml", List.of(scenario.split(" ")));
    }
}
