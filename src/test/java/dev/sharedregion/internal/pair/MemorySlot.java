package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.ProcessEnd;
import java.nio.ByteBuffer;

/** A slot in plain memory that counts as held until it is given up. */
public final class MemorySlot extends OwnerSlot {
    private volatile Runnable onGiveUp = () -> { };

    public MemorySlot(ByteBuffer memory, int offset) {
        super(memory, offset);
    }

    public void onGiveUp(Runnable action) {
        onGiveUp = action;
    }

    @Override
    public boolean take() {
        return true;
    }

    @Override
    public boolean isHeld() {
        return true;
    }

    @Override
    public ProcessEnd holdersEnd() {
        return null;
    }

    @Override
    public boolean watch(Runnable onEnd) {
        return false;
    }

    @Override
    public long self() {
        return 0;
    }

    @Override
    public void giveUp() {
        onGiveUp.run();
    }

    @Override
    public void close() {
        // There is nothing to free.
    }
}
