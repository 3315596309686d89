package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sharedregion.cli.Streams;
import dev.sharedregion.cli.Tool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run of the tool in this JVM, which has ended. */
public record ToolRun(int code, String out, String err) {
    private static final JsonMapper JSON = new JsonMapper();

    public static ToolRun of(String... arguments) {
        return new Begun().run(arguments);
    }

    /** Begins a run in another thread. */
    public static Begun begin(String... arguments) {
        Begun run = new Begun();
        Thread thread = new Thread(() -> {
            try {
                run.end.complete(run.run(arguments));
            } catch (Throwable e) {
                run.end.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return run;
    }

    /** A run in another thread. */
    public static final class Begun {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final Streams streams = new Streams(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        private final CompletableFuture<ToolRun> end = new CompletableFuture<>();

        private Begun() {}

        private ToolRun run(String... arguments) {
            int code = Tool.run(streams, arguments);
            return new ToolRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }

        public boolean isDone() {
            return end.isDone();
        }

        /** Returns what the run has printed until now. */
        public String printed() {
            return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
        }

        /** Waits until the run has printed this. */
        public void awaitPrinted(String text) throws InterruptedException {
            while (!printed().contains(text)) {
                assertFalse(isDone(), this::printed);
                Thread.sleep(1);
            }
        }

        /** Waits for the end of a run that ends by itself. */
        public ToolRun get() throws InterruptedException, ExecutionException {
            return end.get();
        }

        /** Ends the run as Ctrl-C does, and waits for its end. */
        public ToolRun stop() throws InterruptedException, ExecutionException {
            streams.stop().countDown();
            return get();
        }
    }

    /** Checks that the run did what it was asked for. */
    public ToolRun succeeded() {
        return ended(Tool.OK);
    }

    /** Checks how the run has ended. */
    public ToolRun ended(int expected) {
        assertEquals(expected, code, () -> out + err);
        return this;
    }

    public List<String> lines() {
        return out.lines().toList();
    }

    /** Returns the only result. */
    public JsonNode json() {
        return JSON.readTree(out);
    }

    /** Returns one of several results. */
    public JsonNode json(int line) {
        return JSON.readTree(lines().get(line));
    }
}
