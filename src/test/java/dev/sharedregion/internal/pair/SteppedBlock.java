package dev.sharedregion.internal.pair;

import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.ProcessEnd;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/** The block of a side, which executes {@link Steps} at each change. */
final class SteppedBlock extends PairBlock {
    private final Side me;
    private final Steps steps;

    SteppedBlock(Parts parts, Side me, Steps steps) {
        super(
                parts.memory,
                offset -> new SteppedSlot(parts.memory, offset, parts.slots.apply(offset), steps),
                parts.release);
        this.me = me;
        this.steps = steps;
    }

    /** What a block is made of. */
    record Parts(ByteBuffer memory, IntFunction<OwnerSlot> slots, Runnable release) {}

    private String turnChange(long from, long to) {
        if (TurnWord.hasToken(to)) {
            return "token";
        }
        if (TurnWord.isOf(to, me)) {
            return "claim";
        }
        return TurnWord.isOf(from, me) ? "turn" : "again";
    }

    private String stateChange(Side side, int from, int to) {
        if (side == me && from / PairBlockLayout.GENERATION != to / PairBlockLayout.GENERATION) {
            return "entered";
        }
        return switch (to & PairBlockLayout.STATE_BITS) {
            case PairBlockLayout.ABSENT -> "absent";
            case PairBlockLayout.ACTIVE -> "active";
            case PairBlockLayout.PARKED -> "parked";
            case PairBlockLayout.WAKING -> "waking";
            case PairBlockLayout.WOKEN -> "woken";
            case PairBlockLayout.RECALLED -> "recalled";
            case PairBlockLayout.CLOSED -> "closed";
            default -> "dead";
        };
    }

    @Override
    public void setTurn(long turn) {
        String change = turnChange(turnVolatile(), turn);
        steps.before(change);
        super.setTurn(turn);
        steps.after(change);
    }

    @Override
    public boolean changeTurn(long from, long to) {
        String change = turnChange(from, to);
        steps.before(change);
        if (steps.isSpoiled(change)) {
            super.setTurn(turnVolatile() + PairBlockLayout.TURN_COUNT);
        }
        boolean changed = super.changeTurn(from, to);
        if (changed) {
            steps.after(change);
        }
        return changed;
    }

    @Override
    public void setState(Side side, int state) {
        String change = stateChange(side, state(side), state);
        steps.before(change);
        super.setState(side, state);
        steps.after(change);
    }

    @Override
    public int exchangeState(Side side, int state) {
        String change = stateChange(side, state(side), state);
        steps.before(change);
        int before = super.exchangeState(side, state);
        steps.after(change);
        return before;
    }

    @Override
    public boolean changeState(Side side, int from, int to) {
        String change = stateChange(side, from, to);
        steps.before(change);
        if (steps.isSpoiled(change)) {
            super.setState(side, state(side) + PairBlockLayout.GENERATION);
        }
        boolean changed = super.changeState(side, from, to);
        if (changed) {
            steps.after(change);
        }
        return changed;
    }

    /** The system's, followed where it is taken and given up. */
    private static final class SteppedSlot extends OwnerSlot {
        private final OwnerSlot real;
        private final Steps steps;

        SteppedSlot(ByteBuffer memory, int offset, OwnerSlot real, Steps steps) {
            super(memory, offset);
            this.real = real;
            this.steps = steps;
        }

        @Override
        public boolean take() {
            steps.before("place");
            boolean taken = real.take();
            if (taken) {
                steps.after("place");
            }
            return taken;
        }

        @Override
        public boolean isHeld() {
            return real.isHeld();
        }

        @Override
        public ProcessEnd holdersEnd() {
            return real.holdersEnd();
        }

        @Override
        public boolean watch(Runnable onEnd) {
            return real.watch(onEnd);
        }

        @Override
        public void giveUp() {
            steps.before("left");
            real.giveUp();
            steps.after("left");
        }

        @Override
        public void close() {
            real.close();
        }

        @Override
        public long self() {
            return real.self();
        }
    }
}
