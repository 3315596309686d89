package dev.sharedregion;

import com.sun.jna.Pointer;

/** The block of a side that {@link Steps} follow. */
final class SteppedBlock extends PairBlock {
    private final Side me;
    private final Steps steps;

    SteppedBlock(View view, RegionMapping mapping, Side me, Steps steps) {
        super(
                view.buffer(0, PairBlockLayout.SIZE),
                block -> new SteppedPlaces(block, Backend.current().places(mapping, block), steps),
                view::close);
        this.me = me;
        this.steps = steps;
    }

    private String turnChange(long from, long to) {
        if (hasToken(to)) {
            return "token";
        }
        if (isTurnOf(to, me)) {
            return "claim";
        }
        return isTurnOf(from, me) ? "turn" : "again";
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

    private static String ownerChange(long to) {
        return to == 0 ? "left" : "place";
    }

    @Override
    void setTurn(long turn) {
        String change = turnChange(turnVolatile(), turn);
        steps.before(change);
        super.setTurn(turn);
        steps.after(change);
    }

    @Override
    boolean changeTurn(long from, long to) {
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
    void setState(Side side, int state) {
        String change = stateChange(side, state(side), state);
        steps.before(change);
        super.setState(side, state);
        steps.after(change);
    }

    @Override
    int exchangeState(Side side, int state) {
        String change = stateChange(side, state(side), state);
        steps.before(change);
        int before = super.exchangeState(side, state);
        steps.after(change);
        return before;
    }

    @Override
    boolean changeState(Side side, int from, int to) {
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

    @Override
    void setOwner(Side side, long owner) {
        super.setOwner(side, owner);
        steps.after(ownerChange(owner));
    }

    @Override
    boolean changeOwner(Side side, long from, long to) {
        boolean changed = super.changeOwner(side, from, to);
        if (changed) {
            steps.after(ownerChange(to));
        }
        return changed;
    }

    /** The system's, followed where they are taken and given up. */
    private static final class SteppedPlaces extends Places {
        private final Places real;
        private final Steps steps;

        SteppedPlaces(PairBlock block, Places real, Steps steps) {
            super(block);
            this.real = real;
            this.steps = steps;
        }

        @Override
        boolean take(Side side) {
            steps.before("place");
            return real.take(side);
        }

        @Override
        boolean isHeld(Side side) {
            return real.isHeld(side);
        }

        @Override
        Pointer process(Side side) {
            return real.process(side);
        }

        @Override
        boolean watch(Side side, Runnable onEnd) {
            return real.watch(side, onEnd);
        }

        @Override
        void giveUp(Side side) {
            steps.before("left");
            real.giveUp(side);
        }

        @Override
        void close() {
            real.close();
        }

        @Override
        long self() {
            return real.self();
        }
    }
}
