package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.sharedregion.internal.jvm.Deadline;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How a virtual thread waits for an event that is set soon: it sleeps in the kernel, and holds its carrier meanwhile.
 * If it parks, a waiter thread and the scheduler of virtual threads have to wake it, which takes twice as many switches
 * of threads. So a wait sleeps here if the event's last waits were short. A wait that turns out to be long parks. One
 * for each event; threads that wait for it at once may miscount, which only makes a wait choose the other way.
 */
final class CarrierSleep {
    /** The longest wait that counts as short. */
    private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /**
     * The longest sleep. Not shorter, because a processor must set its timer for a sleep that ends before its next
     * tick, which comes every 4 ms on most kernels. In a virtual machine that takes several microseconds.
     */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** After so many sleeps in a row a wait parks, so that other virtual threads get the carrier. */
    private static final int MOST_SLEEPS = 16;

    /** So many short waits park before one sleeps. Twice as many after a sleep in vain, up to a limit. */
    private static final int FEWEST_PARKED = 4;

    private static final int MOST_PARKED = 256;

    /** How many short waits are to park before one sleeps. */
    private int toPark = FEWEST_PARKED;

    /** Half as many as are to park after the next sleep in vain. */
    private int parked = FEWEST_PARKED;

    /** Whether the next wait parks, however short the last ones were. */
    private boolean rests;

    /** How many sleeps in a row were not in vain. */
    private int sleeps;

    /** Whether a wait is likely to be short, and a sleep thus pays. */
    boolean pays(long deadline) {
        return toPark == 0 && !rests && !Deadline.hasPassed(deadline);
    }

    /**
     * Sleeps on an event's state word while it has this value, for some milliseconds at most. Does not sleep if enough
     * carriers are held.
     *
     * @return true if a wake-up has ended the sleep
     */
    boolean sleep(long word, int value, long deadline) {
        Timespec timespec = Timespec.FREE.poll();
        if (timespec == null) {
            return false;
        }
        long start = System.nanoTime();
        boolean woken;
        try {
            timespec.memory.putLong(Long.BYTES, Math.min(Deadline.remainingNanos(deadline), LONGEST_NANOS));
            woken = LibC.syscall(LibC.SYS_FUTEX, word, LibC.FUTEX_WAIT, value, timespec.address, 0, 0) == 0;
        } finally {
            Timespec.FREE.add(timespec);
        }
        noteSleep(woken, System.nanoTime() - start <= SHORT_NANOS);
        return woken;
    }

    /** A short sleep that no wake-up has ended was ended by a change of the word. */
    private void noteSleep(boolean woken, boolean isShort) {
        sleeps++;
        if (!woken && !isShort) {
            parked = Math.min(2 * parked, MOST_PARKED);
            toPark = parked;
            sleeps = 0;
        } else if (sleeps == MOST_SLEEPS || !isShort) {
            parked = sleeps == MOST_SLEEPS ? FEWEST_PARKED : parked;
            rests = true;
            sleeps = 0;
        }
    }

    /**
     * Takes note of a wait that has parked.
     *
     * @param set whether the event was set
     * @param nanos how long it took
     */
    void notePark(boolean set, long nanos) {
        rests = false;
        if (toPark > 0 && set && nanos <= SHORT_NANOS) {
            toPark--;
        }
    }

    /** A {@code struct timespec}, whose first field, the seconds, stays 0. */
    private record Timespec(ByteBuffer memory, long address) {
        /** For each carrier that may be held: at most half as many as there are processors, or one. */
        static final Queue<Timespec> FREE = new ConcurrentLinkedQueue<>(Stream.generate(Timespec::create)
                .limit(Math.max(1, Runtime.getRuntime().availableProcessors() / 2))
                .toList());

        static Timespec create() {
            ByteBuffer memory = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
            return new Timespec(memory, Pointer.nativeValue(Native.getDirectBufferPointer(memory)));
        }
    }
}
