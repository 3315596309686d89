package dev.sharedregion.internal.linux;

import dev.sharedregion.internal.jvm.NeutralThread;
import java.util.HashSet;
import java.util.Set;

/**
 * The objects of the library that this process uses. An orderly exit must remove their names even if they were not
 * closed. When the exit has reached this hook, the process no longer counts as a user of any object. An object that
 * another thread creates after that gets no name, because nothing would remove it.
 */
public final class ExitHook {
    /** Guarded by the class. */
    private static final Set<ShmObject> IN_USE = new HashSet<>();

    /** Registered only while something is in use: a registered hook keeps the library's class loader. */
    private static final Thread HOOK = NeutralThread.of(ExitHook::leaveAll, "sharedregion-exit");

    private static boolean exiting;

    private ExitHook() {}

    /** Notes that an object is in use. Returns false if the exit has begun. */
    public static synchronized boolean add(ShmObject object) {
        if (exiting) {
            return false;
        }
        try {
            IN_USE.add(object);
            if (IN_USE.size() == 1) {
                Runtime.getRuntime().addShutdownHook(HOOK);
            }
        } catch (IllegalStateException e) {
            IN_USE.remove(object);
            exiting = true;
        } catch (RuntimeException | Error e) {
            IN_USE.remove(object);
            throw e;
        }
        return !exiting;
    }

    public static synchronized void remove(ShmObject object) {
        if (IN_USE.remove(object) && IN_USE.isEmpty() && !exiting) {
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
        IN_USE.forEach(ShmObject::leave);
    }
}
