package dev.sharedregion.internal.jvm;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Creates threads that keep no reference to anything of the creating thread. The creating thread may belong to an
 * application that a server will unload while the library stays loaded.
 */
public final class NeutralThread {
    private NeutralThread() {}

    /** A thread in the topmost group, without a context class loader, which has not been started. */
    public static Thread of(Runnable work, String name) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread thread = withoutCallersContext(group, work, name);
        thread.setContextClassLoader(null);
        return thread;
    }

    /** Before JDK 24 a thread inherits the access control context, which has the class loader of each caller. */
    @SuppressWarnings("removal")
    private static Thread withoutCallersContext(ThreadGroup group, Runnable work, String name) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> new Thread(group, work, name, 0, false));
    }
}
