package dev.sharedregion;

import dev.sharedregion.internal.pair.Side;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** Turns in both directions, each side going on as soon as it has its own; with a payload each way. */
public class RoundTrips {
    private static final int TURNS = 3;

    private static int serve(MemoryPair pair) {
        int right = 0;
        for (int turn = 1; turn <= TURNS; turn++) {
            pair.write(turn);
            pair.signal(Side.WRITING);
            if (pair.await(Side.WRITING) && pair.read() == -10 * turn) {
                right++;
            }
        }
        return right;
    }

    private static int answer(MemoryPair pair) {
        int right = 0;
        for (int turn = 1; turn <= TURNS; turn++) {
            if (pair.await(Side.READING) && pair.read() == turn) {
                right++;
            }
            pair.write(-10 * turn);
            pair.signal(Side.READING);
        }
        return right;
    }

    private static int sleepsForEver(MemoryPair pair) {
        return (pair.event(Side.WRITING).sleptForEver() ? 1 : 0) + (pair.event(Side.READING).sleptForEver() ? 2 : 0);
    }

    /** Both sleep at once. */
    @JCStressTest
    @Description("Round trips between sides that sleep at once.")
    @Outcome(id = "3, 3, 0, 0", expect = Expect.ACCEPTABLE, desc = "Both had every turn with its payload.")
    @Outcome(
            id = ".*, [123], .",
            expect = Expect.FORBIDDEN,
            desc = "One slept with the turn its own, and nothing to come.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A stale payload, or a token or a state left behind.")
    @State
    public static class Parking {
        final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);

        @Actor
        public void server(IIII_Result r) {
            r.r1 = serve(pair);
        }

        @Actor
        public void client(IIII_Result r) {
            r.r2 = answer(pair);
        }

        @Arbiter
        public void after(IIII_Result r) {
            r.r3 = sleepsForEver(pair);
            r.r4 = pair.isAtRest() ? 0 : 1;
        }
    }

    /** Both spin before they sleep. */
    @JCStressTest
    @Description("Round trips between sides that spin first.")
    @Outcome(id = "3, 3, 0, 0", expect = Expect.ACCEPTABLE, desc = "Both had every turn with its payload.")
    @Outcome(
            id = ".*, [123], .",
            expect = Expect.FORBIDDEN,
            desc = "One slept with the turn its own, and nothing to come.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A stale payload, or a token or a state left behind.")
    @State
    public static class Spinning {
        final MemoryPair pair = new MemoryPair(PairOptions.defaults());

        @Actor
        public void server(IIII_Result r) {
            r.r1 = serve(pair);
        }

        @Actor
        public void client(IIII_Result r) {
            r.r2 = answer(pair);
        }

        @Arbiter
        public void after(IIII_Result r) {
            r.r3 = sleepsForEver(pair);
            r.r4 = pair.isAtRest() ? 0 : 1;
        }
    }
}
