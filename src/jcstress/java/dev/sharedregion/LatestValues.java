package dev.sharedregion;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** The writer and a reader of a table. */
public class LatestValues {
    /** V1 and V2: the reader reads while the writer overtakes it. */
    @JCStressTest
    @Description("A reader reads twice while the writer sets the value several times.")
    @Outcome(id = "-1, .*", expect = Expect.FORBIDDEN, desc = "The first read is torn.")
    @Outcome(id = ".*, -1", expect = Expect.FORBIDDEN, desc = "The second read is torn.")
    @Outcome(id = "([1-6]), \\1", expect = Expect.ACCEPTABLE, desc = "The same value twice.")
    @Outcome(
            id = {"1, [2-6]", "2, [3-6]", "3, [4-6]", "4, [56]", "5, 6"},
            expect = Expect.ACCEPTABLE,
            desc = "A newer value.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "An older value, or none.")
    @State
    public static class Read {
        final MemoryTable table = new MemoryTable();

        public Read() {
            table.set(1);
        }

        @Actor
        public void writer() {
            for (int number = 2; number <= 6; number++) {
                table.set(number);
            }
        }

        @Actor
        public void reader(JJ_Result r) {
            r.r1 = table.read();
            r.r2 = table.read();
        }
    }

    /** V5: the reader goes to sleep while the writer writes. */
    @JCStressTest
    @Description("A reader waits for a value while the writer sets it.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The reader saw the value before it slept.")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "The reader slept, and was woken.")
    @Outcome(id = "3, .*", expect = Expect.FORBIDDEN, desc = "The reader slept, and nothing was to come.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It was woken, and the value was not there.")
    @State
    public static class Await {
        final MemoryTable table = new MemoryTable();

        @Actor
        public void writer() {
            table.set(1);
            table.writerIsDone();
        }

        @Actor
        public void reader(II_Result r) {
            r.r1 = table.await();
            r.r2 = (int) table.read();
        }
    }
}
