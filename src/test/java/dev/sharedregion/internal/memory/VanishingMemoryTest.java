package dev.sharedregion.internal.memory;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.FileAccess;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory that another process truncates, or for which the system has no page. It is used in JVMs of their own, because
 * a fault would end the JVM.
 */
class VanishingMemoryTest {
    /** The JVM accesses memory in another way in each. */
    private static final String INTERPRETER = "-Xint";

    private static final String C1 = "-XX:TieredStopAtLevel=1";
    private static final String C2 = "-XX:-TieredCompilation";

    private static final List<String> MODES = Sizes.first(1, List.of(INTERPRETER, C1, C2));

    private static final List<String> NO_TRACES = List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null");

    /** Windows cannot delete a file while a view of it waits for the collector. */
    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    private final String name = TestNames.unique();
    private Path file;

    @BeforeEach
    void createFile() throws IOException {
        file = folder.resolve("mapped");
        Files.write(file, new byte[100_000]);
    }

    /** The other process: cuts each file down to nothing, if the system lets it. */
    static final class Cutter {
        public static void main(String[] arguments) {
            for (String file : arguments) {
                try (FileChannel channel = FileChannel.open(Path.of(file), StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                    System.out.println("cut");
                } catch (IOException e) {
                    System.out.println("refused");
                }
            }
        }
    }

    private static void expectFromCutter(String answer, Path... of) {
        String[] files = Stream.of(of).map(Path::toString).toArray(String[]::new);
        try (Peer cutter = Peer.java(Cutter.class, files)) {
            Stream.of(files).forEach(file -> cutter.expect(answer));
        }
    }

    private static Peer user(String mode, String... arguments) {
        return user(mode.equals(C1) ? List.of(C1) : List.of("-XX:TieredStopAtLevel=4", mode), arguments);
    }

    private static Peer user(List<String> mode, String... arguments) {
        List<String> options = new ArrayList<>(NO_TRACES);
        options.add("-Dsharedregion.exhaustive=" + Sizes.EXHAUSTIVE);
        options.addAll(mode);
        return Peer.java(options, VanishingMemoryUser.class.getName(), arguments);
    }

    /** Lets it use what it uses, cuts that off, and expects it to have got an error wherever it used it again. */
    private static void cutOff(Peer user, Path... files) {
        user.expect("in use");
        expectFromCutter("cut", files);
        expectErrors(user);
    }

