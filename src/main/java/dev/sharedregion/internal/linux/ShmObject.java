package dev.sharedregion.internal.linux;

import static com.sun.jna.platform.linux.Fcntl.O_CLOEXEC;
import static com.sun.jna.platform.linux.Fcntl.O_NONBLOCK;
import static com.sun.jna.platform.linux.Fcntl.O_RDONLY;
import static com.sun.jna.platform.linux.Fcntl.O_RDWR;
import static dev.sharedregion.internal.linux.LibC.AT_FDCWD;
import static dev.sharedregion.internal.linux.LibC.LOCK_EX;
import static dev.sharedregion.internal.linux.LibC.LOCK_NB;
import static dev.sharedregion.internal.linux.LibC.LOCK_SH;
import static dev.sharedregion.internal.linux.LibC.O_NOFOLLOW;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.linux.Fcntl;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.os.Trust;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A named object in {@code /dev/shm} with the lifetime of a Win32 object: it exists until its last user closes it or
 * dies. Regions, events and aliases are such objects. The protocol and its interleavings are in
 * {@code src/docs/linux-objects.md}. In short: every user holds a shared {@code flock}. A process that gets the
 * exclusive one knows that there are no users left, and only this process may remove the name. Objects without the
 * library's mark, the sticky bit, belong to other programs: they are opened, but never locked or removed.
 */
public final class ShmObject implements AutoCloseable {
    /** The kind of an object. All kinds share one set of names, as on Windows. */
    public enum Kind {
        REGION,
        EVENT,
        ALIAS
    }

    static final String DIRECTORY = "/dev/shm/";
    static final byte[] DIRECTORY_PATH = Native.toByteArray(DIRECTORY, StandardCharsets.US_ASCII);

    /** How long a creator waits for a process that is removing an object; the removal itself takes microseconds. */
    private static final long REMOVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /**
     * How long {@code open} looks for a living object in the place of a dying one, before it says that there is none.
     */
    private static final long OPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * How long a removal tries to get the lock, which a process that looks whether the object is dead has for
     * microseconds, unless it loses its processor then.
     */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The same for a removal that is tried on living objects, too. */
    private static final long SHORT_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** {@code sizeof(sem_t)} of glibc. */
    private static final int SEMAPHORE_SIZE = 32;

    private static final int RIGHTS_OF_OTHERS = Fcntl.S_IRWXG | Fcntl.S_IRWXO;

    /** How messages call a region that does not go by itself. */
    private static final String STAYS =
            ", created by another program or persistent; SharedRegion.remove removes its name";

    public final int fd;

    /** The status when the object was opened. The size of an object of this library never changes. */
    public final FileStatus stat;

    private final byte[] path;
    private final FileStatus scratch = new FileStatus();

    /** Whether this process has it open and is no user of it. */
    private boolean watched;

    /** Whether it was opened for a look that changes nothing. */
    private boolean inspected;

    /** What {@link ExitHook} knows it by. */
    private final Runnable leave = this::leave;

    /** The beginning of messages. */
    final Operation operation;

    private ShmObject(int fd, byte[] path, Operation operation) {
        this.fd = fd;
        this.path = path;
        this.operation = operation;
        stat = FileStatus.of(fd, operation);
        stat.checkRegular(operation);
    }

    /**
     * The content of a new object.
     *
     * @param size the size in bytes; all bytes after the start are zero
     * @param reserve whether to reserve the memory now
     * @param start the first bytes
     */
    record Content(long size, boolean reserve, byte[] start) {}

    /**
     * Creates an object. Its name appears only when the object is complete.
     *
     * @param mode its permission bits, and our marks unless it is to stay when nobody uses it any more
     */
    static ShmObject create(ObjectName name, Kind kind, Content content, int mode) {
        Operation create = new Operation("create", kind == Kind.EVENT ? name.event() : name.region());
        byte[] path = name.cPathIn(DIRECTORY);
        refuseOccupied(path, create, kind);
        try (FdGuard guard = new FdGuard()) {
            int fd = guard.hold(unnamed(create));
            FileSize.set(fd, content.size, content.reserve, create);
            if (content.start.length > 0) {
                Errno.check((int) LibC.pwrite(fd, content.start, content.start.length, 0), create, "pwrite");
            }
            Errno.check(LibC.fchmod(fd, mode), create, "fchmod");
            // Before it has a name, so that no other process takes it for a leftover.
            Errno.check(LibC.flock(fd, LOCK_SH | LOCK_NB), create, "flock");
            ShmObject object = new ShmObject(fd, path, create);
            // Not /proc/self, which shows nothing once the main thread has ended.
            byte[] self = Native.toByteArray("/proc/thread-self/fd/" + fd, StandardCharsets.US_ASCII);
            while (!object.appear(self)) {
                refuseOccupied(path, create, kind);
            }
            return guard.dismiss(object);
        }
    }

