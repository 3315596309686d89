package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.pair.PairRequest;
import java.time.Duration;
import java.util.Objects;

/**
 * How an {@link EventPair} is created or opened. Immutable, and so safe to share between threads: each method returns a
 * changed copy.
 */
public final class PairOptions {
    /** About what it costs to sleep and be woken: who spins as long loses at most as much again. */
    private static final long DEFAULT_SPIN_NANOS = 50_000;

    private final Duration spin;
    private final boolean existingEvents;
    private final Permissions permissions;

    private PairOptions(Duration spin, boolean existingEvents, Permissions permissions) {
        this.spin = spin;
        this.existingEvents = existingEvents;
        this.permissions = permissions;
    }

    /**
     * Spins for up to 50 microseconds, and creates the events anew.
     *
     * @return the options
     */
    public static PairOptions defaults() {
        StackSpace.require();
        return new PairOptions(Duration.ofNanos(DEFAULT_SPIN_NANOS), false, Permissions.ownerOnly());
    }

    /**
     * How long a wait looks at the turn again and again, which takes a processor but sees it at once, before it sleeps in
     * the kernel. It concerns only waits for a peer that uses this library, or {@code sharedregion.h}, too. A side whose
     * waits have been in vain 8 times in a row, because the peer is slow, sleeps at once, and tries only every 64th time
     * whether that is still so; on a machine with one processor every wait sleeps at once.
     *
     * <p>The default of 50 microseconds is about what it costs to sleep and be woken. Where the peer is busy for longer in each
     * turn, with a megabyte to read for instance, and there is a processor for it, a longer time saves that cost in each.
     *
     * @param longest at most this long in each wait; {@link Duration#ZERO} to sleep at once
     * @return a copy with this time
     * @throws IllegalArgumentException if it is negative
     */
    public PairOptions spin(Duration longest) {
        Objects.requireNonNull(longest, "longest");
        if (longest.isNegative()) {
            throw new IllegalArgumentException(
                    "The time to spin is negative: " + longest + ". Give Duration.ZERO to sleep at once.");
        }
        return new PairOptions(Deadline.cut(longest), existingEvents, permissions);
    }

    /**
     * Server: takes events that exist already, where otherwise {@code ALREADY_EXISTS} is the answer: those that a client
     * which is no user of this library has made first, or still holds from an earlier server. Nobody can tell whether such
     * a program is a client or another server, so that is for the caller to know. Without this, events that exist are taken
     * only from a client that uses this library.
     *
     * @return a copy with this set
     */
    public PairOptions existingEvents() {
        return new PairOptions(spin, true, permissions);
    }

    /**
     * Who may be the other side; without it, {@link Permissions#ownerOnly()}. They apply to all three objects of the pair,
     * so far as this side is the one that creates them: a server that finds the control block of a client that was there
     * before leaves its permissions as they are, and a client creates no more than a control block that a server which
     * knows only the events has not made. To guard a region that others may read, give the region
     * {@link Permissions#ownerAndReaders()} and the pair the same: its reading side then gets what turns take.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public PairOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new PairOptions(spin, existingEvents, newPermissions);
    }

    PairRequest request(String name) {
        return new PairRequest(ObjectName.of(name), spin.toNanos(), existingEvents, permissions.rights.forTurns());
    }

    /** Fails if there is an option that only a server can have. */
    void checkForOpen() {
        if (existingEvents) {
            throw new IllegalArgumentException(
                    "existingEvents is for the server: a client always opens events that exist. Leave it out of open.");
        }
    }
}
