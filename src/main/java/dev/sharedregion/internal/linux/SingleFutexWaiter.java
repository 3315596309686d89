package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.os.Registration;
import dev.sharedregion.internal.os.WaiterThread;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sleeps on one word by {@code FUTEX_WAIT}, where the kernel cannot sleep on several. */
final class SingleFutexWaiter extends WaiterThread {
    /** A process that cannot change the word cannot reliably end the sleep: if it has just begun, the wake is early. */
    private static final long LONGEST_READING_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A {@code struct timespec}. */
    private final ByteBuffer timespec =
            ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());

    private final long timespecAddress = Pointer.nativeValue(Native.getDirectBufferPointer(timespec));

    /** The thread, once it runs. */
    private volatile Thread thread;

    /** The one wait, or null. */
    private FutexRegistration wait;

    /** Whether a wake has ended the last sleep. */
    private boolean woken;

    SingleFutexWaiter() {
        super(1);
    }

    @Override
    protected void prepare(Registration[] slots) {
        thread = Thread.currentThread();
        wait = (FutexRegistration) slots[0];
    }

    @Override
    protected void sleep(long until) {
        long left = Deadline.remainingNanos(until);
        FutexRegistration now = wait;
        if (now == null) {
            LockSupport.parkNanos(left);
            return;
        }
        long nanos = now.word.writable() ? left : Math.min(left, LONGEST_READING_SLEEP_NANOS);
        timespec.putLong(0, nanos / NANOS_PER_SECOND).putLong(Long.BYTES, nanos % NANOS_PER_SECOND);
        woken = LibC.syscall(
                        LibC.SYS_FUTEX, now.word.address(), LibC.FUTEX_WAIT, now.value, timespecAddress, 0, 0)
                == 0;
    }

    @Override
    protected boolean isSignalled(int slot) {
        return wait.isToLook(woken);
    }

    @Override
    protected void kick() {
        if (wait == null) {
            LockSupport.unpark(thread);
        } else {
            wait.word.lookUp();
        }
    }

    @Override
    protected void free() {}
}