    /** Gives the object its name, or no name if this process exits. Returns false if another object has the name. */
    private boolean appear(byte[] self) {
        // This must be one step for the exit, which removes the names of all objects in use.
        synchronized (ExitHook.class) {
            if (!ExitHook.add(leave) || LibC.linkat(AT_FDCWD, self, AT_FDCWD, path, LibC.AT_SYMLINK_FOLLOW) == 0) {
                return true;
            }
            int errno = Native.getLastError();
            ExitHook.remove(leave);
            if (errno != ErrNo.EEXIST) {
                throw Errno.failure(operation, "linkat", errno);
            }
            return false;
        }
    }

    /** Opens an object that has at least one user, or that belongs to another program. */
    public static ShmObject open(ObjectName name, Operation operation, boolean write) {
        return open(name, operation, write ? O_RDWR : O_RDONLY, ShmObject::join);
    }

    /**
     * As {@link #open}, for reading and without becoming a user: the object goes as if this process did not have it
     * open.
     */
    static ShmObject watch(ObjectName name, Operation operation) {
        return open(name, operation, O_RDONLY, ShmObject::look);
    }

    /**
     * As {@link #watch}, but also opens an object that no process uses. It keeps its name then.
     *
     * @return null if there is no object, or if the path leads to anything else than a file
     * @throws Failure {@code ACCESS_DENIED} if this user may not read it
     */
    static ShmObject inspect(byte[] path, Operation operation) {
        try (FdGuard guard = new FdGuard()) {
            int fd = guard.hold(openFile(path, O_RDONLY));
            if (!Errno.succeeded(fd, ErrNo.ENOENT, operation, "open")) {
                return null;
            }
            ShmObject object = new ShmObject(fd, path, operation);
            object.inspected = true;
            return guard.dismiss(object);
        }
    }

    static ShmObject inspect(ObjectName name, Operation operation) {
        ShmObject object = inspect(name.cPathIn(DIRECTORY), operation);
        if (object == null) {
            throw Errno.failure(operation, "open", ErrNo.ENOENT);
        }
        return object;
    }

    private static ShmObject open(ObjectName name, Operation operation, int access, Function<ShmObject, Join> enter) {
        byte[] path = name.cPathIn(DIRECTORY);
        Backoff backoff = Backoff.upTo(OPEN_NANOS);
        while (true) {
            try (FdGuard guard = new FdGuard()) {
                int fd = guard.hold(Errno.check(openFile(path, access), operation, "open"));
                ShmObject object = new ShmObject(fd, path, operation);
                Join join = enter.apply(object);
                if (join == Join.JOINED) {
                    object.use();
                    return guard.dismiss(object);
                }
                if (join == Join.WATCHES) {
                    object.watched = true;
                    return guard.dismiss(object);
                }
                if (join == Join.STUCK) {
                    throw Errno.failure(operation, "open", ErrNo.ENOENT);
                }
            }
            if (!backoff.pause()) {
                throw Errno.failure(operation, "open", ErrNo.ENOENT);
            }
        }
    }

    /** Notes that the object is in use. If this process exits, gives it up again. */
    private void use() {
        boolean noted = !isOurs();
        try {
            noted = noted || ExitHook.add(leave);
        } finally {
            if (!noted) {
                leave();
            }
        }
    }

    /**
     * Fails if the name is in use by a living object or by another program's file. Removes a leftover of this library.
     * For callers that have work to do, or harm to avoid, before they create the object.
     */
    public static void refuseOccupied(ObjectName name, Operation operation, Kind kind) {
        refuseOccupied(name.cPathIn(DIRECTORY), operation, kind);
    }

