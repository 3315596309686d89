package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.NeutralThread;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The waiter threads of this process. A thread is started only when the others have no room. It ends when it has had
 * no waits for some seconds, and passes its last waits on when the others have room for them.
 */
public final class WaiterThreads {
    private static final String NAME = "sharedregion-waiter-";

    private final Supplier<WaiterThread> factory;

    /** Replaced as a whole, with the lock held. */
    private volatile WaiterThread[] threads = {};

    /** Guarded by this. */
    private int started;

    public WaiterThreads(Supplier<WaiterThread> factory) {
        this.factory = factory;
    }

    /** Has a waiter thread sleep for the wait. Returns false if the system refuses a new thread. */
    public boolean add(Registration wait) {
        return addToRunning(wait) || addToNew(wait);
    }

    private boolean addToRunning(Registration wait) {
        // The first with room, so that the last ones become idle.
        for (WaiterThread each : threads) {
            if (each.add(wait)) {
                return true;
            }
        }
        return false;
    }

    private synchronized boolean addToNew(Registration wait) {
        // Another call may have started one meanwhile.
        if (addToRunning(wait)) {
            return true;
        }
        WaiterThread waiter;
        try {
            waiter = start();
        } catch (Failure | OutOfMemoryError e) {
            return false;
        }
        return waiter.add(wait);
    }

    private WaiterThread start() {
        WaiterThread waiter = factory.get();
        waiter.moveIf(waits -> waits > 0 && roomBefore(waiter) >= waits);
        boolean runs = false;
        try {
            Stream<WaiterThread> running = Arrays.stream(threads).filter(each -> !each.hasEnded());
            WaiterThread[] all = Stream.concat(running, Stream.of(waiter)).toArray(WaiterThread[]::new);
            Thread thread = NeutralThread.of(waiter, NAME + (started + 1));
            thread.setDaemon(true);
            thread.start();
            runs = true;
            started++;
            threads = all;
            return waiter;
        } finally {
            if (!runs) {
                waiter.free();
            }
        }
    }

    /** How much room the threads before this one have, which new waits come to first. */
    private int roomBefore(WaiterThread waiter) {
        int room = 0;
        for (WaiterThread each : threads) {
            if (each == waiter) {
                return room;
            }
            room += each.room();
        }
        return 0;
    }
}
