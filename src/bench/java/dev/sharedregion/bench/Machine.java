package dev.sharedregion.bench;

import dev.sharedregion.bench.report.Facts;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How processes are started and pinned here, and what this machine is: Linux, Windows, or Windows programs on Wine. */
final class Machine implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    /** Bytes that the files of a fork may take. */
    private static final long ROOM = 6L << 30;

    private static final String FORK = "fork";

    private final Settings settings;
    private final boolean windows = System.getProperty("os.name").startsWith("Windows");

    /** The processors of the asking and of the answering side; empty if nothing is pinned. */
    private final List<String> processors;

    /** What the two processors of a fork share; null if they are not known. */
    private final CacheLine cacheLine;

    /** The bare path of the program in C, before the bytes of its payload. */
    private final Path cProgram;

    /** Under which each fork has a folder. */
    private final Path files;

    /** What the C compiler says that it is; null if there is none. */
    private final String compilerVersion;

    private final Set<Path> compiled = new HashSet<>();

    /** Keeps Wine's server alive, unpinned, from before the first fork until after the last. */
    private final Process wineKeeper;

    private Machine(Settings settings) throws Exception {
        this.settings = settings;
        processors = processors(settings.pin());
        cacheLine = processors.isEmpty()
                ? null
                : new CacheLine(
                        processors.stream().map(Integer::valueOf).toList(), settings.line().get(0),
                        settings.line().get(1));
        cProgram = settings.folder().resolve(settings.wine() ? "round_trip_wine" : "round_trip");
        Files.createDirectories(settings.folder());
        files = roomInMemory()
                ? Files.createTempDirectory(MEMORY, "bench-files")
                : Files.createTempDirectory("bench-files");
        compilerVersion = versionOf(compiler());
        if (settings.wine()) {
            // The first start makes the prefix, if there is none.
            output(List.of(wineJava(), "-version"));
            wineKeeper = builder(List.of("wine", "cmd")).start();
        } else {
            wineKeeper = null;
        }
    }

    static Machine prepare(Settings settings) throws Exception {
        return new Machine(settings);
    }

    /** Runs a fork; more than once if the processors were placed otherwise than asked for. */
    <T> T during(Callable<T> fork) throws Exception {
        return cacheLine == null ? fork.call() : cacheLine.during(fork);
    }

    /** Why a contender cannot run here; null if it can. */
    String reasonAgainst(Contender contender) {
        return contender.isC() && compilerVersion == null
                ? "there is no " + compiler()
                : contender.reasonAgainst(isWindows(), settings.wine());
    }

    /** The same of a contender that sends messages. */
    String reasonAgainst(StreamContender contender) {
        return contender.isC() && compilerVersion == null
                ? "there is no " + compiler()
                : contender.reasonAgainst(isWindows(), settings.wine());
    }

    /** One side of a fork, ready to be started. */
    ProcessBuilder side(boolean asks, Case of, Load load, List<String> arguments) throws IOException {
        Contender contender = of.contender();
        List<String> command = pinned(asks);
        if (contender.isC()) {
            if (settings.wine()) {
                command.add("wine");
            }
            command.add(program(of.size()).toString());
        } else {
            command.addAll(fork(contender.jvmFlags(), of.size()));
            command.add(Fork.class.getName());
        }
        command.addAll(List.of(asks ? "ask" : "answer", contender.isC() ? contender.cMode() : contender.id, load.id()));
        command.addAll(arguments);
        ProcessBuilder builder = builder(command);
        builder.environment().putAll(contender.environment());
        return builder;
    }

    /** A process of a fork of messages, ready to be started: the receiver, which comes first, or a sender. */
    ProcessBuilder stream(boolean receives, StreamCase of, List<String> arguments) throws IOException {
        StreamContender contender = of.contender();
        List<String> command = of.senders() == 1 ? pinned(receives) : new ArrayList<>();
        if (contender.isC()) {
            command.addAll(c(contender.cProgram()).command());
            command.addAll(contender.cArguments(of));
        } else {
            command.addAll(fork(contender.jvmFlags(), of.size()));
            command.addAll(List.of(
                    "-Dbench.senders=" + of.senders(), "-Dbench.capacity=" + of.capacity(),
                    StreamFork.class.getName()));
        }
        command.addAll(List.of(receives ? "receive" : "send", contender.id));
        command.addAll(arguments);
        return builder(command);
    }

    /** The beginning of a command: it pins one of two sides, or is empty. */
    private List<String> pinned(boolean first) {
        return new ArrayList<>(
                processors.isEmpty() ? List.of() : List.of("taskset", "-c", processors.get(first ? 0 : 1)));
    }

    /** A JVM of a fork. Its processes share a folder. */
    private List<String> fork(List<String> flags, int size) throws IOException {
        Path folder = Files.createDirectories(files.resolve(FORK));
        List<String> command = java();
        command.addAll(flags);
        command.addAll(List.of("-Dbench.size=" + size, "-Dbench.files=" + path(folder)));
        return command;
    }

    /**
     * Ends these processes after that time, unless the returned future is completed before. The end of a process ends
     * its output, and so a read of it.
     */
    static CompletableFuture<Void> endAfter(Duration time, Collection<Process> processes) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        end.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS).exceptionally(timeout -> {
            processes.forEach(Process::destroyForcibly);
            return null;
        });
        return end;
    }

    /** Deletes what a fork leaves, or has left as it was killed. */
    void forgetFork(String name) throws IOException {
        deleteObjects(name);
        deleteTree(files.resolve(FORK));
    }

    /** A region, and a pair's events and block. */
    private static void deleteObjects(String name) throws IOException {
        if (Files.isDirectory(MEMORY)) {
            try (DirectoryStream<Path> objects = Files.newDirectoryStream(MEMORY, name + "{,.*}")) {
                for (Path each : objects) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Another program in the measured JVM, not pinned. */
    ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(java());
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return builder(command);
    }

    /** Another program of {@code src/bench/c}, compiled, not pinned; null where there is no compiler. */
    ProcessBuilder c(String program) throws IOException {
        if (compilerVersion == null) {
            return null;
        }
        boolean onWindows = isWindows();
        Path executable = settings.folder().resolve(program + (onWindows ? ".exe" : ""));
        if (compiled.add(executable)) {
            Path sources = settings.root().resolve("src/bench/c");
            output(List.of(
                    compiler(), "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror",
                    "-I", settings.root().resolve("src/main/c").toString(), "-o", executable.toString(),
                    sources.resolve(program + (onWindows ? "_windows.c" : "_linux.c")).toString()));
        }
        return builder(settings.wine() ? List.of("wine", executable.toString()) : List.of(executable.toString()));
    }

    /** Whether what is measured are Windows programs, on Windows or on Wine. */
    boolean isWindows() {
        return settings.wine() || windows;
    }

    /** What the numbers were measured on, in the order of a report. */
    Map<String, String> description() throws IOException {
        Map<String, String> facts = Facts.host();
        if (settings.wine()) {
            facts.merge("system", output(List.of("wine", "--version")), (system, wine) -> system + ", " + wine);
        }
        facts.put("compiler", compilerVersion == null ? "none, so nothing in C" : compilerVersion);
        facts.put("files", "in " + files.getParent());
        facts.put("pinned", pinned("asking side", "answering side"));
        if (cacheLine != null && cacheLine.isMeasured()) {
            facts.put("cache line", cacheLine.description());
        }
        return facts;
    }

    /** Where the two sides of a fork run, for a report. */
    String pinned(String first, String second) {
        return processors.isEmpty()
                ? "no"
                : first + " on processor " + processors.get(0) + ", " + second + " on " + processors.get(1)
                        + ", by taskset, all contenders";
    }

    @Override
    public void close() throws IOException {
        deleteTree(files);
        if (wineKeeper != null) {
            wineKeeper.getOutputStream().close();
        }
    }

    private List<String> java() {
        List<String> command = new ArrayList<>();
        String separator = settings.wine() ? ";" : File.pathSeparator;
        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(path(Path.of(entry)));
        }
        command.add(settings.wine() ? wineJava() : Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!processors.isEmpty()) {
            // A pinned JVM takes its one processor for the whole machine, and would choose its collector by that.
            command.add("-XX:ActiveProcessorCount=" + Runtime.getRuntime().availableProcessors());
        }
        if (!settings.wine() && Runtime.version().feature() >= 24) {
            // These JDKs warn about native access, which JNA's is; the Windows JRE is a 17.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", String.join(separator, classPath)));
        return command;
    }

    /** As the measured processes see it. */
    private String path(Path path) {
        return settings.wine() ? "Z:" + path : path.toString();
    }

    /** Whether there is a file system in memory, and with room for contenders that free none. */
    private static boolean roomInMemory() throws IOException {
        return Files.isDirectory(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ROOM;
    }

    private String wineJava() {
        return settings.root().resolve("src/test/wine/bin/java").toString();
    }

    /** With the environment that {@code src/test/wine/bin/java} sets, as not everything is started by it. */
    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(settings.root().toFile());
        if (settings.wine()) {
            Map<String, String> environment = builder.environment();
            environment.put("WINEPREFIX", settings.root().resolve("target/wine/prefix").toString());
            environment.put("WINEARCH", "win64");
            environment.put("WINEDEBUG", "-all");
            environment.put("WINEDLLOVERRIDES", "mscoree,mshtml=");
            environment.put("LC_ALL", "C.UTF-8");
            environment.remove("DISPLAY");
        }
        return builder;
    }

    private String compiler() {
        return settings.wine() ? "x86_64-w64-mingw32-gcc" : "gcc";
    }

    /** The program in C for payloads of so many bytes, a constant in it: compiled when it is first asked for. */
    private Path program(int size) throws IOException {
        boolean onWindows = settings.wine() || windows;
        Path program = cProgram.resolveSibling(cProgram.getFileName() + "_" + size + (onWindows ? ".exe" : ""));
        if (compiled.add(program)) {
            String source = onWindows ? "round_trip_windows.c" : "round_trip_linux.c";
            output(List.of(
                    compiler(), "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-DPAYLOAD_BYTES=" + size,
                    "-o", program.toString(), settings.root().resolve("src/bench/c").resolve(source).toString()));
        }
        return program;
    }

    private List<String> processors(String pin) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (pin.equals("none") || !Files.exists(status)) {
            return List.of();
        }
        if (!pin.equals("auto")) {
            List<String> asked = List.of(pin.split(","));
            if (asked.size() != 2) {
                throw new IllegalArgumentException("bench.pin is neither auto, nor none, nor two processors: " + pin);
            }
            return asked;
        }
        List<String> allowed = new ArrayList<>();
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("Cpus_allowed_list:")) {
                for (String range : line.substring(line.indexOf(':') + 1).strip().split(",")) {
                    String[] ends = range.split("-");
                    for (int at = Integer.parseInt(ends[0]); at <= Integer.parseInt(ends[ends.length - 1]); at++) {
                        allowed.add(String.valueOf(at));
                    }
                }
            }
        }
        return allowed.size() < 2 || versionOf("taskset") == null ? List.of() : allowed.subList(0, 2);
    }

    /** The first line of what a program says that it is; null if it is not there. */
    private String versionOf(String program) {
        try {
            return output(List.of(program, "--version")).lines().findFirst().orElse("");
        } catch (IOException e) {
            return null;
        }
    }

    private String output(List<String> command) throws IOException {
        Process process = builder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + " failed:\n" + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output;
    }
}