    private static void refuseOccupied(byte[] path, Operation operation, Kind kind) {
        Backoff backoff = Backoff.upTo(REMOVAL_NANOS);
        while (true) {
            FileStatus there = FileStatus.at(path, operation);
            if (there == null) {
                return;
            }
            there.checkRegular(operation);
            try (FdGuard guard = new FdGuard()) {
                int fd = guard.hold(openFile(path, O_RDONLY));
                if (fd < 0 && Native.getLastError() == ErrNo.EACCES) {
                    throw exists(operation, "owned by another user, and this user may not open it");
                }
                if (Errno.succeeded(fd, ErrNo.ENOENT, operation, "open")) {
                    new ShmObject(fd, path, operation).refuseIfLiving(guard, kind);
                }
            }
            if (!backoff.pause()) {
                throw operation.failure(Reason.IN_USE, "another process is removing an object of this name and does "
                        + "not finish. Find the process that has it open (lsof), and let it continue or end it.");
            }
        }
    }

    /**
     * Removes the name of a region that does not follow our lifetime, or that is a leftover of ours; false if there is
     * none. Those who use it go on with it.
     */
    static boolean removeRegion(ObjectName name) {
        Operation remove = new Operation("remove", name.region());
        byte[] path = name.cPathIn(DIRECTORY);
        try (FdGuard guard = new FdGuard()) {
            int fd = guard.hold(openFile(path, O_RDONLY));
            if (!Errno.succeeded(fd, ErrNo.ENOENT, remove, "open")) {
                return false;
            }
            ShmObject object = new ShmObject(fd, path, remove);
            if (object.kind() == Kind.EVENT) {
                throw wrongKind(remove, Kind.EVENT);
            }
            if (object.isOurs() && !object.lockWithin(LOOK_NANOS)) {
                throw remove.failure(Reason.IN_USE, "a process uses it, and its name goes with its last user. Close it "
                        + "there, or kill that process.");
            }
            if (!object.removeName()) {
                throw Errno.last(remove, "unlink");
            }
            return true;
        }
    }

    /**
     * Removes the name of an object that no process uses, and that the library created. Returns false if there is none.
     */
    static boolean removeDead(ObjectName name) {
        Operation remove = new Operation("remove", "object \"" + name + "\"");
        try (ShmObject object = inspect(name.cPathIn(DIRECTORY), remove)) {
            if (object == null || !object.isOurs() || !object.lockWithin(SHORT_LOOK_NANOS)) {
                return false;
            }
            if (!object.removeName()) {
                throw Errno.last(remove, "unlink");
            }
            return true;
        }
    }

    /** Returns if the object is dead, and so is gone or will be. Until then the guard holds its descriptor. */
    private void refuseIfLiving(FdGuard guard, Kind wanted) {
        Join join = join();
        // A process that looks at a dead object may have had the lock. Then this process is the only user now.
        if (join == Join.JOINED && isDead()) {
            join = removeName() ? Join.GONE : Join.STUCK;
        }
        if (join == Join.STUCK) {
            // EPERM in a directory with the sticky bit, such as /dev/shm.
            int errno = Native.getLastError();
            String why = "a process of another user left an object of this name behind, and this user may not remove "
                    + "it. Have that user or root remove it, or choose another name.";
            throw operation.failure(Reason.ACCESS_DENIED, why, errno, errno == ErrNo.EPERM ? "EPERM" : "EACCES");
        }
        if (join == Join.JOINED) {
            try (ShmObject joined = guard.dismiss(this)) {
                throw joined.occupied(wanted);
            }
        }
    }

    /**
     * Fails if a call with the trusted rights could not have created this object: it belongs to another user, lets in
     * more users, or has a second name. Any user can give a second name to an object that the user may write to.
     */
    void checkIsTrusted(Trust trust) {
        int mode = trust.isAnyone() ? Fcntl.S_IWOTH : trust.rights().mode();
        if ((mode & Fcntl.S_IWOTH) != 0) {
            return;
        }
        boolean isGroups = (mode & Fcntl.S_IWGRP) != 0 && stat.group() == LibC.getegid();
        if (!stat.isOwn() && !isGroups) {
            throw exists(operation, OperatingSystem.ANOTHERS);
        }
        if ((stat.mode() & RIGHTS_OF_OTHERS & ~mode) != 0) {
            throw exists(operation, String.format(
                    "its mode %04o lets in more users than the %04o that was asked for",
                    stat.mode() & Rights.READ_AND_WRITE, mode));
        }
        if (stat.links() > 1) {
            String why = "it exists, and its file has " + stat.links() + " names. Another user may have created this "
                    + "one. Remove " + Native.toString(path, StandardCharsets.UTF_8)
                    + " if none of your programs created it, or choose another name.";
            throw operation.failure(Reason.ALREADY_EXISTS, why, ErrNo.EEXIST, "EEXIST");
        }
    }

