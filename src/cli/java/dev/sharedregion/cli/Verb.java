package dev.sharedregion.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;

/** What the tool can be asked to do. A subclass has the options and arguments of one verb. */
abstract class Verb implements Callable<Integer> {
    @ParentCommand
    private Tool tool;

    /**
     * Does what was asked for, and returns the exit code.
     *
     * @throws dev.sharedregion.SharedMemoryException if it failed; the message is printed
     * @throws IllegalArgumentException if an argument is wrong; the message is printed
     * @throws Exception if an input or output failed, or if the verb has a bug
     */
    abstract int run(Output output) throws Exception;

    /** What the user can be asked by. */
    final Streams streams() {
        return tool.streams;
    }

    @Override
    public final Integer call() throws Exception {
        try {
            return run(tool.output());
        } catch (OutOfMemoryError e) {
            throw new IOException("This needs more memory than Java has. Give it more, as by java -Xmx8g.", e);
        }
    }
}
