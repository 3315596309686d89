package dev.sharedregion.internal.latest;

import dev.sharedregion.internal.os.Failure;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The writer of a table in this process: its threads share it and take turns, and one of them may close it while others
 * use it. Every call requires stack before it takes the turn, so that it always gives the turn back.
 */
public final class TableWriter {
    private final LatestObjects objects;
    private final Table table;
    private final Waking waking;

    /** The turn of the calls. */
    private final ReentrantLock turn = new ReentrantLock();

    // Guarded by the turn.

    /** The version of the last write. The memory has it, too, but other programs may write to that. */
    private long version;

    private boolean updating;
    private boolean givenBack;

    private volatile boolean closed;

    /** Takes the objects over, if it succeeds. */
    public TableWriter(LatestObjects objects) {
        this.objects = objects;
        this.table = objects.table;
        this.waking = objects.waking;
    }

    /** Continues where the last writer has ended, in whichever step that was. */
    void settlePredecessor() {
        long newest = table.newest();
        long highest = table.highestVersion();
        // A version has 56 bits, of which honest writers never use the first one.
        if ((newest | highest) >>> (Long.SIZE - TableLayout.LATEST_VERSION_SHIFT - 1) != 0) {
            throw table.corrupt();
        }
        version = Math.max(newest, highest);
        if (version != newest) {
            table.setNewest(version);
            waking.wakeAll();
        }
    }

    public String what() {
        return table.what;
    }

    public Shape shape() {
        return table.shape;
    }

    /** Sets a value to the remaining bytes of a buffer, which are as many as a value has. */
    public void set(int index, ByteBuffer value) {
        table.check(index);
        turn.lock();
        try {
            checkUsable();
            int slot = table.nextSlot(index);
            table.begin(index, slot, version + 1);
            table.put(index, slot, value);
            publish(index, slot);
        } finally {
            turn.unlock();
        }
    }

    /** Lets an action change a copy of the newest value, and publishes it, unless the action fails. */
    public void update(int index, Consumer<ByteBuffer> action) {
        table.check(index);
        turn.lock();
        try {
            checkUsable();
            int slot = table.nextSlot(index);
            table.begin(index, slot, version + 1);
            run(action, table.slotOfNewest(index, slot));
            checkOpen();
            publish(index, slot);
        } finally {
            giveBackIfClosed();
            turn.unlock();
        }
    }

    private void run(Consumer<ByteBuffer> action, ByteBuffer bytes) {
        updating = true;
        try {
            action.accept(bytes);
        } finally {
            updating = false;
        }
    }

    private void publish(int index, int slot) {
        version++;
        table.publish(index, slot, version);
        waking.wake(index);
        table.settle();
    }

    private void checkUsable() {
        checkOpen();
        if (updating) {
            throw new IllegalStateException("An update of the " + table.what + " is running in this thread. Write "
                    + "other values after it, or write to the buffer that it has got.");
        }
    }

    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The writer of the " + table.what + " is closed.");
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** The version of the last write to the table. */
    public long version() {
        checkOpen();
        return table.newest();
    }

    /** The version of a value; 0 if it was never set. */
    public long version(int index) {
        checkOpen();
        table.check(index);
        return Table.version(table.latest(index));
    }

    /**
     * Waits for the calls under way, and gives everything back. Within an update, leaves that to the update's end. Does
     * nothing when called again.
     */
    public void close() {
        closed = true;
        if (turn.isHeldByCurrentThread()) {
            return;
        }
        turn.lock();
        try {
            giveBackIfClosed();
        } finally {
            turn.unlock();
        }
    }

    private void giveBackIfClosed() {
        if (closed && !givenBack) {
            givenBack = true;
            try {
                objects.close();
            } catch (Failure e) {
                // Everything has been tried by then. A successor finds the place given up, or this process ended.
            }
        }
    }

    @Override
    public String toString() {
        return table.what + " (writer, " + table.shape + ", " + (closed ? "closed" : "version " + table.newest()) + ")";
    }
}
