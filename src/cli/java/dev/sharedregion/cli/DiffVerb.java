package dev.sharedregion.cli;

import dev.sharedregion.cli.RecordingReader.State;
import dev.sharedregion.cli.Runs.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import terminal.Terminal;

/** Compares regions. */
@Command(
        name = "diff",
        description = "Compares two regions, or a region with a recorded state.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:They are equal.", "1:They could not be compared.", "2:Wrong arguments.", "3:They differ."},
        footer = {"", "The shorter one counts as filled up with zeros: Windows rounds sizes up to whole pages."})
final class DiffVerb extends Verb {
    private static final int DIFFERENT = 3;

    @Parameters(index = "0", paramLabel = "NAME", description = "The name of the first region.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "OTHER", description = "The name of the second region.")
    private String other;

    @Option(names = "--file", paramLabel = "FILE",
            description = "A recording, or a snapshot of 'dump --output', in the place of the second region.")
    private Path file;

    @Option(names = "--at", paramLabel = "SECONDS",
            description = "Take the state of the recording at this time; the last one without it.")
    private double at = Double.POSITIVE_INFINITY;

    private record Side(String name, int size) {}

    private record Comparison(boolean equal, List<Side> sides, List<Difference> differences) {}

    @Override
    int run(Output output) throws Exception {
        if ((other == null) == (file == null)) {
            throw new IllegalArgumentException("Give the name of a second region, or a --file.");
        }
        byte[] left = RegionCopy.of(name);
        byte[] right = file == null ? RegionCopy.of(other) : recorded();
        List<Run> runs = Runs.between(left, right, 0);
        if (output.isJson()) {
            List<Side> sides = List.of(new Side(name, left.length), new Side(otherName(), right.length));
            List<Difference> differences = runs.stream().map(run -> Difference.of(run, left, right)).toList();
            output.print(new Comparison(runs.isEmpty(), sides, differences), () -> "");
        } else {
            print(left, right, runs);
        }
        return runs.isEmpty() ? Tool.OK : DIFFERENT;
    }

    /** A recording begins as all files of gzip do. Other files are what a region had. */
    private byte[] recorded() throws IOException {
        try (InputStream in = FileAccess.open(file)) {
            byte[] first = in.readNBytes(2);
            boolean gzip = first.length == 2 && Arrays.equals(first, new byte[] {0x1f, (byte) 0x8b});
            return gzip ? state() : Files.readAllBytes(file);
        }
    }

    private byte[] state() throws IOException {
        try (RecordingReader reader = new RecordingReader(file)) {
            int region = Math.max(0, reader.header().regions().indexOf(name));
            byte[] bytes = {};
            for (State state; (state = reader.next()) != null && state.nanos() <= at * 1e9; ) {
                bytes = state.region() == region ? state.bytes() : bytes;
            }
            return bytes;
        }
    }

    private void print(byte[] left, byte[] right, List<Run> runs) {
        PrintStream out = streams().out();
        BitSet changed = new BitSet();
        runs.forEach(run -> changed.set(run.offset(), run.end()));
        boolean marks = Terminal.canRedraw();
        if (!runs.isEmpty()) {
            out.println("--- " + name + ", " + left.length + " bytes");
            out.println("+++ " + otherName() + ", " + right.length + " bytes");
        }
        for (int from = 0; (from = changed.nextSetBit(from)) >= 0; from += Hex.PER_LINE) {
            from -= from % Hex.PER_LINE;
            out.println("- " + Hex.line(0, left, from, i -> marks && changed.get(i)));
            out.println("+ " + Hex.line(0, right, from, i -> marks && changed.get(i)));
        }
    }

    private String otherName() {
        return file == null ? other : file.toString();
    }
}
