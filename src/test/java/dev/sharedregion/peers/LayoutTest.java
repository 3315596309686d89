package dev.sharedregion.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.LatestOptions;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.SpinTime;
import dev.sharedregion.internal.latest.NewerLayout;
import dev.sharedregion.internal.latest.Table;
import dev.sharedregion.internal.latest.TableLayout;
import dev.sharedregion.internal.latest.Waiting;
import dev.sharedregion.internal.linux.AliasLayout;
import dev.sharedregion.internal.linux.Errno;
import dev.sharedregion.internal.linux.FutexEvent;
import dev.sharedregion.internal.linux.FutexEventLayout;
import dev.sharedregion.internal.linux.ShmObject;
import dev.sharedregion.internal.lock.LockLayout;
import dev.sharedregion.internal.lock.LockSpin;
import dev.sharedregion.internal.lock.LockSteps;
import dev.sharedregion.internal.message.ChannelReader;
import dev.sharedregion.internal.message.MessageLayout;
import dev.sharedregion.internal.message.Sleeper;
import dev.sharedregion.internal.os.ErrorTable;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.pair.HandOver;
import dev.sharedregion.internal.pair.PairBlockLayout;
import dev.sharedregion.internal.pair.PairOpener;
import dev.sharedregion.internal.pair.PairRequest;
import dev.sharedregion.internal.pair.Parking;
import dev.sharedregion.internal.pair.Pauses;
import dev.sharedregion.internal.pair.Side;
import dev.sharedregion.internal.pair.Spinner;
import dev.sharedregion.internal.pair.Succession;
import dev.sharedregion.internal.windows.ProcessSlot;
import dev.sharedregion.internal.windows.Win32Errors;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The library and {@code sharedregion.h} have the same layouts of shared memory, the same limits and the same messages
 * about error codes: {@code layout.c} prints those of the headers. A constant that only one of the two has fails here,
 * too.
 */
class LayoutTest {
    private static final List<Class<?>> COMPARED = List.of(
            PairBlockLayout.class,
            LockLayout.class,
            TableLayout.class,
            NewerLayout.class,
            MessageLayout.class,
            FutexEventLayout.class,
            AliasLayout.class);

    /** Those that both systems have. */
    private static final Set<Class<?>> PORTABLE =
            Set.of(PairBlockLayout.class, LockLayout.class, TableLayout.class, NewerLayout.class, MessageLayout.class);

    /** The header has no tickets and no broadcast. */
    private static final Set<String> NOT_IN_THE_HEADER = Set.of("TicketLayout", "BroadcastLayout");

    /** The classes whose limits of time and of loops the headers have, too. */
    private static final List<Class<?>> LIMITED = List.of(
            Backoff.class,
            ChannelReader.class,
            FutexEvent.class,
            HandOver.class,
            LatestOptions.class,
            LockSpin.class,
            LockSteps.class,
            OperatingSystem.class,
            PairOpener.class,
            Parking.class,
            PairRequest.class,
            Pauses.class,
            ProcessSlot.class,
            ShmObject.class,
            Sleeper.class,
            Spinner.class,
            SpinTime.class,
            Succession.class,
            Table.class,
            Waiting.class);

    /**
     * The header does not watch for the peer's end, has no virtual threads, sleeps on a futex without a limit of its
     * own, pauses in one way, and removes no object by its name.
     */
    private static final Set<String> LIMITS_OF_JAVA = Set.of(
            "SpinTime.LONGEST_VIRTUAL_NANOS",
            "Parking.LONGEST_WATCHED_SLEEP_NANOS",
            "FutexEvent.LONGEST_READING_SLEEP_NANOS",
            "FutexEvent.LONGEST_SLEEP_NANOS",
            "Backoff.YIELDING_NANOS",
            "Backoff.LONGEST_PAUSE_NANOS",
            "ShmObject.LOOK_NANOS",
            "ShmObject.SHORT_LOOK_NANOS");

    /** Of requests, which the header does not know, and of files, which it does not map. */
    private static final Set<String> REASONS_OF_JAVA = Set.of("HANDLER_FAILED", "EMPTY_FILE");

