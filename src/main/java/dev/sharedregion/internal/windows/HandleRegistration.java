package dev.sharedregion.internal.windows;

import com.sun.jna.Pointer;
import dev.sharedregion.internal.os.Registration;
import java.util.concurrent.atomic.AtomicLong;

/** A wait for a handle. */
final class HandleRegistration extends Registration {
    private static final AtomicLong NEXT = new AtomicLong();

    final Pointer handle;

    /** Waits for the same handle are served in this order. */
    final long number = NEXT.getAndIncrement();

    HandleRegistration(Pointer handle, long deadline) {
        super(deadline);
        this.handle = handle;
    }
}
