package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.pair.PairRequest;
import java.time.Duration;
import java.util.Objects;

/**
 * The options for creating or opening an {@link EventPair}. Options are immutable and can be shared between threads:
 * each method returns a changed copy.
 */
public final class PairOptions {
    private final long spinNanos;
    private final boolean existingEvents;
    private final Permissions permissions;

    /** Null where none were given. */
    private final PairRequest.Events events;

    private PairOptions(long spinNanos, boolean existingEvents, Permissions permissions, PairRequest.Events events) {
        this.spinNanos = spinNanos;
        this.existingEvents = existingEvents;
        this.permissions = permissions;
        this.events = events;
    }

    /**
     * Returns the options that apply if none are given: a wait spins for up to 50 microseconds, or for up to 250 while
     * turns take that long, and {@code create} creates new events.
     *
     * @return the options
     */
    public static PairOptions defaults() {
        StackSpace.require();
        return new PairOptions(PairRequest.DEFAULT_SPIN, false, Permissions.ownerOnly(), null);
    }

    /**
     * Sets how long a wait polls the turn before it sleeps in the kernel. Polling occupies a processor but sees the
     * turn at once. The option affects only waits for a peer that also uses this library or {@code sharedregion.h}.
     *
     * <p>If a side has polled in vain in 8 waits in a row, because its peer is slow, its waits sleep at once. Every
     * 64th wait polls again to find out whether the peer is still slow. On a machine with one processor every wait
     * sleeps at once. A virtual thread polls for at most 50 microseconds, because it holds its carrier meanwhile.
     *
     * <p>The default of 50 microseconds is about the cost of a sleep and a wake-up. If 8 waits took longer than that,
     * for example because the peer reads a megabyte in each turn, waits poll for up to 250 microseconds. Two polls of
     * that length in vain in a row end this, and twice as many waits have to take longer before it begins again, up to
     * 1024. A time that is set by this method is not adjusted. A longer one saves the sleep in turns that take longer,
     * if a processor is free for the polling.
     *
     * @param longest the longest time to poll in each wait; {@link Duration#ZERO} to sleep at once
     * @return a copy with this time
     * @throws IllegalArgumentException if the time is negative
     */
    public PairOptions spin(Duration longest) {
        Objects.requireNonNull(longest, "longest");
        if (longest.isNegative()) {
            throw new IllegalArgumentException(
                    "The time to spin is negative: " + longest + ". Give Duration.ZERO to sleep at once.");
        }
        return new PairOptions(Deadline.nanos(longest), existingEvents, permissions, events);
    }

    /**
     * Server: uses the pair's events if they already exist. Without this option, {@link EventPair#create} uses
     * existing events only if a client that uses this library has them open, and otherwise fails with
     * {@code ALREADY_EXISTS}.
     *
     * <p>Use this option if the client is a program without this library that created the events first, or that still
     * has the events of an earlier server open. The library cannot find out whether such a program is a client or
     * another server. The caller must know.
     *
     * @return a copy with this option
     */
    public PairOptions existingEvents() {
        return new PairOptions(spinNanos, true, permissions, events);
    }

    /**
     * Sets who may be the other side. Without this option, {@link Permissions#ownerOnly()} applies. The permissions
     * apply to those of the pair's three objects that this side creates. A server that finds the control block of an
     * earlier client does not change that block's permissions. A client creates only the control block, and only if a
     * server that uses only the events has not created one.
     *
     * <p>For a region that other users may read, give {@link Permissions#ownerAndReaders()} to the region and to the
     * pair. The clients of other users then have the rights that they need to take turns.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public PairOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new PairOptions(spinNanos, existingEvents, newPermissions, events);
    }

    /**
     * Uses two auto-reset events of any names instead of {@code x.written} and {@code x.read}. Use this option if the
     * other program's protocol has its own event names, such as Windows' {@code DBWIN_DATA_READY} and {@code
     * DBWIN_BUFFER_READY}. Such a program is a peer that uses only the events.
     *
     * <p>Nothing else changes. A server creates the events, or uses existing ones by the rules of {@link
     * #existingEvents()}. A client opens them. The pair {@code x} keeps its control block, the region {@code x.pair},
     * in which users of this library find each other if both give the same pair name and the same event names. If two
     * users give the same event names and different pair names, they take turns by the events alone, and neither
     * detects the other's end.
     *
     * @param written the event that the writing side sets
     * @param read the event that the reading side sets
     * @return a copy with these names
     * @throws NullPointerException if a name is null
     * @throws IllegalArgumentException if a name breaks the rules of {@link SharedRegion}, or if both names are the
     *     same. Names that differ only in {@code Local\} and {@code Global\} count as the same, because they are the
     *     same on Linux
     */
    public PairOptions eventNames(String written, String read) {
        PairRequest.Events names = new PairRequest.Events(ObjectName.of(written), ObjectName.of(read));
        if (names.written().isSameWithoutNamespace(names.read())) {
            throw new IllegalArgumentException(
                    "\"" + written + "\" and \"" + read + "\" are the same event. A pair needs two.");
        }
        return new PairOptions(spinNanos, existingEvents, permissions, names);
    }

    PairRequest request(String name) {
        ObjectName pair = ObjectName.of(name);
        PairRequest.Events names = events == null ? PairRequest.Events.of(pair) : events;
        return new PairRequest(pair, names, spinNanos, existingEvents, permissions.rights.forTurns());
    }

    /** Refuses the options that only a server can use. */
    void checkForOpen() {
        if (existingEvents) {
            throw new IllegalArgumentException(
                    "existingEvents applies only to the server: a client always opens existing events. "
                            + "Do not use it with open.");
        }
    }
}
