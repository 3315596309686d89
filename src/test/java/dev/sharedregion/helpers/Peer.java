package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A second process of a test: a JVM or any other program. The test exchanges lines of UTF-8 with it over its standard
 * input and output. Close kills the process if it still runs.
 */
public final class Peer implements AutoCloseable {
    /** Long enough for a JVM to start on a busy machine, under Wine too. */
    private static final long PATIENCE_SECONDS = 120;

    /** Wine lacks a call that a JVM 21 makes; what the JVM prints then is not the program's. */
    private static final Pattern JVM_WARNING =
            Pattern.compile("OpenJDK 64-Bit Server VM warning: .*process group affinity.*");

    /**
     * What Wine says when a new process has ended before its program has begun, which happens once in some thousand
     * starts: ERROR_INTERNAL_ERROR, a code that CreateProcess of Windows does not have.
     */
    private static final String WINE_FAILURE = "CreateProcess error=1359,";

    private static final int MOST_STARTS = 3;

    private static final String END = new String("end of output");

    private final Process process;
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private final StringBuffer errors = new StringBuffer();
    private final List<Thread> readers = new ArrayList<>();

    private Peer(ProcessBuilder builder) {
        process = started(builder, MOST_STARTS);
        readers.add(reader(process.getInputStream(), this.output::add, "output"));
        readers.add(reader(process.getErrorStream(), line -> errors.append(line).append('\n'), "errors"));
    }

    private static Process started(ProcessBuilder builder, int starts) {
        try {
            return builder.start();
        } catch (IOException e) {
            if (starts > 1 && e.getMessage().contains(WINE_FAILURE)) {
                return started(builder, starts - 1);
            }
            throw new UncheckedIOException("cannot start " + builder.command(), e);
        }
    }

    /** Starts a program. */
    public static Peer start(List<String> command) {
        return new Peer(new ProcessBuilder(command));
    }

    public static Peer start(ProcessBuilder builder) {
        return new Peer(builder);
    }

    /** Starts a class of the tests or of the examples, with a main method, in a JVM like this one. */
    public static Peer java(Class<?> main, String... arguments) {
        return java(List.of(), main.getName(), arguments);
    }

    public static Peer java(List<String> jvmOptions, String main, String... arguments) {
        return start(javaCommand(jvmOptions, main, arguments));
    }

    public static List<String> javaCommand(List<String> jvmOptions, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The class path of the tests; Surefire itself runs from a jar that only names it. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Writes a line to its standard input. */
    public void send(String line) {
        sendBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public void sendBytes(byte[] bytes) {
        try {
            OutputStream input = process.getOutputStream();
            input.write(bytes);
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the peer has ended: " + errors, e);
        }
    }

    public void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its next line of output; null at the end. */
    public String nextLine() {
        return nextLine(PATIENCE_SECONDS);
    }

    /** The same, and fails after this time. */
    public String nextLine(long patienceSeconds) {
        try {
            String line = output.poll(patienceSeconds, TimeUnit.SECONDS);
            if (line == null) {
                fail("no line from the peer within " + patienceSeconds + " s; its errors: " + errors);
            }
            if (line == END) {
                output.add(END);
                return null;
            }
            return line;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its next line of output if it is there by now, otherwise null. */
    public String lineIfThere() {
        String line = output.peek();
        return line == null || line == END ? null : output.remove();
    }

    public void expect(String line) {
        assertEquals(line, nextLine(), () -> "errors of the peer: " + errors);
    }

    /** Waits for its end and returns its exit status. */
    public int exitStatus() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                fail("the peer does not end within " + PATIENCE_SECONDS + " s; its errors: " + errors);
            }
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that it has written to standard error; complete after {@link #exitStatus}. */
    public String errors() {
        return errors.toString();
    }

    /** Linux: sends it a signal, as {@code STOP} or {@code CONT}. */
    public void signal(String which) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + which, "" + pid()).start().waitFor());
    }

    /**
     * Ends it as {@code kill -9} and TerminateProcess do, and waits until it has ended. All that it has written is
     * there: {@link Process#destroyForcibly} would drop what was not read yet.
     */
    public void kill() {
        process.toHandle().destroyForcibly();
        exitStatus();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private static Thread reader(InputStream stream, java.util.function.Consumer<String> lines, String what) {
        Thread thread = new Thread(
                () -> {
                    try (var reader = new java.io.BufferedReader(
                            new java.io.InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line; (line = reader.readLine()) != null; ) {
                            if (!JVM_WARNING.matcher(line).matches()) {
                                lines.accept(line);
                            }
                        }
                    } catch (IOException e) {
                        // The process was killed; its output ends here.
                    } finally {
                        if (what.equals("output")) {
                            lines.accept(END);
                        }
                    }
                },
                what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
