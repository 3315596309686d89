package dev.sharedregion;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells at once when a process ends, without looking again and again: one thread sleeps in {@code poll(2)} on the
 * descriptors of all processes that are watched ({@code pidfd_open(2)}). Needs Linux 5.3.
 */
final class LinuxDeathWatch {
    /** {@code struct pollfd}. */
    private static final int POLLFD_SIZE = 8;

    private static final int EVENTS = 4;
    private static final int REVENTS = 6;
    private static final int COUNTER_SIZE = 8;
    private static final byte[] ONE = {1, 1, 1, 1, 1, 1, 1, 1};

    /** What the thread polls beside the processes, to be told of new ones; -1 until it is started. Guarded by the class. */
    private static int changed = -1;

    /** Guarded by the class. */
    private static final List<LinuxDeathWatch> WATCHES = new ArrayList<>();

    private final int pidfd;
    private final Runnable onDeath;

    /** Guarded by the class. */
    private boolean told;

    private LinuxDeathWatch(int pidfd, Runnable onDeath) {
        this.pidfd = pidfd;
        this.onDeath = onDeath;
    }

    /**
     * Watches a process.
     *
     * @param onDeath run once when it ends, or has ended, by a thread that it must not hold up; not after {@link #close}
     *     has returned, but for a call under way
     * @return null if it cannot be watched
     */
    static synchronized LinuxDeathWatch of(int pid, Runnable onDeath) {
        if (changed < 0) {
            int eventfd = LibC.eventfd(0, LibC.O_CLOEXEC | LibC.O_NONBLOCK);
            if (eventfd < 0) {
                return null;
            }
            Thread thread = new Thread(() -> poll(eventfd), "sharedregion-watch");
            thread.setDaemon(true);
            thread.start();
            changed = eventfd;
        }
        int pidfd = (int) LibC.syscall(LibC.SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (pidfd < 0) {
            return null;
        }
        LinuxDeathWatch watch = new LinuxDeathWatch(pidfd, onDeath);
        WATCHES.add(watch);
        if (LibC.write(changed, ONE, COUNTER_SIZE) < 0) {
            // The thread has not been told, and may sleep on for long.
            watch.close();
            return null;
        }
        return watch;
    }

    /** Whether the end of the process has been told. */
    boolean hasEnded() {
        synchronized (LinuxDeathWatch.class) {
            return told;
        }
    }

    /** Ends the watch. Does nothing when called again. */
    void close() {
        synchronized (LinuxDeathWatch.class) {
            if (!WATCHES.remove(this)) {
                return;
            }
            LibC.write(changed, ONE, COUNTER_SIZE);
        }
        // The thread may be polling it: the kernel keeps it for that.
        LibC.close(pidfd);
    }

    private static void poll(int eventfd) {
        while (true) {
            List<LinuxDeathWatch> watches = living();
            try (Memory polled = new Memory((watches.size() + 1L) * POLLFD_SIZE)) {
                fill(polled, 0, eventfd);
                for (int i = 0; i < watches.size(); i++) {
                    fill(polled, i + 1, watches.get(i).pidfd);
                }
                LibC.poll(Pointer.nativeValue(polled), watches.size() + 1L, -1);
                LibC.read(eventfd, new byte[COUNTER_SIZE], COUNTER_SIZE);
                for (int i = 0; i < watches.size(); i++) {
                    if (polled.getShort((i + 1L) * POLLFD_SIZE + REVENTS) != 0) {
                        watches.get(i).tell();
                    }
                }
            }
        }
    }

    /** The watches of which nothing has been told yet. */
    private static synchronized List<LinuxDeathWatch> living() {
        List<LinuxDeathWatch> living = new ArrayList<>();
        for (LinuxDeathWatch watch : WATCHES) {
            if (!watch.told) {
                living.add(watch);
            }
        }
        return living;
    }

    private void tell() {
        synchronized (LinuxDeathWatch.class) {
            told = true;
            if (!WATCHES.contains(this)) {
                return;
            }
        }
        onDeath.run();
    }

    private static void fill(Memory polled, int index, int fd) {
        long at = (long) index * POLLFD_SIZE;
        polled.setInt(at, fd);
        polled.setShort(at + EVENTS, LibC.POLLIN);
        polled.setShort(at + REVENTS, (short) 0);
    }
}
