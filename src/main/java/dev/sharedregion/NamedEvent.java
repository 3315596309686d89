package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.SafetyNet;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Trust;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A named event, by which threads of several processes wait for one another: Win32's event on both systems.
 *
 * <p>{@link #set()} on an auto-reset event lets exactly one waiter go; if none waits, the event stays set for the next.
 * On a manual-reset event it lets all waiters go, and all that come, until it is {@linkplain #reset() reset}. Those who
 * wait when it is set are let go whatever is called next, a reset or another set. (On both systems a waiter can miss a set
 * that is reset at once if the system has it awake for another reason at that instant, such as an interrupt.) An event that
 * stays set remembers that, not how often: setting it twice while nobody waits is the same as once.
 *
 * <p>Names and lifetime are those of {@link SharedRegion}, and so is the namespace: a region and an event cannot have the
 * same name. What is written to shared memory before {@link #set()} is seen after the wait that it ends.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. {@link #close()} ends the waits that are under
 * way, and every use after it, {@link #close()}, {@link #name()} and {@code toString()} apart, with
 * {@link IllegalStateException}.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/sync/event-objects">Event Objects (Win32)</a>
 */
public final class NamedEvent implements AutoCloseable {
    private final String name;
    private final String what;
    private final EventHandle handle;
    private final EventAccess access;
    private final Cleaner.Cleanable cleanable;

    private NamedEvent(ObjectName name, EventHandle handle, EventAccess access) {
        this.name = name.toString();
        this.what = name.event();
        this.handle = handle;
        this.access = access;
        this.cleanable = SafetyNet.CLEANER.register(this, handle::close);
    }

    /**
     * Creates an auto-reset event, initially unset.
     *
     * @param name its name
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if there is one of this name, {@code WRONG_KIND} if the name
     *     belongs to another kind of object, {@code ACCESS_DENIED} if the system forbids it
     */
    public static NamedEvent create(String name) {
        StackSpace.require();
        return create(name, EventOptions.autoReset());
    }

    /**
     * Creates an event.
     *
     * @param name its name
     * @param options how it resets, and whether it is set at first
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #create(String)}
     */
    public static NamedEvent create(String name, EventOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        ObjectName checked = ObjectName.of(name);
        return of(checked, EventAccess.FULL, () -> ThisSystem.get().createEvent(checked, options.request()));
    }

    /**
     * Opens an existing event, to wait, set and reset.
     *
     * @param name its name
     * @return the event
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is none, {@code WRONG_KIND} if the name belongs to another
     *     kind of object, {@code ACCESS_DENIED} if its owner does not grant the access
     */
    public static NamedEvent open(String name) {
        return open(name, EventAccess.FULL);
    }

    /**
     * Opens an existing event.
     *
     * @param name its name
     * @param access what this process may do with it
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

    private static NamedEvent of(ObjectName name, EventAccess access, Supplier<EventHandle> open) {
        EventHandle handle = SharedMemoryException.translating(open);
        try {
            return new NamedEvent(name, handle, access);
        } catch (RuntimeException | Error e) {
            handle.close();
            throw e;
        }
    }

    /**
     * Opens an existing event, to wait, set and reset, and waits for it to come into being if it is not there yet.
     *
     * @param name its name
     * @param timeout how long to wait; {@link Duration#ZERO} tries once
     * @return the event
     * @throws InterruptedException if the thread is interrupted before the event is open
     * @throws IllegalArgumentException if the name is not valid or the timeout negative
     * @throws SharedMemoryException as {@link #open(String)}; {@code NOT_FOUND} only when the time has passed
     */
    public static NamedEvent open(String name, Duration timeout) throws InterruptedException {
        return open(name, timeout, EventAccess.FULL);
    }

    /**
     * Opens an existing event, and waits for it to come into being if it is not there yet.
     *
     * @param name its name
     * @param timeout how long to wait; {@link Duration#ZERO} tries once
     * @param access what this process may do with it
     * @return the event
     * @throws InterruptedException if the thread is interrupted before the event is open
     * @throws IllegalArgumentException if the name is not valid or the timeout negative
     * @throws SharedMemoryException as {@link #open(String)}; {@code NOT_FOUND} only when the time has passed
     */
    public static NamedEvent open(String name, Duration timeout, EventAccess access) throws InterruptedException {
        StackSpace.require();
        return Waiting.untilFound(timeout, () -> open(name, access));
    }

    /**
     * Sets the event, and so lets one waiter go, or all if it is a manual-reset event.
     *
     * @throws IllegalStateException if the event is closed here
     * @throws UnsupportedOperationException if it was opened to wait only
     * @throws SharedMemoryException if the system refuses
     */
    public void set() {
        change(true);
    }

    /**
     * Unsets the event.
     *
     * @throws IllegalStateException if the event is closed here
     * @throws UnsupportedOperationException if it was opened to wait only
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
                throw new UnsupportedOperationException("The " + what + " is open WAIT_ONLY. Open it with FULL access.");
            }
            if (set) {
                handle.set();
            } else {
                handle.reset();
            }
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            leave();
        }
    }

    /**
     * Waits until the event is set.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile; no signal is taken then
     * @throws IllegalStateException if the event is closed here, before or meanwhile
     */
    public void await() throws InterruptedException {
        await(Deadline.never());
    }

    /**
     * Waits until the event is set, but no longer than this.
     *
     * @param timeout how long; {@link Duration#ZERO} looks without waiting; more than 146 years are cut to that
     * @return true if it was set, false if the time passed before
     * @throws InterruptedException if the thread is interrupted before or meanwhile; no signal is taken then
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if the event is closed here, before or meanwhile
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return await(Deadline.after(timeout));
    }

    private boolean await(long deadline) throws InterruptedException {
        StackSpace.require();
        enter();
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            boolean set = handle.await(deadline, null);
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
     * The name, as it was given.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** Gives the event back: its name is free once its last user did. Harmless when called again. */
    @Override
    public void close() {
        StackSpace.require();
        // Not by the cleaner alone: of two threads that close, its second returns before the first has begun.
        try {
            handle.close();
        } finally {
            cleanable.clean();
        }
    }

    /** What it is; for messages. */
    @Override
    public String toString() {
        return what + (handle.isClosed() ? " (closed)" : "");
    }

    void checkOpen() {
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
        return new IllegalStateException("The " + what + " is closed.");
    }
}
