package dev.sharedregion.internal.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** The kernel's monotonic clock, in which {@code futex_waitv} takes the time at which a sleep ends. */
final class MonotonicClock {
    /** What is to be added to {@link System#nanoTime}, whose origin is the JVM's choice. Both run alike. */
    private static final long OFFSET = now() - System.nanoTime();

    private MonotonicClock() {}

    /** The time of this value of {@link System#nanoTime}. */
    static long of(long nanoTime) {
        return nanoTime + OFFSET;
    }

    private static long now() {
        byte[] timespec = new byte[2 * Long.BYTES];
        LibC.clock_gettime(LibC.CLOCK_MONOTONIC, timespec);
        ByteBuffer time = ByteBuffer.wrap(timespec).order(ByteOrder.nativeOrder());
        return TimeUnit.SECONDS.toNanos(time.getLong(0)) + time.getLong(Long.BYTES);
    }
}
