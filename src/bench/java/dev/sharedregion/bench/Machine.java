package dev.sharedregion.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How processes are started and pinned here, and what this machine is: Linux, Windows, or Windows programs on Wine. */
final class Machine implements AutoCloseable {
    private final Settings settings;
    private final boolean windows = System.getProperty("os.name").startsWith("Windows");

    /** The processors of the asking and of the answering side; empty if nothing is pinned. */
    private final List<String> processors;

    private final Path cProgram;

    /** What the C compiler says that it is; null if there is none. */
    private final String compilerVersion;

    /** Keeps Wine's server alive, unpinned, from before the first fork until after the last. */
    private final Process wineKeeper;

    private Machine(Settings settings) throws IOException {
        this.settings = settings;
        processors = processors(settings.pin());
        cProgram = settings.folder().resolve(settings.wine() || windows ? "round_trip.exe" : "round_trip");
        Files.createDirectories(settings.folder());
        compilerVersion = versionOf(compiler());
        if (compilerVersion != null) {
            compile();
        }
        if (settings.wine()) {
            // The first start makes the prefix, if there is none.
            output(List.of(wineJava(), "-version"));
            wineKeeper = builder(List.of("wine", "cmd")).start();
        } else {
            wineKeeper = null;
        }
    }

    static Machine prepare(Settings settings) throws IOException {
        return new Machine(settings);
    }

    /** False for a reference in C where there is no compiler. */
    boolean canRun(Contender contender) {
        return !contender.isC() || compilerVersion != null;
    }

    /** One side of a fork, ready to be started. */
    ProcessBuilder side(boolean asks, Contender contender, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (!processors.isEmpty()) {
            command.addAll(List.of("taskset", "-c", processors.get(asks ? 0 : 1)));
        }
        if (contender.isC()) {
            if (settings.wine()) {
                command.add("wine");
            }
            command.add(cProgram.toString());
        } else {
            command.addAll(java());
        }
        command.addAll(List.of(asks ? "ask" : "answer", contender.id));
        command.addAll(arguments);
        return builder(command);
    }

    /** What the numbers were measured on, in the order of a report. */
    Map<String, String> description() throws IOException {
        Map<String, String> facts = host();
        if (settings.wine()) {
            facts.merge("system", output(List.of("wine", "--version")), (system, wine) -> system + ", " + wine);
        }
        facts.put("compiler", compilerVersion == null ? "none, so nothing in C" : compilerVersion);
        facts.put(
                "pinned",
                processors.isEmpty()
                        ? "no"
                        : "asking side on processor " + processors.get(0) + ", answering side on " + processors.get(1)
                                + ", by taskset, all contenders");
        return facts;
    }

    /** Processor and system. */
    static Map<String, String> host() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        Path cpuinfo = Path.of("/proc/cpuinfo");
        String cpu = System.getenv("PROCESSOR_IDENTIFIER");
        if (Files.exists(cpuinfo)) {
            try (var lines = Files.lines(cpuinfo)) {
                cpu = lines.filter(line -> line.startsWith("model name") || line.startsWith("Model"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(cpu);
            }
        }
        facts.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " x " + cpu + ", " + System.getProperty("os.arch"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return facts;
    }

    @Override
    public void close() throws IOException {
        if (wineKeeper != null) {
            wineKeeper.getOutputStream().close();
        }
    }

    private List<String> java() {
        List<String> command = new ArrayList<>();
        String separator = settings.wine() ? ";" : File.pathSeparator;
        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(settings.wine() ? "Z:" + entry : entry);
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
        command.addAll(List.of("-cp", String.join(separator, classPath), Fork.class.getName()));
        return command;
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

    private void compile() throws IOException {
        String source = settings.wine() || windows ? "round_trip_windows.c" : "round_trip_linux.c";
        output(List.of(
                compiler(), "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", cProgram.toString(),
                settings.root().resolve("src/bench/c").resolve(source).toString()));
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
