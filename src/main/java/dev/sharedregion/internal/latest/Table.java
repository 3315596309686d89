package dev.sharedregion.internal.latest;

import static dev.sharedregion.internal.latest.TableLayout.BYTES;
import static dev.sharedregion.internal.latest.TableLayout.FIRST_SLOT;
import static dev.sharedregion.internal.latest.TableLayout.FIRST_VALUE;
import static dev.sharedregion.internal.latest.TableLayout.LATEST;
import static dev.sharedregion.internal.latest.TableLayout.LATEST_SLOT;
import static dev.sharedregion.internal.latest.TableLayout.LATEST_VERSION_SHIFT;
import static dev.sharedregion.internal.latest.TableLayout.NEWEST;
import static dev.sharedregion.internal.latest.TableLayout.SEQUENCE;
import static dev.sharedregion.internal.latest.TableLayout.TIME;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.memory.View;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory of a table, and the steps that read it. {@code src/docs/latest.md} has the protocol. What the memory says
 * is never used as an offset without a check, except for the shape, which was checked when the table was opened.
 */
public final class Table {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** A read that starts over this often reports an overwritten table. */
    private static final int MOST_TRIES = 100_000;

    private static final int ZEROS = 4096;

    /** The description of the table in messages. */
    final String what;

    final Shape shape;

    /** As those of a {@link View}. They stay valid after close: an access goes to memory that this process has left. */
    private final ByteBuffer[] windows;

    // What the offsets are computed from.
    private final int count;
    private final int size;
    private final int slots;
    private final long valueLength;
    private final long slotLength;

    /** The only window, or null if there are more. */
    private final ByteBuffer only;

    /**
     * A table in any direct memory.
     *
     * @param windows the memory from each multiple of {@link View#MAX_PIECE} on
     */
    public Table(String what, Shape shape, ByteBuffer... windows) {
        this.what = what;
        this.shape = shape;
        this.windows = windows;
        count = shape.count();
        size = shape.size();
        slots = shape.slots();
        valueLength = shape.valueLength();
        slotLength = shape.slotLength();
        only = windows.length == 1 ? windows[0] : null;
    }

    private ByteBuffer window(long offset) {
        return windows[View.windowIndex(offset)];
    }

    private long get(long offset) {
        return (long) LONG.getAcquire(window(offset), View.indexInWindow(offset));
    }

    private void setRelease(long offset, long word) {
        LONG.setRelease(window(offset), View.indexInWindow(offset), word);
    }

    private long valueOffset(int index) {
        return FIRST_VALUE + index * valueLength;
    }

    private long slotOffset(int index, int slot) {
        return FIRST_VALUE + index * valueLength + FIRST_SLOT + slot * slotLength;
    }

