package dev.sharedregion;

import com.sun.jna.Pointer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.ViewRequest;
import dev.sharedregion.internal.telemetry.Liveness;
import dev.sharedregion.internal.telemetry.Wakeups;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The options for opening a {@link TelemetryReader}. Options are immutable and can be shared between threads: each
 * method returns a changed copy.
 *
 * <pre>{@code
 * TelemetryOptions.defaults().aliveWhile(memory -> (memory.getInt(4) & 1) != 0).staleAfter(Duration.ofSeconds(30));
 * }</pre>
 *
 * <p>The tests that {@link #aliveWhile} and {@link #pausedWhile} take get the producer's memory as it is at that
 * moment, for reading. They are called in {@link TelemetryReader#read} and {@link TelemetryReader#await}, by the
 * calling thread, while other calls of the reader wait: they should only read a few values. If a test reads out of
 * bounds, the reader returns {@link TelemetryReader.Result#ABSENT ABSENT} with the reason {@code TOO_SMALL}. Any other
 * exception of a test goes to the caller. The pointer can be used only in the call.
 */
public final class TelemetryOptions {
    private static final long DEFAULT_STALE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long DEFAULT_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    final long size;
    final Liveness liveness;
    final Wakeups wakeups;

    private TelemetryOptions(long size, Liveness liveness, Wakeups wakeups) {
        this.size = size;
        this.liveness = liveness;
        this.wakeups = wakeups;
    }

    /**
     * Returns the options that apply if none are given: the whole object, stale after 5 seconds, no tests, no event,
     * and a look every 5 milliseconds.
     *
     * @return the options
     */
    public static TelemetryOptions defaults() {
        StackSpace.require();
        return new TelemetryOptions(
                ViewRequest.TO_THE_END, new Liveness(DEFAULT_STALE_NANOS, null, null),
                new Wakeups(null, DEFAULT_POLL_NANOS));
    }

    /**
     * Sets how many bytes the layout has. No more is mapped and copied. A smaller object is {@code TOO_SMALL}. Without
     * this option, all of the object is mapped, whatever its size. Windows rounds the size of an object up to whole
     * pages, so this option also says how much of the last page is data.
     *
     * @param bytes the size in bytes, 1 or more
     * @return a copy with this size
     * @throws IllegalArgumentException if the size is not positive
     */
    public TelemetryOptions size(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("The size is not positive: " + bytes + ". Give a number of bytes.");
        }
        return new TelemetryOptions(bytes, liveness, wakeups);
    }

    /**
     * Sets how long a living producer may leave its data unchanged. After that time without a change the data is {@link
     * TelemetryReader.Result#STALE STALE}, unless the producer {@linkplain #pausedWhile says that it is paused}. Give
     * several times the interval at which the producer publishes.
     *
     * @param time the time, more than 0; a longer time than 146 years means 146 years
     * @return a copy with this time
     * @throws IllegalArgumentException if the time is not positive
     */
    public TelemetryOptions staleAfter(Duration time) {
        long nanos = positive("time until data is stale", time);
        return new TelemetryOptions(size, new Liveness(nanos, liveness.alive(), liveness.paused()), wakeups);
    }

    /**
     * Sets a test of data by which the producer shows that it is alive. While the test returns false, the data is
     * {@link TelemetryReader.Result#STALE STALE}, however new it is. Examples are the status bit of iRacing, {@code
     * sdkActive} of Euro Truck Simulator 2, and a signature that the producer replaces when it ends.
     *
     * @param test the test
     * @return a copy with this test
     */
    public TelemetryOptions aliveWhile(Predicate<Pointer> test) {
        Objects.requireNonNull(test, "test");
        return new TelemetryOptions(size, new Liveness(liveness.staleNanos(), test, liveness.paused()), wakeups);
    }

    /**
     * Sets a test of data by which the producer shows that it is paused. While the test returns true, data that does
     * not change is {@link TelemetryReader.Result#UNCHANGED UNCHANGED} and does not become stale.
     *
     * @param test the test
     * @return a copy with this test
     */
    public TelemetryOptions pausedWhile(Predicate<Pointer> test) {
        Objects.requireNonNull(test, "test");
        return new TelemetryOptions(size, new Liveness(liveness.staleNanos(), liveness.alive(), test), wakeups);
    }

    /**
     * Sets the event by which the producer says that there is new data. {@link TelemetryReader#await} waits for it if
     * it is a manual-reset event. It never waits for an auto-reset event, because that would take the signal from
     * another program that waits for it: it then looks at the memory {@linkplain #pollEvery every few milliseconds}, as
     * without this option. The event need not exist.
     *
     * @param name the name of the event
     * @return a copy with this event
     * @throws IllegalArgumentException if the name is not valid
     */
    public TelemetryOptions event(String name) {
        return new TelemetryOptions(size, liveness, new Wakeups(ObjectName.of(name), wakeups.pollNanos()));
    }

    /**
     * Sets how often {@link TelemetryReader#await} looks for new data while there is no event that it can wait for.
     * Give a fraction of the interval at which the producer publishes: new data is noticed this time later at worst.
     * Windows may sleep up to 15.6 milliseconds longer.
     *
     * @param interval the interval, more than 0
     * @return a copy with this interval
     * @throws IllegalArgumentException if the interval is not positive
     */
    public TelemetryOptions pollEvery(Duration interval) {
        long nanos = positive("interval of the looks", interval);
        return new TelemetryOptions(size, liveness, new Wakeups(wakeups.event(), nanos));
    }

    private static long positive(String what, Duration time) {
        Objects.requireNonNull(time, "time");
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("The " + what + " is not positive: " + time + ".");
        }
        return Deadline.nanos(time);
    }
}
