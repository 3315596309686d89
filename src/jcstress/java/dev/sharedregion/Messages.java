package dev.sharedregion;

import dev.sharedregion.internal.message.SenderTurn;
import dev.sharedregion.internal.os.Bias;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A sender and the receiver of a channel, and two threads of a sender. */
public class Messages {
    /** M1: more messages than the ring has room for. */
    @JCStressTest
    @Description("A sender sends five messages through a ring that has room for two.")
    @Outcome(id = "5", expect = Expect.ACCEPTABLE, desc = "All of them came, whole and in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One came torn, twice, too early, or not at all.")
    @State
    public static class Carried {
        private static final int MESSAGES = 5;

        final MemoryLane lane = new MemoryLane();

        @Actor
        public void sender() {
            for (int number = 1; number <= MESSAGES; number++) {
                lane.send(number);
            }
        }

        @Actor
        public void receiver(I_Result r) {
            for (int number = 1; number <= MESSAGES; number++) {
                if (lane.receives(number)) {
                    r.r1++;
                }
            }
        }
    }

    /** One of the threads has used the sender alone before. */
    @JCStressTest
    @Description("Two threads of a sender count in its turn, without any order of their own; one has the bias.")
    @Outcome(id = "4", expect = Expect.ACCEPTABLE, desc = "One after the other.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both at once, or what one has written was not seen.")
    @State
    public static class Turn {
        final SenderTurn turn = new SenderTurn(ThisSystem.get().processFence());
        private volatile boolean given;
        int count;

        private void add() {
            Bias own = turn.enter();
            try {
                count++;
                VarHandle.releaseFence();
            } finally {
                if (own != null) {
                    own.inside = false;
                } else {
                    turn.lock.unlock();
                }
            }
        }

        @Actor
        public void one() {
            // Without contention it gets the bias.
            add();
            given = true;
            add();
            add();
        }

        @Actor
        public void other() {
            while (!given) {
                Thread.onSpinWait();
            }
            add();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = count;
        }
    }
}
