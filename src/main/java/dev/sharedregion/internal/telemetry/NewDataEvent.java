package dev.sharedregion.internal.telemetry;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import java.util.concurrent.TimeUnit;

/**
 * The producer's event, for one wait of one thread. It is open only for that time, because on Windows an open event
 * keeps its name from a producer that creates it anew.
 */
final class NewDataEvent {
    /** The producer may have been restarted, and have another event of this name. */
    private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OperatingSystem system;

    /** Null if there is none. */
    private final ObjectName name;

    private EventHandle handle;
    private long nextOpening = System.nanoTime();

    /** Whether the last sleep was none: then the next one would not be either. */
    private boolean isUseless;

    NewDataEvent(OperatingSystem system, ObjectName name) {
        this.system = system;
        this.name = name;
    }

    /** Returns the event to sleep on next; null if it is better to look again after a time. */
    EventHandle next() {
        if (isUseless) {
            isUseless = false;
            return null;
        }
        if (name != null && Deadline.hasPassed(nextOpening)) {
            close();
            open();
        }
        return handle;
    }

    private void open() {
        try {
            handle = system.watchEvent(name);
            nextOpening = System.nanoTime() + REOPEN_NANOS;
        } catch (Failure e) {
            // There is none yet, or a wait would take its signal from another program.
            nextOpening = System.nanoTime() + Source.LOOK_NANOS;
        }
    }

    /** Sleeps until the event is set, the handle is cancelled, or the deadline has passed. */
    void await(long deadline) throws InterruptedException {
        if (handle.enter()) {
            try {
                isUseless = true;
                isUseless = handle.await(deadline, null);
            } catch (Failure | InternalError e) {
                // The event is gone, and another one is opened in its place.
                nextOpening = System.nanoTime();
            } finally {
                handle.leave();
            }
        }
    }

    void close() {
        if (handle != null) {
            handle.close();
            handle = null;
        }
    }
}
