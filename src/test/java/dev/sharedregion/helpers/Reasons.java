package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.internal.os.Failure;
import org.junit.jupiter.api.function.Executable;

/** Assertions on {@link SharedMemoryException}. */
public final class Reasons {
    private Reasons() {}

    public static SharedMemoryException assertReason(Reason reason, Executable action) {
        SharedMemoryException e = assertThrows(SharedMemoryException.class, action);
        assertEquals(reason, e.reason(), e.getMessage());
        return e;
    }

    /** As {@link #assertReason}, for the calls inside of the library. */
    public static Failure assertFailure(Failure.Reason reason, Executable action) {
        Failure e = assertThrows(Failure.class, action);
        assertEquals(reason, e.reason(), e.getMessage());
        return e;
    }
}
