package dev.sharedregion.internal.telemetry;

import java.lang.invoke.VarHandle;

/**
 * A counter that says that there is something new, and not when the producer begins and ends writing. The copy is made
 * twice: a producer that has raised the counter first is found out by what it changes after that.
 */
public final class CounterWord implements CopyProtocol {
    private final long offset;
    private final boolean isLong;

    public CounterWord(long offset, boolean isLong) {
        this.offset = offset;
        this.isLong = isLong;
    }

    @Override
    public Attempt attempt(SourceMemory memory, Copies copies) {
        long before = count(memory);
        if (copies.isSeen(before)) {
            return Attempt.SAME;
        }
        VarHandle.acquireFence();
        copies.take(memory, 0, memory.size());
        VarHandle.acquireFence();
        boolean same = copies.isSameLater(memory, 0);
        VarHandle.acquireFence();
        return same && count(memory) == before ? copies.whole(before) : Attempt.TORN;
    }

    /**
     * A long is read in halves, because some producers have it at an offset that is not a multiple of 8. The halves of
     * two counts make a count that is not read again after the copy.
     */
    private long count(SourceMemory memory) {
        int low = memory.word(offset);
        return isLong ? (long) memory.word(offset + Integer.BYTES) << Integer.SIZE | Integer.toUnsignedLong(low) : low;
    }
}
