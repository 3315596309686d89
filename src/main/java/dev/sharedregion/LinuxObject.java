package dev.sharedregion;

import static dev.sharedregion.LibC.AT_FDCWD;
import static dev.sharedregion.LibC.LOCK_EX;
import static dev.sharedregion.LibC.LOCK_NB;
import static dev.sharedregion.LibC.LOCK_SH;
import static dev.sharedregion.LibC.O_CLOEXEC;
import static dev.sharedregion.LibC.O_NOFOLLOW;
import static dev.sharedregion.LibC.O_NONBLOCK;
import static dev.sharedregion.LibC.O_RDONLY;
import static dev.sharedregion.LibC.O_RDWR;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.SharedMemoryException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A named object in {@code /dev/shm} with Win32's lifetime: it lives until its last user closes it or dies. Regions,
 * events and aliases are such objects. The protocol and its interleavings are in {@code src/docs/linux-objects.md}; in
 * short: users hold a shared {@code flock}; who gets the exclusive one knows that there are no users left, and is the
 * only one who may remove the name. Objects without our mark, the sticky bit, belong to other programs: they are opened,
 * but never locked or removed.
 */
final class LinuxObject {
    /** What an object is; on Windows, too, they share one set of names. */
    enum Kind {
        REGION,
        EVENT,
        ALIAS
    }

    private static final String DIRECTORY = "/dev/shm/";

    /** How long a creator waits for a process that is removing an object; the removal itself takes microseconds. */
    private static final long REMOVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long {@code open} looks for a living object in the place of a dying one, before it says that there is none. */
    private static final long OPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int RIGHTS_OF_OTHERS = 0077;
    private static final int WRITABLE_BY_GROUP = 0020;
    private static final int WRITABLE_BY_ALL = 0002;

    /** Until it has its content. */
    private static final int OWNER_ONLY = 0600;

    final int fd;

    /** Its state when it was opened: the size of an object that is ours never changes. */
    final LinuxFile stat;

    private final byte[] path;
    private final byte[] scratch = LinuxFile.scratch();

    /** How messages begin. */
    private final String failed;

    private LinuxObject(int fd, LinuxFile stat, byte[] path, String failed) {
        this.fd = fd;
        this.stat = stat;
        this.path = path;
        this.failed = failed;
    }

    /**
     * Creates an object, which appears under its name whole or not at all.
     *
     * @param failed how messages begin
     * @param size its size in bytes, beyond the content zero
     * @param reserve whether to take the memory now
     * @param content what it begins with
     * @param mode its permission bits
     */
    static LinuxObject create(
            ObjectName name, String failed, Kind kind, long size, boolean reserve, byte[] content, int mode) {
        byte[] path = name.cPathIn(DIRECTORY);
        refuseOccupied(name, failed, kind);
        int fd = unnamed(failed);
        try {
            LinuxFile.setSize(fd, size, reserve, failed);
            if (content.length > 0) {
                check((int) LibC.pwrite(fd, content, content.length, 0), failed, "pwrite");
            }
            check(LibC.fchmod(fd, mode | marks(kind)), failed, "fchmod");
            // Before it has a name, so that nobody can take it for a leftover.
            check(LibC.flock(fd, LOCK_SH | LOCK_NB), failed, "flock");
            LinuxObject object = new LinuxObject(fd, LinuxFile.of(fd, failed), path, failed);
            // Not /proc/self, which shows nothing once the main thread has ended.
            byte[] self = cString("/proc/thread-self/fd/" + fd);
            while (!object.appear(self)) {
                refuseOccupied(name, failed, kind);
            }
            return object;
        } catch (RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    /** Gives the object its name, or none if this process exits; false if another object has it. */
    private boolean appear(byte[] self) {
        // In one step for the exit: it takes away the names of all that is in use.
        synchronized (LinuxExit.class) {
            if (!LinuxExit.add(this) || LibC.linkat(AT_FDCWD, self, AT_FDCWD, path, LibC.AT_SYMLINK_FOLLOW) == 0) {
                return true;
            }
            int errno = Native.getLastError();
            LinuxExit.remove(this);
            if (errno != ErrNo.EEXIST) {
                throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "linkat", errno);
            }
            return false;
        }
    }

    /** Opens an object that has at least one user, or that is another program's. */
    static LinuxObject open(ObjectName name, String failed, boolean write) {
        byte[] path = name.cPathIn(DIRECTORY);
        long giveUp = System.nanoTime() + OPEN_NANOS;
        while (true) {
            int fd = check(openFile(path, write ? O_RDWR : O_RDONLY), failed, "open");
            LinuxObject object = null;
            try {
                LinuxFile stat = LinuxFile.of(fd, failed);
                stat.checkRegular(failed);
                LinuxObject candidate = new LinuxObject(fd, stat, path, failed);
                Join join = candidate.join();
                if (join == Join.JOINED) {
                    candidate.use();
                    object = candidate;
                } else if (join == Join.STUCK || System.nanoTime() - giveUp >= 0) {
                    throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "open", ErrNo.ENOENT);
                }
            } finally {
                if (object == null) {
                    LibC.close(fd);
                }
            }
            if (object != null) {
                return object;
            }
            Waiting.pause();
        }
    }