    /** Java has results and other exceptions for these. */
    private static final Set<String> REASONS_OF_C = Set.of("OK", "BAD_ARGUMENT", "OUT_OF_TURN", "TIMED_OUT");

    /** Constants of the header that are no layout and no limit. */
    private static final Set<String> THE_HEADERS_OWN = Set.of(
            "SR_READ_ONLY", "SR_READ_WRITE", "SR_AUTO_RESET", "SR_NAME_SIZE_", "SR_NAME_UNITS_", "SR_PATH_SIZE_",
            "SR_KIND_REGION_", "SR_KIND_EVENT_", "SR_KIND_ALIAS_", "SR_JOINED_", "SR_GONE_", "SR_STUCK_", "SR_FOREVER",
            "SR_WRITER_ALIVE", "SR_WRITER_CLOSED", "SR_WRITER_DIED", "SR_LATEST_ANY", "SR_LATEST_VERSION_LIMIT_",
            "SR_NOTHING_", "SR_CLAIM_", "SR_PARTS_", "SR_PARTS_SENT_", "SR_DROPPED_", "SR_ASSEMBLED_", "SR_STREAMED_",
            "SR_CHANNEL_MOST_TRIES_", "SR_RECORD_ALIGNMENT_", "SR_OPEN_OR_CREATE_TRIES_");

    private static final Path HEADERS = Path.of("src", "main", "c");
    private static final Path SOURCE = Path.of("src", "test", "c", "layout.c");

    private static Path program;
    private static Map<String, String> facts;

    @BeforeAll
    static void askTheHeader() throws IOException, InterruptedException {
        program = Tools.cPeer("layout");
        facts = new LinkedHashMap<>();
        try (Peer started = Peer.start(List.of(program.toString(), "facts", TestNames.unique()))) {
            for (String line; (line = started.nextLine()) != null; ) {
                String[] fact = line.split(" ", 2);
                assertEquals(2, fact.length, line);
                facts.put(fact[0], fact[1]);
            }
            assertEquals(0, started.exitStatus(), facts::toString);
        }
    }

    @Test
    void headerHasEachConstantOfALayout() throws Exception {
        for (Class<?> layout : COMPARED) {
            if (Platform.isWindows() && !PORTABLE.contains(layout)) {
                continue;
            }
            Map<String, String> java = new LinkedHashMap<>();
            for (Field field : layout.getDeclaredFields()) {
                java.put(layout.getSimpleName() + "." + field.getName(), value(field));
            }
            Map<String, String> header = new LinkedHashMap<>(facts);
            header.keySet().removeIf(key -> !key.startsWith(layout.getSimpleName() + "."));
            assertSame(java, header);
        }
    }

    private static String value(Field field) throws IllegalAccessException {
        assertTrue(Modifier.isStatic(field.getModifiers()), field::toString);
        field.setAccessible(true);
        Object value = field.get(null);
        if (value instanceof Duration duration) {
            return "" + duration.toNanos();
        }
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
    }

    @Test
    void headerHasEachLimit() throws Exception {
        Map<String, String> java = new LinkedHashMap<>();
        Map<String, String> header = new LinkedHashMap<>();
        for (Class<?> limited : LIMITED) {
            if (limited.getPackageName().endsWith(Platform.isWindows() ? ".linux" : ".windows")) {
                continue;
            }
            for (Field field : limited.getDeclaredFields()) {
                String name = limited.getSimpleName() + "." + field.getName();
                if (facts.containsKey(name) || isLimit(field) && !LIMITS_OF_JAVA.contains(name)) {
                    java.put(name, value(field));
                }
            }
            facts.forEach((name, value) -> {
                if (name.startsWith(limited.getSimpleName() + ".")) {
                    header.put(name, value);
                }
            });
        }
        assertSame(java, header);
    }

    private static boolean isLimit(Field field) {
        return Modifier.isStatic(field.getModifiers()) && field.getName().matches("MOST_.*|.*_(NANOS|MILLIS)");
    }

