package dev.sharedregion.internal.pair;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The actions of a side before and after each change of the block. There are none, unless a test has asked for one of
 * the actions below. The changes have the names of {@code src/docs/handshake.md}. {@code steps.h} is the same in C.
 */
final class Steps {
    /** The action at a change. */
    enum Action {
        /** Says so and waits for the line "go". Once. */
        HOLD,
        /** Says so. Once. */
        TELL,
        /** Changes the word before, so that the change fails. Again and again. */
        SPOIL
    }

    private final Map<String, Action> actions = new HashMap<>();
    private final BufferedReader input;
    private final PrintStream output;

    Steps(BufferedReader input, PrintStream output) {
        this.input = input;
        this.output = output;
    }

    /** Asks for an action "after NAME", "before NAME", or, to spoil it, at "NAME". */
    void set(Action action, String step) {
        actions.put(step, action);
    }

    void clear() {
        actions.clear();
    }

    boolean isSpoiled(String change) {
        return actions.get(change) == Action.SPOIL;
    }

    /** The change is about to be made. */
    void before(String change) {
        at("before " + change);
    }

    /** The change has been made. */
    void after(String change) {
        at("after " + change);
    }

    private void at(String step) {
        Action action = actions.remove(step);
        if (action == null) {
            return;
        }
        output.println(step);
        if (action == Action.HOLD) {
            try {
                String line = input.readLine();
                if (!"go".equals(line)) {
                    throw new IllegalStateException("held " + step + ", and told to " + line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
