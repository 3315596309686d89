package dev.sharedregion;

import dev.sharedregion.internal.lock.LockHandle;
import dev.sharedregion.internal.lock.LockSteps;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads of one lock object. */
public class LockThreads {
    /** Both lock. */
    @JCStressTest
    @Description("Two threads lock, and count without any order of their own.")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "One after the other.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both at once, or what one has written was not seen.")
    @State
    public static class Exclusion {
        final MemoryLock memory = new MemoryLock();
        int count;

        private void add() {
            long acquired;
            do {
                acquired = memory.handle.tryAcquire(Thread.currentThread());
            } while (acquired == LockSteps.NOT_ACQUIRED);
            count++;
            memory.release(acquired);
        }

        @Actor
        public void one() {
            add();
        }

        @Actor
        public void other() {
            add();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = count;
            r.r2 = memory.isAtRest() ? 0 : 1;
        }
    }

    /** One closes. */
    @JCStressTest
    @Description("A thread closes the lock object while another locks.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The thread had the lock, and the release gave it back.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The lock was closed before.")
    @Outcome(id = ".*, 1", expect = Expect.FORBIDDEN, desc = "The objects were given back under a holder.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The objects were not given back.")
    @State
    public static class Close {
        final MemoryLock memory = new MemoryLock();
        final LockHandle handle = memory.handle;

        @Actor
        public void lock(II_Result r) {
            long acquired = handle.tryAcquire(Thread.currentThread());
            if (acquired != LockSteps.NOT_ACQUIRED) {
                r.r2 = memory.isGivenBack() ? 1 : 0;
                memory.release(acquired);
                r.r1 = 1;
            }
        }

        @Actor
        public void close() {
            handle.close();
        }

        @Arbiter
        public void after(II_Result r) {
            if (!memory.isGivenBack()) {
                r.r1 = -1;
            }
        }
    }
}
