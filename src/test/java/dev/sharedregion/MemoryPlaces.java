package dev.sharedregion;

import com.sun.jna.Pointer;

/** Places that are held by nobody's process until they are given up; how they leave the block is noted then. */
final class MemoryPlaces extends Places {
    private volatile long turnWhenLeft;
    private volatile int stateWhenLeft;

    MemoryPlaces(PairBlock block) {
        super(block);
    }

    @Override
    boolean take(Side side) {
        return true;
    }

    @Override
    boolean isHeld(Side side) {
        return true;
    }

    @Override
    Pointer process(Side side) {
        return null;
    }

    @Override
    boolean watch(Side side, Runnable onEnd) {
        return false;
    }

    @Override
    long self() {
        return 0;
    }

    @Override
    void giveUp(Side side) {
        turnWhenLeft = block.turnVolatile();
        stateWhenLeft = block.state(side);
    }

    long turnWhenLeft() {
        return turnWhenLeft;
    }

    /** Whether the block is as the side left it. */
    boolean isAsLeft(Side side) {
        return block.turnVolatile() == turnWhenLeft && block.state(side) == stateWhenLeft;
    }

    @Override
    void close() {
        // There is nothing to free.
    }
}