    /** As text, so that the message shows all that differs. */
    private static void assertSame(Map<String, String> java, Map<String, String> header) {
        assertEquals(lines(java), lines(header));
    }

    private static String lines(Map<String, String> facts) {
        return facts.entrySet().stream().map(Object::toString).sorted().collect(Collectors.joining("\n"));
    }

    @Test
    void eachLayoutIsCompared() throws IOException, URISyntaxException {
        Path classes = Path.of(PairBlockLayout.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<String> expected = new TreeSet<>(NOT_IN_THE_HEADER);
        COMPARED.forEach(layout -> expected.add(layout.getSimpleName()));
        try (Stream<Path> files = Files.walk(classes)) {
            assertEquals(
                    expected,
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith("Layout.class"))
                            .map(file -> file.substring(0, file.length() - ".class".length()))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void reasonsHaveTheSameNames() throws Exception {
        Set<String> inC = new TreeSet<>();
        for (String fact : facts.keySet()) {
            if (fact.startsWith("Reason.")) {
                inC.add(fact.substring("Reason.".length()));
            }
        }
        Set<String> inJava = new TreeSet<>(REASONS_OF_C);
        for (SharedMemoryException.Reason reason : SharedMemoryException.Reason.values()) {
            inJava.add(reason.name());
        }
        inJava.removeAll(REASONS_OF_JAVA);
        assertEquals(inJava, inC);
    }

    /** For each code that both know, the reason and the message. The names of options differ. */
    @Test
    void errorCodesHaveTheSameMessages() {
        ErrorTable table = Platform.isWindows() ? Win32Errors.TABLE : Errno.TABLE;
        int compared = 0;
        for (ErrorTable.Entry entry : table.entries()) {
            String inC = facts.get("Error." + entry.code());
            if (inC != null) {
                Operation operation = new Operation("open", "region \"x\"");
                String inJava = entry.reason() + " " + table.failure(operation, "call", entry.code()).getMessage();
                String options = inJava.replace("READ_ONLY or COPY_ON_WRITE", "SR_READ_ONLY");
                assertEquals(options.replace(" (Permissions, at creation)", ""), inC);
                compared++;
            }
        }
        assertTrue(compared > 10, "" + compared);
    }

    @Test
    void sidesHaveTheSameEvents() throws Exception {
        for (Side side : Side.values()) {
            String suffix = HexFormat.of().formatHex(side.event.getBytes(StandardCharsets.UTF_8));
            assertEquals(suffix, facts.get("Side." + side));
            assertEquals("" + side.ordinal(), facts.get("Side." + side + ".ordinal"));
        }
    }

    /** The mode has the rights of users, the mark of an object of this library, and the mark of an event. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void objectsHaveTheSameMode() throws Exception {
        String name = TestNames.unique();
        try (NamedEvent event = NamedEvent.create(name)) {
            assertEquals(mode(event.name()), facts.get("mode.event"));
        }
        try (SharedRegion region = SharedRegion.create(name, 64)) {
            assertEquals(mode(region.name()), facts.get("mode.region"));
        }
    }

    private static String mode(String name) throws IOException {
        return Files.getAttribute(Path.of("/dev/shm", name), "unix:mode").toString();
    }

    @Test
    void namesHaveTheSameLimits() throws Exception {
        for (String limit : List.of("MAX_UTF8_BYTES", "MAX_CHARS")) {
            assertEquals(value(ObjectName.class.getDeclaredField(limit)), facts.get("ObjectName." + limit));
        }
    }

    /** Each name is taken by both or by none, and has the same base. */
    @Test
    void namesFollowTheSameRules() throws Exception {
        List<String> names = names();
        try (Peer started = Peer.start(List.of(program.toString(), "names"))) {
            started.send(String.join("\n", names));
            started.closeInput();
            for (String name : names) {
                assertEquals(base(name), started.nextLine(), () -> "of \"" + name + "\"");
            }
        }
    }

    private static String base(String name) {
        try {
            byte[] path = ObjectName.of(name).cPathIn("");
            return new String(path, 0, path.length - 1, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "BAD_NAME";
        }
    }

    private static List<String> names() {
        String[] parts = {
            "Local\\",
            "Global\\",
            "local\\",
            "Local",
            "Global",
            "Session",
            "Restricted",
            "Session\\1\\",
            "\\",
            "/",
            ".",
            "..",
            "a",
            "price",
            " ",
            "é",
            "价",
            "\uD83D\uDE00",
            "x".repeat(80),
            "价".repeat(40),
            "CON",
            "*",
            "\"",
            "\t"
        };
        List<String> names = new ArrayList<>(Arrays.asList(parts));
        for (String first : parts) {
            for (String second : parts) {
                names.add(first + second);
            }
        }
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int j = random.nextInt(6); j >= 0; j--) {
                name.append(parts[random.nextInt(parts.length)]);
            }
            names.add(name.toString());
        }
        for (int length = 240; length <= 262; length++) {
            for (String prefix : List.of("", "Local\\", "Global\\")) {
                names.add(prefix + "x".repeat(length));
                names.add(prefix + "é".repeat(length / 2) + "x".repeat(length % 2));
                names.add(prefix + "\uD83D\uDE00".repeat(length / 4) + "x".repeat(length % 4));
            }
        }
        return names;
    }

    // The constants and fields in the header's text.

    @Test
    void eachConstantOfTheHeaderIsPrinted() throws IOException {
        String header = headers();
        String source = Files.readString(SOURCE);
        Set<String> missing = new TreeSet<>();
        Matcher enums = Pattern.compile("\\benum\\b[^;{]*\\{([^}]*)}").matcher(header);
        while (enums.find()) {
            for (String constant : enums.group(1).split(",")) {
                missing.add(constant.strip().split("\\W", 2)[0]);
            }
        }
        // Not those of functions, which have a parenthesis at once.
        Matcher macros = Pattern.compile("(?m)^#define (SR_\\w+) ").matcher(header);
        while (macros.find()) {
            missing.add(macros.group(1));
        }
        missing.removeIf(name ->
                name.isEmpty() || isReason(name) || source.matches("(?s).*\\b" + name + "\\b.*"));
        missing.removeAll(THE_HEADERS_OWN);
        assertEquals(Set.of(), missing, "add them to layout.c and to the library's layout, or to THE_HEADERS_OWN");
    }

    private static boolean isReason(String constant) {
        String name = constant.substring("SR_".length());
        return REASONS_OF_C.contains(name)
                || Stream.of(SharedMemoryException.Reason.values())
                        .anyMatch(reason -> reason.name().equals(name));
    }

    @Test
    void eachFieldOfASharedStructureIsPrinted() throws IOException {
        String header = headers();
        String source = Files.readString(SOURCE);
        for (String structure : List.of(
                "sr_event_layout_", "sr_alias_layout_", "sr_place_", "sr_block_", "sr_lock_place_", "sr_lock_block_",
                "sr_latest_header_", "sr_latest_slot_", "sr_newer_place_", "sr_newer_block_", "sr_channel_header_",
                "sr_lane_header_", "sr_record_header_")) {
            Matcher body = Pattern.compile("struct " + structure + " \\{([^}]*)}").matcher(header);
            assertTrue(body.find(), structure);
            for (String field : body.group(1).split(";")) {
                String name = field.strip().replaceAll("\\[.*", "").replaceAll(".*[ *]", "");
                if (!name.isEmpty() && !name.startsWith("reserved")) {
                    assertTrue(
                            source.contains("offsetof(" + structure + ", " + name + ")"),
                            "add " + structure + "." + name + " to layout.c, and to the library's layout");
                }
            }
        }
    }

    /** All of them, without comments. */
    private static String headers() throws IOException {
        StringBuilder text = new StringBuilder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(HEADERS, "*.h")) {
            for (Path file : files) {
                text.append(Files.readString(file));
            }
        }
        return text.toString().replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//[^\n]*", "");
    }
}
