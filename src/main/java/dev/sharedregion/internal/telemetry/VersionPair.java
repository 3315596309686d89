package dev.sharedregion.internal.telemetry;

import java.lang.invoke.VarHandle;

/**
 * Two counters. The producer raises <i>begin</i>, writes, and then raises <i>end</i>. So the reader reads <i>end</i>,
 * copies, and then reads <i>begin</i>: if end is v, then what belongs to v was written before the copy began, and if
 * begin is still v after the copy, then nothing later was begun until the copy was done. In the other order, a producer
 * that begins after the reader's first look and ends before its second one leaves both equal around a torn copy.
 */
public final class VersionPair implements CopyProtocol {
    private final long begin;
    private final long end;

    public VersionPair(long begin, long end) {
        this.begin = begin;
        this.end = end;
    }

    @Override
    public Attempt attempt(SourceMemory memory, Copies copies) {
        int written = memory.word(end);
        // The payload must not be read before the word, nor the other word before the payload.
        VarHandle.acquireFence();
        boolean seen = copies.isSeen(written);
        if (!seen) {
            copies.take(memory, 0, memory.size());
            VarHandle.acquireFence();
        }
        if (memory.word(begin) != written) {
            return Attempt.TORN;
        }
        return seen ? Attempt.SAME : copies.whole(written);
    }
}
