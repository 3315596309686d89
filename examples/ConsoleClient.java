import dev.sharedregion.EventPair;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import terminal.Utf8Console;

/** Prints each line that a {@link ConsoleServer} in another process hands over. */
public final class ConsoleClient {
    private static final String USAGE = "Usage: ConsoleClient [name] [seconds to wait for the server]";
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);

    private ConsoleClient() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            String name = ConsoleLayout.nameArgument(ConsoleClient.class, args, 2, USAGE);
            Duration wait = args.length < 2 ? DEFAULT_WAIT : seconds(args[1]);
            // A client only looks at the region, so it asks for no more than that.
            RegionOptions options = RegionOptions.readOnly().minimumSize(ConsoleLayout.TEXT);
            try (EventPair pair = openPair(name, wait);
                    SharedRegion region = SharedRegion.open(name, options)) {
                printLines(region, pair, Utf8Console.output());
            }
        } catch (SharedMemoryException | IllegalArgumentException | IOException e) {
            Utf8Console.say(e.getMessage());
            System.exit(1);
        }
    }

    private static EventPair openPair(String name, Duration wait) throws InterruptedException {
        try {
            return EventPair.open(name);
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.NOT_FOUND || wait.isZero()) {
                throw e;
            }
        }
        Utf8Console.say("Waiting up to " + wait.toSeconds() + " s for the server of \"" + name + "\".");
        return EventPair.open(name, wait);
    }

    private static void printLines(SharedRegion region, EventPair pair, OutputStream output)
            throws IOException, InterruptedException {
        ByteBuffer memory = region.buffer().order(ByteOrder.LITTLE_ENDIAN);
        while (true) {
            // The text is copied, and the turn is the server's again, before the slow part, the printing.
            Turn turn = pair.read(() -> Turn.in(memory));
            if (turn.end()) {
                return;
            }
            output.write(turn.text());
            if (!turn.more()) {
                output.write('\n');
                output.flush();
            }
        }
    }

    /** What the server wrote in one turn. */
    private record Turn(boolean end, byte[] text, boolean more) {
        static Turn in(ByteBuffer memory) {
            int length = memory.getInt(ConsoleLayout.LENGTH);
            if (length == ConsoleLayout.END) {
                return new Turn(true, new byte[0], false);
            }
            // Another process wrote it: never trust a length before it is checked.
            int most = memory.capacity() - ConsoleLayout.TEXT;
            if (length < 0 || length > most) {
                throw new IllegalArgumentException("The server wrote a text length of " + length
                        + ", but the region has room for 0 to " + most + " bytes. Is it a ConsoleServer?");
            }
            byte[] text = new byte[length];
            memory.get(ConsoleLayout.TEXT, text);
            return new Turn(false, text, memory.getInt(ConsoleLayout.MORE) != 0);
        }
    }

    private static Duration seconds(String argument) {
        long seconds = -1;
        try {
            seconds = Long.parseLong(argument);
        } catch (NumberFormatException e) {
            // Not a number: refused below, as a negative one is.
        }
        if (seconds < 0) {
            throw new IllegalArgumentException("Cannot wait for \"" + argument + "\" seconds. " + USAGE);
        }
        return Duration.ofSeconds(seconds);
    }
}
