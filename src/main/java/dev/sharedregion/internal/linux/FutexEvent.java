package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.InterruptHook;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.linux.ShmObject.Content;
import dev.sharedregion.internal.linux.ShmObject.Kind;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.ProcessEnd;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.Trust;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * An event with Win32's meaning on a futex in shared memory; {@code src/docs/linux-objects.md} has the protocol. A set lets
 * those go who sleep on the futex, which the kernel counts; only if there are none it leaves the signal, bit 0 of the
 * state word. A waiter sleeps only while the word is what it was when it saw nothing to take, and everything that a
 * waiter may wait for changes the word, so no wake-up is lost.
 */
public final class FutexEvent extends EventHandle {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** How late who cannot write sees an interrupt or a close that came just before it fell asleep. */
    private static final long LONGEST_READING_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Nobody can wake who sleeps on memory that has vanished; who looks again finds out. */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How often others may be faster in taking something, before it counts as taken: more than any number of users are. */
    private static final int MOST_RACES = 100_000;

    /** Where a {@link #TIMESPEC} has its own address, after the two fields of the structure. */
    private static final int OWN_ADDRESS = 2 * Long.BYTES;

    /**
     * A {@code struct timespec} for each thread that waits. Only a class of the JDK: an application's threads keep the buffer,
     * and must not keep the library's class loader with it.
     */
    private static final ThreadLocal<ByteBuffer> TIMESPEC = ThreadLocal.withInitial(FutexEvent::newTimespec);

    /** {@code FUTEX_OP}: adds a look-up to the word, with the comparison left at 0. */
    private static final int ADD_LOOK_UP = LibC.FUTEX_OP_ADD << 28 | FutexEventLayout.LOOK_UP << 12;

    private final ShmObject object;
    private final long address;
    private final ByteBuffer memory;
    private final boolean manualReset;

    /** Of a manual-reset event only; whoever cannot write cannot make a sleeper look up for certain. */
    private final boolean writable;

    private volatile boolean nudged;

    private final InterruptHook onInterrupt = new OnInterrupt() {
        @Override
        protected void ring() {
            lookUp();
        }
    };

    static FutexEvent create(ObjectName name, EventRequest event) {
        byte[] start = ByteBuffer.allocate(FutexEventLayout.SIZE)
                .order(ByteOrder.nativeOrder())
                .put(FutexEventLayout.MAGIC, FutexEventLayout.MAGIC_VALUE)
                .putInt(FutexEventLayout.VERSION, FutexEventLayout.VERSION_VALUE)
                .putInt(FutexEventLayout.FLAGS, event.manualReset() ? FutexEventLayout.MANUAL_RESET : 0)
                .putInt(FutexEventLayout.STATE, event.initiallySet() ? FutexEventLayout.SET : 0)
                .array();
        // A process that can read an auto-reset event can sleep on it, and be the one that a set wakes.
        Rights rights = event.manualReset() ? event.rights() : event.rights().withoutReaders();
        Content content = new Content(FutexEventLayout.SIZE, true, start);
        try (ScopeGuard<ShmObject> guard = new ScopeGuard<>(ShmObject::close)) {
            return guard.dismiss(
                    new FutexEvent(guard.hold(ShmObject.create(name, Kind.EVENT, content, rights.mode())), true));
        }
    }

    static FutexEvent open(ObjectName name, boolean waitOnly, Trust trust) {
        Operation open = new Operation("open", name.event());
        try (ScopeGuard<ShmObject> guard = new ScopeGuard<>(ShmObject::close)) {
            boolean writable = true;
            ShmObject object;
            try {
                object = guard.hold(ShmObject.open(name, open, true));
            } catch (Failure e) {
                if (e.reason() != Reason.ACCESS_DENIED || !waitOnly) {
                    throw e;
                }
                object = guard.hold(ShmObject.open(name, open, false));
                writable = false;
            }
            object.checkIsTrusted(trust);
            if (object.kind() != Kind.EVENT) {
                throw ShmObject.wrongKind(open, Kind.REGION);
            }
            return guard.dismiss(new FutexEvent(object, writable));
        }
    }

