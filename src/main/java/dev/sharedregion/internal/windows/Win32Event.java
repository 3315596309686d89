package dev.sharedregion.internal.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.InterruptHook;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.jvm.VirtualThreads;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.EventState;
import dev.sharedregion.internal.os.EventWait;
import dev.sharedregion.internal.os.EventWaits;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.ProcessEnd;
import dev.sharedregion.internal.os.Registration;
import dev.sharedregion.internal.os.Trust;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A Win32 event. A thread waits for the event and for a bell: an unnamed event of its own, which an interrupt or a
 * close sets. The event comes first in the call, so an existing signal is taken even if the bell is set too. No signal
 * is taken if the bell ended the wait.
 */
public final class Win32Event extends EventHandle {
    private static final int WAIT_SIGNALLED = WinBase.WAIT_OBJECT_0;
    private static final int WAIT_RUNG = WinBase.WAIT_OBJECT_0 + 1;
    private static final int WAIT_PROCESS_ENDED = WinBase.WAIT_OBJECT_0 + 2;

    private static final String MANUAL_RESET = "manual-reset";

    private final Pointer event;
    private final String what;

    /** How it resets; empty for an event that was opened. */
    private final String kind;

    /** Bells that no thread uses; guarded by this. */
    private final ArrayDeque<Bell> idle = new ArrayDeque<>();

    /** The bells of the waits that are running; guarded by this. */
    private final List<Bell> inUse = new ArrayList<>(1);

    private Win32Event(Pointer event, String what, String kind) {
        super(!kind.isEmpty());
        this.kind = kind;
        this.event = event;
        this.what = what;
    }

    static Win32Event create(ObjectName name, EventRequest request) {
        Operation create = new Operation("create", name.event());
        try (SecurityAttributes security = SecurityAttributes.of(request.rights(), SecurityAttributes.Kind.EVENT);
                ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer event = guard.hold(Kernel32.CreateEventW(
                    security.pointer(), request.manualReset(), request.initiallySet(), wide(name)));
            int error = Native.getLastError();
            if (event != null && error == WinError.ERROR_ALREADY_EXISTS) {
                throw Sections.exists(create, "an event");
            }
            if (event == null) {
                if (error == WinError.ERROR_ACCESS_DENIED) {
                    refuseExisting(name, create);
                }
                throw Win32Errors.failure(create, "CreateEventW", error);
            }
            String kind = request.manualReset() ? MANUAL_RESET : "auto-reset";
            return guard.dismiss(new Win32Event(event, create.object(), kind));
        }
    }

    /**
     * Fails if the name belongs to an event whose owner does not grant this process all the rights that
     * {@code CreateEvent} asks for.
     */
    private static void refuseExisting(ObjectName name, Operation create) {
        Pointer event = Kernel32.OpenEventW(WinNT.SYNCHRONIZE, false, wide(name));
        int error = Native.getLastError();
        if (event != null) {
            Kernel32.CloseHandle(event);
        }
        if (event != null || error == WinError.ERROR_ACCESS_DENIED) {
            throw Sections.exists(create, "owned by another user");
        }
    }

