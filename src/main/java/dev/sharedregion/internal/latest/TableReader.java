package dev.sharedregion.internal.latest;

import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.jvm.UseCount;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.OwnerSlot;
import java.nio.ByteBuffer;

/**
 * A reader of a table in this process: its threads share it, and one of them may close it while others use it. Reads
 * only read memory, which stays valid, so they count no use and take no turn.
 */
public final class TableReader {
    /** The index that stands for any value of the table. */
    public static final int ANY = Waiting.ANY;

    /** What is known of the writer. The constants are those of the public type, which documents them. */
    public enum WriterState {
        ALIVE,
        CLOSED,
        DIED
    }

    private final LatestObjects objects;
    private final Table table;
    private final Waiting waiting;

    /** The calls that make system calls. */
    private final UseCount uses = new UseCount();

    private volatile boolean closed;

    /** Takes the objects over, if it succeeds. */
    TableReader(LatestObjects objects, Waiting waiting) {
        this.objects = objects;
        this.table = objects.table;
        this.waiting = waiting;
    }

    public String what() {
        return table.what;
    }

    public Shape shape() {
        return table.shape;
    }

    /**
     * Copies a value to the position of a buffer, which has room for it.
     *
     * @return its version; 0, without a copy, if it was never set
     */
    public long read(int index, ByteBuffer copy) {
        checkOpen();
        table.check(index);
        return table.read(index, copy);
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

    /** How long ago the newest value was written, in nanoseconds; -1 if it was never set. */
    public long age(int index) {
        checkOpen();
        table.check(index);
        if (table.latest(index) == 0) {
            return -1;
        }
        long time = table.time(index);
        long now = System.nanoTime();
        // A program that has overwritten the time may have put anything there.
        return time >= now ? 0 : Math.max(now - time, 0);
    }

    /** Fails if there is no such value. */
    public void checkIndex(int index) {
        table.check(index);
    }

    /**
     * Waits until a value, or {@link #ANY}, has a newer version than this one.
     *
     * @return false if the deadline passed before
     */
    public boolean awaitNewer(int index, long version, long deadline) throws InterruptedException {
        checkOpen();
        Deadline.checkInterrupt();
        return waiting.look(index, version, deadline) || !Deadline.hasPassed(deadline) && await(index, version, deadline);
    }

    private boolean await(int index, long version, long deadline) throws InterruptedException {
        StackSpace.require();
        enter();
        try {
            boolean newer = waiting.await(index, version, deadline);
            // Here, and not when this ends its use of the memory.
            PendingErrors.rethrowIfMemory();
            if (!newer) {
                checkOpen();
            }
            return newer;
        } finally {
            uses.leave();
        }
    }

    /** Looks whether the writer lives. */
    public WriterState writerState() {
        return uses.during(this::stateNow, () -> {
            throw closed();
        });
    }

    private WriterState stateNow() {
        OwnerSlot owner = objects.owner;
        if (owner.isHeld()) {
            return WriterState.ALIVE;
        }
        if (owner.isEmpty()) {
            return WriterState.CLOSED;
        }
        // The word may be that of a process that has just become the writer.
        return owner.isHeld() ? WriterState.ALIVE : WriterState.DIED;
    }

    private void enter() {
        if (!uses.enter()) {
            throw closed();
        }
    }

    public void checkOpen() {
        if (closed) {
            throw closed();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("The reader of the " + table.what + " is closed.");
    }

    public boolean isClosed() {
        return closed;
    }

    /** Ends the waits under way, and gives everything back. Does nothing when called again. */
    public void close() {
        if (!uses.close()) {
            return;
        }
        closed = true;
        try {
            waiting.cancel();
        } finally {
            Backoff backoff = Backoff.endless();
            while (!uses.isOver()) {
                backoff.pause();
            }
            giveBack();
        }
    }

    private void giveBack() {
        try {
            waiting.giveBack();
        } catch (Failure e) {
            // The next reader finds the place given up, or this process ended.
        } finally {
            objects.close();
        }
    }

    @Override
    public String toString() {
        return table.what + " (reader, " + table.shape + ", " + uses.during(this::stateText, () -> "closed") + ")";
    }

    private String stateText() {
        WriterState state = stateNow();
        String writer = state == WriterState.CLOSED ? "no writer" : "writer: " + objects.owner.holder();
        return "version " + table.newest() + ", " + writer + (state == WriterState.DIED ? ", which has died" : "");
    }
}
