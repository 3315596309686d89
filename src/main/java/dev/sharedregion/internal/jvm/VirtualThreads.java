package dev.sharedregion.internal.jvm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;

/** Virtual threads, which JDK 21 and newer have. The library is compiled for JDK 17, which has no methods for them. */
public final class VirtualThreads {
    private static final int FIRST_JDK = 21;

    /** {@code Thread.isVirtual}; a constant, so that the compiler inlines it. */
    private static final MethodHandle IS_VIRTUAL = isVirtualHandle();

    private VirtualThreads() {}

    /** Returns true if the current thread is virtual: a call that blocks in the system would hold its carrier. */
    public static boolean isCurrent() {
        try {
            return (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Starts a thread for one wait: a virtual one if the JDK has them, otherwise a daemon. The thread keeps no
     * reference to anything of the creating thread.
     */
    public static Thread start(Runnable work, String name) {
        ThreadFactory factory = Factory.VIRTUAL;
        Thread thread = factory == null ? NeutralThread.of(work, name) : factory.newThread(work);
        if (factory == null) {
            thread.setDaemon(true);
        } else {
            thread.setName(name);
        }
        thread.start();
        return thread;
    }

    private static boolean isAvailable() {
        return Runtime.version().feature() >= FIRST_JDK;
    }

    private static MethodHandle isVirtualHandle() {
        MethodType type = MethodType.methodType(boolean.class, Thread.class);
        if (!isAvailable()) {
            return MethodHandles.empty(type);
        }
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** In a class of its own: most programs never need it. */
    private static final class Factory {
        /** Null if the JDK has no virtual threads. */
        static final ThreadFactory VIRTUAL = isAvailable() ? create() : null;

        private static ThreadFactory create() {
            try {
                Class<?> builder = Class.forName("java.lang.Thread$Builder");
                Object virtual = Thread.class.getMethod("ofVirtual").invoke(null);
                builder.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(virtual, false);
                return (ThreadFactory) builder.getMethod("factory").invoke(virtual);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
