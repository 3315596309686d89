package dev.sharedregion;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinBase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Win32 event. A thread waits for it and for a bell, an unnamed event of its own that an interrupt or a close rings;
 * the event comes first in the call, so a signal that is there is taken even if the bell rings too, and none is taken
 * when the bell ended the wait.
 */
final class WindowsEvent extends EventHandle {
    /** The longest that one call waits, 24 days. */
    private static final int LONGEST_MILLIS = Integer.MAX_VALUE;

    private static final int WAIT_SIGNALLED = WinBase.WAIT_OBJECT_0;
    private static final int WAIT_RUNG = WinBase.WAIT_OBJECT_0 + 1;
    private static final int WAIT_PROCESS_ENDED = WinBase.WAIT_OBJECT_0 + 2;

    private final Pointer event;
    private final String what;

    /** Bells that no thread uses; guarded by this. */
    private final ArrayDeque<Bell> idle = new ArrayDeque<>();

    /** The bells of the waits under way; guarded by this. */
    private final List<Bell> inUse = new ArrayList<>(1);

    WindowsEvent(Pointer event, String what) {
        this.event = event;
        this.what = what;
    }

    @Override
    void set() {
        if (!Kernel32.SetEvent(event)) {
            throw failure("Cannot set " + what, "SetEvent");
        }
    }

    @Override
    void reset() {
        if (!Kernel32.ResetEvent(event)) {
            throw failure("Cannot reset " + what, "ResetEvent");
        }
    }

    @Override
    boolean await(long deadline, Pointer process) throws InterruptedException {
        if (Deadline.hasPassed(deadline)) {
            return poll();
        }
        Bell bell = takeBell();
        bell.enter();
        try {
            int handles = bell.handles(process);
            while (!isCancelled()) {
                int result = waited(
                        Kernel32.WaitForMultipleObjects(handles, bell.handles, false, millis(deadline)),
                        "WaitForMultipleObjects");
                if (result == WAIT_SIGNALLED) {
                    return true;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (result == WAIT_PROCESS_ENDED || result != WAIT_RUNG && Deadline.hasPassed(deadline)) {
                    return false;
                }
            }
            return false;
        } finally {
            bell.leave();
            returnBell(bell);
        }
    }

    @Override
    boolean poll() {
        return waited(Kernel32.WaitForSingleObject(event, 0), "WaitForSingleObject") == WAIT_SIGNALLED;
    }

    @Override
    void clear() {
        reset();
    }

    @Override
    synchronized void cancelWaits() {
        inUse.forEach(Bell::ring);
    }

    @Override
    synchronized void free() {
        idle.forEach(Bell::free);
        Kernel32.CloseHandle(event);
    }

    private synchronized Bell takeBell() {
        Bell bell = idle.isEmpty() ? new Bell() : idle.pop();
        inUse.add(bell);
        return bell;
    }

    private synchronized void returnBell(Bell bell) {
        inUse.remove(bell);
        bell.silence();
        idle.push(bell);
    }

    /** Checks the result of a wait. */
    private int waited(int result, String call) {
        if (result == WinBase.WAIT_FAILED) {
            throw failure("Cannot wait for " + what, call);
        }
        return result;
    }

    /** What is left, rounded up, so that a wait never ends before its time. */
    private static int millis(long deadline) {
        long nanos = Deadline.remainingNanos(deadline);
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos) + (nanos % 1_000_000 == 0 ? 0 : 1);
        return (int) Math.min(millis, LONGEST_MILLIS);
    }

    private static SharedMemoryException failure(String failed, String call) {
        return SystemErrors.failure(SystemErrors.Source.WIN32, failed, call, Native.getLastError());
    }

    /** Ends one thread's wait. */
    private final class Bell extends OnInterrupt {
        private final Pointer bell;

        /** The array that WaitForMultipleObjects takes: the event, then the bell, then perhaps a process. */
        private final Memory handles = new Memory(3L * Native.POINTER_SIZE);

        private volatile boolean rung;

        Bell() {
            bell = Kernel32.CreateEventW(null, false, false, null);
            if (bell == null) {
                throw failure("Cannot wait for " + what, "CreateEventW");
            }
            handles.setPointer(0, event);
            handles.setPointer(Native.POINTER_SIZE, bell);
        }

        /** How many handles to wait for. */
        int handles(Pointer process) {
            if (process == null) {
                return 2;
            }
            handles.setPointer(2L * Native.POINTER_SIZE, process);
            return 3;
        }

        @Override
        void ring() {
            rung = true;
            Kernel32.SetEvent(bell);
        }

        /** Makes the bell fit for the next wait. */
        void silence() {
            if (rung) {
                rung = false;
                Kernel32.ResetEvent(bell);
            }
        }

        void free() {
            Kernel32.CloseHandle(bell);
            handles.close();
        }
    }
}
