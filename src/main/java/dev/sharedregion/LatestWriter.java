package dev.sharedregion;

import com.sun.jna.Structure;
import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.latest.LatestOpener;
import dev.sharedregion.internal.latest.LatestRequest;
import dev.sharedregion.internal.latest.Shape;
import dev.sharedregion.internal.latest.TableWriter;
import dev.sharedregion.internal.os.Failure;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Publishes the newest values of a table, which any number of {@linkplain LatestReader readers} in other processes
 * read. A value is a fixed number of bytes. Each write replaces the value as a whole: no reader ever gets a part of one
 * write and a part of another, and no reader delays the writer.
 *
 * <pre>{@code
 * try (LatestWriter prices = LatestWriter.openOrCreate("prices", 64)) {
 *     prices.update(value -> value.putLong(0, 4711).putDouble(8, 99.5));
 * }
 * }</pre>
 *
 * <p><b>Objects.</b> The table {@code x} consists of the region {@code x.latest}, to which only the writer writes, of
 * the region {@code x.newer}, in which readers announce that they wait, and of an auto-reset event {@code x.newer.N}
 * for each reader that has waited. Their names, with these suffixes, follow the rules of {@link SharedRegion}. Programs
 * in C use the same table with {@code sharedregion_latest.h}. A write takes no system call, unless a reader waits for
 * it.
 *
 * <p><b>Versions.</b> The first write to a table has version 1, the next one 2, regardless of the values that they
 * write to. The version of a value is that of its last write, or 0 if it was never set. In a table of one value it is
 * the number of writes.
 *
 * <p><b>One writer.</b> A table has one writer at a time. Another one can be opened when the writer has closed the
 * table or its process has ended, even by {@code kill -9}. It continues with the next version. A value that was being
 * written when a writer ended is never published: readers get the previous value. On Windows the system may not let
 * this process open the process of another user. That process then counts as alive while its process id is in use.
 *
 * <p><b>Lifetime.</b> The table and its values exist until the writer and all readers have closed it or ended.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. Writes of several threads take turns.
 * {@link #close()} waits for the writes under way. After it, every method except {@link #close()}, {@link #name()},
 * {@link #count()}, {@link #size()}, {@link #isClosed()} and {@code toString()} throws {@link IllegalStateException}. If
 * a writer becomes unreachable without being closed, the garbage collector closes it.
 *
 * <p><b>When another program overwrites the table.</b> A process that may write to {@code x.latest} can write anything
 * to it. Readers may then get bytes that no writer has set, but every call returns. A call that finds the content wrong
 * fails with a {@link SharedMemoryException} whose reason is {@code CORRUPT}.
 */
public final class LatestWriter implements AutoCloseable {
    private final String name;
    private final TableWriter writer;
    private final Closer closer;

    private LatestWriter(String name, TableWriter writer) {
        this.name = name;
        this.writer = writer;
        this.closer = new Closer(this, writer::close);
    }

    /**
     * Creates a table of one value, with {@linkplain LatestOptions#defaults() default options}, and becomes its writer.
     *
     * @param name the name of the table
     * @param size the size of the value in bytes, 1 to 1,073,741,760
     * @return the writer
     * @throws IllegalArgumentException if the name or the size is not valid
     * @throws SharedMemoryException as {@link #create(String, int, int, LatestOptions)}
     */
    public static LatestWriter create(String name, int size) {
        StackSpace.require();
        return create(name, 1, size, LatestOptions.defaults());
    }

    /**
     * Creates a table of one value, and becomes its writer.
     *
     * @param name the name of the table
     * @param size the size of the value in bytes, 1 to 1,073,741,760
     * @param options the options
     * @return the writer
     * @throws IllegalArgumentException if the name or the size is not valid
     * @throws SharedMemoryException as {@link #create(String, int, int, LatestOptions)}
     */
    public static LatestWriter create(String name, int size, LatestOptions options) {
        StackSpace.require();
        return create(name, 1, size, options);
    }

    /**
     * Creates a table with {@linkplain LatestOptions#defaults() default options}, and becomes its writer.
     *
     * @param name the name of the table
     * @param count the number of values, 1 or more
     * @param size the size of each value in bytes, 1 to 1,073,741,760
     * @return the writer
     * @throws IllegalArgumentException if the name, the count or the size is not valid
     * @throws SharedMemoryException as {@link #create(String, int, int, LatestOptions)}
     */
    public static LatestWriter create(String name, int count, int size) {
        StackSpace.require();
        return create(name, count, size, LatestOptions.defaults());
    }

    /**
     * Creates a table, and becomes its writer. No value is set. A table takes {@code count} × {@code slots} × ({@code
     * size} + 64) bytes of memory and a little more.
     *
     * @param name the name of the table
     * @param count the number of values, 1 or more
     * @param size the size of each value in bytes, 1 to 1,073,741,760
     * @param options the options
     * @return the writer
     * @throws IllegalArgumentException if the name, the count or the size is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if the table exists: it has a writer, or readers of an
     *     earlier one; {@code WRONG_KIND} if the region {@code x.newer} is another program's; {@code UNSUPPORTED} if it
     *     is of another version; otherwise as {@link SharedRegion#create(String, long)}
     */
    public static LatestWriter create(String name, int count, int size, LatestOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        Shape shape = options.shape(count, size);
        LatestRequest request = options.request(name);
        return of(name, () -> LatestOpener.create(ThisSystem.get(), request, shape));
    }

    /**
     * Becomes the writer of a table that exists, with {@linkplain LatestOptions#defaults() default options}.
     *
     * @param name the name of the table
     * @return the writer
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #open(String, LatestOptions)}
     */
    public static LatestWriter open(String name) {
        StackSpace.require();
        return open(name, LatestOptions.defaults());
    }

    /**
     * Becomes the writer of a table that exists. The table keeps its values.
     *
     * @param name the name of the table
     * @param options the options
     * @return the writer
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is no such table; otherwise as
     *     {@link #openOrCreate(String, int, int, LatestOptions)}
     */
    public static LatestWriter open(String name, LatestOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        LatestRequest request = options.request(name);
        return of(name, () -> LatestOpener.open(ThisSystem.get(), request));
    }

    /**
     * Becomes the writer of a table of one value, with {@linkplain LatestOptions#defaults() default options}, and
     * creates the table if there is none.
     *
     * @param name the name of the table
     * @param size the size of the value in bytes, 1 to 1,073,741,760
     * @return the writer
     * @throws IllegalArgumentException if the name or the size is not valid
     * @throws SharedMemoryException as {@link #openOrCreate(String, int, int, LatestOptions)}
     */
    public static LatestWriter openOrCreate(String name, int size) {
        StackSpace.require();
        return openOrCreate(name, 1, size, LatestOptions.defaults());
    }

    /**
     * Becomes the writer of a table of one value, and creates the table if there is none.
     *
     * @param name the name of the table
     * @param size the size of the value in bytes, 1 to 1,073,741,760
     * @param options the options
     * @return the writer
     * @throws IllegalArgumentException if the name or the size is not valid
     * @throws SharedMemoryException as {@link #openOrCreate(String, int, int, LatestOptions)}
     */
    public static LatestWriter openOrCreate(String name, int size, LatestOptions options) {
        StackSpace.require();
        return openOrCreate(name, 1, size, options);
    }

    /**
     * Becomes the writer of a table, with {@linkplain LatestOptions#defaults() default options}, and creates the table
     * if there is none.
     *
     * @param name the name of the table
     * @param count the number of values, 1 or more
     * @param size the size of each value in bytes, 1 to 1,073,741,760
     * @return the writer
     * @throws IllegalArgumentException if the name, the count or the size is not valid
     * @throws SharedMemoryException as {@link #openOrCreate(String, int, int, LatestOptions)}
     */
    public static LatestWriter openOrCreate(String name, int count, int size) {
        StackSpace.require();
        return openOrCreate(name, count, size, LatestOptions.defaults());
    }

    /**
     * Becomes the writer of a table, and creates the table if there is none. A table that exists keeps its values.
     *
     * @param name the name of the table
     * @param count the number of values, 1 or more
     * @param size the size of each value in bytes, 1 to 1,073,741,760
     * @param options the options
     * @return the writer
     * @throws IllegalArgumentException if the name, the count or the size is not valid
     * @throws SharedMemoryException {@code IN_USE} if the table has a writer (the message names its process);
     *     {@code WRONG_KIND} if the table has another count, size or schema, or if one of the regions is another
     *     program's; {@code UNSUPPORTED} if the table is of another version; {@code CORRUPT} if another program has
     *     overwritten it; otherwise as {@link SharedRegion#openOrCreate(String, long, RegionOptions)}
     */
    public static LatestWriter openOrCreate(String name, int count, int size, LatestOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        Shape shape = options.shape(count, size);
        LatestRequest request = options.request(name);
        return of(name, () -> LatestOpener.openOrCreate(ThisSystem.get(), request, shape));
    }

    private static LatestWriter of(String name, Supplier<TableWriter> open) {
        return Opening.of(open, TableWriter::close, writer -> new LatestWriter(name, writer));
    }

    /**
     * Sets value 0.
     *
     * @param value its remaining bytes are the value; its position stays
     * @throws IllegalArgumentException if the buffer does not have exactly {@link #size()} remaining bytes
     * @throws IllegalStateException as {@link #set(int, ByteBuffer)}
     */
    public void set(ByteBuffer value) {
        set(0, value);
    }

    /**
     * Sets a value. When this call returns, readers get the new value.
     *
     * @param index the index of the value, from 0 on
     * @param value its remaining bytes are the value; its position stays
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalArgumentException if the buffer does not have exactly {@link #size()} remaining bytes
     * @throws IllegalStateException if this writer is closed, or if this thread is running an {@link #update update}
     */
    public void set(int index, ByteBuffer value) {
        StackSpace.require();
        Objects.requireNonNull(value, "value");
        if (value.remaining() != size()) {
            throw new IllegalArgumentException("The buffer has " + value.remaining() + " remaining bytes, but a value of "
                    + "the " + writer.what() + " has " + size() + ".");
        }
        try {
            writer.set(index, value);
        } finally {
            // The cleaner must not close a writer while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sets value 0 to the fields of a structure.
     *
     * @param value the structure
     * @throws IllegalArgumentException if the structure does not have exactly {@link #size()} bytes
     * @throws IllegalStateException as {@link #set(int, ByteBuffer)}
     */
    public void set(Structure value) {
        set(0, value);
    }

    /**
     * Sets a value to the fields of a structure, which are first {@linkplain Structure#write() written} to the
     * structure's own memory.
     *
     * @param index the index of the value, from 0 on
     * @param value the structure
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalArgumentException if the structure does not have exactly {@link #size()} bytes
     * @throws IllegalStateException as {@link #set(int, ByteBuffer)}
     */
    public void set(int index, Structure value) {
        StackSpace.require();
        Objects.requireNonNull(value, "value");
        ByteBuffer bytes = StructureBytes.of(value, writer.what(), size());
        value.write();
        set(index, bytes);
        Reference.reachabilityFence(value);
    }

    /**
     * Changes value 0. As {@link #update(int, Consumer)}.
     *
     * @param action writes to the value's bytes
     * @throws IllegalStateException as {@link #update(int, Consumer)}
     */
    public void update(Consumer<ByteBuffer> action) {
        update(0, action);
    }

    /**
     * Changes a value: lets an action write to a copy of the newest value's bytes, and publishes them when the action
     * returns. If the action throws, nothing is published. The other writes of this writer wait meanwhile.
     *
     * @param index the index of the value, from 0 on
     * @param action gets the bytes of the newest value, all zero if it was never set, in the machine's byte order. What
     *     it leaves in them is the new value. It must not keep the buffer: a write to it after the action has returned
     *     may change what readers get
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalStateException if this writer is closed before or during the action, or if this thread is running
     *     another update
     */
    public void update(int index, Consumer<ByteBuffer> action) {
        StackSpace.require();
        Objects.requireNonNull(action, "action");
        try {
            writer.update(index, action);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns the name, exactly as it was given.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns how many values the table has.
     *
     * @return the number of values
     */
    public int count() {
        return writer.shape().count();
    }

    /**
     * Returns the size of each value.
     *
     * @return the size in bytes
     */
    public int size() {
        return writer.shape().size();
    }

    /**
     * Returns the version of the table: that of the last write to any of its values.
     *
     * @return the version; 0 if no value was ever set
     * @throws IllegalStateException if this writer is closed
     */
    public long version() {
        return writer.version();
    }

    /**
     * Returns the version of a value: that of the last write to it.
     *
     * @param index the index of the value, from 0 on
     * @return the version; 0 if the value was never set
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalStateException if this writer is closed
     */
    public long version(int index) {
        return writer.version(index);
    }

    /**
     * Returns true if this writer is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return writer.isClosed();
    }

    /**
     * Gives the table up, so that another writer can be opened. Readers keep the values. Waits for the writes of other
     * threads that are under way. An action of {@link #update update} may close its writer: then nothing is published,
     * and the update throws {@link IllegalStateException}. Further calls do nothing.
     */
    @Override
    public void close() {
        closer.close();
    }

    /** Returns the name, the size and the version of the table, for messages. */
    @Override
    public String toString() {
        StackSpace.require();
        return writer.toString();
    }
}