    /** Maps an event and takes its object over, if that succeeds. */
    private FutexEvent(ShmObject object, boolean writable) {
        this.object = object;
        this.writable = writable;
        Operation operation = object.operation;
        Protection protection = writable ? Protection.READ_WRITE : Protection.READ_ONLY;
        address = MmapMapping.mapShared(object.fd, FutexEventLayout.SIZE, protection, operation);
        try {
            memory = new Pointer(address).getByteBuffer(0, FutexEventLayout.SIZE);
            manualReset = (memory.getInt(FutexEventLayout.FLAGS) & FutexEventLayout.MANUAL_RESET) != 0;
            check(operation);
        } catch (RuntimeException | Error e) {
            LibC.munmap(address, FutexEventLayout.SIZE);
            throw e;
        }
    }

    private void check(Operation operation) {
        int version = memory.getInt(FutexEventLayout.VERSION);
        if (version != FutexEventLayout.VERSION_VALUE) {
            throw operation.wrongVersion(version, FutexEventLayout.VERSION_VALUE);
        }
        if (!writable && !manualReset) {
            throw operation.failure(
                    Reason.ACCESS_DENIED,
                    "this user may not write to it, and a wait for an auto-reset event writes to the event. "
                            + "Have its creator allow that with Permissions.everyone(), or make it "
                            + "a manual-reset event.",
                    ErrNo.EACCES,
                    "EACCES");
        }
    }

    @Override
    public boolean isKnownToResetManually() {
        return manualReset;
    }

    @Override
    public void set() {
        AtomicWords.getAndAdd(memory, FutexEventLayout.RELEASES, 1);
        if (manualReset) {
            // The count first: who fell asleep before, or is about to, finds it raised, even if a reset comes next.
            AtomicWords.getAndAdd(memory, FutexEventLayout.STATE, FutexEventLayout.LOOK_UP);
            AtomicWords.getAndBitwiseOr(memory, FutexEventLayout.STATE, FutexEventLayout.SET);
            wake(Integer.MAX_VALUE);
            return;
        }
        AtomicWords.getAndAdd(memory, FutexEventLayout.STATE, FutexEventLayout.LOOK_UP);
        if (wake(1) > 0 || !takeRelease()) {
            return;
        }
        // Nobody slept, and nobody who was just woken took it: it stays for the next, who may have begun to wait just now.
        AtomicWords.getAndBitwiseOr(memory, FutexEventLayout.STATE, FutexEventLayout.SET);
        wake(1);
    }

    @Override
    public void reset() {
        AtomicWords.getAndBitwiseAnd(memory, FutexEventLayout.STATE, ~FutexEventLayout.SET);
    }

