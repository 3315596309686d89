package dev.sharedregion.internal.linux;

/** The wakes of a word that several processes sleep on. */
final class Futex {
    /** {@code FUTEX_OP}: adds a look-up to the word, with the comparison left at 0. */
    private static final int ADD_LOOK_UP = LibC.FUTEX_OP_ADD << 28 | FutexEventLayout.LOOK_UP << 12;

    private Futex() {}

    /** Returns how many sleeps it ended. */
    static long wake(long word, int sleepers) {
        return LibC.syscall(LibC.SYS_FUTEX, word, LibC.FUTEX_WAKE, sleepers, 0, 0, 0);
    }

    /**
     * Makes all waiters of an event check their state, including those that are about to sleep, if this process can
     * write. The kernel raises the count here: if the memory has vanished, the kernel's call fails, while an access
     * would throw an error in this thread, which only interrupts another one.
     *
     * @param state the address of the event's state word
     */
    static void lookUp(long state, boolean writable) {
        if (writable) {
            LibC.syscall(LibC.SYS_FUTEX, state, LibC.FUTEX_WAKE_OP, Integer.MAX_VALUE, 0, state, ADD_LOOK_UP);
        } else {
            wake(state, Integer.MAX_VALUE);
        }
    }
}
