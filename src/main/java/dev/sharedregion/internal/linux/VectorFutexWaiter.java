package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.internal.os.Registration;
import dev.sharedregion.internal.os.WaiterThread;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * Sleeps on many words by {@code futex_waitv}. The first word is the thread's own: others change it to have the thread
 * look again. The kernel tells the index of one word that was woken, but others may have been woken, too. So each wait
 * tells by its event whether it may have been.
 */
final class VectorFutexWaiter extends WaiterThread {
    /** {@code FUTEX_WAITV_MAX}. */
    private static final int MOST_WORDS = 128;

    // struct futex_waitv
    private static final int VALUE = 0;
    private static final int ADDRESS = 8;
    private static final int FLAGS = 16;
    private static final int ENTRY_SIZE = 24;

    // The thread's memory: the entries, a struct timespec, and its own word.
    private static final int TIMESPEC = MOST_WORDS * ENTRY_SIZE;
    private static final int OWN_WORD = TIMESPEC + 2 * Long.BYTES;
    private static final int MEMORY_SIZE = OWN_WORD + Long.BYTES;

    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_SIZE).order(ByteOrder.nativeOrder());
    private final long address = Pointer.nativeValue(Native.getDirectBufferPointer(memory));

    /** What the last {@link #prepare} has prepared. */
    private Registration[] slots;

    private int words;

    /** Whether the kernel has woken the last sleep, because of any word. */
    private boolean woken;

    VectorFutexWaiter() {
        super(MOST_WORDS - 1);
    }

    @Override
    protected void prepare(Registration[] slots) {
        this.slots = slots;
        words = 0;
        addWord(address + OWN_WORD, (int) INT.getVolatile(memory, OWN_WORD));
        for (Registration each : slots) {
            if (each != null) {
                FutexRegistration wait = (FutexRegistration) each;
                addWord(wait.word.address(), wait.value);
            }
        }
    }

    private void addWord(long word, int value) {
        int entry = words * ENTRY_SIZE;
        memory.putLong(entry + VALUE, Integer.toUnsignedLong(value))
                .putLong(entry + ADDRESS, word)
                .putLong(entry + FLAGS, LibC.FUTEX2_SIZE_U32);
        words++;
    }

    @Override
    protected void sleep(long until) {
        long time = MonotonicClock.of(until);
        memory.putLong(TIMESPEC, time / NANOS_PER_SECOND).putLong(TIMESPEC + Long.BYTES, time % NANOS_PER_SECOND);
        long result = LibC.syscall(
                LibC.SYS_FUTEX_WAITV, address, words, 0, address + TIMESPEC, LibC.CLOCK_MONOTONIC, 0);
        woken = result >= 0;
        if (!woken) {
            check(Native.getLastError());
        }
    }

    private static void check(int error) {
        if (error != ErrNo.EAGAIN && error != ErrNo.ETIMEDOUT && error != ErrNo.EINTR) {
            // The memory of one of them has vanished. Each wait finds out by itself.
            throw new IllegalStateException("futex_waitv fails with error " + error);
        }
    }

    @Override
    protected boolean isSignalled(int slot) {
        return ((FutexRegistration) slots[slot]).isToLook(woken);
    }

    @Override
    protected void kick() {
        INT.getAndAdd(memory, OWN_WORD, 1);
        Futex.wake(address + OWN_WORD, 1);
    }

    @Override
    protected void free() {}
}
