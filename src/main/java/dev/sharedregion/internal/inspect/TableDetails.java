package dev.sharedregion.internal.inspect;

import static dev.sharedregion.internal.latest.TableLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.latest.TableLayout.VERSION_VALUE;

import dev.sharedregion.internal.latest.Shape;
import dev.sharedregion.internal.latest.TableLayout;
import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A table's shape, writer, version and last write. */
final class TableDetails {
    private static final BlockKind KIND = new BlockKind(MAGIC_VALUE, VERSION_VALUE, "a table", "table");

    /** How many values are looked through for the last write: a look must not bring a large table into memory. */
    private static final int MOST_LOOKED_AT = 100_000;

    private TableDetails() {}

    static Map<String, Object> of(OperatingSystem os, ObjectName name) {
        try (Block block = Block.open(os, name.part(".latest"), KIND, TableLayout.FIRST_VALUE)) {
            Map<String, Object> details = new LinkedHashMap<>();
            Map<String, Object> writer = block.process(TableLayout.OWNER);
            details.put("writer", writer == null ? "none" : writer);
            Shape shape = shape(block, name);
            details.put("values", (long) shape.count());
            details.put("valueSize", (long) shape.size());
            details.put("slots", (long) shape.slots());
            details.put("schema", shape.schema());
            long version = block.longAt(TableLayout.NEWEST);
            details.put("version", version);
            long time = lastWrite(block, shape, version);
            if (time != 0) {
                details.put("lastWriteAgo", Duration.ofNanos(Math.max(0, System.nanoTime() - time)));
            }
            return details;
        }
    }

    private static Shape shape(Block block, ObjectName name) {
        long count = block.longAt(TableLayout.COUNT);
        long size = block.longAt(TableLayout.SIZE);
        long slots = block.longAt(TableLayout.SLOTS);
        if (Shape.isPossible(count, size, slots)) {
            Shape shape = new Shape((int) count, (int) size, (int) slots, block.longAt(TableLayout.SCHEMA));
            if (shape.regionSize() <= block.size) {
                return shape;
            }
        }
        throw new Operation("look at", "table \"" + name + "\"")
                .failure(Reason.CORRUPT, "another program has overwritten it. Close it in all processes.");
    }

    /**
     * When the newest version was written, by {@code System.nanoTime}; 0 if that is not found.
     *
     * @param shape that was checked: another program may overwrite the one in the block meanwhile
     */
    private static long lastWrite(Block block, Shape shape, long version) {
        int count = Math.min(shape.count(), MOST_LOOKED_AT);
        long slotLength = slotLength(shape.size());
        long valueLength = TableLayout.FIRST_SLOT + shape.slots() * slotLength;
        for (int index = 0; version != 0 && index < count; index++) {
            long value = TableLayout.FIRST_VALUE + index * valueLength;
            long latest = block.longAt(value + TableLayout.LATEST);
            long slot = latest & TableLayout.LATEST_SLOT;
            if (latest >>> TableLayout.LATEST_VERSION_SHIFT == version && slot < shape.slots()) {
                return block.longAt(value + TableLayout.FIRST_SLOT + slot * slotLength + TableLayout.TIME);
            }
        }
        return 0;
    }

    private static long slotLength(long size) {
        return TableLayout.BYTES + (size + TableLayout.LINE - 1) / TableLayout.LINE * TableLayout.LINE;
    }
}
