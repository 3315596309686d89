package dev.sharedregion.helpers;

import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names that no other test, and no other run of the tests on this machine, uses. */
public final class TestNames {
    /** Begins every name of this run of all tests. */
    public static final String RUN = "sharedregion-test-"
            + System.getProperty("sharedregion.testRun", Long.toString(System.currentTimeMillis())) + "-";

    /** Begins every name of this process, one of those that share the tests of a run. */
    public static final String PROCESS = RUN + ProcessHandle.current().pid() + "-";

    private static final AtomicInteger NEXT = new AtomicInteger();

    private TestNames() {}

    /** Has the name of the calling class in it: a leftover tells its test. */
    public static String unique() {
        Class<?> test = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass();
        return PROCESS + test.getSimpleName() + "-" + NEXT.incrementAndGet();
    }

    /** The files that are left of a name's parts. On Windows nothing is ever left. */
    public static List<String> leftovers(String name) {
        return Platform.isLinux()
                ? List.of(new File("/dev/shm").list((folder, file) -> file.startsWith(name + ".")))
                : List.of();
    }

    /** Creates a region of 64 bytes as a killed process leaves it, without a process to kill. Only on Linux. */
    public static void leave(String name) throws IOException {
        Path file = Files.write(Path.of("/dev/shm", name), new byte[64]);
        Files.setAttribute(file, "unix:mode", 01600);
    }

    /**
     * Removes the objects of a name, and of names that begin with it and a dot or a hyphen, that killed processes have
     * left. On Windows nothing is left.
     */
    public static void removeLeftovers(String name) throws IOException {
        if (Platform.isLinux()) {
            Predicate<String> ofTheName = Pattern.compile(Pattern.quote(name) + "([.-].*)?").asMatchPredicate();
            for (String each : new File("/dev/shm").list((folder, file) -> ofTheName.test(file))) {
                Files.deleteIfExists(Path.of("/dev/shm", each));
            }
        }
    }
}
