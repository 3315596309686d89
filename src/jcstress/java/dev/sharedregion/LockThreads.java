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

    /** Both lock, one of them with the bias. */
    @JCStressTest
    @Description("Two threads lock, and count without any order of their own; one has the bias.")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "One after the other.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both at once, or what one has written was not seen.")
    @State
    public static class ExclusionWithBias {
        final Biased lock = new Biased();
        int count;

        private void add() {
            long acquired;
            do {
                acquired = lock.memory.handle.tryAcquire(Thread.currentThread());
            } while (acquired == LockSteps.NOT_ACQUIRED);
            count++;
            lock.memory.release(acquired);
        }

        @Actor
        public void biased() {
            lock.giveBias();
            add();
        }

        @Actor
        public void other() {
            lock.awaitBias();
            add();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = count;
            r.r2 = lock.memory.isAtRest() ? 0 : 1;
        }
    }

    /** Both release what one of them has acquired. */
    @JCStressTest
    @Description("Two threads release one ownership.")
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "One of them did it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both did it, or none.")
    @State
    public static class Release {
        final MemoryLock memory = new MemoryLock();
        final long acquired = memory.handle.tryAcquire(Thread.currentThread());

        private int release() {
            return memory.handle.release(acquired, false) == LockSteps.NOT_ACQUIRED ? 0 : 1;
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = release();
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = release();
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

    /** One closes, and the other has the bias. */
    @JCStressTest
    @Description("A thread closes the lock object while another, which has the bias, locks.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The thread had the lock, and the release gave it back.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The lock was closed before.")
    @Outcome(id = ".*, 1", expect = Expect.FORBIDDEN, desc = "The objects were given back under a holder.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The objects were not given back, or the lock is not free.")
    @State
    public static class CloseWithBias {
        final Biased lock = new Biased();

        @Actor
        public void lock(II_Result r) {
            lock.giveBias();
            long acquired = lock.memory.handle.tryAcquire(Thread.currentThread());
            if (acquired != LockSteps.NOT_ACQUIRED) {
                r.r2 = lock.memory.isGivenBack() ? 1 : 0;
                lock.memory.release(acquired);
                r.r1 = 1;
            }
        }

        @Actor
        public void close() {
            lock.awaitBias();
            lock.memory.handle.close();
        }

        @Arbiter
        public void after(II_Result r) {
            if (!lock.memory.isGivenBack() || !lock.memory.isAtRest()) {
                r.r1 = -1;
            }
        }
    }

    /** A lock, and the two threads' agreement about when to begin. */
    private static final class Biased {
        private static final int LONGEST_DELAY = 63;

        final MemoryLock memory = new MemoryLock();
        private volatile boolean given;

        /** By the thread that gets the bias. */
        void giveBias() {
            memory.giveBias();
            given = true;
            // The other thread has to see that, and to begin.
            for (long pauses = System.nanoTime() & LONGEST_DELAY; pauses > 0; pauses--) {
                Thread.onSpinWait();
            }
        }

        void awaitBias() {
            while (!given) {
                Thread.onSpinWait();
            }
        }
    }
}