    /**
     * Returns true if this library created the object, in any process, so that the object follows its lifetime. The
     * mark is the sticky bit, which has no meaning for a regular file.
     */
    public boolean isOurs() {
        return isOurs(stat);
    }

    static boolean isOurs(FileStatus stat) {
        return (stat.mode() & Fcntl.S_ISVTX) != 0;
    }

    /** The marks of a new object. No permissions of this library grant the owner's right to execute. */
    static int marks(Kind kind) {
        return Fcntl.S_ISVTX | (kind == Kind.REGION ? 0 : Fcntl.S_IXUSR);
    }

    /**
     * The kind is in the content, which begins with a magic number. For objects of this library it is used only if the
     * mark says that the object is not a plain region, because a region may have any content.
     */
    public Kind kind() {
        if (isOurs() && (stat.mode() & Fcntl.S_IXUSR) == 0) {
            return Kind.REGION;
        }
        if (stat.size() == FutexEventLayout.SIZE && beginsWith(FutexEventLayout.MAGIC_VALUE)) {
            return Kind.EVENT;
        }
        if (stat.size() == AliasLayout.SIZE && isOurs() && beginsWith(AliasLayout.MAGIC_VALUE)) {
            return Kind.ALIAS;
        }
        return Kind.REGION;
    }

    private boolean beginsWith(byte[] magic) {
        byte[] start = new byte[magic.length];
        read(start);
        return Arrays.equals(start, magic);
    }

    /** Fills the array with the first bytes of the object. */
    void read(byte[] content) {
        Errno.check((int) LibC.pread(fd, content, content.length, 0), operation, "pread");
    }

    /**
     * Gives the object up. The last user removes the name. Never fails, because it also cleans up after other
     * failures.
     */
    @Override
    public void close() {
        ExitHook.remove(leave);
        try {
            leave();
        } finally {
            unlockAndClose(fd);
        }
    }

    /**
     * Gives up an object whose creation has failed after it got its name, and takes that away even if it was to stay.
     */
    void discard() {
        try {
            removeName();
        } catch (Failure e) {
            // The name is left. The failure of the creation is the one to tell.
        } finally {
            close();
        }
    }

    /** Stops being a user. The last user removes the name. */
    private void leave() {
        if (!inspected && isOurs() && LibC.flock(fd, LOCK_EX | LOCK_NB) == 0) {
            try {
                removeName();
            } catch (Failure e) {
                // The name remains, as after a crash. The next user of the name removes it.
            }
        }
    }

    /** If a mapping remains, it keeps the open file, and so its lock, after the descriptor is closed. Unlock first. */
    public static void unlockAndClose(int fd) {
        try {
            LibC.flock(fd, LibC.LOCK_UN);
        } finally {
            LibC.close(fd);
        }
    }

    private enum Join {
        /** This process is a user now, or the object belongs to another program and needs no users. */
        JOINED,
        /** The object has users, and this process is none of them, or the object belongs to another program. */
        WATCHES,
        /** The name led to a dead object, which is gone or will be in a moment: try again. */
        GONE,
        /** The name leads to a dead object that this user has no right to remove. */
        STUCK
    }

    /** Becomes a user of the object. If the object has no users left, removes its name. */
    private Join join() {
        if (!isOurs()) {
            return Join.JOINED;
        }
        if (lock(LOCK_EX)) {
            return removeName() ? Join.GONE : Join.STUCK;
        }
        // The lock is held: shared by users, or exclusively by a process that is removing the name.
        return lock(LOCK_SH) && nameLeadsHere() ? Join.JOINED : Join.GONE;
    }

    /** Looks whether the object is alive, and does not become a user. Otherwise as {@link #join}. */
    private Join look() {
        if (isDead()) {
            return removeName() ? Join.GONE : Join.STUCK;
        }
        return nameLeadsHere() ? Join.WATCHES : Join.GONE;
    }

    /**
     * Whether this library created the object, and it has no users. This process must be none of them by this object.
     * If so, it has the exclusive lock from then on.
     */
    boolean isDead() {
        return isOurs() && lock(LOCK_EX);
    }

    /** As {@link #isDead}, and gives the lock back at once: the next one that opens the name needs it. */
    boolean isFoundDead() {
        // Another process that looks may have the lock for a moment.
        boolean dead = isOurs() && lockWithin(SHORT_LOOK_NANOS);
        if (dead) {
            LibC.flock(fd, LibC.LOCK_UN);
        }
        return dead;
    }

