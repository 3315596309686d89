package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.internal.os.WaiterThreads;

/** The waiter threads on Linux: each sleeps on many words if the kernel can do that, which Linux 5.16 and newer can. */
final class FutexWaiters {
    private static final WaiterThreads THREADS =
            new WaiterThreads(isVectorAvailable() ? VectorFutexWaiter::new : SingleFutexWaiter::new);

    private FutexWaiters() {}

    static WaiterThreads get() {
        return THREADS;
    }

    /** An empty vector is a wrong argument. A kernel or a container's filter that lacks the call answers otherwise. */
    private static boolean isVectorAvailable() {
        long result = LibC.syscall(LibC.SYS_FUTEX_WAITV, 0, 0, 0, 0, 0, 0);
        int error = Native.getLastError();
        return result >= 0 || error != ErrNo.ENOSYS && error != ErrNo.EPERM;
    }
}
