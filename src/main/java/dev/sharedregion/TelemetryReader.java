package dev.sharedregion;

import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.telemetry.TelemetryHandle;
import dev.sharedregion.internal.telemetry.TelemetryRequest;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads memory that another program publishes by its own rules: a simulator, a hardware monitor, a voice chat. That
 * program, the <i>producer</i>, need not know of this library.
 *
 * <pre>{@code
 * ByteBuffer copy = ByteBuffer.allocate(20_692).order(ByteOrder.LITTLE_ENDIAN);
 * try (TelemetryReader reader = TelemetryReader.open("$pcars2$", Sync.sequence(7320))) {
 *     while (reader.await(Duration.ofMinutes(1))) {
 *         if (reader.read(copy) == TelemetryReader.Result.FRESH) {
 *             System.out.println(copy.getFloat(6848)); // the speed
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p><b>Torn copies are dropped.</b> {@link #read} copies into memory of the reader first, as the {@link Sync} says.
 * Only a copy that passes these checks is put into the caller's buffer. {@link Sync} says which kinds detect every torn
 * copy. If the producer is writing, the reader tries up to 16 times, with 10 microseconds between, and then returns
 * {@link Result#TORN}.
 *
 * <p><b>The producer may do anything.</b> {@code open} succeeds even if the producer has not started. The reader opens
 * the memory when it appears, and never creates it, because an empty object would look like a producer to all other
 * readers. It notices within 50 milliseconds that the name leads elsewhere or that the object has another size, and
 * follows. While the data is stale, it also opens the object anew once a second. {@code read} and {@code await} never
 * throw an exception because of what a producer does, such as starting late, ending, truncating the object or writing
 * wrong offsets into it. They report it as a {@link Result}, and {@link #problem()} gives the reason.
 *
 * <p><b>It leaves no traces.</b> The memory is mapped for reading only. The reader is not a user of the object: its
 * name goes with its producer, as if the reader did not exist, and a producer that is started again finds the name
 * free. On Windows the reader opens the object and closes the handle at once, because a view alone does not keep a
 * name.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread, and take turns. A copy that one thread has
 * read is no longer {@link Result#FRESH} for another thread: open one reader for each consumer. A virtual thread that
 * waits does not hold its carrier. {@link #close()} ends the waits of other threads with {@link IllegalStateException}.
 * After it, every method except {@link #close()}, {@link #isClosed()} and {@code toString()} throws {@link
 * IllegalStateException}. If a reader becomes unreachable without being closed, the garbage collector closes it.
 *
 * @see Sync
 * @see TelemetryOptions
 */
public final class TelemetryReader implements AutoCloseable {
    /** The result of a {@link TelemetryReader#read}. Only {@link #FRESH} changes the buffer. */
    public enum Result {
        /** The buffer has a whole copy, which is newer than the last FRESH copy. */
        FRESH,
        /** Nothing has changed since the last FRESH copy. */
        UNCHANGED,
        /**
         * The producer was writing during all tries, or has left an incomplete update. The last FRESH copy is still the
         * newest whole one.
         */
        TORN,
        /**
         * The producer seems to have ended: nothing has changed for the {@linkplain TelemetryOptions#staleAfter time
         * that the options state}, or {@linkplain TelemetryOptions#aliveWhile it says so itself}.
         */
        STALE,
        /** There is no memory of this name, or it cannot be read. {@link TelemetryReader#problem()} says why. */
        ABSENT
    }

    private final String what;
    private final TelemetryHandle handle;
    private final Closer closer;

    private TelemetryReader(String what, TelemetryHandle handle) {
        this.what = what;
        this.handle = handle;
        this.closer = new Closer(this, handle::close);
    }

    /**
     * Opens a reader with {@linkplain TelemetryOptions#defaults() default options}. The memory need not exist.
     *
     * @param name the name of the memory, as in {@link SharedRegion}
     * @param sync how the producer synchronizes
     * @return the reader
     * @throws IllegalArgumentException if the name is not valid
     */
    public static TelemetryReader open(String name, Sync sync) {
        StackSpace.require();
        return open(name, sync, TelemetryOptions.defaults());
    }

    /**
     * Opens a reader. The memory need not exist.
     *
     * @param name the name of the memory, as in {@link SharedRegion}
     * @param sync how the producer synchronizes
     * @param options the options
     * @return the reader
     * @throws IllegalArgumentException if the name is not valid
     */
    public static TelemetryReader open(String name, Sync sync, TelemetryOptions options) {
        StackSpace.require();
        ObjectName checked = ObjectName.of(name);
        Objects.requireNonNull(sync, "sync");
        Objects.requireNonNull(options, "options");
        TelemetryRequest request = new TelemetryRequest(
                checked, sync.protocol, options.size, options.liveness, options.wakeups);
        String what = "reader of " + checked.region() + " by " + sync;
        return new TelemetryReader(what, new TelemetryHandle(ThisSystem.get(), request));
    }

    /**
     * Copies what the producer publishes, if there is something newer than the last copy.
     *
     * <p>The copy begins at the buffer's position and has {@link #length()} bytes: the bytes that remain up to the
     * buffer's limit, or all that is published if that is less. The buffer's position and limit stay as they are, so a
     * loop can use one buffer and read from it by absolute offsets. The content changes only with {@link
     * Result#FRESH}.
     *
     * <p>Makes no system call, except that it checks every 50 milliseconds whether the name still leads to the same
     * memory. With {@link Sync#mutex} each call makes system calls.
     *
     * @param copy the buffer, on the heap or direct
     * @return the result
     * @throws IllegalArgumentException if the buffer is read-only or has no bytes remaining
     * @throws IllegalStateException if this reader is closed
     */
    public Result read(ByteBuffer copy) {
        StackSpace.require();
        Objects.requireNonNull(copy, "copy");
        if (copy.isReadOnly()) {
            throw new IllegalArgumentException("The buffer is read-only. Give one that can be written to.");
        }
        if (!copy.hasRemaining()) {
            throw new IllegalArgumentException("The buffer has no room: its position and its limit are "
                    + copy.position() + ". Call clear() before you read again.");
        }
        try {
            return Result.valueOf(handle.read(copy).name());
        } finally {
            // The cleaner must not take a reader for dropped while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits until there is something newer than the last copy, or the timeout has passed. This includes waiting for a
     * producer that has not started yet. After true, the next {@link #read} returns {@link Result#FRESH}, unless
     * another thread was faster or the producer is writing again.
     *
     * <p>While the producer is there, this method waits for its {@linkplain TelemetryOptions#event event}, or looks at
     * the memory {@linkplain TelemetryOptions#pollEvery every few milliseconds}.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks once; a longer time than 146 years means 146
     *     years
     * @return true if there is something newer; false if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if this reader is closed before or during the wait
     */
    public boolean await(Duration timeout) throws InterruptedException {
        StackSpace.require();
        try {
            return handle.await(Deadline.after(timeout));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns why the last {@link #read} returned {@link Result#ABSENT}: {@code NOT_FOUND} if no memory has this name,
     * or the producer has not begun to publish; {@code ACCESS_DENIED} if this process may not read it; {@code
     * TOO_SMALL} if it is smaller than the options or the {@link Sync} need, or has been truncated; {@code CORRUPT} if
     * the producer's offsets lead out of it; {@code WRONG_KIND} if the name belongs to another kind of object; or
     * another reason of {@link SharedRegion#open(String)}.
     *
     * @return the reason, as an exception that was not thrown; empty if the last read returned another result, or if
     *     there was none
     * @throws IllegalStateException if this reader is closed
     */
    public Optional<SharedMemoryException> problem() {
        StackSpace.require();
        Failure problem = handle.problem();
        return problem == null ? Optional.empty() : Optional.of(SharedMemoryException.of(problem));
    }

    /**
     * Returns how many bytes the last {@link Result#FRESH} read has copied.
     *
     * @return the length in bytes; 0 if there was no such read
     * @throws IllegalStateException if this reader is closed
     */
    public int length() {
        return handle.length();
    }

    /**
     * Returns true if {@link #close()} was called.
     *
     * @return true if this reader is closed
     */
    public boolean isClosed() {
        return handle.isClosed();
    }

    /** Closes the reader and ends the waits of other threads. Further calls do nothing. */
    @Override
    public void close() {
        closer.close();
    }

    /** Returns the name, the synchronization, the last result, and how long ago the data changed, for messages. */
    @Override
    public String toString() {
        StackSpace.require();
        return what + " (" + handle.state() + ")";
    }
}
