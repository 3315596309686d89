package dev.sharedregion.internal.telemetry;

/** How long the data has not changed. For one thread at a time. */
final class Staleness {
    private final Liveness liveness;
    private long changed = System.nanoTime();

    Staleness(Liveness liveness) {
        this.liveness = liveness;
    }

    /** Notes a change. */
    void change() {
        changed = System.nanoTime();
    }

    long age() {
        return System.nanoTime() - changed;
    }

    boolean isOverdue() {
        return age() >= liveness.staleNanos();
    }

    /** Returns true if data that has not changed now is stale. A pause begins the time again. */
    boolean isStale(SourceMemory memory) {
        if (!isOverdue()) {
            return false;
        }
        if (liveness.isPaused(memory)) {
            change();
            return false;
        }
        return true;
    }
}
