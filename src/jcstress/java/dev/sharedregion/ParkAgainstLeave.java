package dev.sharedregion;

import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.pair.Side;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** One side goes to sleep while the other leaves, before or after it has handed the turn over. */
public class ParkAgainstLeave {
    /** The server keeps the turn. */
    @JCStressTest
    @Description("The server leaves with the turn while the client goes to sleep.")
    @Outcome(id = "0, -3, 0", expect = Expect.ACCEPTABLE, desc = "The client saw it before it slept, and failed.")
    @Outcome(id = "1, -3, 0", expect = Expect.ACCEPTABLE, desc = "The same, and it took back the wake-up that came.")
    @Outcome(id = "2, -3, 0", expect = Expect.ACCEPTABLE, desc = "The client slept, was woken, and failed.")
    @Outcome(id = "3, .*", expect = Expect.FORBIDDEN, desc = "The client slept, and nothing was to come.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The client had the turn, or a token or a state is left behind.")
    @State
    public static class WithTurn {
        final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);

        @Actor
        public void server() {
            pair.leave(Side.WRITING);
        }

        @Actor
        public void client(III_Result r) {
            try {
                r.r2 = pair.await(Side.READING) ? pair.read() : -2;
            } catch (Failure e) {
                r.r2 = e.reason() == Failure.Reason.CLOSED ? -3 : -4;
            }
            r.r1 = pair.way(Side.READING);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = pair.isAtRest() ? 0 : 1;
        }
    }

    /** The server hands the turn over first. */
    @JCStressTest
    @Description("The server signals and leaves at once while the client goes to sleep.")
    @Outcome(id = "0, 42, 0", expect = Expect.ACCEPTABLE, desc = "The client saw the turn before it slept.")
    @Outcome(id = "1, 42, 0", expect = Expect.ACCEPTABLE, desc = "The same, and it took back the wake-up that came.")
    @Outcome(id = "2, 42, 0", expect = Expect.ACCEPTABLE, desc = "The client slept, and was woken.")
    @Outcome(
            id = "3, .*",
            expect = Expect.FORBIDDEN,
            desc = "The client slept with the turn its own, and nothing to come.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "No turn, a stale payload, or a token or a state left behind.")
    @State
    public static class AfterSignal {
        final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);

        @Actor
        public void server() {
            pair.write(42);
            pair.turnTaking(Side.WRITING).signal();
            pair.leave(Side.WRITING);
        }

        @Actor
        public void client(III_Result r) {
            try {
                r.r2 = pair.await(Side.READING) ? pair.read() : -2;
            } catch (Failure e) {
                r.r2 = e.reason() == Failure.Reason.CLOSED ? -3 : -4;
            }
            r.r1 = pair.way(Side.READING);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = pair.isAtRest() ? 0 : 1;
        }
    }
}
