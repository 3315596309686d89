package dev.sharedregion.internal.telemetry;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.RegionMapping;
import java.util.concurrent.TimeUnit;

/**
 * The object that a name leads to, whatever becomes of it. It is opened when it is there, and opened anew when the name
 * leads elsewhere, when the object has another size, or when its data is stale. All system calls are made here, and
 * only when a look is due, so that most reads make none. For one thread at a time.
 */
final class Source {
    /** How long a change of the name is not noticed, and how often a missing object is looked for. */
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How often a stale object is opened anew. */
    static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OperatingSystem system;
    private final TelemetryRequest request;

    /** Null while there is none. */
    private SourceMemory memory;

    /** Why there is no memory, or why it cannot be used; null if it can. */
    private Failure problem;

    private long nextLook = System.nanoTime();
    private long nextReopening = nextLook;

    /** How often it has been opened. */
    private int openings;

    Source(OperatingSystem system, TelemetryRequest request) {
        this.system = system;
        this.request = request;
    }

    /**
     * Returns the memory as it is to be read now; null if there is none, for the {@linkplain #problem() problem}.
     *
     * @param stale whether the data has been found to be stale
     */
    SourceMemory follow(boolean stale) {
        if (Deadline.hasPassed(nextLook)) {
            problem = null;
            if (memory == null || stale && Deadline.hasPassed(nextReopening) || !isCurrent()) {
                reopen();
            }
            // Last: an error, as of a full stack, must not leave the memory unopened until the next look.
            nextLook = System.nanoTime() + LOOK_NANOS;
        }
        return problem == null ? memory : null;
    }

    private boolean isCurrent() {
        try {
            return memory.isCurrent();
        } catch (Failure e) {
            // What opening it says is the better message.
            return false;
        }
    }

    private void reopen() {
        nextReopening = System.nanoTime() + REOPEN_NANOS;
        try {
            SourceMemory opened = open();
            close();
            memory = opened;
            openings++;
        } catch (Failure e) {
            close();
            problem = e;
        }
    }

    private SourceMemory open() {
        try (ScopeGuard<RegionMapping> guard = new ScopeGuard<>(RegionMapping::free)) {
            RegionMapping mapping = guard.hold(system.watchRegion(request.name(), request.view()));
            return guard.dismiss(new SourceMemory(request.operation(), mapping));
        }
    }

    /** Notes that the memory cannot be used. It is tried again when the next look is due. */
    void reject(Failure why) {
        problem = why;
    }

    /** Notes that the memory has vanished. */
    void vanish() {
        close();
        problem = request.operation().failure(Reason.TOO_SMALL, "its memory has vanished, because another process has "
                + "truncated it, or because there was no memory for its pages. It is opened again when that is over.");
    }

    /** Why there is no memory; null if there is. */
    Failure problem() {
        return problem;
    }

    /** A number that is another one when the memory is another one. */
    int openings() {
        return openings;
    }

    void close() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
