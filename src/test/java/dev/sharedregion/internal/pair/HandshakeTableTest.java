package dev.sharedregion.internal.pair;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.pair.HandshakeTable.Line;
import dev.sharedregion.internal.pair.HandshakeTable.Row;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs the rows of {@code handshake-table.txt}: what each side of a pair finds after each step of the other side.
 * Server and client are programs in Java ({@link SteppedPeer}) or in C ({@code stepped.c}), which take the same
 * commands.
 *
 * <p>A new JVM takes long to start, so a row that kills a process is not run with both sides in Java. Without
 * -Pexhaustive each row is run with one of the four pairings, in turn, and one that kills a process with both sides in
 * C.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeTableTest {
    /** How long an answer may take: all that a side waits for by itself lasts a few seconds at most. */
    private static final long PATIENCE_SECONDS = Long.getLong("sharedregion.patience", 30);

    /** How many processes in Java are started before they are needed. */
    private static final int SPARES = 2;

    private enum Language {
        JAVA,
        C
    }

    /** Processes that have done their part in a row, and wait for the next one. */
    private final Map<Language, Deque<Peer>> idle = new HashMap<>();

    /** Guarded by itself. */
    private final Deque<Peer> spares = new ArrayDeque<>();

    private Path program;

    @BeforeAll
    void build() throws IOException, InterruptedException {
        program = Tools.cPeer("stepped");
        for (Language language : Language.values()) {
            idle.put(language, new ConcurrentLinkedDeque<>());
        }
    }

    @AfterAll
    void end() {
        idle.values().forEach(peers -> peers.forEach(Peer::close));
        spares.forEach(Peer::close);
    }

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicNode> rowsOfTheTableHold() throws IOException {
        List<Row> rows = HandshakeTable.rows();
        return Stream.of(Language.values())
                .flatMap(server -> Stream.of(Language.values()).map(client -> DynamicContainer.dynamicContainer(
                        "server in " + server + ", client in " + client,
                        IntStream.range(0, rows.size())
                                .filter(i -> isOfThisRun(i, rows.get(i), server, client))
                                .mapToObj(rows::get)
                                .map(row -> DynamicTest.dynamicTest(
                                        row.name(), () -> new Run(server, client).run(row))))));
    }

    private static boolean isOfThisRun(int index, Row row, Language server, Language client) {
        boolean inJava = server == Language.JAVA && client == Language.JAVA;
        return Sizes.EXHAUSTIVE
                ? !inJava || !kills(row, true) && !kills(row, false)
                : isTurnOf(index, row, server, client);
    }

    /** Whether this is the pairing that a row is run with where each is run once. */
    private static boolean isTurnOf(int index, Row row, Language server, Language client) {
        Language[] languages = Language.values();
        Language rowsServer = languages[index / 2 % 2];
        Language rowsClient = languages[index % 2];
        if (kills(row, true) && rowsServer == Language.JAVA || kills(row, false) && rowsClient == Language.JAVA) {
            rowsServer = Language.C;
            rowsClient = Language.C;
        }
        return server == rowsServer && client == rowsClient;
    }

    private static boolean kills(Row row, boolean server) {
        return row.lines().stream().anyMatch(line -> "kill".equals(line.command()) && line.isServers() == server);
    }

    /** In the page, and in the two programs that stop there. */
    @Test
    void changesHaveTheSameNamesEverywhere() throws IOException {
        Set<String> names = words(Path.of("src", "docs", "handshake.md"), "\\| `([a-z]+)` \\|.*");
        Path inJava = Path.of("src/test/java/dev/sharedregion/internal/pair/SteppedBlock.java");
        assertEquals(names, words(inJava, ".*?\"([a-z]+)\".*?"));
        Set<String> inC = words(Path.of("src", "test", "c", "steps.h"), ".*?\"([a-z]+)\".*?");
        inC.removeAll(Set.of("before", "after", "go"));
        assertEquals(names, inC);
    }

    /** In the page's list of steps, in Java and in the header. */
    @Test
    void stepsHaveTheSameNamesEverywhere() throws IOException {
        String header = Files.readString(Path.of("src", "main", "c", "sharedregion_handshake.h"));
        List<MatchResult> steps = Pattern.compile("\\| `(\\w+)\\(\\)` \\| `sr_(\\w+)_\\(\\)` \\|")
                .matcher(Files.readString(Path.of("src", "docs", "handshake.md")))
                .results()
                .toList();
        Set<String> methods = Stream.of("TurnTaking", "Parking", "Succession", "HandOver")
                .flatMap(name -> Stream.of(pairClass(name).getDeclaredMethods()))
                .map(Method::getName)
                .collect(Collectors.toSet());
        assertEquals(19, steps.size());
        for (MatchResult step : steps) {
            String inC = step.group(2);
            assertTrue(methods.contains(step.group(1)), step.group(1));
            assertEquals(inC, step.group(1).replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
            assertTrue(header.contains(" sr_" + inC + "_(sr_pair *pair"), inC);
        }
    }

    private static Class<?> pairClass(String name) {
        try {
            return Class.forName(TurnTaking.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> words(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Peer peer(Language language) {
        Peer peer = idle.get(language).poll();
        if (peer != null) {
            return peer;
        }
        if (language == Language.C) {
            peer = Peer.start(List.of(program.toString()));
        } else {
            synchronized (spares) {
                while (spares.size() <= SPARES) {
                    spares.add(Peer.java(SteppedPeer.class));
                }
                peer = spares.remove();
            }
        }
        peer.expect("ready");
        return peer;
    }

    /** One row with one choice of languages. */
    private final class Run {
        private final String name = TestNames.unique();
        private final Language server;
        private final Language client;
        private final Map<String, Peer> peers = new LinkedHashMap<>();

        Run(Language server, Language client) {
            this.server = server;
            this.client = client;
        }

        void run(Row row) {
            try {
                for (Line line : row.lines()) {
                    run(line);
                }
                for (Peer peer : peers.values()) {
                    if (peer.isAlive()) {
                        peer.send("close");
                        assertEquals("ok", peer.nextLine(PATIENCE_SECONDS));
                    }
                }
                for (String suffix : List.of(".pair", ".written", ".read")) {
                    assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + suffix));
                }
                peers.forEach((side, peer) -> {
                    if (peer.isAlive()) {
                        idle.get(language(side)).add(peer);
                    }
                });
                peers.clear();
            } finally {
                peers.values().forEach(Peer::close);
            }
        }

        private Language language(String side) {
            return side.startsWith("server") ? server : client;
        }

        private void run(Line line) {
            Peer peer = peers.computeIfAbsent(line.side(), side -> peer(language(side)));
            if ("kill".equals(line.command())) {
                peer.kill();
            } else if (line.command() != null) {
                peer.send(line.command().replaceFirst("^(create|open|plain \\w+)", "$1 " + name));
            }
            if (line.answer() != null) {
                String answer = peer.nextLine(PATIENCE_SECONDS);
                assertEquals(line.answer().equals("*") ? answer : line.answer(), answer, line::toString);
            }
        }
    }
}
