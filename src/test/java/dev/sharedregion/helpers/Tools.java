package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.fail;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The programs beyond the JDK that some tests need. A test that lacks one is skipped and says so, or fails where
 * {@code sharedregion.requireTools} is true.
 */
public final class Tools {
    private static final boolean REQUIRED = Boolean.getBoolean("sharedregion.requireTools");

    /** The programs that this process has compiled already, by the names of their files. */
    private static final Map<String, Path> BUILT = new HashMap<>();

    private Tools() {}

    /** Skips the test, or fails it, for want of a tool. */
    public static void require(boolean present, String what) {
        if (!present && REQUIRED) {
            fail("this run may skip nothing, but there is no " + what);
        }
        Assumptions.assumeTrue(present, "there is no " + what);
    }

    /** The program's path, looked for on PATH; the test is skipped without it. */
    public static String find(String... names) {
        Optional<String> found = Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                        .map(folder -> Path.of(folder, Platform.isWindows() ? name + ".exe" : name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
        require(found.isPresent(), String.join(" or ", names) + " on the PATH");
        return found.get();
    }

    /**
     * The executable of a C program in {@code src/test/c}, for this system: the one that the build has made
     * ({@code sharedregion.peers} names the folder), or one compiled now.
     *
     * @param name its name without the system's suffix: {@code console} for {@code console_posix.c}
     */
    public static Path cPeer(String name) throws IOException, InterruptedException {
        return built(name, Platform.isWindows() ? ".exe" : "", List.of());
    }

    /** As {@link #cPeer}, for a program that starts a JVM; this JDK has the header for that, if any. */
    public static Path cEmbedder(String name) throws IOException, InterruptedException {
        Path headers = Path.of(System.getProperty("java.home"), "include");
        require(Files.exists(headers.resolve("jni.h")), "jni.h in " + headers);
        return built(
                name,
                "",
                List.of("-I" + headers, "-I" + headers.resolve("linux"), "-pthread", "-Wl,--no-as-needed", "-ldl"));
    }

    /** The shared library of a C source, as {@link #cPeer}; its name begins with {@code lib}. */
    public static Path cLibrary(String name) throws IOException, InterruptedException {
        return built(name, Platform.isWindows() ? ".dll" : ".so", List.of("-shared", "-fPIC"));
    }

    private static synchronized Path built(String name, String suffix, List<String> options)
            throws IOException, InterruptedException {
        Path known = BUILT.get(name + suffix);
        if (known == null) {
            known = build(name, suffix, options);
            BUILT.put(name + suffix, known);
        }
        return known;
    }

    private static Path build(String name, String suffix, List<String> options)
            throws IOException, InterruptedException {
        String program = name + (Platform.isWindows() ? "_windows" : "_posix");
        String built = System.getProperty("sharedregion.peers", "");
        if (!built.isEmpty()) {
            Path executable = Path.of(built, name + suffix);
            if (Files.exists(executable)) {
                return executable;
            }
        }
        String compiler = find("gcc", "cc", "clang");
        String run = System.getProperty("sharedregion.testRun", "" + ProcessHandle.current().pid());
        Path folder = Files.createDirectories(Path.of("target", "peers", run).toAbsolutePath());
        Path executable = folder.resolve(program + suffix);
        // The JVMs of a run share it: the first compiles it, and the others wait.
        try (FileChannel channel = FileChannel.open(
                        folder.resolve(program + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (Files.notExists(executable)) {
                compile(compiler, program, options, executable);
            }
        }
        return executable;
    }

    private static void compile(String compiler, String program, List<String> options, Path executable)
            throws IOException, InterruptedException {
        Path source = Path.of("src", "test", "c", program + ".c").toAbsolutePath();
        Path unfinished = Path.of(executable + ".unfinished");
        List<String> command = new ArrayList<>(
                List.of(compiler, "-std=gnu11", "-O2", "-pthread", "-Wall", "-Wextra", "-Werror"));
        command.addAll(options);
        command.addAll(List.of("-o", unfinished.toString(), source.toString()));
        Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        String messages = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            fail(program + ".c does not compile:\n" + messages);
        }
        Files.move(unfinished, executable);
    }
}
