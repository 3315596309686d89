package dev.sharedregion.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import terminal.Utf8Console;

/**
 * The streams of the tool, all in UTF-8, and what ends it.
 *
 * @param out for results
 * @param err for errors and questions
 * @param stop counted down to end a verb that goes on, as Ctrl-C does
 */
public record Streams(InputStream in, PrintStream out, PrintStream err, CountDownLatch stop) {
    public Streams(InputStream in, PrintStream out, PrintStream err) {
        this(in, out, err, new CountDownLatch(1));
    }

    static Streams ofThisProcess() {
        PrintStream out = new PrintStream(Utf8Console.output(), false, StandardCharsets.UTF_8);
        return new Streams(Utf8Console.input(), out, Utf8Console.errors());
    }

    PrintWriter outWriter() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    PrintWriter errWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }
}