    /** Notes that it is in use; if this process exits, it is left again. */
    private void use() {
        boolean noted = !isOurs();
        try {
            noted = noted || LinuxExit.add(this);
        } finally {
            if (!noted) {
                leave();
            }
        }
    }

    /**
     * Fails if the name is taken, by a living object or by anything of another program's; removes a leftover of ours.
     * For creators that have work to do, or harm to avoid, before they create.
     */
    static void refuseOccupied(ObjectName name, String failed, Kind kind) {
        byte[] path = name.cPathIn(DIRECTORY);
        long giveUp = System.nanoTime() + REMOVAL_NANOS;
        while (true) {
            LinuxFile there = LinuxFile.at(path, failed);
            if (there == null) {
                return;
            }
            there.checkRegular(failed);
            int fd = openFile(path, O_RDONLY);
            if (fd < 0) {
                int errno = Native.getLastError();
                if (errno == ErrNo.EACCES) {
                    throw exists(failed, "another user's, which this one may not open");
                }
                if (errno != ErrNo.ENOENT) {
                    throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "open", errno);
                }
            } else {
                refuseLiving(fd, path, failed, kind);
            }
            if (System.nanoTime() - giveUp > 0) {
                throw new SharedMemoryException(
                        Reason.IN_USE,
                        failed + ": another process is removing an object of this name and does not finish. See which "
                                + "process has it open (lsof), and let it run or end it.");
            }
            Waiting.pause();
        }
    }

    /** Takes over a descriptor of what has the name; returns if that is dead, and so gone or going. */
    private static void refuseLiving(int fd, byte[] path, String failed, Kind kind) {
        LinuxObject joined = null;
        try {
            LinuxObject object = new LinuxObject(fd, LinuxFile.of(fd, failed), path, failed);
            Join join = object.join();
            if (join == Join.STUCK) {
                throw new SharedMemoryException(
                        Reason.ACCESS_DENIED,
                        failed + ": a process of another user left an object of this name behind (unlink failed with "
                                + "EACCES). Have that user or root remove it, or choose another name.",
                        ErrNo.EACCES,
                        "EACCES");
            }
            if (join == Join.JOINED) {
                joined = object;
                throw object.occupied(kind);
            }
        } finally {
            if (joined == null) {
                LibC.close(fd);
            } else {
                joined.close();
            }
        }
    }

    /**
     * Fails if it is not what a call with these permissions could have created: another user's, one that lets more users
     * in, or one with a second name. Any user can give a second name to an object that the user may write to.
     *
     * @param meant as for {@link Backend#openRegion}
     */
    void checkIsMeant(Permissions meant) {
        if (meant == null || (meant.mode() & WRITABLE_BY_ALL) != 0) {
            return;
        }
        boolean isGroups = (meant.mode() & WRITABLE_BY_GROUP) != 0 && stat.group() == LibC.getegid();
        if (!stat.isOwn() && !isGroups) {
            throw exists(failed, Backend.ANOTHERS);
        }
        if ((stat.mode() & RIGHTS_OF_OTHERS & ~meant.mode()) != 0) {
            throw exists(failed, String.format(
                    "with mode %04o, which lets in more users than the %04o that was asked for",
                    stat.mode() & Permissions.READ_AND_WRITE, meant.mode()));
        }
        if (stat.links() > 1) {
            throw new SharedMemoryException(
                    Reason.ALREADY_EXISTS,
                    failed + ": it exists, and its file has " + stat.links() + " names, of which another user may have "
                            + "given this one. Remove " + new String(path, 0, path.length - 1, StandardCharsets.UTF_8)
                            + " if no program of yours made it, or choose another name.",
                    ErrNo.EEXIST,
                    "EEXIST");
        }
    }

    /** Whether the object was made by this library, in whatever process, and so follows its lifetime. */
    boolean isOurs() {
        return stat.isSticky();
    }

    private static int marks(Kind kind) {
        return LibC.S_ISVTX | (kind == Kind.REGION ? 0 : LibC.S_IXUSR);
    }

    /**
     * Told by the content, which begins with a magic number; but of ours only where the mark says that it is no plain region,
     * for a region may have any content.
     */
    Kind kind() {
        if (isOurs() && !stat.isExecutable()) {
            return Kind.REGION;
        }
        if (stat.size() == LinuxEventLayout.SIZE && beginsWith(LinuxEventLayout.MAGIC_VALUE)) {
            return Kind.EVENT;
        }
        if (stat.size() == LinuxAliasLayout.SIZE && isOurs() && beginsWith(LinuxAliasLayout.MAGIC_VALUE)) {
            return Kind.ALIAS;
        }
        return Kind.REGION;
    }

    private boolean beginsWith(byte[] magic) {
        byte[] start = new byte[magic.length];
        read(start);
        return Arrays.equals(start, magic);
    }

    /** Fills the array with what the object begins with. */
    private void read(byte[] content) {
        check((int) LibC.pread(fd, content, content.length, 0), failed, "pread");
    }

    /** Gives the object up; the last user takes the name away. Never fails: it also cleans up after other failures. */
    void close() {
        LinuxExit.remove(this);
        try {
            leave();
        } finally {
            unlockAndClose(fd);
        }
    }

    /** Stops being a user; the last one takes the name away. */
    void leave() {
        if (isOurs() && LibC.flock(fd, LOCK_EX | LOCK_NB) == 0) {
            try {
                removeName();
            } catch (SharedMemoryException e) {
                // The name is left, as after a crash, and the next who uses it removes it.
            }
        }
    }

    /** A mapping that stays keeps the open file, and so its lock, alive beyond the descriptor: unlock first. */
    static void unlockAndClose(int fd) {
        try {
            LibC.flock(fd, LibC.LOCK_UN);
        } finally {
            LibC.close(fd);
        }
    }

    private enum Join {
        /** This process is a user now, or the object is not ours and needs none. */
        JOINED,
        /** The name led to a dead object, which is gone or will be in a moment: look again. */
        GONE,
        /** The name leads to a dead object that this user has no right to remove. */
        STUCK
    }

    /** Becomes a user of the object, or, if it has none left, removes its name. */
    private Join join() {
        if (!isOurs()) {
            return Join.JOINED;
        }
        if (lock(LOCK_EX)) {
            return removeName() ? Join.GONE : Join.STUCK;
        }
        // Held: shared by users, or exclusively by someone who is removing the name.
        return lock(LOCK_SH) && nameLeadsHere() ? Join.JOINED : Join.GONE;
    }

    /** False if others hold it. */
    private boolean lock(int operation) {
        if (LibC.flock(fd, operation | LOCK_NB) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno != ErrNo.EAGAIN) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "flock", errno);
        }
        return false;
    }

    /** Removes the name while holding the exclusive lock; false if the system does not let this user. */
    private boolean removeName() {
        if (!nameLeadsHere() || LibC.unlink(path) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        return switch (errno) {
            case ErrNo.ENOENT -> true;
            case ErrNo.EACCES, ErrNo.EPERM -> false;
            default -> throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "unlink", errno);
        };
    }

    private synchronized boolean nameLeadsHere() {
        return stat.isAt(path, scratch, failed);
    }

    private SharedMemoryException occupied(Kind wanted) {
        Kind kind = kind();
        if ((kind == Kind.EVENT) != (wanted == Kind.EVENT)) {
            return wrongKind(failed, kind);
        }
        return exists(
                failed,
                switch (kind) {
                    case REGION -> stat.size() + (isOurs() ? " bytes" : " bytes, of another program, which has to remove it");
                    case EVENT -> "an event";
                    case ALIAS -> alias().getLong(LinuxAliasLayout.REGION_SIZE) + " bytes, of a file";
                });
    }

    /** The content of an alias. */
    ByteBuffer alias() {
        ByteBuffer content = ByteBuffer.allocate(LinuxAliasLayout.SIZE).order(ByteOrder.nativeOrder());
        read(content.array());
        return content;
    }

    /** The error for a name that belongs to another kind of object. */
    static SharedMemoryException wrongKind(String failed, Kind kind) {
        return new SharedMemoryException(
                Reason.WRONG_KIND,
                failed + ": the name belongs to " + (kind == Kind.EVENT ? "an event" : "a region")
                        + ". Choose another name.");
    }

    private static SharedMemoryException exists(String failed, String which) {
        return Backend.exists(failed, which, ErrNo.EEXIST, "EEXIST");
    }

    private static int unnamed(String failed) {
        int fd = LibC.open(cString(DIRECTORY), LibC.O_TMPFILE | O_RDWR | O_CLOEXEC, OWNER_ONLY);
        int errno = fd < 0 ? Native.getLastError() : 0;
        if (errno == ErrNo.ENOENT || errno == ErrNo.EISDIR) {
            throw new SharedMemoryException(
                    Reason.UNSUPPORTED, failed + ": there is no " + DIRECTORY + " that takes unnamed files. Mount a "
                            + "tmpfs there (mount -t tmpfs tmpfs /dev/shm).", errno, "");
        }
        if (errno != 0) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "open(O_TMPFILE)", errno);
        }
        return fd;
    }

    private static int openFile(byte[] path, int flags) {
        return LibC.open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0);
    }

    private static byte[] cString(String ascii) {
        return (ascii + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    private static int check(int result, String failed, String call) {
        if (result < 0) {
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, call, Native.getLastError());
        }
        return result;
    }
}
