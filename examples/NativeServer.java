import dev.sharedregion.EventPair;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import terminal.Utf8Console;

/** Hands numbered turns of 64 bytes to {@code native/client.c}, a program in C. */
public final class NativeServer {
    /** Of one turn: its number, so many times. */
    private static final int NUMBERS = 8;

    /** Instead of a number: that was all. */
    private static final long END = -1;

    private NativeServer() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            String name = args.length > 0 ? args[0] : "native";
            long turns = args.length > 1 ? Long.parseLong(args[1]) : 1_000_000;
            // The region first: a client that has found the pair will find the region too. It may exist: the client of
            // a server that was killed keeps it alive.
            try (SharedRegion region = SharedRegion.openOrCreate(name, NUMBERS * Long.BYTES);
                    EventPair pair = EventPair.create(name)) {
                Utf8Console.say("Serving \"" + name + "\": " + turns + " turns.");
                serve(region.buffer().order(ByteOrder.nativeOrder()), pair, turns);
            }
        } catch (SharedMemoryException | IllegalArgumentException e) {
            Utf8Console.say(e.getMessage());
            System.exit(1);
        }
    }

    private static void serve(ByteBuffer memory, EventPair pair, long turns) throws InterruptedException {
        for (long turn = 1; turn <= turns; turn++) {
            long number = turn;
            pair.write(() -> {
                for (int i = 0; i < NUMBERS; i++) {
                    memory.putLong(i * Long.BYTES, number);
                }
            });
        }
        pair.write(() -> memory.putLong(0, END));
        pair.awaitRead();
    }
}
