package dev.sharedregion.internal.pair;

import dev.sharedregion.helpers.ModelChecker;
import dev.sharedregion.helpers.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Every interleaving of the event pair's handshake, as the model checker spin sees it; and that it would see a mistake.
 * A checker has one thread, and takes up to a minute: there is one for each processor.
 */
@EnabledOnOs(OS.LINUX)
class HandshakeModelTest {
    /** Each side's lives, server and client, one after the other; and what may happen to them. */
    private static final List<String> SCENARIOS = Sizes.first(2, List.of(
            "REGISTERED NOBODY, REGISTERED NOBODY, TURNS=2 PATIENCE=1",
            "REGISTERED NOBODY, REGISTERED NOBODY, TURNS=2 PATIENCE=1 STOPS",
            "REGISTERED NOBODY, REGISTERED NOBODY, TURNS=1 KILLS=1 MAY_CLOSE STOPS",
            "REGISTERED REGISTERED, REGISTERED REGISTERED, TURNS=1 KILLS=1 PATIENCE=1 STOPS",
            "REGISTERED REGISTERED, REGISTERED REGISTERED, TURNS=2 KILLS=1",
            "REGISTERED REGISTERED, REGISTERED REGISTERED, TURNS=1 KILLS=2",
            "REGISTERED REGISTERED, REGISTERED REGISTERED, TURNS=1 MAY_CLOSE",
            "PLAIN NOBODY, REGISTERED NOBODY, TURNS=1 MAY_CLOSE",
            "PLAIN NOBODY, REGISTERED NOBODY, TURNS=1 KILLS=1",
            "REGISTERED NOBODY, PLAIN NOBODY, TURNS=1 MAY_CLOSE",
            "REGISTERED NOBODY, PLAIN NOBODY, TURNS=1 KILLS=1",
            "REGISTERED NOBODY, PLAIN REGISTERED, TURNS=1 MAY_CLOSE",
            "REGISTERED NOBODY, PLAIN REGISTERED, TURNS=1 KILLS=1",
            "PLAIN REGISTERED, REGISTERED NOBODY, TURNS=1 MAY_CLOSE",
            "PLAIN REGISTERED, REGISTERED NOBODY, TURNS=1 KILLS=1",
            "REGISTERED PLAIN, REGISTERED NOBODY, TURNS=1 MAY_CLOSE",
            "REGISTERED PLAIN, REGISTERED NOBODY, TURNS=1 KILLS=1",
            "REGISTERED NOBODY, REGISTERED PLAIN, TURNS=1 MAY_CLOSE",
            "REGISTERED NOBODY, REGISTERED PLAIN, TURNS=1 KILLS=1",
            "REGISTERED REGISTERED, PLAIN REGISTERED, TURNS=1 MAY_CLOSE",
            "REGISTERED REGISTERED, PLAIN REGISTERED, TURNS=1 KILLS=1"));

    private static final List<String> MISTAKES = Sizes.first(1, List.of(
            "REGISTERED NOBODY, REGISTERED NOBODY, NO_UNPARK_DRAIN",
            "REGISTERED NOBODY, REGISTERED NOBODY, NO_RECHECK",
            "REGISTERED NOBODY, REGISTERED NOBODY, NO_LOOK_UNDER_WAKING TURNS=1 KILLS=1 MAY_CLOSE STOPS",
            "REGISTERED REGISTERED, REGISTERED REGISTERED, NO_MENDING TURNS=1 KILLS=1",
            "REGISTERED REGISTERED, REGISTERED REGISTERED, NO_COUNT_ON_REGISTER TURNS=1 KILLS=1",
            "REGISTERED REGISTERED, REGISTERED REGISTERED, NO_FINISHED_WAKING TURNS=1 KILLS=2",
            "REGISTERED NOBODY, REGISTERED NOBODY, NO_LOOK_AT_THE_TURN TURNS=1 MAY_CLOSE",
            "REGISTERED PLAIN, REGISTERED NOBODY, KEEP_WAKE_UP TURNS=1 MAY_CLOSE",
            "REGISTERED REGISTERED, PLAIN REGISTERED, WAKE_WITH_TOKEN TURNS=1 MAY_CLOSE"));

    private static final ExecutorService CHECKERS =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    private static final Map<String, Future<String>> RESULTS = new HashMap<>();

    @BeforeAll
    static void start(@TempDir Path folder) {
        ModelChecker.findTools();
        for (List<String> some : List.of(SCENARIOS, MISTAKES)) {
            some.forEach(each -> RESULTS.put(each, CHECKERS.submit(() -> check(folder, each))));
        }
    }

    @AfterAll
    static void end() {
        CHECKERS.shutdownNow();
    }

    @ParameterizedTest
    @FieldSource("SCENARIOS")
    void modelDeliversEachTurnToOneSideOnce(String scenario) throws Exception {
        ModelChecker.assertHolds(RESULTS.get(scenario).get());
    }

    @ParameterizedTest
    @FieldSource("MISTAKES")
    void modelWithAMistakeFails(String scenario) throws Exception {
        ModelChecker.assertFails(RESULTS.get(scenario).get());
    }

    private static String check(Path folder, String scenario) throws IOException, InterruptedException {
        String[] parts = scenario.split(", ");
        List<String> definitions = new ArrayList<>();
        definitions.add("SERVER_LIVES=" + parts[0].replace(' ', ','));
        definitions.add("CLIENT_LIVES=" + parts[1].replace(' ', ','));
        definitions.addAll(List.of(parts[2].split(" ")));
        return new ModelChecker(Files.createTempDirectory(folder, "model")).check("handshake.pml", definitions);
    }
}
