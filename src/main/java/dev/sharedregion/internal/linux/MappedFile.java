package dev.sharedregion.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import com.sun.jna.platform.linux.Fcntl;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.linux.MmapMapping.Backing;
import dev.sharedregion.internal.linux.ShmObject.Content;
import dev.sharedregion.internal.linux.ShmObject.Kind;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.FileRequest;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.ViewRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Regions that are files, and the aliases in {@code /dev/shm} that give them names. */
final class MappedFile {
    /** The permission bits that let another user write. A user who may write to an alias decides where it leads. */
    private static final int WRITABLE_BY_OTHERS = Fcntl.S_IWGRP | Fcntl.S_IWOTH;

    private MappedFile() {}

    static RegionMapping map(FileRequest request, ViewRequest view) {
        Operation map = new Operation("map", request.what());
        byte[] path = cPath(request.path());
        try (FdGuard guard = new FdGuard()) {
            int fd = guard.hold(openFile(path, view.writes(), map));
            FileStatus.of(fd, map).checkRegular(map);
            if (request.exclusive()) {
                FileLock.takeExclusively(fd, map);
            } else {
                FileLock.share(fd, map);
            }
            // Under the lock: a growth is taken back under another lock, which excludes this one.
            FileStatus status = FileStatus.of(fd, map);
            long size = request.sizeToMap(status.size(), view);
            view.lengthIn(size, request.what());
            if (request.alias() != null) {
                ObjectName name = request.alias().name();
                ShmObject.refuseOccupied(name, new Operation("create", name.region()), Kind.ALIAS);
            }
            boolean grows = size > status.size();
            boolean done = false;
            try {
                if (grows) {
                    FileSize.grow(fd, status.size(), size, !request.lazy(), map);
                }
                RegionMapping mapping = request.alias() == null
                        ? MmapMapping.of(new Backing(null, fd, path, request.what()), size, view, false)
                        : mapWithAlias(new Target(path, fd, status, size), request.alias(), view);
                done = true;
                return guard.dismiss(mapping);
            } finally {
                if (grows && !done) {
                    FileSize.shrinkBack(fd, status.size(), size);
                }
            }
        }
    }

    /** The file of an alias, and how much of it is the region. */
    private record Target(byte[] path, int fd, FileStatus status, long size) {
        byte[] alias(boolean writable) {
            return ByteBuffer.allocate(AliasLayout.SIZE)
                    .order(ByteOrder.nativeOrder())
                    .put(AliasLayout.MAGIC, AliasLayout.MAGIC_VALUE)
                    .putInt(AliasLayout.VERSION, AliasLayout.VERSION_VALUE)
                    .putInt(AliasLayout.FLAGS, writable ? AliasLayout.WRITABLE : 0)
                    .putLong(AliasLayout.REGION_SIZE, size)
                    .putLong(AliasLayout.DEVICE, status.device())
                    .putLong(AliasLayout.INODE, status.inode())
                    .put(AliasLayout.PATH, path)
                    .array();
        }
    }

    private static RegionMapping mapWithAlias(Target target, FileRequest.Alias alias, ViewRequest view) {
        Content content = new Content(AliasLayout.SIZE, true, target.alias(view.writes()));
        int mode = alias.rights().mode() & ~WRITABLE_BY_OTHERS | ShmObject.marks(Kind.ALIAS);
        try (ScopeGuard<ShmObject> guard = new ScopeGuard<>(ShmObject::close)) {
            ShmObject object = guard.hold(ShmObject.create(alias.name(), Kind.ALIAS, content, mode));
            Backing backing = new Backing(object, target.fd, target.path, alias.name().region());
            return guard.dismiss(MmapMapping.of(backing, target.size, view, true));
        }
    }

    /**
     * Opens the file that an alias leads to. An alias is trusted only if this user or root wrote it and no other user
     * can write to it: the alias of another user could name any file that this process may open.
     */
    static RegionMapping openAlias(ShmObject object, Operation open, ViewRequest view) {
        if (!object.stat.isOwn() || (object.stat.mode() & WRITABLE_BY_OTHERS) != 0) {
            throw open.failure(Reason.ACCESS_DENIED, "another user gave this name to a file. Map the file itself.");
        }
        ByteBuffer alias = object.alias();
        int version = alias.getInt(AliasLayout.VERSION);
        if (version != AliasLayout.VERSION_VALUE) {
            throw open.wrongVersion(version, AliasLayout.VERSION_VALUE);
        }
        if (view.writes() && (alias.getInt(AliasLayout.FLAGS) & AliasLayout.WRITABLE) == 0) {
            String why = "its creator maps the file without writing to it. Ask for READ_ONLY or COPY_ON_WRITE access.";
            throw open.failure(Reason.ACCESS_DENIED, why);
        }
        byte[] path = Arrays.copyOfRange(alias.array(), AliasLayout.PATH, AliasLayout.SIZE);
        path[path.length - 1] = 0;
        String file = Native.toString(path, StandardCharsets.UTF_8);
        Operation openFile = new Operation("open", open.object() + ", which is file \"" + file + "\"");
        try (FdGuard guard = new FdGuard()) {
            int fd = guard.hold(openFile(path, view.writes(), openFile));
            FileLock.shareByName(fd, open);
            FileStatus status = FileStatus.of(fd, open);
            long size = alias.getLong(AliasLayout.REGION_SIZE);
            if (!status.isSameFile(alias.getLong(AliasLayout.DEVICE), alias.getLong(AliasLayout.INODE))) {
                String why = "its file was replaced by another one. Restart the process that created the region.";
                throw open.failure(Reason.NOT_FOUND, why);
            }
            open.checkSize(status.size(), size);
            open.checkSize(size, Math.max(view.minimumSize(), 1));
            return guard.dismiss(MmapMapping.of(new Backing(object, fd, path, open.object()), size, view, false));
        }
    }

    private static int openFile(byte[] path, boolean write, Operation operation) {
        // The call must refuse a FIFO and not wait for it.
        int flags = (write ? Fcntl.O_RDWR : Fcntl.O_RDONLY) | Fcntl.O_CLOEXEC | Fcntl.O_NONBLOCK;
        int fd = LibC.open(path, flags, 0);
        if (!Errno.succeeded(fd, ErrNo.ENOENT, operation, "open")) {
            throw operation.noSuchFile(ErrNo.ENOENT, "ENOENT");
        }
        return fd;
    }

    /**
     * The bytes of an absolute path, ended by a NUL. The path's URI has the bytes that the system uses,
     * percent-encoded; its string has been through the locale's character set.
     */
    private static byte[] cPath(Path file) {
        String encoded = file.toAbsolutePath().toUri().getRawPath();
        // In a path a plus is no space. Each of the decoded characters is a byte.
        String bytes = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
        return Native.toByteArray(bytes, StandardCharsets.ISO_8859_1);
    }
}
