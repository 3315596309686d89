package dev.sharedregion;

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
import org.openjdk.jcstress.infra.results.II_Result;

/** A thread that has the bias signals, while another thread of its side does something. */
public class BiasAgainstThreads {
    /** The server's side, and the two threads' agreement about when to begin. */
    private static final class Biased {
        private static final int LONGEST_DELAY = 15;

        final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);
        final PairSide server = pair.side(Side.WRITING);
        private volatile boolean given;

        /** By the thread that gets the bias: returns 1 if its signal handed the turn over. */
        int signalWithBias() {
            pair.giveBias(server);
            given = true;
            // The other thread has to see that, and to begin.
            for (long pauses = System.nanoTime() & LONGEST_DELAY; pauses > 0; pauses--) {
                Thread.onSpinWait();
            }
            // The other processor has these lines, so that what is stored next waits.
            pair.write(1);
            return signal();
        }

        int signal() {
            try {
                server.signal(PairSide.MINE);
                return 1;
            } catch (IllegalStateException e) {
                return 0;
            }
        }

        void awaitBias() {
            while (!given) {
                pair.write(2);
            }
        }
    }

    /** The other signals, too. */
    @JCStressTest
    @Description("Two threads of a side signal; one has the bias.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The thread that had the bias was first.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The other thread was first.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Both handed the turn over.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "None handed the turn over.")
    @State
    public static class Signal {
        final Biased side = new Biased();

        @Actor
        public void signalWithBias(II_Result r) {
            r.r1 = side.signalWithBias();
        }

        @Actor
        public void signal(II_Result r) {
            side.awaitBias();
            r.r2 = side.signal();
        }
    }

    /** The other closes the side. */
    @JCStressTest
    @Description("A thread closes the server's side while another, which has the bias, signals.")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "The turn was handed over, and then the side left.")
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "The signal came too late.")
    @Outcome(id = "., ., 1", expect = Expect.FORBIDDEN, desc = "The block was changed after the side had left it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The signal did not do what it said.")
    @State
    public static class Close {
        final Biased side = new Biased();

        @Actor
        public void signalWithBias(III_Result r) {
            r.r1 = side.signalWithBias();
        }

        @Actor
        public void close() {
            side.awaitBias();
            side.server.close();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = TurnWord.isOf(side.pair.turnWhenLeft(), Side.READING) ? 1 : 0;
            r.r3 = side.pair.isAsLeft(Side.WRITING) ? 0 : 1;
        }
    }
}
