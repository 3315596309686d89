package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.InterruptHook;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.jvm.VirtualThreads;
import dev.sharedregion.internal.linux.ShmObject.Content;
import dev.sharedregion.internal.linux.ShmObject.Kind;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.EventState;
import dev.sharedregion.internal.os.EventWait;
import dev.sharedregion.internal.os.EventWaits;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.ProcessEnd;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.Registration;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.Trust;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An event with the behaviour of Win32 on a futex in shared memory. {@code src/docs/linux-objects.md} describes the
 * protocol. A set releases the threads that sleep on the futex, and the kernel counts them. Only if there are none,
 * the set leaves the signal, bit 0 of the state word. A waiter sleeps only while the word is the same as when it found
 * nothing to take. Everything that a waiter may wait for changes the word, so no wake-up is lost.
 */
public final class FutexEvent extends EventHandle {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /**
     * The longest delay of an interrupt or a close for a process that cannot write to the event, if it came just
     * before the thread fell asleep.
     */
    private static final long LONGEST_READING_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * A thread that sleeps on memory that has vanished cannot be woken. It finds this out when it looks again after
     * this time.
     */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How often others may be faster in taking something before it counts as taken: more than the number of users. */
    private static final int MOST_RACES = 100_000;

    /** The position in a {@link #TIMESPEC} of its own address, after the two fields of the structure. */
    private static final int OWN_ADDRESS = 2 * Long.BYTES;

    /**
     * A {@code struct timespec} for each thread that waits. It is an object of a JDK class: an application's thread
     * keeps the buffer, and must not keep the library's class loader with it.
     */
    private static final ThreadLocal<ByteBuffer> TIMESPEC = ThreadLocal.withInitial(FutexEvent::newTimespec);

    private final ShmObject object;
    private final long address;
    private final ByteBuffer memory;
    private final boolean manualReset;

    /** Only for a manual-reset event. A process that cannot write to it cannot reliably wake a sleeping thread. */
    private final boolean writable;

    /** For the waits in steps. */
    private final FutexWord word;

    private final AtomicBoolean nudged = new AtomicBoolean();

    private final InterruptHook onInterrupt = onInterrupt(this::cancelWaits);

