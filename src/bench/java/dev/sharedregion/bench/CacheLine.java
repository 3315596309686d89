package dev.sharedregion.bench;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a cache line takes from one of two processors of Linux to the other and back. A hypervisor may move its
 * processors at any time, to two threads of one core, two cores that share a cache, or two that share none, and then
 * the same program takes up to seven times as long. So forks can be compared only if this time was about the same.
 */
final class CacheLine {
    private static final int BATCHES = 5;
    private static final int TRIPS = 2_000;
    private static final int BYTES_OF_MASK = 128;
    private static final long BETWEEN_LOOKS_MILLIS = 200;

    /** After so long a fork counts however the processors are placed. */
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);

    /** One for each processor, on which its thread runs. */
    private final List<ExecutorService> threads = new ArrayList<>();

    private final double least;
    private final double most;

    /** Before and after each fork that counts. */
    private final List<Double> nanos = new ArrayList<>();

    private int otherwise;

    /** Forks count if the time, in nanoseconds, is from {@code least} to {@code most} before and after them. */
    CacheLine(List<Integer> processors, double least, double most) throws Exception {
        this.least = least;
        this.most = most;
        for (int processor : processors) {
            ExecutorService thread = Executors.newSingleThreadExecutor(CacheLine::daemon);
            threads.add(thread);
            thread.submit(() -> runOn(processor)).get();
        }
        // The first times are those of code that is not compiled yet.
        for (int i = 0; i < BATCHES; i++) {
            measure();
        }
    }

    /** Runs a fork when the processors are placed as asked for, and again if they have been moved meanwhile. */
    <T> T during(Callable<T> fork) throws Exception {
        long begin = System.nanoTime();
        while (true) {
            double before = measure();
            boolean late = System.nanoTime() - begin > PATIENCE;
            if (!isWanted(before) && !late) {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
                continue;
            }
            T found = fork.call();
            double after = measure();
            boolean wanted = isWanted(before) && isWanted(after);
            if (wanted || late) {
                Collections.addAll(nanos, before, after);
                otherwise += wanted ? 0 : 1;
                return found;
            }
            System.out.printf("once more: a cache line took %.0f ns before and %.0f ns after%n", before, after);
        }
    }

    /** Whether a fork counted. */
    boolean isMeasured() {
        return !nanos.isEmpty();
    }

    /** For a report. */
    String description() {
        return String.format(
                "from one processor to the other and back in %.0f to %.0f ns, before and after each fork%s",
                Collections.min(nanos), Collections.max(nanos),
                otherwise == 0 ? "" : String.format("; %d forks not in %.0f to %.0f ns", otherwise, least, most));
    }

    private boolean isWanted(double nanos) {
        return nanos >= least && nanos <= most;
    }

    /** The fastest of some means, as anything else that runs only adds to them. */
    private double measure() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        Future<Double> there = threads.get(0).submit(() -> turns(turn, 0));
        threads.get(1).submit(() -> turns(turn, 1)).get();
        return there.get();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private static void runOn(int processor) {
        byte[] mask = new byte[BYTES_OF_MASK];
        mask[processor / Byte.SIZE] = (byte) (1 << processor % Byte.SIZE);
        Object[] arguments = {0, new NativeLong(mask.length), mask};
        if (Function.getFunction("c", "sched_setaffinity").invokeInt(arguments) != 0) {
            throw new IllegalStateException("No thread of this process can run on processor " + processor
                    + ", error code " + Native.getLastError() + ".");
        }
    }

    private static double turns(AtomicInteger turn, int mine) {
        double fastest = Double.MAX_VALUE;
        for (int batch = 0; batch < BATCHES; batch++) {
            long begin = System.nanoTime();
            for (int trip = 0; trip < TRIPS; trip++) {
                while (turn.getAcquire() != mine) {
                    Thread.onSpinWait();
                }
                turn.setRelease(1 - mine);
            }
            fastest = Math.min(fastest, (System.nanoTime() - begin) / (double) TRIPS);
        }
        return fastest;
    }
}
