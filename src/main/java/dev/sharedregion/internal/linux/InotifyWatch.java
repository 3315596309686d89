package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.linux.Fcntl;
import dev.sharedregion.internal.jvm.NeutralThread;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reports at once when a process closes a pair's block: when the process ends, however it ends, and when it calls
 * {@code exec}. The kernel then closes the process's open file, which drops its lock on a place, and
 * {@code inotify(7)} reports the close. One thread reads the reports for all blocks. It ends when nothing is watched
 * any more.
 */
public final class InotifyWatch {
    /** How long to wait before retrying a watch that the system has refused: a user has few inotify instances. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Guards all that changes here. */
    private static final Object LOCK = new Object();

    /** The thread's work, or null while there is no thread. Guarded by {@link #LOCK}. */
    private static Reader current;

    /** Guarded by {@link #LOCK}. */
    private static long retryAt = System.nanoTime();

    private final Reader reader;
    private final int descriptor;
    private final Runnable onClose;

    private InotifyWatch(Reader reader, int descriptor, Runnable onClose) {
        this.reader = reader;
        this.descriptor = descriptor;
        this.onClose = onClose;
    }

    /**
     * Watches a file, through a descriptor of this process.
     *
     * @param onClose run by the thread each time a process has closed the file, or when the watch has ended by itself.
     *     It must return quickly. After {@link #close} has returned, it is not started again, but a run that has begun
     *     may continue.
     * @return null if the system refuses
     */
    public static InotifyWatch of(int fd, Runnable onClose) {
        synchronized (LOCK) {
            if (System.nanoTime() - retryAt < 0) {
                return null;
            }
            InotifyWatch watch = current == null ? Reader.start(fd, onClose) : current.add(fd, onClose);
            if (watch == null) {
                retryAt = System.nanoTime() + RETRY_NANOS;
            }
            return watch;
        }
    }

    /** Returns false after the watch was closed or has ended by itself. */
    public boolean isWorking() {
        synchronized (LOCK) {
            List<InotifyWatch> same = reader.watches.get(descriptor);
            return same != null && same.contains(this);
        }
    }

    /** Ends the watch. Further calls do nothing. */
    public void close() {
        synchronized (LOCK) {
            reader.remove(this);
        }
    }

    /** The work of the thread, and the descriptors that it reads from. */
    private static final class Reader implements Runnable {
        /** {@code struct inotify_event}, whose name is empty for a file. */
        private static final int EVENT_SIZE = 16;

        private static final int MASK = 4;
        private static final int EVENTS = 64;

        /** After this many failures in a row, the thread gives up. */
        private static final int MOST_FAILURES = 100;

        private static final InotifyWatch[] NONE = {};

        /** By watch descriptor; empty once the thread has ended. Guarded by {@link #LOCK}. */
        private final Map<Integer, List<InotifyWatch>> watches = new HashMap<>();

        private final int inotify;
        private final byte[] buffer = new byte[EVENTS * EVENT_SIZE];
        private final ByteBuffer events = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());

        private Reader(int inotify) {
            this.inotify = inotify;
        }

        /**
         * With {@link #LOCK} held. Starts the thread with its first watch.
         *
         * @return null if the system refuses, for example because the user's limit of threads is reached
         */
        static InotifyWatch start(int fd, Runnable onClose) {
            int inotify = LibC.inotify_init1(Fcntl.O_CLOEXEC);
            if (inotify < 0) {
                return null;
            }
            try {
                Reader reader = new Reader(inotify);
                InotifyWatch first = reader.add(fd, onClose);
                if (first != null) {
                    Thread thread = NeutralThread.of(reader, "sharedregion-watch");
                    thread.setDaemon(true);
                    thread.start();
                    current = reader;
                }
                return first;
            } catch (OutOfMemoryError e) {
                return null;
            } finally {
                if (current == null) {
                    LibC.close(inotify);
                }
            }
        }

        /** With {@link #LOCK} held. Null if the system refuses. */
        InotifyWatch add(int fd, Runnable onClose) {
            byte[] path = Native.toByteArray("/proc/thread-self/fd/" + fd, StandardCharsets.US_ASCII);
            int descriptor = LibC.inotify_add_watch(inotify, path, LibC.IN_CLOSE_WRITE);
            if (descriptor < 0) {
                return null;
            }
            InotifyWatch watch = new InotifyWatch(this, descriptor, onClose);
            // Both sides of a pair in one process watch one file, and the system has one descriptor for that.
            watches.computeIfAbsent(descriptor, key -> new ArrayList<>(1)).add(watch);
            return watch;
        }

        /** With {@link #LOCK} held. */
        void remove(InotifyWatch watch) {
            List<InotifyWatch> same = watches.get(watch.descriptor);
            if (same != null && same.remove(watch) && same.isEmpty()) {
                watches.remove(watch.descriptor);
                // This is reported to the thread, which ends if nothing is left to watch.
                LibC.inotify_rm_watch(inotify, watch.descriptor);
            }
        }

        @Override
        public void run() {
            int failures = 0;
            try {
                while (failures < MOST_FAILURES && isNeeded()) {
                    try {
                        if (!readAndTell()) {
                            return;
                        }
                        failures = 0;
                    } catch (Throwable e) {
                        // The thread must survive a heap that is full for a moment, because the waits need it.
                        failures++;
                    }
                }
            } finally {
                end();
            }
        }

        private boolean isNeeded() {
            synchronized (LOCK) {
                if (watches.isEmpty()) {
                    // The next watch starts another thread.
                    current = null;
                    return false;
                }
                return true;
            }
        }

        /** Waits for reports and passes them on. Returns false if the system refuses. */
        private boolean readAndTell() {
            int length = (int) LibC.read(inotify, buffer, buffer.length);
            if (length <= 0) {
                return Native.getLastError() == ErrNo.EINTR;
            }
            for (int at = 0; at < length; at += EVENT_SIZE) {
                int descriptor = events.getInt(at);
                int mask = events.getInt(at + MASK);
                if ((mask & LibC.IN_Q_OVERFLOW) != 0) {
                    tell(all());
                } else {
                    tell(of(descriptor, (mask & LibC.IN_IGNORED) != 0));
                }
            }
            return true;
        }

        private InotifyWatch[] of(int descriptor, boolean over) {
            synchronized (LOCK) {
                List<InotifyWatch> same = over ? watches.remove(descriptor) : watches.get(descriptor);
                return same == null ? NONE : same.toArray(NONE);
            }
        }

        private InotifyWatch[] all() {
            synchronized (LOCK) {
                return watches.values().stream().flatMap(List::stream).toArray(InotifyWatch[]::new);
            }
        }

        private static void tell(InotifyWatch[] watches) {
            for (InotifyWatch watch : watches) {
                try {
                    watch.onClose.run();
                } catch (Throwable e) {
                    // The other watches are told in any case.
                }
            }
        }

        /** Wakes the sleeping waits, which find that they get no reports any more. */
        private void end() {
            InotifyWatch[] left = NONE;
            synchronized (LOCK) {
                if (current == this) {
                    current = null;
                }
                LibC.close(inotify);
                try {
                    left = all();
                } finally {
                    watches.clear();
                }
            }
            tell(left);
        }
    }
}
