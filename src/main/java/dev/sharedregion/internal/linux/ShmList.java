package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.linux.Fcntl;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.linux.ShmObject.Kind;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.NamedObject;
import dev.sharedregion.internal.os.NamedObject.Access;
import dev.sharedregion.internal.os.NamedObject.Life;
import dev.sharedregion.internal.os.NamedObject.Type;
import dev.sharedregion.internal.os.NamedObject.Usage;
import dev.sharedregion.internal.os.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lists the files of {@code /dev/shm}, and changes nothing. The names are read as bytes, so that the locale has no
 * effect on them.
 */
final class ShmList {
    private static final Operation LIST = new Operation("list", "the objects in " + ShmObject.DIRECTORY);

    private static final String ALL_PERMISSIONS = "rwxrwxrwx";

    private final List<NamedObject> found = new ArrayList<>();
    private final Users users;
    private final UserNames owners = new UserNames();

    private ShmList(Users users) {
        this.users = users;
    }

    static List<NamedObject> list() {
        List<byte[]> names = names();
        // After the names: an object of the library has its first user before it has a name.
        ShmList list = new ShmList(Users.now(FileStatus.behind(ShmObject.DIRECTORY_PATH, LIST).device()));
        names.forEach(list::add);
        return list.found;
    }

    private static List<byte[]> names() {
        List<byte[]> names = new ArrayList<>();
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(LibC::closedir)) {
            Pointer directory = guard.hold(LibC.opendir(ShmObject.DIRECTORY_PATH));
            if (directory == null) {
                if (Native.getLastError() == ErrNo.ENOENT) {
                    return names;
                }
                throw Errno.last(LIST, "opendir");
            }
            for (Pointer entry; (entry = LibC.readdir(directory)) != null; ) {
                byte type = entry.getByte(LibC.D_TYPE);
                if (type == LibC.DT_REG || type == LibC.DT_UNKNOWN) {
                    int length = (int) entry.indexOf(LibC.D_NAME, (byte) 0);
                    names.add(entry.getByteArray(LibC.D_NAME, length));
                }
            }
        }
        return names;
    }

    private void add(byte[] name) {
        byte[] directory = ShmObject.DIRECTORY_PATH;
        byte[] path = Arrays.copyOf(directory, directory.length + name.length);
        // In the place of the NUL.
        System.arraycopy(name, 0, path, directory.length - 1, name.length);
        FileStatus stat = FileStatus.at(path, LIST);
        if (stat == null || !stat.isRegular()) {
            return;
        }
        String text = new String(name, StandardCharsets.UTF_8);
        if (mustBeOpened(stat)) {
            open(text, path, stat);
        } else {
            Life otherwise = ShmObject.isOurs(stat) ? Life.USED : Life.UNKNOWN;
            add(text, stat, type(text, kindByMark(stat), stat), stat.size(), usage(stat, otherwise));
        }
    }

    /** Whether its status alone does not tell what it is, or whether it is in use. */
    private boolean mustBeOpened(FileStatus stat) {
        return ShmObject.isOurs(stat)
                ? !users.hasLock(stat.inode()) || stat.size() == AliasLayout.SIZE
                : stat.size() == FutexEventLayout.SIZE;
    }

    private void open(String name, byte[] path, FileStatus stat) {
        try (ShmObject object = ShmObject.inspect(path, LIST)) {
            if (object != null) {
                Kind kind = object.kind();
                long size = kind == Kind.ALIAS ? object.alias().getLong(AliasLayout.REGION_SIZE) : object.stat.size();
                add(name, object.stat, type(name, kind, object.stat), size, usage(object));
            }
        } catch (Failure e) {
            if (e.reason() == Reason.ACCESS_DENIED) {
                add(name, stat, type(name, kindByMark(stat), stat), stat.size(), usage(stat, Life.UNKNOWN));
            } else if (e.reason() != Reason.WRONG_KIND) {
                throw e;
            }
        }
    }

    private void add(String name, FileStatus stat, Type type, long size, Usage usage) {
        Access access = new Access(owners.name(stat.owner()), permissions(stat));
        found.add(new NamedObject(name, type, size, access, usage));
    }

    private static Type type(String name, Kind kind, FileStatus stat) {
        if (ShmObject.isSemaphore(name, stat)) {
            return Type.SEMAPHORE;
        }
        return kind == Kind.EVENT ? Type.EVENT : Type.REGION;
    }

    /** The kind, as far as the status tells it. */
    private static Kind kindByMark(FileStatus stat) {
        boolean isMarked = ShmObject.isOurs(stat) && (stat.mode() & Fcntl.S_IXUSR) != 0;
        return isMarked && stat.size() == FutexEventLayout.SIZE ? Kind.EVENT : Kind.REGION;
    }

    private Usage usage(ShmObject object) {
        // The list of locks lacks those of processes that this one cannot see: ask the lock itself.
        boolean isDead = object.isOurs() && !users.hasLock(object.stat.inode()) && object.isFoundDead();
        return isDead
                ? new Usage(Life.DEAD, users.of(object.stat.inode()))
                : usage(object.stat, object.isOurs() ? Life.USED : Life.UNKNOWN);
    }

    private Usage usage(FileStatus stat, Life otherwise) {
        List<Long> known = users.of(stat.inode());
        return new Usage(known.isEmpty() ? otherwise : Life.USED, known);
    }

    /** As {@code ls} writes them, without the library's marks. */
    private static String permissions(FileStatus stat) {
        int mode = ShmObject.isOurs(stat) ? stat.mode() & ~Fcntl.S_IXUSR : stat.mode();
        StringBuilder text = new StringBuilder(ALL_PERMISSIONS);
        for (int i = 0; i < ALL_PERMISSIONS.length(); i++) {
            if ((mode & Fcntl.S_IRUSR >> i) == 0) {
                text.setCharAt(i, '-');
            }
        }
        return text.toString();
    }
}
