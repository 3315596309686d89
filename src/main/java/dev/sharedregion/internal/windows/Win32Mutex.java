package dev.sharedregion.internal.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.MutexHandle;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;

/**
 * A Win32 mutex that another program created. A thread waits for the mutex and for a bell, an unnamed event. The mutex
 * comes first in the call, so a free mutex is acquired even if the bell is set too.
 */
public final class Win32Mutex implements MutexHandle {
    private static final int LONGEST_MILLIS = 5_000;

    /** The mutex and the bell. */
    private static final int HANDLES = 2;

    private final Pointer mutex;
    private final Pointer bell;
    private final String what;

    /** The array that WaitForMultipleObjects takes. */
    private final Memory handles = new Memory((long) HANDLES * Native.POINTER_SIZE);

    private Win32Mutex(Pointer mutex, Pointer bell, String what) {
        this.mutex = mutex;
        this.bell = bell;
        this.what = what;
        handles.setPointer(0, mutex);
        handles.setPointer(Native.POINTER_SIZE, bell);
    }

    /**
     * Opens an existing mutex. {@code SYNCHRONIZE} is the only right that waiting and releasing need, says the page of
     * {@code OpenMutex}; {@code MUTEX_MODIFY_STATE} is reserved.
     */
    static Win32Mutex open(ObjectName name) {
        Operation open = new Operation("open", name.mutex());
        try (ScopeGuard<Pointer> mutexes = new ScopeGuard<>(Kernel32::CloseHandle);
                ScopeGuard<Pointer> bells = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer mutex = mutexes.hold(Kernel32.OpenMutexW(WinNT.SYNCHRONIZE, false, new WString(name.toString())));
            if (mutex == null) {
                throw openingFailure(open, Native.getLastError());
            }
            Pointer bell = bells.hold(Kernel32.CreateEventW(null, false, false, null));
            if (bell == null) {
                throw Win32Errors.last(open, "CreateEventW");
            }
            return mutexes.dismiss(bells.dismiss(new Win32Mutex(mutex, bell, name.mutex())));
        }
    }

    private static Failure openingFailure(Operation open, int error) {
        if (error != WinError.ERROR_ACCESS_DENIED) {
            return Win32Errors.failure(open, "OpenMutexW", error);
        }
        // The general hint names rights to do without and Permissions. Neither applies to another program's mutex.
        String why = "OpenMutexW failed with ERROR_ACCESS_DENIED (5): its creator does not let this process wait for "
                + "it. Run this process as the same user, elevated if that program is, or have that program grant "
                + "SYNCHRONIZE.";
        return open.failure(Reason.ACCESS_DENIED, why, error, "ERROR_ACCESS_DENIED");
    }

    @Override
    public Outcome poll() {
        return await(0);
    }

    @Override
    public Outcome await() {
        return await(LONGEST_MILLIS);
    }

    private Outcome await(int millis) {
        return switch (Kernel32.WaitForMultipleObjects(HANDLES, handles, false, millis)) {
            case WinBase.WAIT_OBJECT_0 -> Outcome.ACQUIRED;
            case WinBase.WAIT_ABANDONED -> Outcome.ABANDONED;
            case WinBase.WAIT_FAILED ->
                throw Win32Errors.last(new Operation("wait for", what), "WaitForMultipleObjects");
            default -> Outcome.NOT_ACQUIRED;
        };
    }

    @Override
    public void release() {
        if (!Kernel32.ReleaseMutex(mutex)) {
            throw Win32Errors.last(new Operation("release", what), "ReleaseMutex");
        }
    }

    @Override
    public void ring() {
        Kernel32.SetEvent(bell);
    }

    @Override
    public void close() {
        Kernel32.CloseHandle(mutex);
        Kernel32.CloseHandle(bell);
        handles.close();
    }
}
