package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.internal.linux.LinuxSystem;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.windows.WindowsSystem;

/** Chooses the implementation for the operating system of this process, at the first use. */
final class ThisSystem {
    private static final OperatingSystem CURRENT = pick();

    private ThisSystem() {}

    /**
     * Returns the operating system of this process.
     *
     * @throws SharedMemoryException if the library does not support it
     */
    static OperatingSystem get() {
        if (CURRENT == null) {
            throw new SharedMemoryException(Reason.UNSUPPORTED, "Shared regions and events need Windows or 64-bit "
                    + "Linux; this is " + System.getProperty("os.name") + " on " + System.getProperty("os.arch") + ".");
        }
        return CURRENT;
    }

    private static OperatingSystem pick() {
        if (Platform.isWindows()) {
            return new WindowsSystem();
        }
        // The constants in LibC have other numbers on other processors.
        boolean known = Platform.isIntel()
                || Platform.isARM()
                || Platform.isPPC()
                || Platform.isLoongArch()
                || Platform.ARCH.startsWith("riscv")
                || Platform.ARCH.startsWith("s390");
        return Platform.isLinux() && Native.POINTER_SIZE == Long.BYTES && known ? new LinuxSystem() : null;
    }
}
