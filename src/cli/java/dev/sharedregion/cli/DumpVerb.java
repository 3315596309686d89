package dev.sharedregion.cli;

import dev.sharedregion.TelemetryReader.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import telemetry.Readings;
import telemetry.Row;

/** Shows what a region has at this moment. */
@Command(name = "dump", description = "Shows the bytes of a region, or its values.")
final class DumpVerb extends Verb {
    /** The longest time in which a program can be writing at every look. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The name of the region; not needed with a layout.")
    private String name;

    @ArgGroup
    private Shape shape = new Shape();

    @Option(names = "--offset", paramLabel = "BYTES", converter = Hex.Number.class, description = "Begin here.")
    private long offset;

    @Option(names = "--length", paramLabel = "BYTES", converter = Hex.Number.class,
            description = "Show so many bytes; all up to the end without it.")
    private long length;

    @Option(names = "--big-endian", description = "Values of --type have the most significant byte first.")
    private boolean bigEndian;

    @Option(names = "--output", paramLabel = "FILE", description = "Write the bytes to a new file, a snapshot.")
    private Path file;

    @Option(names = "--force", description = "Replace the file.")
    private boolean force;

    private record Bytes(String name, long offset, int length, String bytes) {}

    private record Values(String region, List<Row> values) {}

    @Override
    int run(Output output) throws Exception {
        shape.checkName(name);
        if (shape.isGiven() && (file != null || length > 0)) {
            throw new IllegalArgumentException("--output and --length are for bytes, and not for values.");
        }
        if (shape.isGiven()) {
            printValues(output);
        } else {
            printBytes(output, bytes());
        }
        return Tool.OK;
    }

    private byte[] bytes() {
        Optional<Leftover> left = Leftover.of(name);
        if (left.isPresent()) {
            byte[] all = left.get().bytes();
            RegionCopy.checkPart(name, all.length, offset, length);
            return Arrays.copyOfRange(all, (int) offset, (int) (length == 0 ? all.length : offset + length));
        }
        return offset == 0 && length == 0 ? RegionCopy.of(name) : RegionCopy.window(name, offset, length);
    }

    private void printBytes(Output output, byte[] bytes) throws IOException {
        if (file != null) {
            try (OutputStream out = FileAccess.create(file, force)) {
                out.write(bytes);
            }
        } else if (output.isJson()) {
            output.print(new Bytes(name, offset, bytes.length, Hex.digits(bytes, 0, bytes.length)), () -> "");
        } else {
            Hex.print(streams().out(), offset, bytes);
        }
    }

    private void printValues(Output output) throws Exception {
        ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        try (Readings readings = shape.open(name, offset, order)) {
            Result result = whole(readings);
            if (result != Result.FRESH) {
                throw new IOException(shape.title(name) + (result == Result.TORN
                        ? " is being written at every look."
                        : " does not run: its memory is there, and says that it has ended."));
            }
            List<Row> rows = Shape.visible(readings.rows());
            String lines = String.join("\n", Row.lines(rows, rows.size()));
            output.print(new Values(shape.title(name), rows), () -> shape.title(name) + "\n" + lines + "\n");
        }
    }

    private static Result whole(Readings readings) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Result result = readings.read();
        while (result == Result.TORN && System.nanoTime() - end < 0) {
            Thread.sleep(1);
            result = readings.read();
        }
        if (result == Result.ABSENT) {
            throw readings.problem().orElseThrow();
        }
        return result;
    }
}
