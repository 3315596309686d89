package dev.sharedregion;

import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/**
 * An event with Win32's meaning on a futex in shared memory; {@code src/docs/linux-objects.md} has the protocol. A set lets
 * those go who sleep on the futex, which the kernel counts; only if there are none it leaves the signal, bit 0 of the
 * state word. A waiter sleeps only while the word is what it was when it saw nothing to take, and everything that a
 * waiter may wait for changes the word, so no wake-up is lost.
 */
final class LinuxEvent extends EventHandle {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LinuxObject object;
    private final long address;
    private final ByteBuffer memory;
    private final boolean manualReset;

    private final InterruptHook onInterrupt = new InterruptHook() {
        @Override
        public Selector wakeup() {
            if (LinuxEvent.this.enter()) {
                try {
                    lookUp();
                } finally {
                    LinuxEvent.this.leave();
                }
            }
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
            throw LinuxObject.wrongVersion(failed, version, LinuxEventLayout.VERSION_VALUE);
        }
        manualReset = (memory.getInt(LinuxEventLayout.FLAGS) & LinuxEventLayout.MANUAL_RESET) != 0;
    }

    @Override
    void set() {
        INT.getAndAdd(memory, LinuxEventLayout.RELEASES, 1);
        if (manualReset) {
            // The count first: who fell asleep before, or is about to, finds it raised, even if a reset comes next.
            INT.getAndAdd(memory, LinuxEventLayout.STATE, LinuxEventLayout.LOOK_UP);
            INT.getAndBitwiseOr(memory, LinuxEventLayout.STATE, LinuxEventLayout.SET);
            wake(Integer.MAX_VALUE);
            return;
        }
        INT.getAndAdd(memory, LinuxEventLayout.STATE, LinuxEventLayout.LOOK_UP);
        if (wake(1) > 0 || !takeRelease()) {
            return;
        }
        // Nobody slept, and nobody who came by took it: it stays for the next, who may have begun to wait just now.
        INT.getAndBitwiseOr(memory, LinuxEventLayout.STATE, LinuxEventLayout.SET);
        wake(1);
    }

    @Override
    void reset() {
        INT.getAndBitwiseAnd(memory, LinuxEventLayout.STATE, ~LinuxEventLayout.SET);
    }

    @Override
    boolean await(Deadline deadline) throws InterruptedException {
        int releasesBefore = (int) INT.getVolatile(memory, LinuxEventLayout.RELEASES);
        onInterrupt.enter();
        try {
            while (true) {
                int state = (int) INT.getVolatile(memory, LinuxEventLayout.STATE);
                // The signal first: a waiter that was woken for it and leaves without it would keep it from the others.
                if (take(releasesBefore)) {
                    return true;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (isClosed() || deadline.hasPassed()) {
                    return false;
                }
                sleep(state, deadline);
            }
        } finally {
            onInterrupt.leave();
        }
    }

    @Override
    void cancelWaits() {
        lookUp();
    }

    @Override
    void free() {
        LibC.munmap(address, LinuxEventLayout.SIZE);
        object.close();
    }

    private boolean take(int releasesBefore) {
        while (true) {
            int state = (int) INT.getVolatile(memory, LinuxEventLayout.STATE);
            boolean set = (state & LinuxEventLayout.SET) != 0;
            if (manualReset) {
                return set || (int) INT.getVolatile(memory, LinuxEventLayout.RELEASES) != releasesBefore;
            }
            if (!set) {
                return takeRelease();
            }
            if (INT.compareAndSet(memory, LinuxEventLayout.STATE, state, state & ~LinuxEventLayout.SET)) {
                return true;
            }
        }
    }

    /** Takes one of an auto-reset event's releases, if there is one. */
    private boolean takeRelease() {
        int releases;
        do {
            releases = (int) INT.getVolatile(memory, LinuxEventLayout.RELEASES);
            if (releases <= 0) {
                return false;
            }
        } while (!INT.compareAndSet(memory, LinuxEventLayout.RELEASES, releases, releases - 1));
        return true;
    }

    /** Makes all waiters look at the world again, those too that are about to sleep. */
    private void lookUp() {
        INT.getAndAdd(memory, LinuxEventLayout.STATE, LinuxEventLayout.LOOK_UP);
        wake(Integer.MAX_VALUE);
    }

    /** How many it woke: those who slept, and only those. */
    private long wake(int waiters) {
        return LibC.syscall(LibC.SYS_FUTEX, address + LinuxEventLayout.STATE, LibC.FUTEX_WAKE, waiters, null);
    }

    /** Sleeps until woken, or the deadline, or not at all if the state is another by now; why, the caller looks. */
    private void sleep(int state, Deadline deadline) {
        long nanos = deadline.remainingNanos();
        long[] timespec = deadline.isNever() ? null : new long[] {nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND};
        LibC.syscall(LibC.SYS_FUTEX, address + LinuxEventLayout.STATE, LibC.FUTEX_WAIT, state, timespec);
    }
}
