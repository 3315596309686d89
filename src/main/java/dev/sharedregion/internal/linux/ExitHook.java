package dev.sharedregion.internal.linux;

import dev.sharedregion.internal.jvm.NeutralThread;
import java.util.HashSet;
import java.util.Set;

/**
 * The objects of the library that this process uses. An orderly exit must remove their names even if they were not
 * closed. When the exit has reached this hook, the process no longer counts as a user of any object. An object that
 * another thread creates after that gets no name, because nothing would remove it.
 */
final class ExitHook {
    /** Guarded by the class. */
    private static final Set<Runnable> LEAVING = new HashSet<>();

    /** Registered only while something is in use: a registered hook keeps the library's class loader. */
    private static final Thread HOOK = NeutralThread.of(ExitHook::leaveAll, "sharedregion-exit");

    private static boolean exiting;

    private ExitHook() {}

    /** Notes that an object is in use, and how to leave it. Returns false if the exit has begun. */
    static synchronized boolean add(Runnable leave) {
        if (exiting) {
            return false;
        }
        try {
            LEAVING.add(leave);
            if (LEAVING.size() == 1) {
                Runtime.getRuntime().addShutdownHook(HOOK);
            }
        } catch (IllegalStateException e) {
            LEAVING.remove(leave);
            exiting = true;
        } catch (RuntimeException | Error e) {
            LEAVING.remove(leave);
            throw e;
        }
        return !exiting;
    }

    static synchronized void remove(Runnable leave) {
        if (LEAVING.remove(leave) && LEAVING.isEmpty() && !exiting) {
            try {
                Runtime.getRuntime().removeShutdownHook(HOOK);
            } catch (IllegalStateException e) {
                // The exit has begun, and the hook is about to run.
            }
        }
    }

    /** Other threads may still be using the memory and the descriptors, so the system frees these. */
    private static synchronized void leaveAll() {
        exiting = true;
        LEAVING.forEach(Runnable::run);
    }
}