    @Override
    public boolean await(long deadline, ProcessEnd process) throws InterruptedException {
        int releasesBefore = (int) INT.getVolatile(memory, FutexEventLayout.RELEASES);
        boolean woken = false;
        onInterrupt.enter();
        try {
            while (true) {
                int state = (int) INT.getVolatile(memory, FutexEventLayout.STATE);
                // First of all: a waiter that was woken to take something and leaves without it would keep it from others.
                if (manualReset ? isSetSince(releasesBefore) : woken && takeWokenRelease() || takeSignal()) {
                    return true;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (isCancelled() || takeNudge() || Deadline.hasPassed(deadline)) {
                    return false;
                }
                // Never on a word that has the signal: it may have come back since the look.
                woken = sleep(state & ~FutexEventLayout.SET, deadline);
            }
        } finally {
            onInterrupt.leave();
        }
    }

    @Override
    public boolean poll() {
        return takeSignal();
    }

    @Override
    public void nudge() {
        if (enter()) {
            try {
                nudged = true;
                lookUp();
            } finally {
                leave();
            }
        }
    }

    private boolean takeNudge() {
        boolean taken = nudged;
        if (taken) {
            nudged = false;
        }
        return taken;
    }

    @Override
    public void clear() {
        INT.setVolatile(memory, FutexEventLayout.RELEASES, 0);
        reset();
    }

    @Override
    public void cancelWaits() {
        lookUp();
    }

    @Override
    public void free() {
        try {
            LibC.munmap(address, FutexEventLayout.SIZE);
        } finally {
            object.close();
        }
    }

    private boolean isSetSince(int releasesBefore) {
        return ((int) INT.getVolatile(memory, FutexEventLayout.STATE) & FutexEventLayout.SET) != 0
                || (int) INT.getVolatile(memory, FutexEventLayout.RELEASES) != releasesBefore;
    }

    /** Takes a release as a waiter; if it was woken for the signal and not for that, another is woken in its stead. */
    private boolean takeWokenRelease() {
        if (!takeRelease()) {
            return false;
        }
        if (((int) INT.getVolatile(memory, FutexEventLayout.STATE) & FutexEventLayout.SET) != 0) {
            wake(1);
        }
        return true;
    }

    /** Takes an auto-reset event's signal, if it is set. */
    private boolean takeSignal() {
        for (int race = 0; race < MOST_RACES; race++) {
            int state = (int) INT.getVolatile(memory, FutexEventLayout.STATE);
            if ((state & FutexEventLayout.SET) == 0) {
                return false;
            }
            if (AtomicWords.compareAndSet(memory, FutexEventLayout.STATE, state, state & ~FutexEventLayout.SET)) {
                return true;
            }
        }
        return false;
    }

    /** Takes one of an auto-reset event's releases, if there is one: only for waiters that were woken, and setters. */
    private boolean takeRelease() {
        for (int race = 0; race < MOST_RACES; race++) {
            int releases = (int) INT.getVolatile(memory, FutexEventLayout.RELEASES);
            if (releases <= 0) {
                return false;
            }
            if (AtomicWords.compareAndSet(memory, FutexEventLayout.RELEASES, releases, releases - 1)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes all waiters look at the world again; those too that are about to sleep, if it can. The kernel raises the count
     * here: where the memory has vanished, its call fails, but an access would be an error of this thread, which is another
     * one's that interrupts.
     */
    private void lookUp() {
        if (writable) {
            long state = address + FutexEventLayout.STATE;
            LibC.syscall(LibC.SYS_FUTEX, state, LibC.FUTEX_WAKE_OP, Integer.MAX_VALUE, 0, state, ADD_LOOK_UP);
        } else {
            wake(Integer.MAX_VALUE);
        }
    }

    /** How many it woke: those who slept, and only those. */
    private long wake(int waiters) {
        return LibC.syscall(LibC.SYS_FUTEX, address + FutexEventLayout.STATE, LibC.FUTEX_WAKE, waiters, 0, 0, 0);
    }

    private static ByteBuffer newTimespec() {
        ByteBuffer timespec = ByteBuffer.allocateDirect(OWN_ADDRESS + Long.BYTES).order(ByteOrder.nativeOrder());
        return timespec.putLong(OWN_ADDRESS, Pointer.nativeValue(Native.getDirectBufferPointer(timespec)));
    }

    /** Sleeps until woken, then true; or until the deadline, or not at all if the state is another by now. */
    private boolean sleep(int state, long deadline) {
        long longest = writable ? LONGEST_SLEEP_NANOS : LONGEST_READING_SLEEP_NANOS;
        long nanos = Math.min(Deadline.remainingNanos(deadline), longest);
        ByteBuffer timespec = TIMESPEC.get();
        timespec.putLong(0, nanos / NANOS_PER_SECOND).putLong(Long.BYTES, nanos % NANOS_PER_SECOND);
        return LibC.syscall(
                        LibC.SYS_FUTEX,
                        address + FutexEventLayout.STATE,
                        LibC.FUTEX_WAIT,
                        state,
                        timespec.getLong(OWN_ADDRESS),
                        0,
                        0)
                == 0;
    }
}
