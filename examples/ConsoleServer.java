import dev.sharedregion.EventPair;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import terminal.Utf8Console;

/** Hands each line of its standard input to a {@link ConsoleClient} in another process. */
public final class ConsoleServer {
    private static final String USAGE = "Usage: ConsoleServer [name]";
    private static final Duration A_MOMENT = Duration.ofSeconds(3);
    private static final Duration A_WHILE = Duration.ofDays(1);

    private ConsoleServer() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            String name = ConsoleLayout.nameArgument(ConsoleServer.class, args, 1, USAGE);
            // The region first: a client that has found the pair will find the region too. It may exist: the client of
            // a server that was killed keeps it alive. EventPair.create refuses a second server.
            try (SharedRegion region = SharedRegion.openOrCreate(name, ConsoleLayout.REGION_SIZE);
                    EventPair pair = EventPair.create(name)) {
                Utf8Console.say("Serving \"" + name + "\". Type lines; end with " + Utf8Console.END_KEY + ".");
                serve(Utf8Console.input(), region, action -> write(pair, action));
                awaitRead(pair);
            }
        } catch (SharedMemoryException | IllegalArgumentException | IOException e) {
            Utf8Console.say(e.getMessage());
            System.exit(1);
        }
    }

    /** Hands a turn to the client, in which it finds what the action has written. */
    interface Turns {
        void write(EventPair.Action<RuntimeException> action) throws InterruptedException;
    }

    /** Hands over every line, then the end. */
    static void serve(InputStream input, SharedRegion region, Turns turns) throws IOException, InterruptedException {
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
            int bytes = length;
            turns.write(() -> {
                memory.putInt(ConsoleLayout.LENGTH, bytes);
                memory.putInt(ConsoleLayout.MORE, more ? 1 : 0);
                memory.put(ConsoleLayout.TEXT, text, 0, bytes);
            });
            if (next == '\n') {
                next = nextByte(lines);
            }
        }
        turns.write(() -> memory.putInt(ConsoleLayout.LENGTH, ConsoleLayout.END));
    }

    /** Waits until the client has read what was written before, then writes and signals. */
    private static void write(EventPair pair, EventPair.Action<RuntimeException> action) throws InterruptedException {
        awaitRead(pair);
        pair.write(action);
    }

    /** Waits until a client has read it: this one, or if it ends without having done so, the next. */
    private static void awaitRead(EventPair pair) throws InterruptedException {
        // awaitPeer, too, can bring the turn: a client that has read and is gone again is noticed by its turn alone.
        while (!pair.hasTurn()) {
            try {
                if (!pair.awaitRead(A_MOMENT)) {
                    Utf8Console.say("Waiting until a client has read what was typed.");
                    pair.awaitRead();
                }
            } catch (SharedMemoryException e) {
                if (!e.isPeerGone()) {
                    throw e;
                }
                Utf8Console.say("The client has ended. The next one will go on with what it has not read.");
                while (!pair.awaitPeer(A_WHILE)) {
                    // Until it comes.
                }
            }
        }
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
