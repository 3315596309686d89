package dev.sharedregion.internal.linux;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.os.Registration;
import java.nio.ByteBuffer;

/** A sleep on an event's state word, while it has one value. */
final class FutexRegistration extends Registration {
    /** The word's address. */
    final long address;

    /** The value at which to sleep. */
    final int value;

    /** Whether this process can change the word. */
    final boolean writable;

    private final ByteBuffer memory;

    /** Set by the waiter thread, before the registration is done. */
    private boolean slept = true;

    FutexRegistration(ByteBuffer memory, long event, int value, boolean writable, long deadline) {
        super(deadline);
        this.memory = memory;
        this.address = event + FutexEventLayout.STATE;
        this.value = value;
        this.writable = writable;
    }

    /**
     * Returns true if the word has another value. A set changes the word before it wakes, so a wait that was woken
     * sees this.
     *
     * @param slept false if the kernel has woken the thread for none of its waits
     */
    boolean hasChanged(boolean slept) {
        this.slept = slept;
        return AtomicWords.get(memory, FutexEventLayout.STATE) != value;
    }

    /** Whether a set may have woken this sleep, and have left a release for it. Once it is done. */
    boolean mayHaveBeenWoken() {
        return isWoken() && slept;
    }
}
