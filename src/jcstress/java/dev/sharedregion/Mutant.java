package dev.sharedregion;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * The library with one mistake in it, which a test must notice: each is a memory order that is too weak, or a look that
 * is left out.
 *
 * @param test the simple name of the test
 * @param file the source that has the mistake, in the folder of the internal packages
 * @param right what stands there once
 * @param wrong what stands there instead
 */
record Mutant(String test, String file, String right, String wrong) {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "TurnCarriesPayload",
                    "pair/PairBlock",
                    "(long) LONG.getAcquire(memory, TURN)",
                    "memory.getLong(TURN)"),
            new Mutant(
                    "ParkAgainstSignal.Client",
                    "pair/PairBlock",
                    "LONG.setVolatile(memory, TURN, turn)",
                    "LONG.setRelease(memory, TURN, turn)"),
            new Mutant(
                    "ParkAgainstSignal.Server",
                    "pair/PairBlock",
                    "INT.setVolatile(memory, place(side) + PairBlockLayout.STATE, state)",
                    "INT.setRelease(memory, place(side) + PairBlockLayout.STATE, state)"),
            new Mutant(
                    "ParkAgainstLeave.WithTurn",
                    "pair/Parking",
                    "if (block.turnVolatile() != now || block.state(peer) != state) {",
                    "if (block.turnVolatile() != now) {"),
            new Mutant(
                    "ParkAgainstLeave.AfterSignal",
                    "pair/Parking",
                    "boolean token = myEvent.poll();",
                    "boolean token = false;"),
            new Mutant(
                    "CloseAgainstCalls.Signal",
                    "pair/PairSide",
                    "        begin(from, SIGNALLING);",
                    "        if (turn != from) { throw outOfTurn(); }"),
            new Mutant(
                    "CloseAgainstCalls.Await",
                    "pair/PairSide",
                    "while (turn >= AWAITED) {",
                    "while (turn >= SIGNALLING) {"),
            new Mutant(
                    "LockThreads.Exclusion",
                    "lock/LockSteps",
                    "return LockWord.isFree(word) ? change(word, LockWord.owned(word, place)) : NOT_ACQUIRED;",
                    "return change(word, LockWord.owned(word, place));"),
            new Mutant(
                    "LockThreads.Close",
                    "lock/LockHandle",
                    "while (!uses.isOver() || ENTERING.getAcquire(this) != null) {",
                    "while (!uses.isOver()) {"),
            new Mutant(
                    "LockThreads.CloseWithBias", "lock/LockHandle", "            bias.revoke(fence);", "            ;"),
            new Mutant(
                    "LockThreads.Release",
                    "lock/LockSteps",
                    "if (!LockWord.isSameOwnership(word, acquired)) {",
                    "if (word == 0) {"),
            new Mutant(
                    "LatestValues.Await",
                    "latest/Table",
                    "LONG.setVolatile(windows[0], NEWEST, version)",
                    "LONG.setRelease(windows[0], NEWEST, version)"),
            new Mutant(
                    "LatestValues.Read",
                    "latest/Table",
                    "return (long) LONG.getOpaque(window, place + SEQUENCE) == sequence(version(latest));",
                    "return true;"),
            new Mutant(
                    "LatestValues.Read",
                    "latest/Table",
                    "LONG.setOpaque(window(at), View.indexInWindow(at) + SEQUENCE, sequence(version) + 1);",
                    ""),
            new Mutant(
                    "Messages.Carried",
                    "message/LaneReader",
                    "        sink.prepare(this, kind);\n",
                    "        lane.setHead(next + size);\n"),
            new Mutant("Messages.Turn", "message/SenderTurn", "            bias.revoke(fence);\n", ""),
            new Mutant("BiasAgainstThreads.Signal", "os/Bias", "!fence.run()", "fence == null"),
            new Mutant(
                    "BiasAgainstThreads.Close",
                    "pair/PairSide",
                    "revokeBias();\n            // The calls under way",
                    "// The calls under way"));

    /** Compiles the class that has the mistake. */
    void compile(Path sources, Path classes) throws IOException {
        String source = Files.readString(sources.resolve("dev/sharedregion/internal/" + file + ".java"));
        if (source.split(Pattern.quote(right), -1).length != 2) {
            throw new IOException(file + ".java does not have this once, and the mutant wants another place: " + right);
        }
        Path mutated = Files.createDirectories(classes).resolve(Path.of(file + ".java").getFileName());
        Files.writeString(mutated, source.replace(right, wrong));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        mutated.toString());
        if (status != 0) {
            throw new IOException("The mutant of " + file + " does not compile.");
        }
    }

    /** The class path on which it stands in front of the library. */
    static String classPath(Path classes) {
        return classes + File.pathSeparator + System.getProperty("java.class.path");
    }
}
