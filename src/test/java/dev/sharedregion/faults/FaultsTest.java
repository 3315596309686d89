package dev.sharedregion.faults;

import static org.junit.jupiter.api.Assertions.fail;

import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Each system call of each operation is made to fail in turn, by {@code src/test/c/faults.h}: the error is the first
 * one, and nothing is left behind. In processes of their own. Without -Pexhaustive every fourth call fails with one
 * of its codes, and every sixteenth also with a second failure.
 */
class FaultsTest {
    @TempDir(cleanup = CleanupMode.NEVER)
    static Path folder;

    /** How many processes play at the same time: each of them waits half of its time. */
    private static final int PROCESSES = 2;

    private static final List<Peer> ALL = new ArrayList<>();

    /** Those that play nothing now. */
    private static final BlockingQueue<Peer> IDLE = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < PROCESSES; i++) {
            ALL.add(Peer.java(
                    List.of("-XX:+UseSerialGC", "-Xmx64m", "-Dsharedregion.exhaustive=" + Sizes.EXHAUSTIVE),
                    FaultsProgram.class.getName(),
                    Tools.cLibrary("libfaults").toString(),
                    TestNames.unique(),
                    Files.createDirectory(folder.resolve("process-" + i)).toString()));
        }
        IDLE.addAll(ALL);
    }

    @AfterAll
    static void end() {
        ALL.forEach(Peer::close);
    }

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> everyFailureLeavesNothingBehind() {
        return FaultScenarios.all().keySet().stream().map(each -> DynamicTest.dynamicTest(each, () -> play(each)));
    }

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> messageDescribesAFailure() {
        return FaultScenarios.told().keySet().stream().map(each -> DynamicTest.dynamicTest(each, () -> play(each)));
    }

    private static void play(String scenario) throws InterruptedException {
        Peer faulty = IDLE.take();
        try {
            play(faulty, scenario);
        } finally {
            IDLE.add(faulty);
        }
    }

    private static void play(Peer faulty, String scenario) {
        faulty.send(scenario);
        List<String> wrong = new ArrayList<>();
        String last = "";
        while (true) {
            String line = faulty.nextLine();
            if (line == null) {
                fail("the process has ended, " + last + ": " + faulty.exitStatus() + ", " + faulty.errors());
            } else if (line.startsWith("done")) {
                break;
            } else if (line.startsWith("wrong")) {
                wrong.add(line);
            } else {
                last = line;
            }
        }
        if (!wrong.isEmpty()) {
            fail(String.join("\n", wrong));
        }
    }
}