    /** Takes the exclusive lock. Returns false if others have a lock all this time. */
    private boolean lockWithin(long nanos) {
        Backoff backoff = Backoff.upTo(nanos);
        while (!lock(LOCK_EX)) {
            if (!backoff.pause()) {
                return false;
            }
        }
        return true;
    }

    /** Returns false if other processes hold the lock. */
    private boolean lock(int how) {
        return Errno.succeeded(LibC.flock(fd, how | LOCK_NB), ErrNo.EAGAIN, operation, "flock");
    }

    /** Removes the name while holding the exclusive lock. Returns false if the system refuses this. */
    private boolean removeName() {
        if (!nameLeadsHere() || LibC.unlink(path) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        return switch (errno) {
            case ErrNo.ENOENT -> true;
            case ErrNo.EACCES, ErrNo.EPERM -> false;
            default -> throw Errno.failure(operation, "unlink", errno);
        };
    }

    /**
     * Whether the name leads to this object. For an object that is only watched: whether opening the name would lead to
     * this object, and it still has the size that it had.
     */
    synchronized boolean isCurrent() {
        if (!nameLeadsHere()) {
            return false;
        }
        return !watched || scratch.size() == stat.size() && !isDeadAndRemoved();
    }

    /** The name of a dead object is removed here, as by everybody who finds one. */
    private boolean isDeadAndRemoved() {
        if (!isDead()) {
            return false;
        }
        try {
            removeName();
        } finally {
            // The next one that opens the name must not take this lock for a user's.
            LibC.flock(fd, LibC.LOCK_UN);
        }
        return true;
    }

    synchronized boolean nameLeadsHere() {
        return stat.isAt(path, scratch, operation);
    }

    private Failure occupied(Kind wanted) {
        Kind kind = kind();
        if ((kind == Kind.EVENT) != (wanted == Kind.EVENT)) {
            return wrongKind(operation, kind);
        }
        return exists(
                operation,
                switch (kind) {
                    case REGION -> stat.size() + " bytes" + (isOurs() ? "" : STAYS);
                    case EVENT -> "an event";
                    case ALIAS -> alias().getLong(AliasLayout.REGION_SIZE) + " bytes, of a file";
                });
    }

    /** The content of an alias. */
    public ByteBuffer alias() {
        ByteBuffer content = ByteBuffer.allocate(AliasLayout.SIZE).order(ByteOrder.nativeOrder());
        read(content.array());
        return content;
    }

    /**
     * The error for what should be an event. glibc's {@code sem_open} has semaphores of 32 bytes here, {@code sem.x}.
     */
    Failure notAnEvent() {
        String file = Native.toString(path, StandardCharsets.UTF_8).substring(DIRECTORY.length());
        if (!isSemaphore(file, stat)) {
            return wrongKind(operation, Kind.REGION);
        }
        return operation.failure(Reason.WRONG_KIND, "it is a POSIX semaphore, which C opens with sem_open(\"/"
                + file.substring("sem.".length()) + "\"), and no event. Choose another name.");
    }

    /** Whether the file of this name in the directory is a semaphore of glibc. */
    static boolean isSemaphore(String file, FileStatus stat) {
        return !isOurs(stat) && file.startsWith("sem.") && stat.size() == SEMAPHORE_SIZE;
    }

    /** The error for a name that belongs to another kind of object. */
    public static Failure wrongKind(Operation operation, Kind kind) {
        String owner = kind == Kind.EVENT ? "an event" : "a region";
        return operation.failure(Reason.WRONG_KIND, "the name belongs to " + owner + ". Choose another name.");
    }

    private static Failure exists(Operation operation, String which) {
        return operation.exists(which, ErrNo.EEXIST, "EEXIST");
    }

    private static int unnamed(Operation operation) {
        int fd = LibC.open(DIRECTORY_PATH, LibC.O_TMPFILE | O_RDWR | O_CLOEXEC, Rights.OWNER_MODE);
        int errno = fd < 0 ? Native.getLastError() : 0;
        if (errno == ErrNo.ENOENT || errno == ErrNo.EISDIR) {
            String why = "there is no " + DIRECTORY + " that supports unnamed files. Mount a tmpfs there "
                    + "(mount -t tmpfs tmpfs /dev/shm).";
            throw operation.failure(Reason.UNSUPPORTED, why, errno, "");
        }
        return Errno.check(fd, operation, "open(O_TMPFILE)");
    }

    private static int openFile(byte[] path, int flags) {
        return LibC.open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0);
    }
}
