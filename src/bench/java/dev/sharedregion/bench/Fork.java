package dev.sharedregion.bench;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.HdrHistogram.Histogram;

/**
 * One of the two processes of a contender in Java. Its arguments and its output are those of the program in
 * {@code src/bench/c}: {@code ask ID LOAD NAME WARMUP_MILLIS MEASURE_MILLIS BATCH}, or {@code answer ID LOAD ADDRESS}.
 */
final class Fork {
    private Fork() {}

    public static void main(String[] arguments) throws Exception {
        FutureTask<Void> side = new FutureTask<>(() -> {
            run(arguments);
            return null;
        });
        if (Contender.of(arguments[1]).isVirtual()) {
            // The benchmarks are compiled for JDK 17.
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, side);
        } else {
            side.run();
        }
        side.get();
    }

    private static void run(String[] arguments) throws Exception {
        Transport transport = Contender.of(arguments[1]).transport();
        Payload payload = Payload.of(Load.of(arguments[2]));
        if (arguments[0].equals("ask")) {
            System.out.println("jvm " + System.getProperty("java.vm.name") + " "
                    + System.getProperty("java.runtime.version") + ", " + System.getProperty("os.name"));
            try (Transport.Asking side = transport.ask(arguments[3], payload)) {
                System.out.println("ready " + side.address());
                long most = transport.mostBytes() / Payload.SIZE;
                ask(side, most, nanos(arguments[4]), nanos(arguments[5]), Integer.parseInt(arguments[6]));
            }
        } else {
            try (Transport.Answering side = transport.answer(arguments[3], payload)) {
                side.answerAll(new Numbered());
            }
        }
    }

    private static long nanos(String millis) {
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }

    private static void ask(Transport.Asking side, long most, long warmup, long measure, int batch) throws Exception {
        Histogram means = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
        // It waits until the other process is there, and with that one's first, slow turns.
        roundTrips(side, 0, batch);
        long number = run(side, batch, most, warmup, batch, means);
        means.reset();
        number = run(side, number, most, measure, batch, means);
        // A mean of many hides a slow one.
        Histogram single = means;
        if (batch > 1) {
            single = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
            run(side, number, most, measure, 1, single);
        }
        side.roundTrip(Transport.END);

        double scale = batch;
        System.out.println("result samples=" + means.getTotalCount() + " min=" + means.getMinValue() / scale
                + " p50=" + means.getValueAtPercentile(50) / scale
                + " p90=" + (double) single.getValueAtPercentile(90)
                + " p99=" + (double) single.getValueAtPercentile(99)
                + " p99.9=" + (double) single.getValueAtPercentile(99.9)
                + " max=" + (double) single.getMaxValue());
    }

    private static long run(
            Transport.Asking side, long first, long most, long duration, int batch, Histogram histogram)
            throws Exception {
        long number = first;
        long begin = System.nanoTime();
        long start;
        long end;
        do {
            start = System.nanoTime();
            roundTrips(side, number, batch);
            end = System.nanoTime();
            histogram.recordValue(end - start);
            number += batch;
        } while (end - begin < duration && number - first < most);
        return number;
    }

    private static void roundTrips(Transport.Asking side, long first, int count) throws Exception {
        for (long number = first; number < first + count; number++) {
            side.roundTrip(number);
        }
    }

    /** Checks that all numbers come, in their order. */
    private static final class Numbered implements LongPredicate {
        private long expected;

        @Override
        public boolean test(long number) {
            if (number != expected && number != Transport.END) {
                throw new IllegalStateException("Round trip " + expected + " brought the payload of " + number + ".");
            }
            expected++;
            return number != Transport.END;
        }
    }
}
