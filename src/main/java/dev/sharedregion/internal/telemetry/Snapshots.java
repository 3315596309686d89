package dev.sharedregion.internal.telemetry;

import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.OperatingSystem;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Takes whole copies of what a producer publishes, follows the producer, and says when the copies are out of date. For
 * one thread at a time.
 */
final class Snapshots {
    /** How often a torn copy is made again, with a pause before each. */
    static final int MOST_TRIES = 16;

    static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private final Source source;
    private final Liveness liveness;
    private final CopyProtocol protocol;
    private final CopyProtocol looking;
    private final Copies copies = new Copies();
    private final Staleness staleness;

    private Outcome last;

    /** Whether the last look, with or without a copy, found stale data. */
    private boolean stale;

    private int openings;
    private int length;

    Snapshots(OperatingSystem system, TelemetryRequest request) {
        source = new Source(system, request);
        liveness = request.liveness();
        protocol = request.protocol().apply(system);
        looking = protocol.forLooking();
        staleness = new Staleness(liveness);
    }

    /** Copies what is newer than the last copy, if there is something, into the buffer from its position on. */
    Outcome read(ByteBuffer copy) {
        last = attempt(protocol, copy.remaining());
        if (last == Outcome.FRESH) {
            copies.accept();
            length = copies.seenLength();
            copy.put(copy.position(), copies.seen(), 0, length);
        }
        return last;
    }

    /** Returns true if there is something newer than the last copy. It is not copied. */
    boolean isNewer() {
        return attempt(looking, copies.seenLength()) == Outcome.FRESH;
    }

    private Outcome attempt(CopyProtocol rule, int most) {
        SourceMemory memory = source.follow(stale);
        Outcome outcome = memory == null ? Outcome.ABSENT : attemptSafely(rule, most, memory);
        stale = outcome == Outcome.STALE;
        return outcome;
    }

    private Outcome attemptSafely(CopyProtocol rule, int most, SourceMemory memory) {
        noteOpening();
        try {
            Outcome outcome = attempt(rule, most, memory);
            // What was read is good only if it was there.
            PendingErrors.rethrow();
            return outcome;
        } catch (Failure e) {
            source.reject(e);
        } catch (InternalError e) {
            vanish();
        }
        return Outcome.ABSENT;
    }

    private void vanish() {
        try {
            // One for each access may come.
            PendingErrors.rethrow();
        } catch (InternalError e) {
            // It tells nothing new.
        }
        source.vanish();
    }

    private void noteOpening() {
        if (openings != source.openings()) {
            openings = source.openings();
            copies.move();
            if (!stale) {
                staleness.change();
            }
        }
    }

    private Outcome attempt(CopyProtocol rule, int most, SourceMemory memory) {
        if (!liveness.isAlive(memory)) {
            return Outcome.STALE;
        }
        Attempt attempt = Attempt.TORN;
        int tries = staleness.isOverdue() ? 1 : MOST_TRIES;
        for (int i = 0; i < tries && attempt == Attempt.TORN; i++) {
            if (i > 0) {
                Copies.spin(PAUSE_NANOS);
            }
            copies.begin(most);
            attempt = rule.attempt(memory, copies);
        }
        if (attempt == Attempt.NEW) {
            staleness.change();
            return Outcome.FRESH;
        }
        if (staleness.isStale(memory)) {
            return Outcome.STALE;
        }
        return attempt == Attempt.SAME ? Outcome.UNCHANGED : Outcome.TORN;
    }

    /** Why the last read was ABSENT; null if it was not. */
    Failure problem() {
        return last == Outcome.ABSENT ? source.problem() : null;
    }

    int length() {
        return length;
    }

    /** For messages. */
    String state() {
        if (last == null) {
            return "not read yet";
        }
        return last + ", last change " + TimeUnit.NANOSECONDS.toMillis(staleness.age()) + " ms ago";
    }

    void close() {
        try {
            source.close();
        } finally {
            protocol.close();
        }
    }
}
