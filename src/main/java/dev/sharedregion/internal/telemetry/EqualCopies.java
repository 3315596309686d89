package dev.sharedregion.internal.telemetry;

import java.lang.invoke.VarHandle;

/** No word tells anything. The copy is made twice, and kept if both are equal. */
public final class EqualCopies implements CopyProtocol {
    @Override
    public Attempt attempt(SourceMemory memory, Copies copies) {
        copies.take(memory, 0, memory.size());
        VarHandle.acquireFence();
        return copies.isSameLater(memory, 0) ? copies.whole() : Attempt.TORN;
    }
}
