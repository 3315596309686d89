import dev.sharedregion.LatestReader.WriterState;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.SharedMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import terminal.Utf8Console;

/**
 * Publishes prices, a thousand changes a second, or prints the newest ones: {@code write|read [name [number]]}. {@code
 * native/latest_prices.c} does the same in C, and {@code python/latest_reader.py} reads them, too.
 */
public final class LatestPrices {
    private static final String[] SYMBOLS = {"BTC-USD", "EUR-USD", "USD-CNY", "XAU-USD"};
    private static final double[] PRICES = {64_000, 1.08, 7.25, 2_400};

    /** In a value of 32 bytes: the symbol, 16 bytes in ASCII, filled up with zeros. */
    private static final int SYMBOL_BYTES = 16;

    /** After the symbol: the price, a double, and how often it has changed, an int64. */
    private static final int SIZE = SYMBOL_BYTES + Double.BYTES + Long.BYTES;

    private LatestPrices() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            String role = args.length > 0 ? args[0] : "";
            String name = args.length > 1 ? args[1] : "prices";
            long number = args.length > 2 ? Long.parseLong(args[2]) : Long.MAX_VALUE;
            switch (role) {
                case "write" -> write(name, number);
                case "read" -> read(name, number);
                default -> throw new IllegalArgumentException("Usage: LatestPrices write|read [name [number]]");
            }
        } catch (SharedMemoryException | IllegalArgumentException e) {
            Utf8Console.say(e.getMessage());
            System.exit(1);
        }
    }

    private static void write(String name, long changes) throws InterruptedException {
        // Continues the table of a writer that has ended, or was killed, while readers have it open.
        try (LatestWriter writer = LatestWriter.openOrCreate(name, SYMBOLS.length, SIZE)) {
            Utf8Console.say("Publishing the table \"" + name + "\".");
            for (long change = 1; change <= changes; change++) {
                int index = (int) (change % SYMBOLS.length);
                PRICES[index] *= 1 + ThreadLocalRandom.current().nextGaussian() / 10_000;
                writer.set(index, value(index, change));
                Thread.sleep(1);
            }
        }
    }

    private static ByteBuffer value(int index, long change) {
        return ByteBuffer.allocate(SIZE)
                .order(ByteOrder.nativeOrder())
                .put(0, SYMBOLS[index].getBytes(StandardCharsets.US_ASCII))
                .putDouble(SYMBOL_BYTES, PRICES[index])
                .putLong(SYMBOL_BYTES + Double.BYTES, change);
    }

    /** Prints so many prices, each the newest one when it is printed. */
    private static void read(String name, long prices) throws InterruptedException {
        try (LatestReader reader = LatestReader.open(name, Duration.ofSeconds(30))) {
            ByteBuffer value = ByteBuffer.allocate(reader.size()).order(ByteOrder.nativeOrder());
            long[] printed = new long[reader.count()];
            long seen = 0;
            while (prices > 0) {
                if (!reader.awaitNewer(seen, Duration.ofSeconds(1))) {
                    WriterState writer = reader.writerState();
                    if (writer == WriterState.ALIVE) {
                        continue;
                    }
                    Utf8Console.say("No new price for a second. The writer: " + writer + ".");
                    return;
                }
                seen = reader.version();
                for (int index = 0; index < reader.count() && prices > 0; index++) {
                    long version = reader.read(index, value.clear());
                    if (version > printed[index]) {
                        Utf8Console.say(text(value) + " (version " + version + ")");
                        printed[index] = version;
                        prices--;
                    }
                }
            }
        }
    }

    private static String text(ByteBuffer value) {
        byte[] symbol = new byte[SYMBOL_BYTES];
        value.get(0, symbol);
        String name = new String(symbol, StandardCharsets.US_ASCII).replace("\0", "");
        return String.format(Locale.ROOT, "%s %.4f", name, value.getDouble(SYMBOL_BYTES));
    }
}
