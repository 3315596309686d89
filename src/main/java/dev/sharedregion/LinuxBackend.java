package dev.sharedregion;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import dev.sharedregion.LinuxObject.Kind;
import dev.sharedregion.SharedMemoryException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Shared memory in {@code /dev/shm}, with the meaning that Windows gives to it. */
final class LinuxBackend extends Backend {
    private static final byte[] NOTHING = {};
    private static final int NO_FILE = -1;

    /** Of the permission bits: who may write to an alias says where it leads. */
    private static final int WRITABLE_BY_OTHERS = 0022;

    @Override
    RegionMapping createRegion(ObjectName name, long size, RegionOptions options) {
        String what = region(name);
        LinuxObject object = LinuxObject.create(
                name, cannotCreate(name), Kind.REGION, size, !options.lazy, NOTHING, options.permissions().mode());
        return mapOrClose(object, NO_FILE, size, true, options, what);
    }

    @Override
    RegionMapping openRegion(ObjectName name, RegionOptions options, Permissions meant) {
        String failed = "Cannot open " + region(name);
        LinuxObject object = LinuxObject.open(name, failed, options.access == Access.READ_WRITE);
        try {
            object.checkIsMeant(meant);
            Kind kind = object.kind();
            if (kind == Kind.EVENT) {
                throw LinuxObject.wrongKind(failed, kind);
            }
            if (kind == Kind.ALIAS) {
                return openAlias(object, name, options);
            }
            long size = object.stat.size();
            if (size == 0) {
                throw new SharedMemoryException(
                        Reason.NOT_FOUND, failed + ": the program that made it has not given it a size yet. Wait for "
                                + "that with open(name, timeout).");
            }
            return map(object, NO_FILE, size, false, options, region(name));
        } catch (RuntimeException | Error e) {
            object.close();
            throw e;
        }
    }

    @Override
    Anonymous createAnonymous(long size, RegionOptions options) {
        long key = Backend.randomKey();
        int fd = LinuxMemoryFile.create(key, size, !options.lazy, "Cannot create an " + Anonymous.WHAT);
        return mapAnonymous(fd, size, key, true, options, Anonymous.WHAT);
    }

    @Override
    Anonymous attach(String text, RegionOptions options) {
        Ticket ticket = Ticket.of(text, false);
        String what = Anonymous.what(ticket);
        checkTicket(ticket, options, what);
        int fd = LinuxMemoryFile.open(ticket, options.access == Access.READ_WRITE, "Cannot attach the " + what);
        return mapAnonymous(fd, ticket.size(), ticket.key(), false, options, what);
    }

    private static Anonymous mapAnonymous(
            int fd, long size, long key, boolean created, RegionOptions options, String what) {
        RegionMapping mapping = null;
        try {
            Ticket ticket = new Ticket(false, Places.pid(), fd, size, key, options.access == Access.READ_WRITE);
            mapping = LinuxMapping.of(null, fd, size, created, options, what);
            return new Anonymous(mapping, ticket);
        } catch (RuntimeException | Error e) {
            if (mapping == null) {
                LibC.close(fd);
            } else {
                mapping.free();
            }
            throw e;
        }
    }

    @Override
    RegionMapping mapFile(Path file, long size, RegionOptions options) {
        String what = file(file);
        String failed = "Cannot map " + what;
        byte[] path = cPath(file);
        int fd = openFile(path, options.access, failed);
        long grownFrom = -1;
        long mapped = 0;
        try {
            LinuxFile.of(fd, failed).checkRegular(failed);
            if (options.exclusive) {
                LinuxFileLock.takeExclusively(fd, failed);
            } else {
                LinuxFileLock.share(fd, failed);
            }
            // Under the lock: who takes a growth back does it under another that excludes it.
            LinuxFile stat = LinuxFile.of(fd, failed);
            mapped = sizeToMap(file, stat.size(), size, options);
            options.lengthIn(mapped, what);
            if (options.name != null) {
                LinuxObject.refuseOccupied(options.name, cannotCreate(options.name), Kind.ALIAS);
            }
            if (mapped > stat.size()) {
                grownFrom = stat.size();
                LinuxFile.grow(fd, grownFrom, mapped, !options.lazy, failed);
            }
            if (options.name == null) {
                return map(null, fd, mapped, false, options, what);
            }
            byte[] alias = alias(path, stat, mapped, options.access == Access.READ_WRITE);
            String region = region(options.name);
            LinuxObject object = LinuxObject.create(
                    options.name,
                    cannotCreate(options.name),
                    Kind.ALIAS,
                    LinuxAliasLayout.SIZE,
                    true,
                    alias,
                    options.permissions().mode() & ~WRITABLE_BY_OTHERS);
            return mapOrClose(object, fd, mapped, true, options, region);
        } catch (RuntimeException | Error e) {
            try {
                if (grownFrom >= 0) {
                    LinuxFile.shrinkBack(fd, grownFrom, mapped);
                }
            } finally {
                LibC.close(fd);
            }
            throw e;
        }
    }

