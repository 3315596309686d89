package dev.sharedregion.internal.latest;

import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import java.util.function.IntFunction;

/** How a table's writer wakes readers. For one call at a time. */
public final class Waking implements AutoCloseable {
    private final Newer newer;
    private final IntFunction<EventHandle> opener;

    /** By place. Each is opened when it is first set: a table whose readers never wait has none. */
    private final EventHandle[] events = new EventHandle[NewerLayout.PLACES + 1];

    /**
     * Takes the places over.
     *
     * @param opener opens the event of a place, or creates it
     */
    public Waking(Newer newer, IntFunction<EventHandle> opener) {
        this.newer = newer;
        this.opener = opener;
    }

    /** Wakes the readers that wait for a value. After a volatile write of the table's version. */
    void wake(int index) {
        long waiting = newer.waiting();
        if (waiting != 0) {
            wake(waiting, index + 1L);
        }
    }

    /** Wakes all readers that wait. */
    void wakeAll() {
        wake(newer.waiting(), Newer.ANY);
    }

    private void wake(long waiting, long value) {
        for (long left = waiting; left != 0; left &= left - 1) {
            int place = Newer.firstPlace(left);
            if (isWanted(newer.wanted(place), value) && newer.withdraw(place)) {
                set(place);
            }
        }
    }

    private static boolean isWanted(long wanted, long value) {
        return wanted == value || wanted == Newer.ANY || value == Newer.ANY;
    }

    /** Sets a reader's event, if the system lets it: a reader that is not woken looks after 100 ms by itself. */
    private void set(int place) {
        try {
            if (events[place] == null) {
                events[place] = opener.apply(place);
            }
            events[place].set();
        } catch (Failure e) {
            // The value is published, and a call that has published must not fail.
        }
    }

    /** Closes all of them, even if one fails because its memory has vanished. */
    @Override
    public void close() {
        close(1);
    }

    private void close(int first) {
        int place = first;
        try {
            for (; place < events.length; place++) {
                if (events[place] != null) {
                    events[place].close();
                }
            }
        } finally {
            if (place < events.length) {
                close(place + 1);
            } else {
                newer.close();
            }
        }
    }
}
