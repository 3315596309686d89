package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.EventPair;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.windows.Kernel32;
import dev.sharedregion.internal.windows.Sections;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Runs the snippets and the commands of the README, and compares it with its translation. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");

    /** What a translation leaves as it is: headings, code, links, table rows, list items and numbers. */
    private static final Pattern KEPT = Pattern.compile(
            "^```.*?^```|(\\R)(?=\\R|\\||- )|^#+ |^- |\\||`[^`]+`|\\]\\([^)]+\\)|[0-9]+(?:[.,][0-9]+)*",
            Pattern.DOTALL | Pattern.MULTILINE);

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher = Pattern.compile("^```" + language + "\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(README));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        assertFalse(blocks.isEmpty(), "no " + language + " in the README");
        return blocks;
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    @Test
    void everyJavaBlockIsInTheExecutedSnippets() throws IOException {
        Path snippets = Path.of("src/test/java/dev/sharedregion/examples/ReadmeSnippets.java");
        String run = withoutIndent(Files.readString(snippets));
        for (String block : blocks("java")) {
            assertTrue(run.contains(withoutIndent(block)), "not in ReadmeSnippets:\n" + block);
        }
    }

    @Test
    void firstSnippetsRun() throws Exception {
        assertEquals(List.of("99.5"), printedBy(ReadmeSnippets::value));
        assertEquals(List.of("buy 100"), printedBy(ReadmeSnippets::message));
        assertEquals(List.of("42"), printedBy(ReadmeSnippets::turn));
        assertEquals(List.of("1"), printedBy(ReadmeSnippets::count));
    }

    @Test
    void serverAndClientSnippetsRun() throws Exception {
        assertEquals(
                IntStream.range(100, 110).mapToObj(Integer::toString).toList(),
                printedBy(ReadmeSnippets::client, ReadmeSnippets::server));
    }

    @Test
    void serviceAndUserSnippetsRun() throws Exception {
        if (Platform.isWindows()) {
            assumeGlobalSections();
        }
        assertEquals(List.of("42"), printedBy(ReadmeSnippets::user, ReadmeSnippets::service));
    }

    private static void assumeGlobalSections() {
        Pointer section = Kernel32.CreateFileMappingW(
                Sections.INVALID_HANDLE,
                null,
                WinNT.PAGE_READWRITE,
                0,
                1,
                new WString("Global\\" + TestNames.unique()));
        int error = Native.getLastError();
        assumeFalse(
                section == null && error == WinError.ERROR_ACCESS_DENIED,
                "SeCreateGlobalPrivilege is missing: run as a service or an administrator");
        Kernel32.CloseHandle(section);
    }

    private interface Snippet {
        void run() throws Exception;
    }

    private static List<String> printedBy(Snippet... all) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ExecutorService pool = Executors.newFixedThreadPool(all.length);
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            List<Future<?>> sides = new ArrayList<>();
            for (Snippet side : all) {
                sides.add(pool.submit(() -> {
                    side.run();
                    return null;
                }));
            }
            for (Future<?> side : sides) {
                side.get();
            }
        } finally {
            System.setOut(console);
            pool.shutdownNow();
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void otherSnippetsRun() throws Exception {
        ReadmeSnippets.openings();
        Path file = Files.createFile(folder.resolve("journal"));
        ReadmeSnippets.file(file);
        assertEquals(1 << 20, Files.size(file));
        ReadmeSnippets.ticket();
        assertEquals(List.of("88.5"), printedBy(ReadmeSnippets::structure));
        assertEquals(List.of("true"), printedBy(ReadmeSnippets::event));
        assertEquals(List.of("an order", "1"), printedBy(ReadmeSnippets::anyEvent));
        try (SharedRegion region = SharedRegion.create(TestNames.unique(), 4)) {
            ReadmeSnippets.lock(region);
            ReadmeSnippets.lock(region);
            assertEquals(2, region.pointer().getInt(0));
        }
    }

    @Test
    void latestValueSnippetsRun() throws Exception {
        try (LatestWriter writer = LatestWriter.create("quotes", 64);
                LatestReader keeper = LatestReader.open("quotes")) {
            writer.close();
            ReadmeSnippets.setQuote();
            List<String> printed = printedBy(ReadmeSnippets::readQuotes);
            assertEquals(2, printed.size(), printed::toString);
            assertTrue(printed.get(0).matches("99\\.5, [0-9]+ ms old"), printed::toString);
            assertEquals("CLOSED", printed.get(1));
            assertEquals(1, keeper.version());
        }
    }

    @Test
    void messageSnippetsRun() throws Exception {
        // The sender may have ended before the receiver begins.
        try (MessageSender first = MessageSender.create("log", 1 << 20);
                SharedRegion keeper = SharedRegion.open("log.messages")) {
            first.close();
            assertEquals(
                    List.of("7: started", "0 bytes are left"),
                    printedBy(ReadmeSnippets::sendToLog, ReadmeSnippets::receiveLog));
            keeper.close();
        }
    }

    @Test
    void requestSnippetsRun() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<?> serving = pool.submit(() -> {
                ReadmeSnippets.answer();
                return null;
            });
            assertEquals(List.of("1.08 USD", "1.08 EUR"), printedBy(ReadmeSnippets::ask));
            pool.shutdownNow();
            Throwable ended = assertThrows(ExecutionException.class, serving::get).getCause();
            assertInstanceOf(InterruptedException.class, ended);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void mutexSnippetRuns() throws Exception {
        if (!Platform.isWindows()) {
            Reasons.assertReason(SharedMemoryException.Reason.UNSUPPORTED, ReadmeSnippets::mutex);
            return;
        }
        // It may be HWiNFO's, if that runs here.
        WinNT.HANDLE mutex =
                com.sun.jna.platform.win32.Kernel32.INSTANCE.CreateMutex(null, false, "Global\\HWiNFO_SM2_MUTEX");
        try {
            assertEquals(List.of("false"), printedBy(ReadmeSnippets::mutex));
        } finally {
            com.sun.jna.platform.win32.Kernel32.INSTANCE.CloseHandle(mutex);
        }
    }

    @Test
    void telemetrySnippetRuns() throws Exception {
        try (FileChannel names = ProgramNames.reserved();
                SharedRegion simulator = SharedRegion.create("$pcars2$", 20_692)) {
            simulator.pointer().setFloat(6848, 42.5f);
            simulator.pointer().setInt(7320, 2);
            assertEquals(List.of("42.5 m/s"), printedBy(ReadmeSnippets::telemetry));
        }
    }

    @Test
    void listSnippetRuns() throws Exception {
        try (SharedRegion region = SharedRegion.create(TestNames.unique(), 4)) {
            List<String> printed = printedBy(ReadmeSnippets::objects);
            assertTrue(printed.stream().anyMatch(line -> line.startsWith(region.name() + ": REGION, USED, [")),
                    printed::toString);
        }
    }

    @Test
    void clientContinuesWithTheNextServer() throws Exception {
        // It prints only if it never finds the place empty.
        printedBy(this::goOnWithTheNextServer);
    }

    private void goOnWithTheNextServer() throws Exception {
        String name = TestNames.unique();
        EventPair first = EventPair.create(name);
        try (SharedRegion region = SharedRegion.create(name, 4);
                EventPair client = EventPair.open(name)) {
            first.close();
            ExecutorService pool = Executors.newSingleThreadExecutor();
            try {
                Future<?> waiting = pool.submit(() -> {
                    ReadmeSnippets.goOnWithTheNextServer(client, region);
                    return null;
                });
                try (EventPair next = EventPair.create(name)) {
                    // It may come so soon that the client never finds the place empty.
                    next.signalWritten();
                    waiting.get();
                }
            } finally {
                pool.shutdownNow();
            }
        }
    }

    @Test
    void serverCanBeRestartedWhileItsClientLives() throws Exception {
        try (Peer first = Peer.java(ReadmeSnippets.Server.class);
                EventPair pair = EventPair.open("prices", Duration.ofMinutes(1));
                SharedRegion region = SharedRegion.open("prices")) {
            assertEquals(100, pair.<Integer, RuntimeException>read(() -> region.pointer().getInt(0)));
            first.kill();
            int last = 0;
            try (Peer next = Peer.java(ReadmeSnippets.Server.class)) {
                while (last < 109) {
                    try {
                        last = pair.read(() -> region.pointer().getInt(0));
                    } catch (SharedMemoryException e) {
                        assertEquals(SharedMemoryException.Reason.PEER_DIED, e.reason());
                        assertTrue(pair.awaitPeer(Duration.ofMinutes(1)), "no server came");
                    }
                }
                assertEquals(0, next.exitStatus(), next.errors());
            }
        }
    }

    @Test
    void dependencyHasThisVersion() throws IOException {
        String block = blocks("xml").get(0);
        String pom = Files.readString(Path.of("pom.xml"));
        for (String tag : List.of("groupId", "artifactId", "version")) {
            Matcher matcher = Pattern.compile("<" + tag + ">.*?</" + tag + ">").matcher(block);
            assertTrue(matcher.find());
            assertTrue(pom.contains(matcher.group()), matcher.group());
        }
    }

    @Test
    void linksHaveTargets() throws IOException {
        Matcher links = Pattern.compile("\\]\\(([^)]+)\\)").matcher(Files.readString(README));
        while (links.find()) {
            String target = links.group(1);
            if (!target.startsWith("https://")) {
                String[] fileAndHeading = target.split("#");
                Path file = Path.of(fileAndHeading[0]);
                assertTrue(Files.exists(file), target);
                assertTrue(fileAndHeading.length == 1 || hasHeading(file, fileAndHeading[1]), target);
            }
        }
    }

    private static boolean hasHeading(Path page, String anchor) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .anyMatch(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replace(' ', '-')
                        .equals(anchor));
    }

    @Test
    void chineseReadmeSaysTheSame() throws IOException {
        List<List<String>> english = kept(README);
        List<List<String>> chinese = kept(Path.of("README.zh-CN.md"));
        for (int i = 0; i < Math.min(english.size(), chinese.size()); i++) {
            assertEquals(english.get(i), chinese.get(i));
        }
        assertEquals(english.size(), chinese.size());
    }

    /** What is kept of each paragraph, list item and table row, sorted, because a sentence may have another order. */
    private static List<List<String>> kept(Path page) throws IOException {
        // Each page links to the other.
        Matcher matcher = KEPT.matcher(Files.readString(page).replace("](README.zh-CN.md)", "](README.md)"));
        List<List<String>> kept = new ArrayList<>(List.of(new ArrayList<>()));
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                kept.add(new ArrayList<>());
            } else {
                String part = matcher.group();
                kept.get(kept.size() - 1).add(part.startsWith("```") ? part : part.replaceAll("\\s+", " "));
            }
        }
        kept.forEach(part -> part.sort(null));
        return kept;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void commandsRun() throws IOException {
        List<String> left = new ArrayList<>(blocks("sh").stream().map(String::strip).toList());
        try (Closeable lock = Examples.lockDefaultName()) {
            consoleCommandsRun(left);
        }
        String list = "examples/run Tool list";
        assertTrue(left.remove(list), left::toString);
        try (SharedRegion region = SharedRegion.create(TestNames.unique(), 4);
                Peer shell = shell(list)) {
            boolean found = false;
            for (String line; (line = shell.nextLine()) != null; ) {
                found |= line.startsWith(region.name() + " ");
            }
            assertTrue(found, "the region is not listed");
            assertEquals(0, shell.exitStatus(), shell.errors());
        }
        // These run the tests, so they cannot be run by one; the check of every change runs them.
        String check = Files.readString(Path.of(".ci/run"));
        for (String command : left) {
            assertTrue(command.startsWith("mvn -B verify"), "nothing runs " + command);
            String goals = command.substring("mvn -B ".length());
            assertTrue(Pattern.compile("\\$\\{maven\\[@\\]\\}\" (clean )?" + goals + "$", Pattern.MULTILINE)
                    .matcher(check)
                    .find(), command);
        }
    }

    private static void consoleCommandsRun(List<String> left) throws IOException {
        String both = "printf 'a\\n你好\\n' | examples/run Console";
        assertTrue(left.remove(both), left::toString);
        try (Peer shell = shell(both)) {
            shell.expect("a");
            shell.expect("你好");
            assertEquals(null, shell.nextLine());
            assertEquals(0, shell.exitStatus(), shell.errors());
        }
        String server = "examples/run ConsoleServer";
        String client = "examples/run ConsoleClient";
        assertTrue(left.remove(server) && left.remove(client), left::toString);
        try (Peer typing = shell(server);
                Peer showing = shell(client)) {
            typing.send("你好");
            showing.expect("你好");
            typing.closeInput();
            assertEquals(null, showing.nextLine());
            assertEquals(0, typing.exitStatus(), typing.errors());
            assertEquals(0, showing.exitStatus(), showing.errors());
        }
    }

    /** Bytes, as a shell on any terminal gets them, whatever the locale of this JVM. */
    private static Peer shell(String command) throws IOException {
        Path script = Files.createTempFile("command", ".sh");
        Files.writeString(script, command + "\n", StandardCharsets.UTF_8);
        return Peer.start(List.of("sh", script.toString()));
    }
}
