package dev.sharedregion.internal.latest;

import dev.sharedregion.internal.memory.View;
import dev.sharedregion.internal.os.OwnerSlot;

/**
 * What a writer or a reader has open. The opener closes it if it fails, and the writer or reader gives it back
 * otherwise. Made before the first object is opened, so that it takes no memory to give back the open ones.
 */
public final class LatestObjects implements AutoCloseable {
    /** Null until it is open. */
    View view;

    /** Null until its shape is known. */
    public Table table;

    /** The writer's place; null until the table is open. */
    public OwnerSlot owner;

    /** Whether this is the writer. */
    public boolean taken;

    /** Only a writer has it; null until it is open. */
    public Waking waking;

    /** Gives all of them back, even if one fails because its memory has vanished. */
    @Override
    public void close() {
        View first = view;
        Waking second = waking;
        OwnerSlot third = owner;
        try (first; second; third) {
            // Before they are closed, in the reverse order.
            if (taken) {
                third.giveUp();
            }
        }
    }
}
