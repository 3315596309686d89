package dev.sharedregion.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How often something happens, over the last two seconds. */
final class Rate {
    private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Deque<Long> times = new ArrayDeque<>();
    private final long start = System.nanoTime();

    void count() {
        long now = System.nanoTime();
        times.add(now);
        forget(now);
    }

    /** Nobody may ever ask for the rate. */
    private void forget(long now) {
        while (!times.isEmpty() && now - times.peek() > SPAN_NANOS) {
            times.remove();
        }
    }

    double perSecond() {
        long now = System.nanoTime();
        forget(now);
        return times.size() * 1e9 / Math.max(1, Math.min(SPAN_NANOS, now - start));
    }
}
