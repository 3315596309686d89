package dev.sharedregion.internal.latest;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.SpinTime;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * How the threads of one reader wait for newer values. One of them, the leader, sleeps on the reader's event, and the
 * others, the followers, wait for it. When it wakes up, all of them look. {@code src/docs/latest.md} has the protocol.
 */
public final class Waiting {
    /** The index that stands for any value. */
    static final int ANY = -1;

    /** How often a wait looks before it takes a place: this takes some microseconds. */
    private static final int LOOKS = 8;

    /** Between two looks. */
    private static final int PAUSES = 16;

    /** The longest sleep on the event: the writer may have died before it has set the event. */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The first and the longest sleep without an event. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    /** How often a reader that has got no place tries to get one. */
    private static final long PLACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Table table;
    private final Supplier<Newer> placesOpener;
    private final IntFunction<EventHandle> eventOpener;
    private final int looks;

    /** Not held while a thread sleeps. */
    private final ReentrantLock lock = new ReentrantLock();

    /** That the leader has woken up. */
    private final Condition woken = lock.newCondition();

    private volatile boolean cancelled;

    // Guarded by the lock.

    /** Whether there is a leader. */
    private boolean led;

    /** What the leader's place wants: a value's index, or {@link #ANY}. */
    private int wanted;

    /** Null until it is open. */
    private Newer newer;

    /** Null until this reader has one. */
    private Newer.Place place;

    /** Null until it is open. */
    private EventHandle event;

    private long nextPlaceTry = System.nanoTime();

    /**
     * Opens nothing yet.
     *
     * @param placesOpener opens the places of the table
     * @param eventOpener opens the event of a place
     */
    public Waiting(Table table, Supplier<Newer> placesOpener, IntFunction<EventHandle> eventOpener) {
        this.table = table;
        this.placesOpener = placesOpener;
        this.eventOpener = eventOpener;
        // With one processor the writer cannot go on while this thread looks.
        this.looks = Runtime.getRuntime().availableProcessors() > 1 ? LOOKS : 1;
    }

    private boolean isNewer(int index, long version) {
        return (index == ANY ? table.newest() : Table.version(table.latest(index))) > version;
    }

    /** Looks a few times, without a step that others can notice. */
    boolean look(int index, long version, long deadline) {
        for (int look = 0; look < looks; look++) {
            if (isNewer(index, version)) {
                return true;
            }
            if (Deadline.hasPassed(deadline)) {
                return false;
            }
            SpinTime.pause(PAUSES);
        }
        return false;
    }

    /**
     * Waits until a value, or any, has a newer version than this one.
     *
     * @return false if the deadline passed, or waiting was cancelled, before
     */
    public boolean await(int index, long version, long deadline) throws InterruptedException {
        long pause = FIRST_PAUSE_NANOS;
        lock.lock();
        try {
            while (!isNewer(index, version)) {
                if (cancelled || Deadline.hasPassed(deadline)) {
                    return false;
                }
                if (led) {
                    follow(index, version, deadline);
                } else {
                    lead(index, version, deadline, pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the leader has woken up, which then also wakes up for this value. */
    private void follow(int index, long version, long deadline) throws InterruptedException {
        if (wanted != index && wanted != ANY) {
            wanted = ANY;
            if (place != null) {
                newer.setWanted(place.number, Newer.ANY);
            }
            if (isNewer(index, version)) {
                return;
            }
        }
        woken.awaitNanos(Deadline.remainingNanos(deadline));
    }

    /** Sleeps once, for all threads of the reader. */
    private void lead(int index, long version, long deadline, long pause) throws InterruptedException {
        led = true;
        wanted = index;
        try {
            if (!hasPlace()) {
                woken.awaitNanos(Math.min(pause, Deadline.remainingNanos(deadline)));
                return;
            }
            newer.setWanted(place.number, index + 1L);
            newer.announce(place.number);
            try {
                if (!isNewer(index, version)) {
                    sleep(deadline, pause);
                }
            } finally {
                newer.withdraw(place.number);
            }
        } finally {
            led = false;
            woken.signalAll();
        }
    }

    /** Sleeps on the event, or, before the writer has made it, without it. */
    private void sleep(long deadline, long pause) throws InterruptedException {
        if (!hasEvent()) {
            woken.awaitNanos(Math.min(pause, Deadline.remainingNanos(deadline)));
            return;
        }
        long clock = System.nanoTime();
        long until = deadline - clock < LONGEST_SLEEP_NANOS ? deadline : clock + LONGEST_SLEEP_NANOS;
        lock.unlock();
        try {
            event.await(until, null);
        } finally {
            lock.lock();
        }
    }

    /** Takes a place, if there is none yet. Returns false if none is to be had: then the reader has to look at times. */
    private boolean hasPlace() {
        if (place != null) {
            return true;
        }
        if (System.nanoTime() - nextPlaceTry < 0) {
            return false;
        }
        nextPlaceTry = System.nanoTime() + PLACE_NANOS;
        if (newer == null) {
            newer = ifAllowed(placesOpener);
        }
        if (newer != null) {
            place = newer.takePlace();
        }
        return place != null;
    }

    /**
     * Opens the event, if it is not open yet. Returns false if the writer has not created it, or if another program has,
     * as one that stays set.
     */
    private boolean hasEvent() {
        if (event == null) {
            EventHandle opened = ifAllowed(() -> eventOpener.apply(place.number));
            if (opened != null && opened.isKnownToResetManually()) {
                opened.close();
                return false;
            }
            event = opened;
        }
        return event != null;
    }

    /** Opens an object; null if it does not exist, or if this process may only read the table. */
    private static <T> T ifAllowed(Supplier<T> opener) {
        try {
            return opener.get();
        } catch (Failure e) {
            if (e.reason() != Reason.NOT_FOUND && e.reason() != Reason.ACCESS_DENIED) {
                throw e;
            }
            return null;
        }
    }

    /** Ends the waits under way, and all later ones, as if their time were up. */
    void cancel() {
        cancelled = true;
        lock.lock();
        try {
            woken.signalAll();
            if (event != null) {
                event.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives everything back, once no thread waits. Called once. */
    void giveBack() {
        // The place first: a wait that finds it free must not find its event gone later.
        Newer left = newer;
        EventHandle leftEvent = event;
        Newer.Place leftPlace = place;
        try (left; leftEvent; leftPlace) {
            // Closes those that there are, in the reverse order.
        }
    }
}