    private static void expectErrors(Peer user) {
        user.send("gone");
        List<String> wrong = new ArrayList<>();
        int right = 0;
        for (String line; (line = user.nextLine()) != null && !line.equals("done"); ) {
            if (line.endsWith(": error")) {
                right++;
            } else {
                wrong.add(line);
            }
        }
        assertEquals(0, user.exitStatus(), user.errors());
        assertEquals(List.of(), wrong);
        assertTrue(right > 0);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @EnabledOnOs(OS.LINUX)
    void everyAccessToATruncatedFileThrows(String mode) {
        try (Peer user = user(mode, "file", file.toString())) {
            cutOff(user, file);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.LINUX)
    void everyAccessToATruncatedRegionThrows() {
        try (Peer user = user(C2, "region", name)) {
            cutOff(user, object(""));
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @EnabledOnOs(OS.LINUX)
    void truncatedEventFailsAndCanBeClosed(String mode) {
        try (Peer user = user(mode, "event", name)) {
            cutOff(user, object(""));
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @EnabledOnOs(OS.LINUX)
    void truncatedPairFailsAndCanBeClosed(String mode) {
        try (Peer user = user(mode, "pair", name)) {
            cutOff(user, object(".pair"), object(".written"), object(".read"));
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @EnabledOnOs(OS.LINUX)
    void truncatedTableFailsAndCanBeClosed(String mode) {
        try (Peer user = user(mode, "table", name)) {
            cutOff(user, object(".latest"), object(".newer"));
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @EnabledOnOs(OS.LINUX)
    void truncatedChannelFailsAndCanBeClosed(String mode) {
        try (Peer user = user(mode, "channel", name)) {
            cutOff(user, object(".messages"));
        }
    }

    /**
     * The interpreter calls the VM, which may throw the late error, when it has called a method so often: usually 128
     * times, here 4 or 8. So the error comes in many places, also in the call that is to end the use of the memory.
     */
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(ints = {2, 3})
    @EnabledOnOs(OS.LINUX)
    void truncatedChannelCanBeClosedWhereverTheErrorComes(int log) {
        List<String> mode = new ArrayList<>(List.of("-XX:Tier0InvokeNotifyFreqLog=" + log));
        for (String threshold : List.of("Invocation", "MinInvocation", "Compile", "BackEdge")) {
            mode.add("-XX:Tier3" + threshold + "Threshold=10000000");
        }
        try (Peer user = user(mode, "channel", name)) {
            cutOff(user, object(".messages"));
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @EnabledOnOs(OS.LINUX)
    void closeGivesEverythingBack(String mode) throws IOException {
        try (Peer user = user(mode, "closes", name)) {
            user.expect("in use");
            try (Stream<Path> objects = Files.list(Path.of("/dev/shm"))) {
                expectFromCutter(
                        "cut", objects.filter(each -> each.toString().contains(name)).toArray(Path[]::new));
            }
            expectErrors(user);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.LINUX)
    void waitsWithoutATimeoutDetectATruncatedEvent() {
        try (Peer user = user(C1, "wait", name)) {
            cutOff(user, object(""));
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @EnabledOnOs(OS.LINUX)
    void interruptingAWaitForATruncatedEventDoesNotThrow(String mode) {
        try (Peer user = user(mode, "interrupt", name)) {
            cutOff(user, object(""));
        }
    }

    private Path object(String suffix) {
        return Path.of("/dev/shm", name + suffix);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.LINUX)
    void flushReportsATruncatedFile() throws IOException {
        RegionOptions part = RegionOptions.defaults().offset(5_000).length(1_000);
        try (SharedRegion all = SharedRegion.map(file, 0);
                SharedRegion first = SharedRegion.map(file, 0, part);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(6_000);
            SharedMemoryException e = assertReason(Reason.TOO_SMALL, all::flush);
            assertTrue(e.getMessage().contains("6000"), e.getMessage());
            first.flush();
            channel.truncate(5_999);
            assertReason(Reason.TOO_SMALL, first::flush);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs(OS.WINDOWS)
    void windowsRefusesToTruncateAMappedFile() throws IOException {
        try (SharedRegion region = SharedRegion.map(file, 0)) {
            region.pointer().setInt(99_996, 7);
            expectFromCutter("refused", file);
            assertEquals(7, region.pointer().getInt(99_996));
        }
        assertEquals(100_000, Files.size(file));
    }

    /** In a name space of its own, where there is little of {@code /dev/shm}: 1 MiB. */
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @FieldSource("MODES")
    @EnabledOnOs(OS.LINUX)
    void callsFailWithoutLeftoversWhenSharedMemoryIsFull(String mode) throws Exception {
        List<String> little = new ArrayList<>(List.of(Tools.find("unshare"), FileAccess.isRoot() ? "-m" : "-Urm"));
        little.addAll(List.of("sh", "-c", "mount -t tmpfs -o size=1m tmpfs /dev/shm && exec \"$@\"", "sh"));
        List<String> probe = new ArrayList<>(little);
        probe.add("true");
        boolean permitted = new ProcessBuilder(probe).redirectErrorStream(true).start().waitFor() == 0;
        Tools.require(permitted, "permission to mount a tmpfs in a name space (unshare)");
        little.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), mode));
        little.addAll(NO_TRACES);
        if (Runtime.version().feature() >= 24) {
            little.add("--enable-native-access=ALL-UNNAMED");
        }
        little.addAll(List.of("-cp", Peer.classPath(), VanishingMemoryUser.class.getName(), "full", name));
        try (Peer user = Peer.start(little)) {
            for (String line; (line = user.nextLine()) != null && !line.equals("done"); ) {
                assertTrue(line.endsWith(": error"), line);
            }
            assertEquals(0, user.exitStatus(), user.errors());
        }
    }
}
