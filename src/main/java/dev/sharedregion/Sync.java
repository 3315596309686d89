package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.telemetry.BusyFlag;
import dev.sharedregion.internal.telemetry.CopyProtocol;
import dev.sharedregion.internal.telemetry.CounterWord;
import dev.sharedregion.internal.telemetry.EqualCopies;
import dev.sharedregion.internal.telemetry.MutexGuarded;
import dev.sharedregion.internal.telemetry.RotatingBuffers;
import dev.sharedregion.internal.telemetry.SequenceWord;
import dev.sharedregion.internal.telemetry.VersionPair;
import java.util.Objects;
import java.util.function.Function;

/**
 * How another program lets its readers distinguish a whole copy of its data from a torn one. A torn copy is a mixture
 * of two updates. Each program has its own way, which is a part of its layout: look it up where you look up the
 * offsets.
 *
 * <p>Offsets are in bytes from the start of the memory. Words have 4 bytes, unless the method says otherwise, and the
 * machine's byte order. A word must be at a multiple of 4. The object is immutable and can be shared between threads
 * and readers.
 *
 * <p>What each kind guarantees:
 *
 * <table>
 * <caption>Kinds of synchronization</caption>
 * <tr><th>kind</th><th>a torn copy is never FRESH</th><th>something is new if</th></tr>
 * <tr><td>{@link #versions}, {@link #sequence}</td><td>always</td><td>the word has changed</td></tr>
 * <tr><td>{@link #rotating}</td><td>if the producer fills its buffers in turn</td><td>the highest tick has
 * changed</td></tr>
 * <tr><td>{@link #busyFlag}</td><td>always</td><td>the content differs</td></tr>
 * <tr><td>{@link #mutex}</td><td>if the reader gets the mutex</td><td>as the other kind says</td></tr>
 * <tr><td>{@link #counter}, {@link #twice}</td><td>unless the producer is stopped in the middle of an update for as
 * long as the two copies take</td><td>the counter has changed; the content differs</td></tr>
 * </table>
 */
public final class Sync {
    private static final int SMALLEST_ENTRY = 8;

    /** Makes the rule for one reader. */
    final Function<OperatingSystem, CopyProtocol> protocol;

    private final String text;

    private Sync(String text, Function<OperatingSystem, CopyProtocol> protocol) {
        this.text = text;
        this.protocol = protocol;
    }

    /**
     * Two version words: the producer raises the first one, writes, and then sets the second one to the same value.
     * rFactor 2 does so: {@code versions(0, 4)}.
     *
     * <p>The reader reads the second word, copies, and then reads the first word. It keeps the copy if both are equal:
     * then the update was complete before the copy began, and the next one had not begun when the copy was done. (If
     * the reader read them in the order in which the producer writes them, equal words would prove nothing: they are
     * also equal after an update that begins and ends between the two reads.) A producer that dies while it writes
     * leaves them unequal: the reader returns {@link TelemetryReader.Result#TORN TORN}, and then {@link
     * TelemetryReader.Result#STALE STALE}.
     *
     * @param beginOffset the offset of the word that the producer raises before it writes
     * @param endOffset the offset of the word that the producer raises after it has written
     * @return the synchronization
     * @throws IllegalArgumentException if an offset is negative or not a multiple of 4, or if both are equal
     */
    public static Sync versions(long beginOffset, long endOffset) {
        StackSpace.require();
        checkOffset("begin word", beginOffset);
        checkOffset("end word", endOffset);
        if (beginOffset == endOffset) {
            throw new IllegalArgumentException("The begin word and the end word are both at offset " + beginOffset
                    + ". A single word that is odd while the producer writes is Sync.sequence.");
        }
        return new Sync("versions(" + beginOffset + ", " + endOffset + ")",
                system -> new VersionPair(beginOffset, endOffset));
    }

    /**
     * One word that is odd while the producer writes, and is raised before and after. Project CARS 2 and Automobilista
     * 2 do so: {@code sequence(7320)}.
     *
     * @param offset the offset of the word
     * @return the synchronization
     * @throws IllegalArgumentException if the offset is negative or not a multiple of 4
     */
    public static Sync sequence(long offset) {
        StackSpace.require();
        checkOffset("sequence word", offset);
        return new Sync("sequence(" + offset + ")", system -> new SequenceWord(offset));
    }

    /**
     * One word that changes with each update. It does not show when an update begins and ends. Assetto Corsa ({@code
     * packetId}) and RaceRoom ({@code ticks}) do so.
     *
     * <p>The reader copies twice. It keeps the copy if both copies are equal and the word did not change meanwhile.
     *
     * @param offset the offset of the word
     * @return the synchronization
     * @throws IllegalArgumentException if the offset is negative or not a multiple of 4
     */
    public static Sync counter(long offset) {
        StackSpace.require();
        checkOffset("counter", offset);
        return new Sync("counter(" + offset + ")", system -> new CounterWord(offset, false));
    }

