package dev.sharedregion.internal.telemetry;

import java.lang.invoke.VarHandle;

/** A sequence lock: a counter that is odd while the producer writes. */
public final class SequenceWord implements CopyProtocol {
    private final long offset;

    public SequenceWord(long offset) {
        this.offset = offset;
    }

    @Override
    public Attempt attempt(SourceMemory memory, Copies copies) {
        int before = memory.word(offset);
        if ((before & 1) != 0) {
            return Attempt.TORN;
        }
        if (copies.isSeen(before)) {
            return Attempt.SAME;
        }
        // The payload must not be read before the word, nor the word again before the payload.
        VarHandle.acquireFence();
        copies.take(memory, 0, memory.size());
        VarHandle.acquireFence();
        return memory.word(offset) == before ? copies.whole(before) : Attempt.TORN;
    }
}
