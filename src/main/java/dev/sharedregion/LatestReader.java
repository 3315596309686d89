package dev.sharedregion;

import com.sun.jna.Structure;
import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.latest.LatestOpener;
import dev.sharedregion.internal.latest.LatestRequest;
import dev.sharedregion.internal.latest.TableReader;
import dev.sharedregion.internal.os.Failure;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads the newest values of a table that a {@link LatestWriter} publishes in another process, or in this one.
 *
 * <pre>{@code
 * try (LatestReader prices = LatestReader.open("prices", Duration.ofSeconds(10))) {
 *     ByteBuffer copy = ByteBuffer.allocate(prices.size());
 *     for (long seen = 0; prices.awaitNewer(seen, Duration.ofSeconds(1)); ) {
 *         seen = prices.read(copy);
 *         show(copy);
 *     }
 * }
 * }</pre>
 *
 * <p>A read returns the complete content of one write. A later read never returns an older value. Reads take no system
 * call. They do not wait for other readers or for the writer, even if the writer is stopped or has died in the middle
 * of a write. A reader maps the table read-only, so it cannot change the table.
 *
 * <p><b>Tables of several values.</b> Versions count the writes to the whole table. A reader uses them to find the
 * values that are new:
 *
 * <pre>{@code
 * for (long seen = 0; table.awaitNewer(seen, timeout); ) {
 *     long now = table.version();
 *     for (int i = 0; i < table.count(); i++) {
 *         if (table.version(i) > seen) {
 *             table.read(i, copy);
 *         }
 *     }
 *     seen = now;
 * }
 * }</pre>
 *
 * <p><b>Waits.</b> A reader that waits takes one of the table's 64 places until it is closed, and the writer wakes it. If
 * it may not write to the region {@code x.newer}, or all places are taken, it looks every 8 milliseconds instead. A
 * writer that is killed after a write, before it wakes the readers, delays them by at most 100 milliseconds. A wait of a
 * virtual thread does not hold its carrier, as {@link NamedEvent} says.
 *
 * <p><b>When the writer ends.</b> The values stay readable. {@link #writerState()} and {@link #age()} show that they
 * are no longer written. A wait goes on, because a new writer can be opened.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. {@link #close()} ends the waits of other threads
 * with {@link IllegalStateException}. After it, every method except {@link #close()}, {@link #name()},
 * {@link #count()}, {@link #size()}, {@link #isClosed()} and {@code toString()} throws {@link IllegalStateException}. If
 * a reader becomes unreachable without being closed, the garbage collector closes it.
 *
 * <p><b>When another program overwrites the table.</b> A read may return bytes that no writer has set, and a wait may
 * last until its timeout, but every call returns, and no access leaves the table. A call that finds the content wrong
 * fails with a {@link SharedMemoryException} whose reason is {@code CORRUPT}. If the memory itself vanishes, a call
 * throws an {@link InternalError}, as {@link SharedRegion} says.
 */
public final class LatestReader implements AutoCloseable {
    /** What is known of a table's writer. */
    public enum WriterState {
        /** The table has a writer whose process lives. It may be stopped. */
        ALIVE,
        /** The last writer has closed the table, and no other one has been opened since. */
        CLOSED,
        /** The process of the last writer has ended without closing the table. */
        DIED
    }

    private final String name;
    private final TableReader reader;
    private final Closer closer;

    private LatestReader(String name, TableReader reader) {
        this.name = name;
        this.reader = reader;
        this.closer = new Closer(this, reader::close);
    }

    /**
     * Opens a table with {@linkplain LatestOptions#defaults() default options}.
     *
     * @param name the name of the table
     * @return the reader
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #open(String, LatestOptions)}
     */
    public static LatestReader open(String name) {
        StackSpace.require();
        return open(name, LatestOptions.defaults());
    }

    /**
     * Opens a table.
     *
     * @param name the name of the table
     * @param options the options
     * @return the reader
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is no such table, or its creator has not finished it;
     *     {@code WRONG_KIND} if it has another schema, or the region {@code x.latest} is another program's;
     *     {@code UNSUPPORTED} if the table is of another version; {@code CORRUPT} if another program has overwritten it;
     *     otherwise as {@link SharedRegion#open(String)}
     */
    public static LatestReader open(String name, LatestOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        LatestRequest request = options.request(name);
        return Opening.of(
                () -> LatestOpener.openToRead(ThisSystem.get(), request),
                TableReader::close,
                reader -> new LatestReader(name, reader));
    }

    /**
     * Opens a table with {@linkplain LatestOptions#defaults() default options}. If it does not exist yet, waits until a
     * writer creates it.
     *
     * @param name the name of the table
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once. While it waits, the method looks for
     *     the name every few milliseconds, with at most 20 milliseconds between two looks
     * @return the reader
     * @throws InterruptedException if the thread is interrupted before the table is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, LatestOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static LatestReader open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, LatestOptions.defaults());
    }

    /**
     * Opens a table. If it does not exist yet, waits until a writer creates it.
     *
     * @param name the name of the table
     * @param timeout the longest time to wait, as in {@link #open(String, Duration)}
     * @param options the options
     * @return the reader
     * @throws InterruptedException if the thread is interrupted before the table is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, LatestOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static LatestReader open(String name, Duration timeout, LatestOptions options) throws InterruptedException {
        StackSpace.require();
        return Opening.whenFound(timeout, () -> open(name, options));
    }

    /**
     * Reads value 0. As {@link #read(int, ByteBuffer)}.
     *
     * @param copy gets the value
     * @return the version of the value; 0 if it was never set
     * @throws IllegalArgumentException as {@link #read(int, ByteBuffer)}
     * @throws IllegalStateException if this reader is closed
     * @throws SharedMemoryException as {@link #read(int, ByteBuffer)}
     */
    public long read(ByteBuffer copy) {
        return read(0, copy);
    }

    /**
     * Reads a value: copies its {@link #size()} bytes to the buffer, from the buffer's position on. The position and
     * the limit stay. If the value was never set, the buffer stays as it is.
     *
     * @param index the index of the value, from 0 on
     * @param copy gets the value
     * @return the version of the value; 0 if it was never set
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalArgumentException if the buffer has less than {@link #size()} remaining bytes, or is read-only
     * @throws IllegalStateException if this reader is closed
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the table; what is in the buffer
     *     then is not a value
     */
    public long read(int index, ByteBuffer copy) {
        Objects.requireNonNull(copy, "copy");
        if (copy.remaining() < size() || copy.isReadOnly()) {
            throw unusable(copy);
        }
        try {
            return reader.read(index, copy);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not close a reader while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    private IllegalArgumentException unusable(ByteBuffer copy) {
        return new IllegalArgumentException(
                copy.isReadOnly()
                        ? "The buffer is read-only, and so cannot get a value of the " + reader.what() + "."
                        : "The buffer has " + copy.remaining() + " remaining bytes, but a value of the " + reader.what()
                                + " has " + size() + ".");
    }

    /**
     * Reads value 0 into a structure. As {@link #read(int, Structure)}.
     *
     * @param copy gets the value
     * @return the version of the value; 0 if it was never set
     * @throws IllegalArgumentException as {@link #read(int, Structure)}
     * @throws IllegalStateException if this reader is closed
     * @throws SharedMemoryException as {@link #read(int, ByteBuffer)}
     */
    public long read(Structure copy) {
        return read(0, copy);
    }

    /**
     * Reads a value into a structure: copies its bytes to the structure's own memory, and {@linkplain Structure#read()
     * reads} the fields from there. If the value was never set, the structure stays as it is.
     *
     * @param index the index of the value, from 0 on
     * @param copy gets the value
     * @return the version of the value; 0 if it was never set
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalArgumentException if the structure does not have exactly {@link #size()} bytes
     * @throws IllegalStateException if this reader is closed
     * @throws SharedMemoryException as {@link #read(int, ByteBuffer)}
     */
    public long read(int index, Structure copy) {
        StackSpace.require();
        Objects.requireNonNull(copy, "copy");
        long version = read(index, StructureBytes.of(copy, reader.what(), size()));
        if (version != 0) {
            copy.read();
        }
        Reference.reachabilityFence(copy);
        return version;
    }

    /**
     * Returns the version of the table: that of the last write to any of its values.
     *
     * @return the version; 0 if no value was ever set
     * @throws IllegalStateException if this reader is closed
     */
    public long version() {
        return reader.version();
    }

    /**
     * Returns the version of a value: that of the last write to it.
     *
     * @param index the index of the value, from 0 on
     * @return the version; 0 if the value was never set
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalStateException if this reader is closed
     */
    public long version(int index) {
        return reader.version(index);
    }

    /**
     * Waits until any value of the table has a newer version than this one.
     *
     * @param version the version, 0 or more
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting; a longer time than 146 years
     *     means 146 years
     * @return true if there is a newer version; false if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IllegalArgumentException if the version or the timeout is negative
     * @throws IllegalStateException if this reader is closed before or during the wait
     * @throws SharedMemoryException as {@link #awaitNewer(int, long, Duration)}
     */
    public boolean awaitNewer(long version, Duration timeout) throws InterruptedException {
        return await(TableReader.ANY, version, timeout);
    }

    /**
     * Waits until a value has a newer version than this one.
     *
     * @param index the index of the value, from 0 on
     * @param version the version, 0 or more
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting; a longer time than 146 years
     *     means 146 years
     * @return true if there is a newer version; false if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalArgumentException if the version or the timeout is negative
     * @throws IllegalStateException if this reader is closed before or during the wait
     * @throws SharedMemoryException {@code WRONG_KIND} if the region {@code x.newer} is another program's, and
     *     {@code UNSUPPORTED} if it is of another version; otherwise as {@link SharedRegion#open(String)} and
     *     {@link NamedEvent#open(String)}
     */
    public boolean awaitNewer(int index, long version, Duration timeout) throws InterruptedException {
        reader.checkIndex(index);
        return await(index, version, timeout);
    }

    private boolean await(int index, long version, Duration timeout) throws InterruptedException {
        if (version < 0) {
            throw new IllegalArgumentException("The version is negative: " + version + ". Give 0 to wait for a first one.");
        }
        try {
            return reader.awaitNewer(index, version, Deadline.after(timeout));
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns how long ago value 0 was written. As {@link #age(int)}.
     *
     * @return the time since the last write; empty if the value was never set
     * @throws IllegalStateException if this reader is closed
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the table
     */
    public Optional<Duration> age() {
        return age(0);
    }

    /**
     * Returns how long ago a value was written. The time runs while the writer is stopped, and after it has ended. It
     * is measured by a clock that all processes of the machine share and that cannot be set: Linux's {@code
     * CLOCK_MONOTONIC}, Windows' performance counter.
     *
     * @param index the index of the value, from 0 on
     * @return the time since the last write; empty if the value was never set
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalStateException if this reader is closed
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the table
     */
    public Optional<Duration> age(int index) {
        try {
            long nanos = reader.age(index);
            return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Looks whether the table's writer lives. Takes a system call.
     *
     * @return the state
     * @throws IllegalStateException if this reader is closed
     */
    public WriterState writerState() {
        StackSpace.require();
        try {
            return WriterState.valueOf(reader.writerState().name());
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
        return reader.shape().count();
    }

    /**
     * Returns the size of each value.
     *
     * @return the size in bytes
     */
    public int size() {
        return reader.shape().size();
    }

    /**
     * Returns true if this reader is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return reader.isClosed();
    }

    /** Closes this reader, and ends the waits of other threads. Further calls do nothing. */
    @Override
    public void close() {
        closer.close();
    }

    /** Returns the name, the size and the version of the table, and its writer, for messages. */
    @Override
    public String toString() {
        StackSpace.require();
        return reader.toString();
    }
}
