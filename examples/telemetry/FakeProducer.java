package telemetry;

import dev.sharedregion.SharedMemoryException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Acts as a program that publishes its data in shared memory, until it is ended. The program itself must not run. */
public final class FakeProducer {
    private static final String USAGE = "Usage: FakeProducer <layout> [updates a second]. The layouts: ";

    private FakeProducer() {}

    public static void main(String[] args) throws InterruptedException {
        Layout layout = args.length < 1 || args.length > 2 ? null : Layout.named(args[0]);
        if (layout == null) {
            System.err.println(USAGE + Layout.names() + ".");
            System.exit(1);
        }
        try {
            run(layout, args.length < 2 ? 0 : rate(args[1]));
        } catch (SharedMemoryException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static double rate(String argument) {
        double rate = 0;
        try {
            rate = Double.parseDouble(argument);
        } catch (NumberFormatException e) {
            // Below, with the other numbers that are no rate.
        }
        if (!(rate > 0 && rate <= 10_000)) {
            throw new IllegalArgumentException("\"" + argument + "\" is not a number of updates from 0 to 10000.");
        }
        return rate;
    }

    private static void run(Layout layout, double rate) throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Thread hook = new Thread(() -> {
            stop.countDown();
            // The JVM waits for this hook, and this hook for the last words of the producer.
            join(main);
        });
        try (Producer producer = layout.produce()) {
            Runtime.getRuntime().addShutdownHook(hook);
            double used = rate > 0 ? rate : producer.rate();
            System.out.println(layout.program() + ": " + used + " updates a second. Ctrl-C ends.");
            run(producer, used, stop::await);
        }
    }

    /** How a producer sleeps between two updates. */
    @FunctionalInterface
    public interface Pause {
        /** Sleeps for a time, or until the producer is to end. Returns true if the producer is to end. */
        boolean await(long time, TimeUnit unit) throws InterruptedException;
    }

    /**
     * Lets a producer write until it is to end.
     *
     * @param rate the number of updates a second
     * @return the number of updates
     */
    public static int run(Producer producer, double rate, Pause pause) throws InterruptedException {
        long period = Math.round(TimeUnit.SECONDS.toNanos(1) / rate);
        long start = System.nanoTime();
        for (int update = 1; ; update++) {
            long now = System.nanoTime() - start;
            producer.write(new Lap(update, now / 1e9));
            if (pause.await(period - now % period, TimeUnit.NANOSECONDS)) {
                return update;
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
