package dev.sharedregion.internal.message;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.SpinTime;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How a side sleeps until the other one has changed a position: a word that says so, and an event. {@code
 * src/docs/messages.md}, "Sleeping", has the protocol. One thread at a time sleeps.
 */
public final class Sleeper {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    static final int ASLEEP = 1;
    static final int AWAKE = 0;

    /** How long a wait looks before it says that it sleeps: about the time that a sleep and its wake-up take. */
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** How long it looks after that: by then each store is visible that was made before. */
    private static final long SETTLING_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /** The longest sleep: the peer may have died before it has set the event. */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How often a glance looks. */
    private static final int LOOKS = 64;

    /** Between two looks. */
    private static final int PAUSES = 3;

    private final ByteBuffer control;
    private final int place;
    private final EventHandle event;

    private final SpinTime spin = new SpinTime(SPIN_NANOS);

    /**
     * @param control the memory with the word that says that this side sleeps
     * @param place of the word
     * @param event what the other side sets
     */
    public Sleeper(ByteBuffer control, int place, EventHandle event) {
        this.control = control;
        this.place = place;
        this.event = event;
    }

    /** Says that this side is awake, whatever one that has died has left. */
    void begin() {
        INT.setVolatile(control, place, AWAKE);
    }

    /** Waits until a condition holds. Returns false if the deadline passed, or waiting was cancelled, before. */
    boolean await(BooleanSupplier condition, long deadline) throws InterruptedException {
        if (spins(condition, deadline)) {
            return true;
        }
        while (!event.isCancelled() && !Deadline.hasPassed(deadline)) {
            sleep(condition, deadline);
            if (condition.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }

    /** Looks for some microseconds, if that pays, without a look at the clock. For any thread. */
    boolean glances(BooleanSupplier condition) {
        for (int i = 0; i < LOOKS && spin.pays(); i++) {
            if (condition.getAsBoolean()) {
                spin.hit();
                return true;
            }
            SpinTime.pause(PAUSES);
        }
        return false;
    }

    /** Ends the sleep under way, and all later ones. Does nothing once the event is closed, as its memory is freed. */
    void cancel() {
        if (event.enter()) {
            try {
                event.cancel();
            } finally {
                event.leave();
            }
        }
    }

    private boolean spins(BooleanSupplier condition, long deadline) {
        long nanos = spin.nanos();
        boolean holds = looks(condition, nanos, deadline);
        if (holds) {
            spin.hit();
        } else if (nanos > 0) {
            spin.missed();
        }
        return holds;
    }

    private void sleep(BooleanSupplier condition, long deadline) throws InterruptedException {
        INT.setVolatile(control, place, ASLEEP);
        VarHandle.fullFence();
        try {
            if (!looks(condition, SETTLING_NANOS, deadline) && event.enter()) {
                try {
                    sleepUntilSet(condition, deadline);
                    // Here, and not when this ends its use of the event.
                    PendingErrors.rethrowIfMemory();
                } finally {
                    event.leave();
                }
            }
        } finally {
            INT.setVolatile(control, place, AWAKE);
        }
    }

    /** Sleeps until the event is set, and looks every 100 ms. */
    private void sleepUntilSet(BooleanSupplier condition, long deadline) throws InterruptedException {
        boolean set;
        do {
            long now = System.nanoTime();
            set = event.await(deadline - now < LONGEST_SLEEP_NANOS ? deadline : now + LONGEST_SLEEP_NANOS, null);
        } while (!set
                && isAsleep(control, place)
                && !event.isCancelled()
                && !Deadline.hasPassed(deadline)
                && !condition.getAsBoolean());
    }

    /** Looks again and again, for this time. */
    private static boolean looks(BooleanSupplier condition, long nanos, long deadline) {
        long now = System.nanoTime();
        long end = deadline - now < nanos ? deadline : now + nanos;
        do {
            if (condition.getAsBoolean()) {
                return true;
            }
            SpinTime.pause(PAUSES);
        } while (System.nanoTime() - end < 0);
        return false;
    }

    /** Whether the side of a word sleeps. */
    static boolean isAsleep(ByteBuffer control, int place) {
        return (int) INT.getOpaque(control, place) == ASLEEP;
    }

    /** Wakes the side of a word, if it sleeps and the system lets it: otherwise it looks by itself after 100 ms. */
    static void wake(ByteBuffer control, int place, EventHandle event) {
        if (isAsleep(control, place) && AtomicWords.compareAndSet(control, place, ASLEEP, AWAKE)) {
            try {
                event.set();
            } catch (Failure e) {
                // The position is changed, and a call that has done that must not fail.
            }
        }
    }
}
