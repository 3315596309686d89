import dev.sharedregion.EventPair;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Hands each line of its standard input to a {@link ConsoleClient} in another process. */
public final class ConsoleServer {
    private static final String USAGE = "Usage: ConsoleServer [name]";

    private ConsoleServer() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            String name = Utf8Console.nameArgument(args, 1, USAGE);
            // The region first: a client that has found the pair will find the region too.
            try (SharedRegion region = createRegion(name);
                    EventPair pair = EventPair.create(name)) {
                Utf8Console.say("Serving \"" + name + "\". Type lines; end with " + Utf8Console.END_KEY + ".");
                serve(Utf8Console.input(), region, pair);
            }
        } catch (SharedMemoryException | IllegalArgumentException | IOException e) {
            Utf8Console.say(e.getMessage());
            System.exit(1);
        }
    }

    /** Creates the region, or says what may be in the way. */
    static SharedRegion createRegion(String name) {
        try {
            return SharedRegion.create(name, ConsoleLayout.REGION_SIZE);
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.ALREADY_EXISTS) {
                throw e;
            }
            throw new IllegalArgumentException(
                    e.getMessage() + " Does a server of that name run, or a client that an earlier one has left?");
        }
    }

    /** Hands over every line, then the end, and returns when the client has read that. */
    static void serve(InputStream input, SharedRegion region, EventPair pair)
            throws IOException, InterruptedException {
        PushbackInputStream lines = new PushbackInputStream(input);
        ByteBuffer memory = region.buffer().order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = new byte[memory.capacity() - ConsoleLayout.TEXT];

        int next = nextByte(lines);
        while (next >= 0) {
            int length = 0;
            while (next >= 0 && next != '\n' && length < text.length) {
                text[length++] = (byte) next;
                next = nextByte(lines);
            }
            // A line that just fills the region is whole: only the byte after it tells whether more follows.
            boolean more = next >= 0 && next != '\n';
            write(pair, memory, text, length, more);
            if (next == '\n') {
                next = nextByte(lines);
            }
        }
        pair.write(() -> memory.putInt(ConsoleLayout.LENGTH, ConsoleLayout.END));
        pair.awaitRead();
    }

    /** Waits until the client has read what was written before, then writes and signals. */
    private static void write(EventPair pair, ByteBuffer memory, byte[] text, int length, boolean more)
            throws InterruptedException {
        pair.write(() -> {
            memory.putInt(ConsoleLayout.LENGTH, length);
            memory.putInt(ConsoleLayout.MORE, more ? 1 : 0);
            memory.put(ConsoleLayout.TEXT, text, 0, length);
        });
    }

    /** The next byte, or -1 at the end; a line that ends as on Windows seems to end as on Linux. */
    private static int nextByte(PushbackInputStream lines) throws IOException {
        int next = lines.read();
        if (next == '\r') {
            int after = lines.read();
            if (after == '\n') {
                return '\n';
            }
            if (after >= 0) {
                lines.unread(after);
            }
        }
        return next;
    }
}
