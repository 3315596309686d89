package dev.sharedregion.internal.linux;

import dev.sharedregion.internal.jvm.AtomicWords;
import java.nio.ByteBuffer;

/**
 * An event's state word, for the threads that sleep on it.
 *
 * @param memory the event
 * @param address the word's address
 * @param manualReset whether it is a manual-reset event
 * @param writable whether this process can change the event
 */
record FutexWord(ByteBuffer memory, long address, boolean manualReset, boolean writable) {
    boolean isOther(int value) {
        return AtomicWords.get(memory, FutexEventLayout.STATE) != value;
    }

    /** Whether a sleeping waiter was released and has not taken note of it yet. */
    boolean hasReleases() {
        return !manualReset && AtomicWords.get(memory, FutexEventLayout.RELEASES) > 0;
    }

    /** Makes all waiters check their state. */
    void lookUp() {
        Futex.lookUp(address, writable);
    }
}