    static FutexEvent create(ObjectName name, EventRequest event) {
        byte[] start = ByteBuffer.allocate(FutexEventLayout.SIZE)
                .order(ByteOrder.nativeOrder())
                .put(FutexEventLayout.MAGIC, FutexEventLayout.MAGIC_VALUE)
                .putInt(FutexEventLayout.VERSION, FutexEventLayout.VERSION_VALUE)
                .putInt(FutexEventLayout.FLAGS, event.manualReset() ? FutexEventLayout.MANUAL_RESET : 0)
                .putInt(FutexEventLayout.STATE, event.initiallySet() ? FutexEventLayout.SET : 0)
                .array();
        // A process that can read an auto-reset event can sleep on it, and can be the one that a set wakes.
        Rights rights = event.manualReset() ? event.rights() : event.rights().withoutReaders();
        Content content = new Content(FutexEventLayout.SIZE, true, start);
        try (ScopeGuard<ShmObject> guard = new ScopeGuard<>(ShmObject::close)) {
            int mode = rights.mode() | ShmObject.marks(Kind.EVENT);
            ShmObject object = guard.hold(ShmObject.create(name, Kind.EVENT, content, mode));
            return guard.dismiss(new FutexEvent(object, true, true));
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
                throw object.notAnEvent();
            }
            return guard.dismiss(new FutexEvent(object, writable, false));
        }
    }

    /** Opens a manual-reset event without becoming a user of it. The constructor refuses an auto-reset one. */
    static FutexEvent watch(ObjectName name) {
        try (ScopeGuard<ShmObject> guard = new ScopeGuard<>(ShmObject::close)) {
            ShmObject object = guard.hold(ShmObject.watch(name, new Operation("open", name.event())));
            if (object.kind() != Kind.EVENT) {
                throw object.notAnEvent();
            }
            return guard.dismiss(new FutexEvent(object, false, false));
        }
    }

    /** Reads the state of an event, without opening it as an event. */
    static EventState inspect(ObjectName name) {
        try (ShmObject object = ShmObject.inspect(name, new Operation("open", name.event()))) {
            if (object.kind() != Kind.EVENT) {
                throw object.notAnEvent();
            }
            ByteBuffer content = ByteBuffer.allocate(FutexEventLayout.SIZE).order(ByteOrder.nativeOrder());
            object.read(content.array());
            return new EventState(
                    (content.getInt(FutexEventLayout.FLAGS) & FutexEventLayout.MANUAL_RESET) != 0,
                    (content.getInt(FutexEventLayout.STATE) & FutexEventLayout.SET) != 0);
        }
    }

    /** Maps an event, and takes ownership of its object if that succeeds. */
    private FutexEvent(ShmObject object, boolean writable, boolean created) {
        super(created);
        this.object = object;
        this.writable = writable;
        Operation operation = object.operation;
        Protection protection = writable ? Protection.READ_WRITE : Protection.READ_ONLY;
        address = MmapMapping.map(object.fd, 0, FutexEventLayout.SIZE, protection, operation);
        try {
            memory = new Pointer(address).getByteBuffer(0, FutexEventLayout.SIZE);
            manualReset = (memory.getInt(FutexEventLayout.FLAGS) & FutexEventLayout.MANUAL_RESET) != 0;
            word = new FutexWord(memory, address + FutexEventLayout.STATE, manualReset, writable);
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
            String why = "this user may not write to it, and a wait for an auto-reset event writes to the event. Have "
                    + "its creator allow that with Permissions.everyone(), or make it a manual-reset event.";
            throw operation.failure(Reason.ACCESS_DENIED, why, ErrNo.EACCES, "EACCES");
        }
    }

    @Override
    public String state() {
        return (manualReset ? "manual-reset, " : "auto-reset, ") + (isSet() ? "set" : "not set");
    }

    @Override
    public boolean isKnownToResetManually() {
        return manualReset;
    }

    @Override
    public void set() {
        AtomicWords.getAndAdd(memory, FutexEventLayout.RELEASES, 1);
        // The counts come before the signal: a thread that fell asleep before, or is about to, sees that they have
        // changed, even if a reset follows.
        AtomicWords.getAndAdd(memory, FutexEventLayout.STATE, FutexEventLayout.LOOK_UP);
        // An auto-reset event gets the signal only if no thread slept, and no thread that was just woken took the
        // release. The signal stays for the next thread, which may have begun to wait just now.
        if (manualReset || wake(1) <= 0 && take(FutexEventLayout.RELEASES)) {
            AtomicWords.getAndBitwiseOr(memory, FutexEventLayout.STATE, FutexEventLayout.SET);
            wake(manualReset ? Integer.MAX_VALUE : 1);
        }
    }

    @Override
    public void reset() {
        AtomicWords.getAndBitwiseAnd(memory, FutexEventLayout.STATE, ~FutexEventLayout.SET);
    }

    @Override
    public boolean await(long deadline, ProcessEnd process) throws InterruptedException {
        if (VirtualThreads.isCurrent()) {
            return EventWaits.await(this, newWait(process), deadline);
        }
        int releasesBefore = word(FutexEventLayout.RELEASES);
        boolean woken = false;
        onInterrupt.enter();
        try {
            while (true) {
                int state = word(FutexEventLayout.STATE);
                // First, because a waiter that was woken to take something and leaves without it would keep it from
                // others.
                if (manualReset ? isSetSince(releasesBefore) : woken && takeWokenRelease() || poll()) {
                    return true;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (isCancelled() || nudged.getAndSet(false) || Deadline.hasPassed(deadline)) {
                    return false;
                }
                // Never on a word that has the signal: the signal may have been set again since the last look.
                woken = sleep(state & ~FutexEventLayout.SET, deadline);
            }
        } finally {
            onInterrupt.leave();
        }
    }

    @Override
    protected EventWait newWait(ProcessEnd process) {
        return new Wait();
    }

    @Override
    public boolean poll() {
        return take(FutexEventLayout.STATE);
    }

    @Override
    public void nudge() {
        nudged.set(true);
        onInterrupt.wakeup();
    }

    @Override
    public void clear() {
        INT.setVolatile(memory, FutexEventLayout.RELEASES, 0);
        reset();
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
        return isSet() || word(FutexEventLayout.RELEASES) != releasesBefore;
    }

    /**
     * Takes a release as a waiter. If the waiter was woken for the signal instead, another waiter is woken in its
     * place.
     */
    private boolean takeWokenRelease() {
        boolean taken = take(FutexEventLayout.RELEASES);
        if (taken && isSet()) {
            wake(1);
        }
        return taken;
    }

    /**
     * Takes what an auto-reset event has to take, if there is something: the signal of the state, or one of the
     * releases, which are only for waiters that were woken, and for setters.
     */
    private boolean take(int place) {
        for (int race = 0; race < MOST_RACES; race++) {
            int word = word(place);
            if (place == FutexEventLayout.STATE ? (word & FutexEventLayout.SET) == 0 : word <= 0) {
                return false;
            }
            // The signal is bit 0 of the state, so that it goes in the same way as a release.
            if (AtomicWords.compareAndSet(memory, place, word, word - 1)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSet() {
        return (word(FutexEventLayout.STATE) & FutexEventLayout.SET) != 0;
    }

    private int word(int place) {
        return (int) INT.getVolatile(memory, place);
    }

    @Override
    public void cancelWaits() {
        word.lookUp();
    }

    /** Returns how many threads it woke. It wakes only threads that slept. */
    private long wake(int waiters) {
        return Futex.wake(address + FutexEventLayout.STATE, waiters);
    }

    private static ByteBuffer newTimespec() {
        ByteBuffer timespec = ByteBuffer.allocateDirect(OWN_ADDRESS + Long.BYTES).order(ByteOrder.nativeOrder());
        return timespec.putLong(OWN_ADDRESS, Pointer.nativeValue(Native.getDirectBufferPointer(timespec)));
    }

    /**
     * Sleeps until woken, and then returns true. Returns false at the deadline, or at once if the state has changed.
     */
    private boolean sleep(int state, long deadline) {
        long longest = writable ? LONGEST_SLEEP_NANOS : LONGEST_READING_SLEEP_NANOS;
        long nanos = Math.min(Deadline.remainingNanos(deadline), longest);
        ByteBuffer timespec = TIMESPEC.get();
        timespec.putLong(0, nanos / NANOS_PER_SECOND).putLong(Long.BYTES, nanos % NANOS_PER_SECOND);
        long word = address + FutexEventLayout.STATE;
        return LibC.syscall(LibC.SYS_FUTEX, word, LibC.FUTEX_WAIT, state, timespec.getLong(OWN_ADDRESS), 0, 0) == 0;
    }

    /** The same wait in steps. */
    private final class Wait extends EventWait {
        private final int releasesBefore = word(FutexEventLayout.RELEASES);

        /** The state at the last look. */
        private int seen;

        Wait() {
            super(FutexWaiters.get());
        }

        @Override
        protected boolean takeNow(Registration ended) {
            seen = AtomicWords.get(memory, FutexEventLayout.STATE);
            return manualReset
                    ? isSetSince(releasesBefore)
                    : mayHaveRelease(ended) && takeWokenRelease() || poll();
        }

        /** Whether a set may have counted the wait as a sleeping one. */
        private boolean mayHaveRelease(Registration ended) {
            return ended != null && ((FutexRegistration) ended).mayHaveBeenWoken();
        }

        @Override
        protected Registration newRegistration(long deadline) {
            // Never on a word that has the signal, as above.
            return new FutexRegistration(word, seen & ~FutexEventLayout.SET, deadline);
        }

        /** What the wait was woken for is for another waiter, or for the next one. */
        @Override
        protected void giveBack(Registration ended) {
            if (manualReset || !mayHaveRelease(ended)) {
                return;
            }
            if (FutexEvent.this.take(FutexEventLayout.RELEASES)) {
                set();
            } else if ((AtomicWords.get(memory, FutexEventLayout.STATE) & FutexEventLayout.SET) != 0) {
                wake(1);
            }
        }

        @Override
        public boolean isOver() {
            return nudged.getAndSet(false);
        }
    }
}
