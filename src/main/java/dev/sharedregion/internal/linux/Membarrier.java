package dev.sharedregion.internal.linux;

import dev.sharedregion.internal.os.ProcessFence;

/** The system call {@code membarrier(2)}. */
final class Membarrier {
    /**
     * Null if the system has none: a kernel before 4.14, or a container that refuses the call. To register takes
     * milliseconds in a process of several threads, so that a process does it once, when it opens its first pair or
     * lock.
     */
    static final ProcessFence FENCE = call(LibC.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)
            ? () -> call(LibC.MEMBARRIER_CMD_PRIVATE_EXPEDITED)
            : null;

    private Membarrier() {}

    private static boolean call(int command) {
        return LibC.syscall(LibC.SYS_MEMBARRIER, command, 0, 0, 0, 0, 0) == 0;
    }
}