    static Win32Event open(ObjectName name, boolean waitOnly, Trust trust) {
        Operation open = new Operation("open", name.event());
        int right = waitOnly ? WinNT.SYNCHRONIZE : WinNT.SYNCHRONIZE | WinNT.EVENT_MODIFY_STATE;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer event = guard.hold(Sections.open(
                    rights -> Kernel32.OpenEventW(rights, false, wide(name)), "OpenEventW", right, trust, open));
            return guard.dismiss(new Win32Event(event, open.object(), ""));
        }
    }

    /** Opens a manual-reset event to wait for it. */
    static Win32Event watch(ObjectName name) {
        Operation open = new Operation("open", name.event());
        int right = WinNT.SYNCHRONIZE | Ntdll.EVENT_QUERY_STATE;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer event = guard.hold(Kernel32.OpenEventW(right, false, wide(name)));
            if (event == null) {
                throw Win32Errors.last(open, "OpenEventW");
            }
            if (!resetsManually(event)) {
                throw open.failure(Reason.WRONG_KIND, "it is no manual-reset event, and a wait for it would take its "
                        + "signal from another program.");
            }
            return guard.dismiss(new Win32Event(event, open.object(), ""));
        }
    }

    private static boolean resetsManually(Pointer event) {
        EventState state = state(event);
        return state != null && state.manualReset();
    }

    /** Null if the system does not tell. */
    private static EventState state(Pointer event) {
        int size = Ntdll.EVENT_BASIC_INFORMATION_SIZE;
        int[] information = new int[size / Integer.BYTES];
        if (Ntdll.NtQueryEvent(event, Ntdll.EVENT_BASIC_INFORMATION, information, size, null) < 0) {
            return null;
        }
        return new EventState(information[0] == Ntdll.NOTIFICATION_EVENT, information[1] != 0);
    }

    /** Reads the state of an event. */
    static EventState inspect(ObjectName name) {
        Operation look = new Operation("look at", name.event());
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            Pointer event = guard.hold(Kernel32.OpenEventW(Ntdll.EVENT_QUERY_STATE, false, wide(name)));
            if (event == null) {
                throw Win32Errors.last(look, "OpenEventW");
            }
            EventState state = state(event);
            if (state == null) {
                throw look.failure(Reason.UNSUPPORTED, "the system does not report its state.");
            }
            return state;
        }
    }

    private static WString wide(ObjectName name) {
        return new WString(name.toString());
    }

    @Override
    public boolean isKnownToResetManually() {
        return kind.equals(MANUAL_RESET);
    }

    @Override
    public void set() {
        if (!Kernel32.SetEvent(event)) {
            throw Win32Errors.last(new Operation("set", what), "SetEvent");
        }
    }

    @Override
    public void reset() {
        if (!Kernel32.ResetEvent(event)) {
            throw Win32Errors.last(new Operation("reset", what), "ResetEvent");
        }
    }

    @Override
    public boolean await(long deadline, ProcessEnd process) throws InterruptedException {
        if (Deadline.hasPassed(deadline)) {
            return poll();
        }
        if (VirtualThreads.isCurrent()) {
            return EventWaits.await(this, newWait(process), deadline);
        }
        Bell bell = takeBell();
        bell.onInterrupt.enter();
        try {
            int handles = bell.handles(process == null ? null : ((ProcessSlot.End) process).handle());
            while (!isCancelled()) {
                int result = waited(
                        Kernel32.WaitForMultipleObjects(handles, bell.handles, false, WaitMillis.until(deadline)),
                        "WaitForMultipleObjects");
                if (result == WAIT_SIGNALLED) {
                    return true;
                }
                Deadline.checkInterrupt();
                if (result == WAIT_PROCESS_ENDED || result != WAIT_RUNG && Deadline.hasPassed(deadline)) {
                    return false;
                }
            }
            return false;
        } finally {
            bell.onInterrupt.leave();
            returnBell(bell);
        }
    }

    @Override
    protected EventWait newWait(ProcessEnd process) {
        return new Wait(process);
    }

    @Override
    public boolean poll() {
        return waited(Kernel32.WaitForSingleObject(event, 0), "WaitForSingleObject") == WAIT_SIGNALLED;
    }

    @Override
    public void clear() {
        reset();
    }

    /** Without whether it is set: to look at an auto-reset event is to take its signal. */
    @Override
    public String state() {
        return kind;
    }

    @Override
    public synchronized void cancelWaits() {
        inUse.forEach(Bell::ring);
    }

    @Override
    public synchronized void free() {
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
            throw Win32Errors.last(new Operation("wait for", what), call);
        }
        return result;
    }

    /** A wait in steps, which the end of a process may end, too. */
    private final class Wait extends EventWait {
        private final EventWait processEnd;

        /** With null, no process's end ends the wait. */
        Wait(ProcessEnd process) {
            super(HandleWaiter.THREADS);
            processEnd = process == null ? null : new ProcessWait(((ProcessSlot.End) process).handle());
        }

        @Override
        protected boolean takeNow(Registration ended) {
            return ended != null && ended.isSignalled() || poll();
        }

        @Override
        protected Registration newRegistration(long deadline) {
            return new HandleRegistration(event, deadline);
        }

        /** The system has taken the signal of an auto-reset event. A manual-reset event may have been reset since. */
        @Override
        protected void giveBack(Registration ended) {
            if (ended.isSignalled() && !isKnownToResetManually()) {
                set();
            }
        }

        @Override
        public boolean isOver() {
            return processEnd != null && processEnd.take();
        }

        @Override
        public boolean register(long deadline) {
            return super.register(deadline) && (processEnd == null || processEnd.register(deadline));
        }

        @Override
        public void leave() {
            super.leave();
            if (processEnd != null) {
                processEnd.leave();
            }
        }

        @Override
        public void awaitLeft() {
            super.awaitLeft();
            if (processEnd != null) {
                processEnd.awaitLeft();
            }
        }
    }

    /** A wait in steps for the end of a process, which stays signalled. */
    private static final class ProcessWait extends EventWait {
        private final Pointer process;

        ProcessWait(Pointer process) {
            super(HandleWaiter.THREADS);
            this.process = process;
        }

        @Override
        protected boolean takeNow(Registration ended) {
            return ended != null && ended.isSignalled()
                    || Kernel32.WaitForSingleObject(process, 0) == WinBase.WAIT_OBJECT_0;
        }

        @Override
        protected Registration newRegistration(long deadline) {
            return new HandleRegistration(process, deadline);
        }

        @Override
        protected void giveBack(Registration ended) {}
    }

    /** Ends one thread's wait. */
    private final class Bell {
        private final InterruptHook onInterrupt = onInterrupt(this::ring);
        private final Pointer bell;

        /** The array that WaitForMultipleObjects takes: the event, then the bell, then perhaps a process. */
        private final Memory handles = new Memory(3L * Native.POINTER_SIZE);

        private volatile boolean rung;

        Bell() {
            bell = Kernel32.CreateEventW(null, false, false, null);
            if (bell == null) {
                throw Win32Errors.last(new Operation("wait for", what), "CreateEventW");
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

        private void ring() {
            rung = true;
            Kernel32.SetEvent(bell);
        }

        /** Resets the bell for the next wait. */
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
