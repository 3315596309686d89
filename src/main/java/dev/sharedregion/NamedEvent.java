package dev.sharedregion;

import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventWaits;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Trust;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A named event on which threads of several processes wait. It behaves as a Win32 event on both systems.
 *
 * <p><b>Auto-reset and manual-reset.</b> {@link #set()} on an auto-reset event releases exactly one waiting thread. If
 * no thread waits, the event stays set until the next wait. {@link #set()} on a manual-reset event releases all waiting
 * threads, and all later waits return at once until the event is {@linkplain #reset() reset}. A thread that is waiting
 * when the event is set is released, even if a reset or a second set follows at once. There is one exception, on both
 * systems: if the system has woken the thread for another reason at that instant, such as an interrupt, the thread can
 * miss a set that is followed at once by a reset. This exception applies more often to a wait of a virtual thread and
 * to {@link #awaitAny}: a thread of the library sleeps for such waits, and is awake for an instant whenever one of them
 * begins or ends. A set that comes at such an instant stays until the wait looks at the event. A reset before that
 * removes it, and a second set has no further effect. If several sets must release several waits, wait for an answer
 * between them. An event does not count: setting it twice while no thread waits has the same effect as setting it once.
 *
 * <p><b>Names, lifetime and memory.</b> Names and lifetime are as described in {@link SharedRegion}. Regions and
 * events share one namespace: a region and an event cannot have the same name. What a thread writes to shared memory
 * before {@link #set()} is visible to the thread whose wait this ends.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. A wait of a virtual thread does not hold its
 * carrier: the virtual thread parks, and one platform thread of the library, a daemon, sleeps in the system for many of
 * them. (Linux: for up to 127 waits, by {@code futex_waitv}. Before Linux 5.16, and in containers that forbid this
 * call, each such wait has a thread of its own. Windows: for up to 63.) {@link #close()} ends the waits of other
 * threads with {@link IllegalStateException}. After it, every method except {@link #close()}, {@link #name()},
 * {@link #created()} and {@code toString()} throws {@link IllegalStateException}.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/sync/event-objects">Event Objects (Win32)</a>
 */
public final class NamedEvent implements AutoCloseable {
    private final ObjectName name;
    private final EventHandle handle;
    private final EventAccess access;
    private final Closer closer;

    private NamedEvent(ObjectName name, EventHandle handle, EventAccess access) {
        this.name = name;
        this.handle = handle;
        this.access = access;
        this.closer = new Closer(this, handle::close);
    }

    /**
     * Creates an auto-reset event that is not set.
     *
     * @param name the name of the event
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if an event of this name exists; {@code WRONG_KIND} if the
     *     name belongs to another kind of object; {@code ACCESS_DENIED} if the system refuses
     */
    public static NamedEvent create(String name) {
        StackSpace.require();
        return create(name, EventOptions.autoReset());
    }

    /**
     * Creates an event.
     *
     * @param name the name of the event
     * @param options the kind of event, its initial state and its permissions
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #create(String)}
     */
    public static NamedEvent create(String name, EventOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        ObjectName checked = ObjectName.of(name);
        return of(checked, EventAccess.FULL, () -> ThisSystem.get().createEvent(checked, options.request));
    }

    /**
     * Opens an existing event with {@link EventAccess#FULL}: to wait for it, set it and reset it.
     *
     * @param name the name of the event
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if no event has this name; {@code WRONG_KIND} if the name
     *     belongs to another kind of object; {@code ACCESS_DENIED} if the event's permissions do not grant the access
     */
    public static NamedEvent open(String name) {
        StackSpace.require();
        return open(name, EventAccess.FULL);
    }

    /**
     * Opens an existing event.
     *
     * @param name the name of the event
     * @param access what this process may do with the event
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #open(String)}
     */
    public static NamedEvent open(String name, EventAccess access) {
        StackSpace.require();
        Objects.requireNonNull(access, "access");
        ObjectName checked = ObjectName.of(name);
        boolean waitOnly = access == EventAccess.WAIT_ONLY;
        return of(checked, access, () -> ThisSystem.get().openEvent(checked, waitOnly, Trust.ANYONE));
    }

    /**
     * Opens the event of this name with {@link EventAccess#FULL}, or creates an auto-reset event that is not set.
     * {@link #created()} tells which.
     *
     * @param name the name of the event
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #openOrCreate(String, EventOptions)}
     */
    public static NamedEvent openOrCreate(String name) {
        StackSpace.require();
        return openOrCreate(name, EventOptions.autoReset());
    }

    /**
     * Opens the event of this name with {@link EventAccess#FULL}, or creates it. {@link #created()} tells which. As
     * with Win32's {@code CreateEvent}, the options do not change an existing event: it may have another reset mode.
     *
     * @param name the name of the event
     * @param options the kind of a new event, its initial state and its permissions
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if an existing event belongs neither to this user nor to the
     *     system, unless the {@linkplain EventOptions#permissions permissions} in the options let other users in; on
     *     Linux also if it lets in more users than these permissions, or if its file has a second name; {@code
     *     WRONG_KIND} if the name belongs to another kind of object; {@code ACCESS_DENIED} if the system refuses
     */
    public static NamedEvent openOrCreate(String name, EventOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        ObjectName checked = ObjectName.of(name);
        return of(checked, EventAccess.FULL, () -> ThisSystem.get()
                .openOrCreateEvent(checked, options.request, new Trust(options.request.rights())));
    }

    private static NamedEvent of(ObjectName name, EventAccess access, Supplier<EventHandle> open) {
        return Opening.of(open, EventHandle::close, handle -> new NamedEvent(name, handle, access));
    }

    /**
     * Opens an existing event with {@link EventAccess#FULL}. If it does not exist yet, waits until another process
     * creates it.
     *
     * @param name the name of the event
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once
     * @return the event
     * @throws InterruptedException if the thread is interrupted before the event is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String)}; {@code NOT_FOUND} only after the timeout
     */
    public static NamedEvent open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, EventAccess.FULL);
    }

    /**
     * Opens an existing event. If it does not exist yet, waits until another process creates it.
     *
     * @param name the name of the event
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once
     * @param access what this process may do with the event
     * @return the event
     * @throws InterruptedException if the thread is interrupted before the event is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String)}; {@code NOT_FOUND} only after the timeout
     */
    public static NamedEvent open(String name, Duration timeout, EventAccess access) throws InterruptedException {
        StackSpace.require();
        return Opening.whenFound(timeout, () -> open(name, access));
    }

    /**
     * Sets the event. An auto-reset event releases one waiting thread, a manual-reset event releases all of them.
     *
     * @throws IllegalStateException if this object is closed
     * @throws UnsupportedOperationException if the event was opened with {@link EventAccess#WAIT_ONLY}
     * @throws SharedMemoryException if the system refuses
     */
    public void set() {
        change(true);
    }

    /**
     * Resets the event: it is no longer set.
     *
     * @throws IllegalStateException if this object is closed
     * @throws UnsupportedOperationException if the event was opened with {@link EventAccess#WAIT_ONLY}
     * @throws SharedMemoryException if the system refuses
     */
    public void reset() {
        change(false);
    }

    private void change(boolean set) {
        StackSpace.require();
        enter();
        try {
            if (access == EventAccess.WAIT_ONLY) {
                throw new UnsupportedOperationException(
                        "The " + name.event() + " is open WAIT_ONLY. Open it with FULL access.");
            }
            if (set) {
                handle.set();
            } else {
                handle.reset();
            }
            // Here, and not when this ends its use of the event.
            PendingErrors.rethrowIfMemory();
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            leave();
        }
    }

    /**
     * Waits until the event is set.
     *
     * @throws InterruptedException if the thread is interrupted before or during the wait; the event then keeps its
     *     signal
     * @throws IllegalStateException if this object is closed before or during the wait
     */
    public void await() throws InterruptedException {
        await(Deadline.never());
    }

    /**
     * Waits until the event is set or the timeout has passed.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} tests the event without waiting; a longer time
     *     than 146 years means 146 years
     * @return true if the event was set; false if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait; the event then keeps its
     *     signal
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if this object is closed before or during the wait
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return await(Deadline.after(timeout));
    }

    private boolean await(long deadline) throws InterruptedException {
        StackSpace.require();
        // What is owed for other memory must not cost the signal that the wait takes.
        PendingErrors.rethrowIfMemory();
        enter();
        try {
            Deadline.checkInterrupt();
            boolean set = handle.await(deadline, null);
            // Here, and not when this ends its use of the event.
            PendingErrors.rethrowIfMemory();
            if (!set && handle.isClosed()) {
                throw closed();
            }
            return set;
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            leave();
        }
    }

    /**
     * Waits as {@link #await()}, in a thread of its own: a virtual thread on JDK 21 and newer, a daemon thread on older
     * JDKs. A virtual thread costs little, and does not hold its carrier while it waits.
     *
     * <p>The future completes when the event was set. If the event is an auto-reset event, the future has taken its
     * signal. The future completes exceptionally with {@link IllegalStateException} if this object is closed. An
     * action that depends on the future runs in the waiting thread, unless the action has an {@code Async} form.
     *
     * <p>{@link CompletableFuture#cancel cancel} ends the wait, and loses no signal: either the wait was faster, and
     * the future completes normally and is not cancelled, or no signal was taken. {@code cancel} waits until this is
     * decided, which takes a moment. If the future is completed otherwise, for example by {@code orTimeout} or {@code
     * completeExceptionally}, the wait ends, too. A signal that the wait takes at that instant is given back by setting
     * the event again. On Windows this needs {@link EventAccess#FULL}: with {@link EventAccess#WAIT_ONLY} the signal is
     * lost. Windows: a manual-reset event that was opened and is reset at that instant can be set again.
     *
     * @return the future
     * @throws IllegalStateException if this object is closed
     */
    public CompletableFuture<Void> awaitAsync() {
        StackSpace.require();
        checkOpen();
        return AwaitFuture.start(new AwaitFuture.Wait() {
            @Override
            public void await() throws InterruptedException {
                NamedEvent.this.await();
            }

            @Override
            public void giveBack() {
                NamedEvent.this.giveBack();
            }
        });
    }

    /** Gives back the signal that a wait has taken, as far as the event's kind and this process's rights allow it. */
    private void giveBack() {
        if (handle.isKnownToResetManually() || !handle.enter()) {
            return;
        }
        try {
            handle.set();
        } catch (Failure e) {
            // The event was opened to wait only, and the signal is lost.
        } finally {
            leave();
        }
    }

    /**
     * Waits until one of several events is set or the timeout has passed. Only the event that is returned has lost its
     * signal, if it is an auto-reset event. If several events are set, any of them is returned: each call checks them
     * in another order, so that an event that is always set does not hide the others. The events may be of different
     * kinds and have different access. There may be thousands of them.
     *
     * <p>While a thread waits, signals of two events can come at the same instant. The signal that is not returned is
     * given back by setting its event again. On Windows this needs {@link EventAccess#FULL}: the signal of an
     * auto-reset event that is open with {@link EventAccess#WAIT_ONLY} is lost then. Windows: a manual-reset event that
     * was opened and is reset at that instant can be set again.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} tests the events without waiting; a longer time
     *     than 146 years means 146 years
     * @param events the events, at least one, each only once
     * @return the index of the event that was set; -1 if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait; the events then keep their
     *     signals
     * @throws IllegalArgumentException if the timeout is negative, if there are no events, or if an object is given
     *     twice
     * @throws IllegalStateException if one of the events is closed before or during the wait
     * @throws SharedMemoryException if the system refuses
     */
    public static int awaitAny(Duration timeout, NamedEvent... events) throws InterruptedException {
        StackSpace.require();
        long deadline = Deadline.after(timeout);
        NamedEvent[] checked = Objects.requireNonNull(events, "events").clone();
        checkAreDifferent(checked);
        int entered = 0;
        try {
            for (; entered < checked.length; entered++) {
                checked[entered].enter();
            }
            return awaitAny(deadline, checked);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            for (int i = 0; i < entered; i++) {
                checked[i].leave();
            }
        }
    }

    private static int awaitAny(long deadline, NamedEvent[] events) throws InterruptedException {
        Deadline.checkInterrupt();
        EventHandle[] handles = new EventHandle[events.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = events[i].handle;
        }
        int set = EventWaits.awaitAny(handles, deadline);
        for (int i = 0; set < 0 && i < events.length; i++) {
            events[i].checkOpen();
        }
        return set;
    }

    private static void checkAreDifferent(NamedEvent[] events) {
        if (events.length == 0) {
            throw new IllegalArgumentException("There are no events to wait for. Give at least one.");
        }
        Map<NamedEvent, Integer> indexes = new HashMap<>();
        for (int i = 0; i < events.length; i++) {
            Integer before = indexes.put(Objects.requireNonNull(events[i], "events[" + i + "]"), i);
            if (before != null) {
                throw new IllegalArgumentException(
                        "The " + events[i].name.event() + " is given twice, as events[" + before + "] and events[" + i
                                + "]. Give each object once.");
            }
        }
    }

    /**
     * Returns the name, exactly as it was given.
     *
     * @return the name
     */
    public String name() {
        return name.toString();
    }

    /**
     * Returns true if this call created the event, false if it opened an existing one. Works after close, too.
     *
     * @return true after {@code create}, false after {@code open}, and after {@code openOrCreate} what happened
     */
    public boolean created() {
        return handle.created;
    }

    /**
     * Closes the event. Its name is free again when its last user has closed it or has ended. Further calls do
     * nothing. If this object becomes unreachable without being closed, the garbage collector closes it.
     */
    @Override
    public void close() {
        closer.close();
    }

    /**
     * Returns the name, the reset mode, and whether the event is set, for messages. Windows: the reset mode only if
     * this call created the event, and never whether the event is set, because a look at an auto-reset event takes its
     * signal.
     */
    @Override
    public String toString() {
        StackSpace.require();
        if (!handle.enter()) {
            return name.event() + " (closed)";
        }
        try {
            String state = handle.state();
            // Here, and not when this ends its use of the event.
            PendingErrors.rethrowIfMemory();
            return name.event() + (state.isEmpty() ? "" : " (" + state + ")");
        } finally {
            leave();
        }
    }

    private void checkOpen() {
        if (handle.isClosed()) {
            throw closed();
        }
    }

    private void enter() {
        if (!handle.enter()) {
            throw closed();
        }
    }

    private void leave() {
        handle.leave();
        // The cleaner must not take an event for dropped while its last method runs.
        Reference.reachabilityFence(this);
    }

    private IllegalStateException closed() {
        return new IllegalStateException("The " + name.event() + " is closed.");
    }
}