    private static String cannotCreate(ObjectName region) {
        return "Cannot create " + region(region);
    }

    @Override
    EventHandle createEvent(ObjectName name, EventOptions options) {
        byte[] content = ByteBuffer.allocate(LinuxEventLayout.SIZE)
                .order(ByteOrder.nativeOrder())
                .put(LinuxEventLayout.MAGIC, LinuxEventLayout.MAGIC_VALUE)
                .putInt(LinuxEventLayout.VERSION, LinuxEventLayout.VERSION_VALUE)
                .putInt(LinuxEventLayout.FLAGS, options.manualReset ? LinuxEventLayout.MANUAL_RESET : 0)
                .putInt(LinuxEventLayout.STATE, options.initiallySet ? LinuxEventLayout.SET : 0)
                .array();
        String failed = "Cannot create " + event(name);
        // Who can read an auto-reset event can sleep on it, and be the one whom a set wakes.
        Permissions permissions = options.manualReset ? options.permissions : options.permissions.withoutReaders();
        return eventOrClose(
                LinuxObject.create(
                        name, failed, Kind.EVENT, LinuxEventLayout.SIZE, true, content, permissions.mode()),
                null,
                true,
                failed);
    }

    @Override
    EventHandle openEvent(ObjectName name, EventAccess access, Permissions meant) {
        String failed = "Cannot open " + event(name);
        LinuxObject object;
        boolean writable = true;
        try {
            object = LinuxObject.open(name, failed, true);
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.ACCESS_DENIED || access != EventAccess.WAIT_ONLY) {
                throw e;
            }
            object = LinuxObject.open(name, failed, false);
            writable = false;
        }
        return eventOrClose(object, meant, writable, failed);
    }

    @Override
    Places places(RegionMapping mapping, PairBlock block) {
        return new LinuxPlaces(block, ((LinuxMapping) mapping).object.fd);
    }

    private static EventHandle eventOrClose(
            LinuxObject object, Permissions meant, boolean writable, String failed) {
        try {
            object.checkIsMeant(meant);
            if (object.kind() != Kind.EVENT) {
                throw LinuxObject.wrongKind(failed, Kind.REGION);
            }
            return new LinuxEvent(object, writable, failed);
        } catch (RuntimeException | Error e) {
            object.close();
            throw e;
        }
    }

    private static RegionMapping map(
            LinuxObject object, int file, long size, boolean created, RegionOptions options, String what) {
        if (size < options.minimumSize) {
            throw tooSmall(what, size, options.minimumSize);
        }
        return LinuxMapping.of(object, file, size, created, options, what);
    }

    private static RegionMapping mapOrClose(
            LinuxObject object, int file, long size, boolean created, RegionOptions options, String what) {
        try {
            return map(object, file, size, created, options, what);
        } catch (RuntimeException | Error e) {
            object.close();
            throw e;
        }
    }

    /**
     * Opens the file that an alias leads to. Only an alias that this user or root wrote, and that nobody else can write
     * to, is believed: another's could name any file that this process may open.
     */
    private static RegionMapping openAlias(LinuxObject object, ObjectName name, RegionOptions options) {
        String failed = "Cannot open " + region(name);
        if (!object.stat.isOwn() || (object.stat.mode() & WRITABLE_BY_OTHERS) != 0) {
            throw new SharedMemoryException(
                    Reason.ACCESS_DENIED, failed + ": it names a file and is another user's. Map the file itself.");
        }
        ByteBuffer alias = object.alias();
        int version = alias.getInt(LinuxAliasLayout.VERSION);
        if (version != LinuxAliasLayout.VERSION_VALUE) {
            throw wrongVersion(failed, version, LinuxAliasLayout.VERSION_VALUE);
        }
        if (options.access == Access.READ_WRITE
                && (alias.getInt(LinuxAliasLayout.FLAGS) & LinuxAliasLayout.WRITABLE) == 0) {
            throw new SharedMemoryException(
                    Reason.ACCESS_DENIED, failed + ": its creator maps the file without writing to it. Ask for "
                            + "READ_ONLY or COPY_ON_WRITE access.");
        }
        byte[] path = Arrays.copyOfRange(alias.array(), LinuxAliasLayout.PATH, LinuxAliasLayout.SIZE);
        path[path.length - 1] = 0;
        String shownPath = new String(path, 0, indexOfNul(path), StandardCharsets.UTF_8);
        int fd = openFile(path, options.access, failed + ", which is file \"" + shownPath + "\"");
        try {
            LinuxFileLock.shareByName(fd, failed);
            LinuxFile stat = LinuxFile.of(fd, failed);
            long size = alias.getLong(LinuxAliasLayout.REGION_SIZE);
            if (stat.device() != alias.getLong(LinuxAliasLayout.DEVICE)
                    || stat.inode() != alias.getLong(LinuxAliasLayout.INODE)) {
                throw new SharedMemoryException(
                        Reason.NOT_FOUND, failed + ": another file has taken the place of the one behind it. Restart "
                                + "the process that created the region.");
            }
            if (stat.size() < size || size <= 0) {
                throw tooSmall(region(name), stat.size(), size);
            }
            return map(object, fd, size, false, options, region(name));
        } catch (RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    private static byte[] alias(byte[] path, LinuxFile stat, long size, boolean writable) {
        return ByteBuffer.allocate(LinuxAliasLayout.SIZE)
                .order(ByteOrder.nativeOrder())
                .put(LinuxAliasLayout.MAGIC, LinuxAliasLayout.MAGIC_VALUE)
                .putInt(LinuxAliasLayout.VERSION, LinuxAliasLayout.VERSION_VALUE)
                .putInt(LinuxAliasLayout.FLAGS, writable ? LinuxAliasLayout.WRITABLE : 0)
                .putLong(LinuxAliasLayout.REGION_SIZE, size)
                .putLong(LinuxAliasLayout.DEVICE, stat.device())
                .putLong(LinuxAliasLayout.INODE, stat.inode())
                .put(LinuxAliasLayout.PATH, path)
                .array();
    }

    private static int openFile(byte[] path, Access access, String failed) {
        int flags = access == Access.READ_WRITE ? LibC.O_RDWR : LibC.O_RDONLY;
        // A FIFO must be refused, not waited for.
        int fd = LibC.open(path, flags | LibC.O_CLOEXEC | LibC.O_NONBLOCK, 0);
        if (fd < 0) {
            int errno = Native.getLastError();
            if (errno == ErrNo.ENOENT) {
                throw new SharedMemoryException(
                        Reason.NOT_FOUND, failed + ": there is no such file (ENOENT). Create it first, for instance "
                                + "with Files.createFile.", errno, "ENOENT");
            }
            throw SystemErrors.failure(SystemErrors.Source.ERRNO, failed, "open", errno);
        }
        return fd;
    }

    private static int indexOfNul(byte[] path) {
        int end = 0;
        while (path[end] != 0) {
            end++;
        }
        return end;
    }

    /**
     * The bytes of an absolute path, ended by a NUL. The path's URI has the bytes that the system uses, percent-encoded;
     * its string has been through the locale's character set.
     */
    private static byte[] cPath(Path file) {
        String encoded = file.toAbsolutePath().toUri().getRawPath();
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                path.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                path.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        path.write(0);
        return path.toByteArray();
    }
}
