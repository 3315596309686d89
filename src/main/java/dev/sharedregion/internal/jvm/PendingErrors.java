package dev.sharedregion.internal.jvm;

/**
 * Makes HotSpot throw, here and now, the {@link InternalError} that it owes this thread for an access to memory that
 * has vanished. JDK 17 only notes the fault, and throws the error at the thread's next call into the VM that can throw:
 * a read through a pointer may return anything, and the error may come in code that has nothing to do with it.
 *
 * <p>An allocation is such a call, if the compiler does not make it itself. It makes those of arrays, but not those of
 * arrays of several dimensions with more than six parts. (Of other calls, {@code Thread.yield()} and a sleep do it,
 * too. They are system calls. Calls of native methods, exceptions, locks and reflection do not.) This takes some 100
 * nanoseconds. JDK 25 throws the error at once.
 */
public final class PendingErrors {
    private static final int TOO_MANY_FOR_THE_COMPILER = 7;

    private PendingErrors() {}

    /** Throws the error, if there is one. */
    public static void rethrow() {
        byte[][] made = new byte[TOO_MANY_FOR_THE_COMPILER][0];
    }

    /** As {@link #rethrow}, for calls that succeed with a full heap. The error may then be lost. */
    public static void rethrowIfMemory() {
        try {
            rethrow();
        } catch (OutOfMemoryError e) {
            // The caller needs no memory.
        }
    }
}
