package dev.sharedregion;

import dev.sharedregion.internal.pair.Side;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** I3: one side goes to sleep while the other hands the turn over. */
public class ParkAgainstSignal {
    /** The client sleeps. */
    @JCStressTest
    @Description("The server signals while the client goes to sleep.")
    @Outcome(id = "0, 42, 0", expect = Expect.ACCEPTABLE, desc = "The client saw the turn before it slept.")
    @Outcome(id = "1, 42, 0", expect = Expect.ACCEPTABLE, desc = "The same, and it took back the wake-up that came.")
    @Outcome(id = "2, 42, 0", expect = Expect.ACCEPTABLE, desc = "The client slept, and was woken.")
    @Outcome(
            id = "3, .*",
            expect = Expect.FORBIDDEN,
            desc = "The client slept with the turn its own, and nothing to come.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A stale payload, or a token or a state left behind.")
    @State
    public static class Client {
        final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);

        @Actor
        public void server() {
            pair.write(42);
            pair.signal(Side.WRITING);
        }

        @Actor
        public void client(III_Result r) {
            r.r2 = pair.await(Side.READING) ? pair.read() : -2;
            r.r1 = pair.way(Side.READING);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = pair.isAtRest() ? 0 : 1;
        }
    }

    /** The server sleeps. */
    @JCStressTest
    @Description("The client signals while the server goes to sleep.")
    @Outcome(id = "0, 42, 0", expect = Expect.ACCEPTABLE, desc = "The server saw the turn before it slept.")
    @Outcome(id = "1, 42, 0", expect = Expect.ACCEPTABLE, desc = "The same, and it took back the wake-up that came.")
    @Outcome(id = "2, 42, 0", expect = Expect.ACCEPTABLE, desc = "The server slept, and was woken.")
    @Outcome(
            id = "3, .*",
            expect = Expect.FORBIDDEN,
            desc = "The server slept with the turn its own, and nothing to come.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A stale payload, or a token or a state left behind.")
    @State
    public static class Server {
        final MemoryPair pair = new MemoryPair(MemoryPair.PARKING);

        public Server() {
            pair.signal(Side.WRITING);
            pair.await(Side.READING);
        }

        @Actor
        public void client() {
            pair.write(42);
            pair.signal(Side.READING);
        }

        @Actor
        public void server(III_Result r) {
            r.r2 = pair.await(Side.WRITING) ? pair.read() : -2;
            r.r1 = pair.way(Side.WRITING);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = pair.isAtRest() ? 0 : 1;
        }
    }
}