    /** Fails if there is no such value. */
    void check(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("Index " + index + " is outside of the "
                    + (count == 1 ? "1 value" : count + " values") + " of the " + what + ".");
        }
    }

    /** The version of the last write to the table. */
    long newest() {
        return get(NEWEST);
    }

    /** The word that names the slot of the newest value; 0 if there is none. */
    long latest(int index) {
        return get(valueOffset(index) + LATEST);
    }

    static long version(long latest) {
        return latest >>> LATEST_VERSION_SHIFT;
    }

    private static long sequence(long version) {
        return version << 1;
    }

    // Reading.

    /**
     * Copies the newest value to the position of a buffer, which has room for it.
     *
     * @return its version, or 0 if there is no value
     */
    public long read(int index, ByteBuffer copy) {
        // One try without a first look at the sequence, which would only save a copy in vain. HotSpot inlines this
        // method, but would not if it had more code.
        if (only == null) {
            return readAgain(index, copy);
        }
        int value = FIRST_VALUE + index * (int) valueLength;
        long latest = (long) LONG.getAcquire(only, value + LATEST);
        if (latest == 0) {
            return 0;
        }
        int slot = value + FIRST_SLOT + checkedSlot(latest) * (int) slotLength;
        copy.put(copy.position(), only, slot + BYTES, size);
        return isStillWhole(only, slot, latest) ? version(latest) : readAgain(index, copy);
    }

    /** As {@link #read}, in any table, and as often as it takes. */
    private long readAgain(int index, ByteBuffer copy) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            long latest = latest(index);
            if (latest == 0) {
                return 0;
            }
            long at = slotOffset(index, checkedSlot(latest));
            ByteBuffer window = window(at);
            int place = View.indexInWindow(at);
            if (isWhole(window, place, latest)) {
                copy.put(copy.position(), window, place + BYTES, size);
                if (isStillWhole(window, place, latest)) {
                    return version(latest);
                }
            }
        }
        throw corrupt();
    }

    /** When the newest value was written, in nanoseconds. For a value that was set. */
    long time(int index) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            long latest = latest(index);
            long at = slotOffset(index, checkedSlot(latest));
            ByteBuffer window = window(at);
            int place = View.indexInWindow(at);
            if (isWhole(window, place, latest)) {
                long time = (long) LONG.getOpaque(window, place + TIME);
                if (isStillWhole(window, place, latest)) {
                    return time;
                }
            }
        }
        throw corrupt();
    }

    private int checkedSlot(long latest) {
        int slot = (int) latest & LATEST_SLOT;
        if (slot >= slots) {
            throw corrupt();
        }
        return slot;
    }

    /** Whether the slot has what the latest word says. */
    private static boolean isWhole(ByteBuffer window, int place, long latest) {
        return (long) LONG.getAcquire(window, place + SEQUENCE) == sequence(version(latest));
    }

    /** Whether everything that was read from the slot since is from that write. */
    private static boolean isStillWhole(ByteBuffer window, int place, long latest) {
        VarHandle.acquireFence();
        return (long) LONG.getOpaque(window, place + SEQUENCE) == sequence(version(latest));
    }

    // Writing, for the table's one writer.

    /** The slot that the next write to a value goes to. */
    int nextSlot(int index) {
        return (((int) latest(index) & LATEST_SLOT) + 1) % slots;
    }

    /** Says that a slot is being written. */
    void begin(int index, int slot, long version) {
        long at = slotOffset(index, slot);
        LONG.setOpaque(window(at), View.indexInWindow(at) + SEQUENCE, sequence(version) + 1);
        VarHandle.releaseFence();
    }

    /** Copies a value, from the buffer's position, to a slot. */
    void put(int index, int slot, ByteBuffer value) {
        long at = slotOffset(index, slot);
        window(at).put(View.indexInWindow(at) + BYTES, value, value.position(), size);
    }

    /** A slot's bytes, which are first those of the newest value, or zero. */
    ByteBuffer slotOfNewest(int index, int slot) {
        long at = slotOffset(index, slot);
        ByteBuffer bytes = window(at).slice(View.indexInWindow(at) + BYTES, size).order(ByteOrder.nativeOrder());
        long latest = latest(index);
        if (latest != 0) {
            long from = slotOffset(index, checkedSlot(latest));
            bytes.put(0, window(from), View.indexInWindow(from) + BYTES, size);
        } else {
            byte[] zeros = new byte[Math.min(size, ZEROS)];
            for (int done = 0; done < size; done += zeros.length) {
                bytes.put(done, zeros, 0, Math.min(zeros.length, size - done));
            }
        }
        return bytes;
    }

    /** Publishes a slot that has been written. */
    void publish(int index, int slot, long version) {
        long at = slotOffset(index, slot);
        ByteBuffer window = window(at);
        int place = View.indexInWindow(at);
        LONG.set(window, place + TIME, System.nanoTime());
        LONG.setRelease(window, place + SEQUENCE, sequence(version));
        setRelease(valueOffset(index) + LATEST, version << LATEST_VERSION_SHIFT | slot);
        setNewest(version);
    }

    /** In one order with all other volatile accesses, because the writer looks for waiting readers after it. */
    void setNewest(long version) {
        LONG.setVolatile(windows[0], NEWEST, version);
    }

    /** The highest version of a value. */
    long highestVersion() {
        long highest = 0;
        for (int index = 0; index < count; index++) {
            highest = Math.max(highest, version(latest(index)));
        }
        return highest;
    }

    /** Reads a word, so that the JVM reports here, and not later, if the memory has vanished. */
    void settle() {
        AtomicWords.getLong(windows[0], NEWEST);
    }

    /** The failure for a table that has what no program of the library writes to it. */
    Failure corrupt() {
        // The content may be wrong because the memory has vanished. That error must not come later.
        PendingErrors.rethrow();
        return new Failure(
                Reason.CORRUPT,
                "The " + what + " cannot be used: another program has overwritten it. Close it in all processes, and "
                        + "create it again.");
    }
}
