package dev.sharedregion.internal.telemetry;

import java.lang.invoke.VarHandle;

/**
 * A word that is not 0 while the producer writes. The flag does not count, so a whole update between two looks leaves
 * it at 0. Therefore the copy is made twice, with a look between: bytes of two updates in the first copy mean that the
 * later update has begun. It has either not ended, then the look between finds the flag, or ended, then the second copy
 * differs.
 */
public final class BusyFlag implements CopyProtocol {
    private final long offset;

    public BusyFlag(long offset) {
        this.offset = offset;
    }

    @Override
    public Attempt attempt(SourceMemory memory, Copies copies) {
        if (isBusy(memory)) {
            return Attempt.TORN;
        }
        copies.take(memory, 0, memory.size());
        if (isBusy(memory) || !copies.isSame(memory, 0) || isBusy(memory)) {
            return Attempt.TORN;
        }
        return copies.whole();
    }

    /** What was read before stays before, and what is read next comes after. */
    private boolean isBusy(SourceMemory memory) {
        VarHandle.acquireFence();
        int flag = memory.word(offset);
        VarHandle.acquireFence();
        return flag != 0;
    }
}
