package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.pair.PairSide;
import dev.sharedregion.internal.pair.Side;
import dev.sharedregion.internal.pair.TurnWord;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two threads of one side: one closes it while the other is calling. */
public class CloseAgainstCalls {
    /** The other hands the turn over. */
    @JCStressTest
    @Description("A thread closes the server's side while another signals.")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "The turn was handed over, and then the side left.")
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "The signal came too late.")
    @Outcome(id = "., ., 1", expect = Expect.FORBIDDEN, desc = "The block was changed after the side had left it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The signal did not do what it said.")
    @State
    public static class Signal {
        final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);
        final PairSide server = pair.side(Side.WRITING);

        @Actor
        public void signal(III_Result r) {
            try {
                server.signal(PairSide.MINE);
                r.r1 = 1;
            } catch (IllegalStateException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void close() {
            server.close();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = TurnWord.isOf(pair.turnWhenLeft(), Side.READING) ? 1 : 0;
            r.r3 = pair.isAsLeft(Side.WRITING) ? 0 : 1;
        }
    }

    /** The other waits for a turn that does not come. */
    @JCStressTest
    @Description("A thread closes the client's side while another waits.")
    @Outcome(
            id = "1, 0, 0",
            expect = Expect.ACCEPTABLE,
            desc = "The wait saw before it slept that the side was closed.")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "The wait slept, and ended as the side was closed.")
    @Outcome(id = "., ., 1", expect = Expect.FORBIDDEN, desc = "The block was changed after the side had left it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The wait ended in another way.")
    @State
    public static class Await {
        final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);
        final PairSide client = pair.side(Side.READING);

        public Await() {
            pair.event(Side.READING).beginWait();
        }

        @Actor
        public void await(III_Result r) {
            try {
                r.r1 = client.await(Deadline.never()) ? 2 : 3;
            } catch (IllegalStateException e) {
                r.r1 = 1;
            } catch (InterruptedException e) {
                r.r1 = 4;
            }
            r.r2 = pair.event(Side.READING).slept() ? 1 : 0;
        }

        @Actor
        public void close() {
            client.close();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = pair.isAsLeft(Side.READING) ? 0 : 1;
        }
    }
}
