package bridge;

import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A look at the memory of a channel, which it never writes to. {@code src/docs/messages.md} has the layout. A receiver
 * gets a message when it may release it; the bridge looks at it before, and releases it when the other machine has it.
 */
final class Channel {
    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final byte[] MAGIC = "SRMsgs".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_OFFSET = 6;
    private static final int VERSION = 1;
    private static final int CAPACITY = 8;
    private static final int SENDERS = 16;
    private static final int LANE = 256;
    private static final int TAIL = 64;
    private static final int HEAD = 128;
    private static final int RINGS_ALIGNMENT = 4096;

    final String name;
    final int capacity;
    final int senders;
    private final SharedRegion region;
    private final ByteBuffer control;

    Channel(String name) {
        this.name = name;
        region = SharedRegion.open(name + ".messages", RegionOptions.readOnly());
        ByteBuffer header = region.buffer(0, LANE).order(ByteOrder.nativeOrder());
        byte[] magic = new byte[MAGIC.length];
        header.get(0, magic);
        if (!Arrays.equals(magic, MAGIC) || header.getShort(VERSION_OFFSET) != VERSION) {
            throw new IllegalStateException("The channel \"" + name + "\" has another layout than this program knows.");
        }
        capacity = (int) header.getLong(CAPACITY);
        senders = (int) header.getLong(SENDERS);
        control = region.buffer(0, LANE * (senders + 1)).order(ByteOrder.nativeOrder());
    }

    /** The position after the last record of a lane, 1 to {@link #senders}. */
    long tail(int lane) {
        return (long) LONGS.getAcquire(control, lane * LANE + TAIL);
    }

    /** The position of the first record that the receiver has not released. */
    long head(int lane) {
        return (long) LONGS.getAcquire(control, lane * LANE + HEAD);
    }

    ByteBuffer ring(int lane) {
        long rings = LANE * (senders + 1) + RINGS_ALIGNMENT - 1 & -RINGS_ALIGNMENT;
        return region.buffer(rings + (lane - 1L) * capacity, capacity).order(ByteOrder.nativeOrder());
    }
}
