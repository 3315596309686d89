package dev.sharedregion.internal.linux;

import dev.sharedregion.internal.os.Registration;

/** A sleep on an event's state word, while it has one value. */
final class FutexRegistration extends Registration {
    final FutexWord word;

    /** The value at which to sleep. */
    final int value;

    /** Set by the waiter thread, before the registration is done. */
    private boolean slept = true;

    FutexRegistration(FutexWord word, int value, long deadline) {
        super(deadline);
        this.word = word;
        this.value = value;
    }

    /**
     * Returns true if the wait has to look: the word has changed, or a set may have woken this sleep. The word need not
     * have changed then: a set changes it before it wakes, and this sleep may have begun between the two. But the set
     * has left a release.
     *
     * @param slept false if the kernel has woken the thread for none of its waits
     */
    boolean isToLook(boolean slept) {
        this.slept = slept;
        return word.isOther(value) || slept && word.hasReleases();
    }

    /** Whether a set may have woken this sleep, and have left a release for it. Once it is done. */
    boolean mayHaveBeenWoken() {
        return isWoken() && slept;
    }
}
