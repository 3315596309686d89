package dev.sharedregion.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.internal.windows.Win32Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Codes that Win32's pages name for the functions that the library calls, and that no test can bring about. */
class SystemErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "33, ERROR_LOCK_VIOLATION, IN_USE",
        "50, ERROR_NOT_SUPPORTED, UNSUPPORTED",
        "53, ERROR_BAD_NETPATH, NOT_FOUND",
        "67, ERROR_BAD_NET_NAME, NOT_FOUND",
        "193, ERROR_BAD_EXE_FORMAT, WRONG_KIND",
        "223, ERROR_FILE_TOO_LARGE, NO_SPACE",
        "231, ERROR_PIPE_BUSY, WRONG_KIND",
        "567, ERROR_PAGEFILE_QUOTA_EXCEEDED, NO_SPACE",
        "665, ERROR_FILE_SYSTEM_LIMITATION, NO_SPACE",
        "1816, ERROR_NOT_ENOUGH_QUOTA, NO_SPACE"
    })
    void aCodeHasANameAndAReason(int code, String name, Failure.Reason reason) {
        Failure e = Win32Errors.TABLE.failure(new Operation("map", "x"), "MapViewOfFile", code);
        assertEquals(name, e.errorName());
        assertEquals(reason, e.reason());
        assertTrue(e.getMessage().startsWith("Cannot map x: MapViewOfFile failed with " + name + " (" + code + "). "),
                e.getMessage());
    }
}
