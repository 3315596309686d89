package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.ProcessEnd;
import java.nio.ByteBuffer;

/**
 * An owner slot whose word is a process's id and the lower half of its creation time. It is held until that process
 * has ended, which its handle reports. A new process with the same id does not hold it.
 */
public final class ProcessSlot extends OwnerSlot {
    private static final Operation LOOK = new Operation("tell", "which process uses a shared object");
    private static final int ACCESS = WinNT.SYNCHRONIZE | WinNT.PROCESS_QUERY_LIMITED_INFORMATION;

    /**
     * How often another process may be faster in taking a place, and die at once, before the place counts as taken.
     */
    private static final int MOST_RACES = 1_000;

    /** The process of the last query; guarded by this. */
    private End process;

    private boolean closed;

    ProcessSlot(ByteBuffer memory, int offset) {
        super(memory, offset);
    }

    @Override
    public boolean take() {
        long self = self();
        for (int race = 0; race < MOST_RACES; race++) {
            long owner = word();
            if (owner != 0 && isAlive(owner)) {
                return false;
            }
            if (changeWord(owner, self)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long self() {
        return word(pid(), creationTime(Kernel32.GetCurrentProcess()));
    }

    @Override
    public boolean isHeld() {
        long owner = word();
        return owner != 0 && isAlive(owner);
    }

    @Override
    public boolean watch(Runnable onEnd) {
        return holdersEnd() != null;
    }

    @Override
    public synchronized ProcessEnd holdersEnd() {
        long owner = word();
        return owner != 0 && open(owner) ? process : null;
    }

    /**
     * The end of a process.
     *
     * @param handle of the process, which is signalled when it ends
     * @param owner the word of a slot that the process holds
     */
    record End(Pointer handle, long owner) implements ProcessEnd {}

    @Override
    public void giveUp() {
        clearWord();
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeProcess();
    }

    /** A process that this user has no access to counts as alive while a process with its id exists. */
    private synchronized boolean isAlive(long owner) {
        if (open(owner)) {
            int result = Kernel32.WaitForSingleObject(process.handle, 0);
            if (result == WinBase.WAIT_FAILED) {
                throw Win32Errors.last(LOOK, "WaitForSingleObject");
            }
            return result != WinBase.WAIT_OBJECT_0;
        }
        int error = Native.getLastError();
        if (error != WinError.ERROR_ACCESS_DENIED && error != WinError.ERROR_INVALID_PARAMETER) {
            // This does not say that the process has ended, and its place must not be taken without that.
            throw Win32Errors.failure(LOOK, "OpenProcess", error);
        }
        return error == WinError.ERROR_ACCESS_DENIED;
    }

    /**
     * Makes {@link #process} the process of this owner. Returns false if it does not exist any more, or if this user
     * has no access to it.
     */
    private boolean open(long owner) {
        if (process != null && process.owner == owner) {
            return true;
        }
        closeProcess();
        if (closed) {
            Native.setLastError(WinError.ERROR_INVALID_PARAMETER);
            return false;
        }
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer found = guard.hold(Kernel32.OpenProcess(ACCESS, false, pid(owner)));
            if (found == null) {
                return false;
            }
            if (creationTime(found) == (int) owner) {
                process = guard.dismiss(new End(found, owner));
                return true;
            }
        }
        Native.setLastError(WinError.ERROR_INVALID_PARAMETER);
        return false;
    }

    private void closeProcess() {
        if (process != null) {
            Kernel32.CloseHandle(process.handle);
            process = null;
        }
    }

    /** The lower half of a process's creation time, in units of 100 ns. */
    private static int creationTime(Pointer process) {
        long[] creation = new long[1];
        if (!Kernel32.GetProcessTimes(process, creation, new long[1], new long[1], new long[1])) {
            throw Win32Errors.last(LOOK, "GetProcessTimes");
        }
        return (int) creation[0];
    }
}
