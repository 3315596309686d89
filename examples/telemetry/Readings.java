package telemetry;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import dev.sharedregion.TelemetryReader.Result;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a layout reads: a main region, whose state is the program's, and perhaps others. For one thread. */
public final class Readings implements AutoCloseable {
    private final Supplier<List<Row>> rows;
    private final Part main;
    private final List<Part> others;

    Readings(Supplier<List<Row>> rows, Part main, Part... others) {
        this.rows = rows;
        this.main = main;
        this.others = List.of(others);
    }

    /**
     * Returns the readings of a region without a layout.
     *
     * @param name its name
     * @param size the bytes that it has at least
     * @param rows makes the values of a copy, little-endian, of that size
     */
    public static Readings of(String name, int size, Function<ByteBuffer, List<Row>> rows) {
        // It may stand still for any time.
        TelemetryOptions options = TelemetryOptions.defaults().size(size).staleAfter(Duration.ofDays(1));
        Part part = new Part(TelemetryReader.open(name, Sync.twice(), options), size);
        return new Readings(() -> rows.apply(part.copy), part);
    }

    /** Reads all regions, and returns the state of the main one. */
    public Result read() {
        // The main region comes last: what it means can depend on the others.
        others.forEach(Part::read);
        return main.read();
    }

    /** Waits until the main region has new data or the time has passed. */
    public boolean await(Duration time) throws InterruptedException {
        return main.reader.await(time);
    }

    /** Returns the values of the last whole copies. */
    public List<Row> rows() {
        try {
            return rows.get();
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            // What a program of another version wrote can be anything, and so can the offsets in it.
            return List.of(new Row("unknown layout", String.valueOf(e.getMessage())));
        }
    }

    /** Returns why the main region could not be opened. */
    public Optional<SharedMemoryException> problem() {
        return main.reader.problem();
    }

    /** Returns the main region. */
    public Part main() {
        return main;
    }

    /** Returns the other regions. */
    public List<Part> others() {
        return others;
    }

    @Override
    public void close() {
        main.close();
        others.forEach(Part::close);
    }
}
