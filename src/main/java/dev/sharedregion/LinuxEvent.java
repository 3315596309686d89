package dev.sharedregion;

import com.sun.jna.Pointer;
import dev.sharedregion.SharedMemoryException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/**
 * An event with Win32's meaning on a futex in shared memory. The state word has the signal in bit 0. Who sets it wakes a
 * waiter; who waits sleeps only while the word is what it was when it saw no signal, so no wake-up is lost. To make
 * waiters of this process look at something else, an interrupt or a close, the rest of the word is counted up, which
 * lets none of them sleep on the old value.
 */
final class LinuxEvent extends EventHandle {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LinuxObject object;
    private final long address;
    private final ByteBuffer memory;
    private final boolean manualReset;
    private volatile boolean cancelled;

    private final InterruptHook onInterrupt = new InterruptHook() {
        @Override
        public Selector wakeup() {
            lookUp();
            return this;
        }
    };

    /** Maps an event and takes its object over, if that succeeds. */
    LinuxEvent(LinuxObject object, String failed) {
        this.object = object;
        address = LinuxMapping.map(
                LinuxEventLayout.SIZE,
                LibC.PROT_READ | LibC.PROT_WRITE,
                LibC.MAP_SHARED,
                object.fd,
                0,
                failed);
        memory = new Pointer(address).getByteBuffer(0, LinuxEventLayout.SIZE);
        int version = memory.getInt(LinuxEventLayout.VERSION);
        if (version != LinuxEventLayout.VERSION_VALUE) {
            LibC.munmap(address, LinuxEventLayout.SIZE);
            throw new SharedMemoryException(
                    Reason.UNSUPPORTED, failed + ": its layout has version " + version + ", this library reads "
                            + LinuxEventLayout.VERSION_VALUE + ". Use the same version of the library everywhere.");
        }
        manualReset = (memory.getInt(LinuxEventLayout.FLAGS) & LinuxEventLayout.MANUAL_RESET) != 0;
    }

    @Override
    void set() {
        INT.getAndBitwiseOr(memory, LinuxEventLayout.STATE, LinuxEventLayout.SET);
        wake(manualReset ? Integer.MAX_VALUE : 1);
    }

    @Override
    void reset() {
        INT.getAndBitwiseAnd(memory, LinuxEventLayout.STATE, ~LinuxEventLayout.SET);
    }

    @Override
    boolean await(Deadline deadline) throws InterruptedException {
        onInterrupt.enter();
        try {
            while (true) {
                int state = (int) INT.getVolatile(memory, LinuxEventLayout.STATE);
                // The signal first: a waiter that was woken for it and leaves without it would keep it from the others.
                if ((state & LinuxEventLayout.SET) != 0) {
                    if (take(state)) {
                        return true;
                    }
                } else if (Thread.interrupted()) {
                    throw new InterruptedException();
                } else if (cancelled || deadline.hasPassed()) {
                    return false;
                } else {
                    sleep(state, deadline);
                }
            }
        } finally {
            onInterrupt.leave();
        }
    }

    @Override
    void cancelWaits() {
        cancelled = true;
        lookUp();
    }

    @Override
    void close() {
        LibC.munmap(address, LinuxEventLayout.SIZE);
        object.close();
    }

    private boolean take(int state) {
        return manualReset
                || INT.compareAndSet(memory, LinuxEventLayout.STATE, state, state & ~LinuxEventLayout.SET);
    }

    /** Makes all waiters look at the world again, those too that are about to sleep. */
    private void lookUp() {
        INT.getAndAdd(memory, LinuxEventLayout.STATE, LinuxEventLayout.LOOK_UP);
        wake(Integer.MAX_VALUE);
    }

    private void wake(int waiters) {
        LibC.syscall(LibC.SYS_FUTEX, address + LinuxEventLayout.STATE, LibC.FUTEX_WAKE, waiters, null);
    }

    /** Sleeps until woken, or the deadline, or not at all if the state is another by now; why, the caller looks. */
    private void sleep(int state, Deadline deadline) {
        long nanos = deadline.remainingNanos();
        long[] timespec = deadline.isNever() ? null : new long[] {nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND};
        LibC.syscall(LibC.SYS_FUTEX, address + LinuxEventLayout.STATE, LibC.FUTEX_WAIT, state, timespec);
    }
}
