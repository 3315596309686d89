package telemetry;

import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A region in which a producer writes. It begins with zeros. */
final class Block implements AutoCloseable {
    /** The memory, little-endian. */
    final ByteBuffer memory;

    private final SharedRegion region;

    Block(String name, long size) {
        this(name, size, RegionOptions.defaults());
    }

    /** The region may exist: a reader keeps the region of a program that was killed. */
    Block(String name, long size, RegionOptions options) {
        this.region = SharedRegion.openOrCreate(name, size, options);
        this.memory = region.buffer().order(ByteOrder.LITTLE_ENDIAN);
        region.pointer().clear(size);
    }

    @Override
    public void close() {
        region.close();
    }
}
