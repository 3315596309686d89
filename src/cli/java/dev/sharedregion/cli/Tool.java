package dev.sharedregion.cli;

import dev.sharedregion.SharedMemoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;
import terminal.Utf8Console;

/** The command {@code sharedregion}, which shows what is shared on this machine. Each verb is a class of its own. */
@Command(
        name = Tool.NAME,
        description = "Shows what is shared on this machine: regions, events, pairs, locks, tables and channels.",
        mixinStandardHelpOptions = true,
        versionProvider = Tool.Version.class,
        scope = ScopeType.INHERIT,
        subcommands = {
            ListVerb.class, InfoVerb.class, DumpVerb.class, WatchVerb.class, DiffVerb.class, RecordVerb.class,
            ReplayVerb.class, FakeVerb.class, CleanVerb.class, BenchVerb.class, BenchVerb.Peer.class
        })
public final class Tool {
    /** The exit code if a verb did what it was asked to do. */
    public static final int OK = 0;

    /** The exit code if a verb failed. */
    public static final int FAILED = 1;

    /** The exit code if the arguments were wrong. */
    public static final int WRONG_ARGUMENTS = 2;

    static final String NAME = "sharedregion";

    final Streams streams;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON.")
    private boolean json;

    private Tool(Streams streams) {
        this.streams = streams;
    }

    public static void main(String[] args) {
        System.exit(run(Streams.ofThisProcess(), Utf8Console.arguments(Tool.class, args)));
    }

    /** Runs a verb, and returns the exit code. */
    public static int run(Streams streams, String... args) {
        CommandLine line = new CommandLine(new Tool(streams))
                .setOut(streams.outWriter())
                .setErr(streams.errWriter())
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Tool::refuse)
                .setExecutionExceptionHandler((problem, verb, parsed) -> fail(problem, streams));
        int code = line.execute(args);
        // A full disk, or a pipe that its reader has closed.
        if (streams.out().checkError()) {
            streams.err().println(NAME + ": Cannot write all of the output.");
            return FAILED;
        }
        return code;
    }

    Output output() {
        return new Output(streams.out(), json);
    }

    private static int refuse(ParameterException problem, String[] args) {
        CommandLine verb = problem.getCommandLine();
        verb.getErr().println(NAME + ": " + problem.getMessage());
        UnmatchedArgumentException.printSuggestions(problem, verb.getErr());
        verb.getErr().println("Try '" + verb.getCommandSpec().qualifiedName() + " --help'.");
        return WRONG_ARGUMENTS;
    }

    /** Prints why a verb failed. An exception that no verb is meant to throw is a bug: its stack trace is printed. */
    private static int fail(Exception problem, Streams streams) throws Exception {
        if (problem instanceof SharedMemoryException
                || problem instanceof IllegalArgumentException
                || problem instanceof IOException
                || problem instanceof UncheckedIOException) {
            tell(problem, streams);
            return problem instanceof IllegalArgumentException ? WRONG_ARGUMENTS : FAILED;
        }
        throw problem;
    }

    /** Prints what went wrong, as one line. */
    static void tell(Exception problem, Streams streams) {
        streams.err().println(NAME + ": " + Text.visible(String.valueOf(problem.getMessage())));
    }

    /** The version of the jar that this is in. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tool.class.getPackage().getImplementationVersion();
            return new String[] {NAME + " " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
