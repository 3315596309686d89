package dev.sharedregion.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program's own tests can make every exception of the library, from another package. */
class OwnExceptionTest {
    @ParameterizedTest
    @EnumSource(Reason.class)
    void programCreatesAnExceptionForEachReason(Reason reason) {
        SharedMemoryException e = new SharedMemoryException(reason, "Cannot open region \"x\".");
        assertEquals(reason, e.reason());
        assertEquals("Cannot open region \"x\".", e.getMessage());
        assertEquals(0, e.errorCode());
        assertEquals("", e.errorName());
        assertEquals(EnumSet.of(Reason.PEER_DIED, Reason.CLOSED).contains(reason), e.isPeerGone());
    }

    @Test
    void programCreatesAnExceptionWithACode() {
        SharedMemoryException e = new SharedMemoryException(Reason.NOT_FOUND, "none", 2, "ENOENT");
        assertEquals(2, e.errorCode());
        assertEquals("ENOENT", e.errorName());
    }

    @Test
    void reasonAndErrorNameAreRequired() {
        assertThrows(NullPointerException.class, () -> new SharedMemoryException(null, "none"));
        assertThrows(NullPointerException.class, () -> new SharedMemoryException(Reason.NOT_FOUND, "none", 2, null));
    }
}
