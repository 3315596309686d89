package dev.sharedregion.helpers;

/** The platform threads of this process that sleep for waits of virtual threads, of futures and of several events. */
public final class WaiterThreadCount {
    private WaiterThreadCount() {}

    public static long now() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sharedregion-waiter-"))
                .count();
    }
}
