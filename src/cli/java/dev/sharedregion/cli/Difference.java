package dev.sharedregion.cli;

import dev.sharedregion.cli.Runs.Run;

/**
 * A place where two states of a region differ, for JSON.
 *
 * @param before the bytes of the first state, two digits for each; fewer if the state ends there
 * @param after those of the second state
 */
record Difference(int offset, int length, String before, String after) {
    static Difference of(Run run, byte[] before, byte[] after) {
        return new Difference(run.offset(), run.length(), digits(before, run), digits(after, run));
    }

    private static String digits(byte[] state, Run run) {
        return Hex.digits(state, Math.min(run.offset(), state.length), Math.min(run.end(), state.length));
    }
}
