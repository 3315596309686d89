package telemetry;

import dev.sharedregion.TelemetryReader;
import dev.sharedregion.TelemetryReader.Result;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One region of a program: its reader, and the last whole copy of its data. */
public final class Part implements AutoCloseable {
    final TelemetryReader reader;
    final ByteBuffer copy;

    private boolean filled;

    /** The copy takes up to this many bytes. If the program publishes fewer, zeros follow. */
    Part(TelemetryReader reader, int size) {
        this.reader = reader;
        this.copy = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads. After {@code FRESH} the copy has the new data, otherwise it stays as it was. */
    Result read() {
        Result result = reader.read(copy);
        filled |= result == Result.FRESH;
        return result;
    }

    /** Returns true if {@link #copy} has data of the program. */
    boolean isFilled() {
        return filled;
    }

    /** Returns the last whole copy of the data, for reading. It is little-endian. */
    public ByteBuffer copy() {
        return copy.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        reader.close();
    }
}
