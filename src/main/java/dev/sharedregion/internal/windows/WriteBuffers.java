package dev.sharedregion.internal.windows;

import com.sun.jna.NativeLibrary;
import dev.sharedregion.internal.os.ProcessFence;

/** The function {@code FlushProcessWriteBuffers}, which interrupts the processors that run threads of this process. */
final class WriteBuffers {
    /** Null under Wine, where the function exists and does nothing. */
    static final ProcessFence FENCE = isWine() ? null : WriteBuffers::flush;

    private WriteBuffers() {}

    private static boolean flush() {
        Kernel32.FlushProcessWriteBuffers();
        return true;
    }

    private static boolean isWine() {
        try {
            NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}
