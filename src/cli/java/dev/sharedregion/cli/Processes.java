package dev.sharedregion.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What processes are called. Each is looked up once. */
final class Processes {
    /**
     * A process that uses an object.
     *
     * @param command the program, of a JVM also its main class or jar; empty if the system does not tell
     * @param stopped whether it is stopped, by a signal or a debugger; false if the system does not tell
     */
    record User(long process, String command, boolean stopped) {
        @Override
        public String toString() {
            return (process + " " + command).strip() + (stopped ? " (stopped)" : "");
        }
    }

    /** The options of {@code java} whose value is the next argument. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--patch-module",
            "--add-modules", "--add-exports", "--add-opens", "--add-reads", "--limit-modules", "--source",
            "--enable-native-access");

    private final Map<Long, User> known = new HashMap<>();

    User user(long process) {
        return known.computeIfAbsent(process, key -> new User(key, command(key), isStopped(key)));
    }

    private static String command(long process) {
        Optional<ProcessHandle.Info> info = ProcessHandle.of(process).map(ProcessHandle::info);
        String command = info.flatMap(ProcessHandle.Info::command).map(Processes::fileName).orElse("");
        if (!command.equals("java") && !command.equals("java.exe")) {
            return command;
        }
        return (command + " " + info.flatMap(ProcessHandle.Info::arguments).map(Processes::main).orElse("")).strip();
    }

    private static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /** The main class, or the file name of the jar; empty if there is none. */
    private static String main(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("-jar")) {
                return i + 1 < arguments.length ? fileName(arguments[i + 1]) : "";
            } else if (WITH_VALUE.contains(argument)) {
                i++;
            } else if (!argument.startsWith("-") && !argument.startsWith("@")) {
                return argument;
            }
        }
        return "";
    }

    /** Linux: the state follows the command, which stands in parentheses. See {@code proc(5)}. */
    private static boolean isStopped(long process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"), StandardCharsets.ISO_8859_1);
            int state = stat.lastIndexOf(')') + 2;
            return state > 1 && (stat.charAt(state) == 'T' || stat.charAt(state) == 't');
        } catch (IOException e) {
            return false;
        }
    }
}
