package dev.sharedregion.internal.telemetry;

import java.lang.invoke.VarHandle;

/**
 * Several buffers, which the producer fills in turn. Each has an entry with a tick, which the producer raises when it
 * has filled the buffer. The copy of the buffer with the highest tick is kept if its tick is the same after it. That is
 * not enough: while the producer fills the buffer again, the old tick is still there. So the copy is also thrown away
 * if all other buffers have become newer by then, because this one is the next to be filled.
 */
public final class RotatingBuffers implements CopyProtocol {
    /** iRacing has up to 4. */
    private static final int MOST_BUFFERS = 1024;

    private static final int BUFFER_OFFSET = 4;

    private final long countOffset;
    private final long lengthOffset;
    private final long entriesOffset;
    private final int stride;

    public RotatingBuffers(long countOffset, long lengthOffset, long entriesOffset, int stride) {
        this.countOffset = countOffset;
        this.lengthOffset = lengthOffset;
        this.entriesOffset = entriesOffset;
        this.stride = stride;
    }

    @Override
    public Attempt attempt(SourceMemory memory, Copies copies) {
        int count = count(memory);
        int length = length(memory);
        int newest = newest(memory, count);
        int tick = tick(memory, newest);
        if (copies.isSeen(tick)) {
            return Attempt.SAME;
        }
        // What the tick is for must not be read before it, nor the ticks again before that.
        VarHandle.acquireFence();
        int offset = memory.word(entry(newest) + BUFFER_OFFSET);
        if (!memory.isInside(offset, length)) {
            throw memory.corrupt("buffer " + newest + " of " + count + ", at offset " + offset + " with " + length
                    + " bytes, is outside of its " + memory.size() + " bytes");
        }
        copies.take(memory, offset, length);
        VarHandle.acquireFence();
        boolean kept = count > 1 ? !isNext(memory, newest, count, tick) : copies.isSameLater(memory, offset);
        return kept && tick(memory, newest) == tick ? copies.whole(tick) : Attempt.TORN;
    }

    private int count(SourceMemory memory) {
        int count = memory.word(countOffset);
        if (count == 0) {
            throw memory.notYet("it has no buffers yet");
        }
        if (count < 0 || count > MOST_BUFFERS || !memory.isInside(entriesOffset, (long) count * stride)) {
            throw memory.corrupt("its number of buffers is " + count);
        }
        return count;
    }

    private int length(SourceMemory memory) {
        int length = memory.word(lengthOffset);
        if (length == 0) {
            throw memory.notYet("its buffers have no length yet");
        }
        if (length < 0) {
            throw memory.corrupt("the length of its buffers is " + length);
        }
        return length;
    }

    private long entry(int index) {
        return entriesOffset + (long) index * stride;
    }

    private int tick(SourceMemory memory, int index) {
        return memory.word(entry(index));
    }

    private int newest(SourceMemory memory, int count) {
        int newest = 0;
        int highest = tick(memory, 0);
        for (int i = 1; i < count; i++) {
            int tick = tick(memory, i);
            if (tick > highest) {
                newest = i;
                highest = tick;
            }
        }
        return newest;
    }

    /** Returns true if all other buffers are newer, so that this one is the next to be filled. */
    private boolean isNext(SourceMemory memory, int index, int count, int tick) {
        for (int i = 0; i < count; i++) {
            if (i != index && tick(memory, i) <= tick) {
                return false;
            }
        }
        return true;
    }
}
