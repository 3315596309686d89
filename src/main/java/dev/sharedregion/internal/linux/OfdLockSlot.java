package dev.sharedregion.internal.linux;

import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.ProcessEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An owner slot that is a lock on the word's first byte: an open-file-description lock of the region's descriptor. The
 * kernel drops the lock when the process ends, and a reused process id has no effect on it. The word itself is used
 * only for messages. See {@code fcntl(2)}.
 */
final class OfdLockSlot extends OwnerSlot {
    private static final Operation LOOK = new Operation("tell", "which process uses a shared object");
    private static final int PID_NAMESPACE = pidNamespace();

    private final int fd;

    /** The descriptor of the region's file; guarded by this. */
    private InotifyWatch watch;

    private boolean closed;

    private final ByteLock lock;

    OfdLockSlot(int fd, ByteBuffer memory, int offset) {
        super(memory, offset);
        this.fd = fd;
        this.lock = new ByteLock(offset, LibC.F_WRLCK);
    }

    @Override
    public boolean take() {
        if (isAnothers(lock.take(fd))) {
            return false;
        }
        setWord(self());
        return true;
    }

    @Override
    public long self() {
        return word(pid(), PID_NAMESPACE);
    }

    @Override
    public boolean isHeld() {
        return isAnothers(lock.look(fd, false));
    }

    @Override
    public ProcessEnd holdersEnd() {
        return null;
    }

    @Override
    public synchronized boolean watch(Runnable onEnd) {
        if (watch != null && watch.isWorking()) {
            return true;
        }
        unwatch();
        if (!closed) {
            watch = InotifyWatch.of(fd, onEnd);
        }
        // The holder may have ended before the watch began, and the slot may still have been held at the last look:
        // look again soon.
        return false;
    }

    @Override
    public void giveUp() {
        try {
            clearWord();
        } finally {
            isAnothers(lock.release(fd));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        unwatch();
    }

    private void unwatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    /** The inode of this process's namespace of process ids, or 0. See {@code pid_namespaces(7)}. */
    private static int pidNamespace() {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/pid")).toString();
            return Integer.parseUnsignedInt(link.replaceAll("[^0-9]", ""));
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** Returns true if this code of a call says that another process has the lock. */
    private static boolean isAnothers(int errno) {
        if (errno != 0 && errno != ErrNo.EAGAIN) {
            throw Errno.failure(LOOK, "fcntl", errno);
        }
        return errno == ErrNo.EAGAIN;
    }
}
