package dev.sharedregion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every interleaving of the event pair's handshake, as the model checker spin sees it; and that it would see a mistake. */
@EnabledOnOs(OS.LINUX)
class HandshakeModelTest {
    @TempDir
    Path folder;

    /** Each side's lives, one after the other, and what may happen to them. */
    @ParameterizedTest
    @CsvSource({
        "REGISTERED NOBODY, REGISTERED NOBODY, TURNS=2 PATIENCE=1",
        "REGISTERED NOBODY, REGISTERED NOBODY, TURNS=2 PATIENCE=1 STOPS",
        "REGISTERED REGISTERED, REGISTERED REGISTERED, TURNS=1 KILLS=1 PATIENCE=1 STOPS",
        "REGISTERED REGISTERED, REGISTERED REGISTERED, TURNS=2 KILLS=1",
        "REGISTERED REGISTERED, REGISTERED REGISTERED, TURNS=1 KILLS=1 PATIENCE=1",
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
        "REGISTERED REGISTERED, PLAIN REGISTERED, TURNS=1 KILLS=1"
    })
    void everyTurnIsHadByOneSideAndOnce(String server, String client, String events) throws Exception {
        String result = check(server, client, events);
        ModelChecker.assertHolds(result);
    }

    @ParameterizedTest
    @CsvSource({
        "REGISTERED NOBODY, REGISTERED NOBODY, NO_RECHECK",
        "REGISTERED NOBODY, REGISTERED NOBODY, NO_UNPARK_DRAIN",
        "REGISTERED REGISTERED, REGISTERED REGISTERED, NO_MENDING TURNS=1 KILLS=1",
        "REGISTERED REGISTERED, REGISTERED REGISTERED, NO_COUNT_ON_REGISTER TURNS=1 KILLS=1",
        "REGISTERED REGISTERED, REGISTERED REGISTERED, NO_FINISHED_WAKING TURNS=1 KILLS=2",
        "REGISTERED NOBODY, REGISTERED NOBODY, NO_LOOK_AT_THE_TURN TURNS=1 MAY_CLOSE",
        "REGISTERED PLAIN, REGISTERED NOBODY, KEEP_WAKE_UP TURNS=1 MAY_CLOSE",
        "REGISTERED REGISTERED, PLAIN REGISTERED, WAKE_WITH_TOKEN TURNS=1 MAY_CLOSE"
    })
    void aModelWithAMistakeFails(String server, String client, String events) throws Exception {
        String result = check(server, client, events);
        ModelChecker.assertFails(result);
    }

    private String check(String server, String client, String events) throws Exception {
        List<String> definitions = new ArrayList<>();
        definitions.add("SERVER_LIVES=" + server.replace(' ', ','));
        definitions.add("CLIENT_LIVES=" + client.replace(' ', ','));
        definitions.addAll(List.of(events.split(" ")));
        return new ModelChecker(folder).check("handshake.pml", definitions);
    }
}
