import terminal.Utf8Console;

/** The bytes of the region that {@link ConsoleServer} and {@link ConsoleClient} share; integers are little-endian. */
final class ConsoleLayout {
    /** int32: how many bytes of text there are, or {@link #END}. */
    static final int LENGTH = 0;

    /** int32: 1 if more of this line follows in the next turn, 0 if the line ends here. */
    static final int MORE = 4;

    /** The text, in UTF-8, without the end of the line. A character may be cut in two where a line goes on. */
    static final int TEXT = 8;

    /** In place of a length: there are no more lines. */
    static final int END = -1;

    static final String DEFAULT_NAME = "zzj";
    static final int REGION_SIZE = 4096;

    private ConsoleLayout() {}

    /** The first argument, the name of region and pair, or the default; fails if there are too many arguments. */
    static String nameArgument(Class<?> main, String[] args, int most, String usage) {
        if (args.length > most) {
            throw new IllegalArgumentException("Too many arguments. " + usage);
        }
        return args.length == 0 ? DEFAULT_NAME : Utf8Console.arguments(main, args)[0];
    }
}