    /**
     * As {@link #counter}, for a counter or a time of 8 bytes. Euro Truck Simulator 2 ({@code time}) and HWiNFO
     * ({@code pollTime}) have one.
     *
     * @param offset the offset of the counter, a multiple of 4
     * @return the synchronization
     * @throws IllegalArgumentException if the offset is negative or not a multiple of 4
     */
    public static Sync counter64(long offset) {
        StackSpace.require();
        checkOffset("counter", offset);
        return new Sync("counter64(" + offset + ")", system -> new CounterWord(offset, true));
    }

    /**
     * Several buffers of one length, which the producer fills in turn, and a table with an entry for each: the number
     * of the update (the tick) at offset 0 of the entry, and the offset of the buffer in the memory at offset 4.
     * iRacing does so: {@code rotating(32, 36, 48, 16)}.
     *
     * <p>{@link TelemetryReader#read} copies the buffer with the highest tick, from its start. It keeps the copy if the
     * tick is the same after the copy, and at least one other buffer is not newer. If all other buffers are newer, the
     * producer may have begun to fill this one again. Offsets and lengths that lead out of the memory are {@link
     * SharedMemoryException.Reason#CORRUPT CORRUPT}. While the number of buffers or their length is 0, the reader
     * returns {@link TelemetryReader.Result#ABSENT ABSENT}.
     *
     * @param countOffset the offset of the number of buffers, of which there may be 1024
     * @param lengthOffset the offset of the length of a buffer in bytes
     * @param entriesOffset the offset of the table
     * @param stride the size of an entry in bytes, 8 or more
     * @return the synchronization
     * @throws IllegalArgumentException if an offset or the stride is negative or not a multiple of 4, or if the stride
     *     is less than 8
     */
    public static Sync rotating(long countOffset, long lengthOffset, long entriesOffset, int stride) {
        StackSpace.require();
        checkOffset("number of buffers", countOffset);
        checkOffset("length of a buffer", lengthOffset);
        checkOffset("table of buffers", entriesOffset);
        if (stride < SMALLEST_ENTRY || stride % Integer.BYTES != 0) {
            throw new IllegalArgumentException("The stride of the table of buffers is " + stride
                    + ". Give a multiple of 4 that is 8 or more.");
        }
        return new Sync("rotating(" + countOffset + ", " + lengthOffset + ", " + entriesOffset + ", " + stride + ")",
                system -> new RotatingBuffers(countOffset, lengthOffset, entriesOffset, stride));
    }

    /**
     * No synchronization: the producer does not show when it writes. The reader copies twice, and keeps the copy if
     * both are equal.
     *
     * @return the synchronization
     */
    public static Sync twice() {
        StackSpace.require();
        return new Sync("twice()", system -> new EqualCopies());
    }

    /**
     * One word that is not 0 while the producer writes. GPU-Z does so: {@code busyFlag(4)}.
     *
     * <p>A flag does not count updates. So the reader copies twice, and looks at the flag before, between and after. It
     * keeps the copy if the flag was 0 each time and both copies are equal.
     *
     * @param offset the offset of the word
     * @return the synchronization
     * @throws IllegalArgumentException if the offset is negative or not a multiple of 4
     */
    public static Sync busyFlag(long offset) {
        StackSpace.require();
        checkOffset("busy flag", offset);
        return new Sync("busyFlag(" + offset + ")", system -> new BusyFlag(offset));
    }

    /**
     * A Win32 mutex of the producer, which the producer holds while it writes. HWiNFO has one: {@code
     * mutex("Global\\HWiNFO_SM2_MUTEX", Sync.counter64(12))}.
     *
     * <p>The reader holds the mutex for one attempt of {@code otherwise}, so for a few microseconds, and only in {@link
     * TelemetryReader#read}. It waits up to 20 milliseconds for the mutex. {@code otherwise} is used without the mutex
     * on Linux, if the mutex does not exist or may not be opened, and after that time. If the producer died while it
     * had the mutex, and the reader is the next owner, the data that the producer has left is never {@link
     * TelemetryReader.Result#FRESH FRESH}.
     *
     * @param mutexName the name of the mutex
     * @param otherwise how to copy, with the mutex and without it
     * @return the synchronization
     * @throws IllegalArgumentException if the name is not valid
     */
    public static Sync mutex(String mutexName, Sync otherwise) {
        StackSpace.require();
        ObjectName name = ObjectName.of(mutexName);
        Objects.requireNonNull(otherwise, "otherwise");
        return new Sync("mutex(\"" + name + "\", " + otherwise + ")",
                system -> new MutexGuarded(system, name, otherwise.protocol.apply(system)));
    }

    private static void checkOffset(String what, long offset) {
        if (offset < 0 || offset % Integer.BYTES != 0) {
            throw new IllegalArgumentException(
                    "The offset of the " + what + " is " + offset + ". Give a multiple of 4 that is 0 or more.");
        }
    }

    /** Returns the call that makes this object, for messages. */
    @Override
    public String toString() {
        return text;
    }
}
