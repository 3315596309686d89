package dev.sharedregion.cli;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedObject.Kind;
import dev.sharedregion.SharedObject.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The region of processes that were all killed. It can be read as a file, and stays as it is. Only Linux has such.
 *
 * @param size of the region
 */
record Leftover(Path file, long size) {
    /** Returns the leftover of this name, if it is one. */
    static Optional<Leftover> of(String name) {
        if (!Platform.isLinux()) {
            return Optional.empty();
        }
        try {
            return Names.find(name).stream()
                    .filter(object -> object.kind() == Kind.REGION && object.state() == State.DEAD)
                    .map(object -> new Leftover(path(object.name()), object.size()))
                    .findFirst();
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static Path path(String name) {
        try {
            return Path.of("/dev/shm", name);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("The locale lacks letters of \"" + name + "\". Set LC_ALL=C.UTF-8.", e);
        }
    }

    byte[] bytes() {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length != size) {
                throw new SharedMemoryException(Reason.NOT_FOUND, "The region \"" + file.getFileName() + "\" has no "
                        + "users, and its memory is in a file of another folder. Read that file.");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read \"" + file + "\": " + e.getMessage(), e);
        }
    }
}
