package dev.sharedregion.internal.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinBase;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Registration;
import dev.sharedregion.internal.os.WaiterThread;
import dev.sharedregion.internal.os.WaiterThreads;

/**
 * Sleeps on many handles by {@code WaitForMultipleObjects}. The first is an event of its own, by which others have it
 * look again. A call takes the signal of one handle, the first in the array that has one. So the handles that were not
 * served last come first. A handle may stand in the array only once: of several waits for one handle, the oldest gets
 * the signal, and the next one is in the array of the next call.
 */
final class HandleWaiter extends WaiterThread {
    static final WaiterThreads THREADS = new WaiterThreads(HandleWaiter::new);

    private static final Operation WAIT = new Operation("wait for", "several events");
    private static final int MOST_HANDLES = Kernel32.MAXIMUM_WAIT_OBJECTS;

    private final Pointer own;

    /** The array that WaitForMultipleObjects takes. */
    private final Memory handles = new Memory((long) MOST_HANDLES * Native.POINTER_SIZE);

    /** The waits whose handles are in the array, and their slots. */
    private final HandleRegistration[] waits = new HandleRegistration[MOST_HANDLES];

    private final int[] slotOf = new int[MOST_HANDLES];
    private int count;

    /** The slot that the last sleep has served, or -1. */
    private int served = -1;

    /** The slot that comes first in the array. */
    private int first;

    HandleWaiter() {
        super(MOST_HANDLES - 1);
        own = Kernel32.CreateEventW(null, false, false, null);
        if (own == null) {
            throw Win32Errors.last(WAIT, "CreateEventW");
        }
        handles.setPointer(0, own);
    }

    @Override
    protected void prepare(Registration[] slots) {
        count = 1;
        for (int i = 0; i < slots.length; i++) {
            int slot = (first + i) % slots.length;
            if (slots[slot] != null) {
                place((HandleRegistration) slots[slot], slot);
            }
        }
    }

    private void place(HandleRegistration wait, int slot) {
        int index = 1;
        while (index < count && !waits[index].handle.equals(wait.handle)) {
            index++;
        }
        if (index == count || wait.number < waits[index].number) {
            waits[index] = wait;
            slotOf[index] = slot;
            handles.setPointer((long) index * Native.POINTER_SIZE, wait.handle);
            count = Math.max(count, index + 1);
        }
    }

    @Override
    protected void sleep(long until) {
        served = -1;
        int result = Kernel32.WaitForMultipleObjects(count, handles, false, WaitMillis.until(until));
        if (result == WinBase.WAIT_FAILED) {
            // One of the handles is wrong. Each wait finds out by itself.
            throw Win32Errors.last(WAIT, "WaitForMultipleObjects");
        }
        int index = result - WinBase.WAIT_OBJECT_0;
        if (index > 0 && index < count) {
            served = slotOf[index];
            first = served + 1;
        }
    }

    @Override
    protected boolean isSignalled(int slot) {
        return slot == served;
    }

    @Override
    protected void kick() {
        if (!Kernel32.SetEvent(own)) {
            throw Win32Errors.last(WAIT, "SetEvent");
        }
    }

    @Override
    protected void free() {
        Kernel32.CloseHandle(own);
        handles.close();
    }
}
