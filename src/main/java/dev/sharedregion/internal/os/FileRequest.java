package dev.sharedregion.internal.os;

import dev.sharedregion.internal.os.Failure.Reason;
import java.nio.file.Path;

/**
 * A file to map.
 *
 * @param size the number of bytes to map, or 0 for all
 * @param lazy whether to take disk space only when it is first used, if the file grows
 * @param exclusive whether no other process may use the file at the same time
 * @param alias the name of the file's region, or null
 */
public record FileRequest(Path path, long size, boolean lazy, boolean exclusive, Alias alias) {
    /** A name for a file's region. */
    public record Alias(ObjectName name, Rights rights) {}

    /** The description of the file in messages. */
    public String what() {
        return Operation.file(path);
    }

    /** The size to map of a file that has {@code fileSize} bytes now. */
    public long sizeToMap(long fileSize, ViewRequest view) {
        Operation map = new Operation("map", what());
        if (size == 0 && fileSize == 0) {
            throw map.failure(Reason.EMPTY_FILE, "it is empty. Give the size to grow it to.");
        }
        if (size > fileSize && !view.writes()) {
            throw map.failure(Reason.TOO_SMALL, "it has " + fileSize + " bytes, but " + size
                    + " were asked for, and only READ_WRITE access can grow it. Ask for less, or for READ_WRITE.");
        }
        return size == 0 ? fileSize : size;
    }
}
