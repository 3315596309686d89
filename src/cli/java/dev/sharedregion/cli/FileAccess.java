package dev.sharedregion.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens files. Of a problem the JDK often says no more than the path: these messages say more. */
final class FileAccess {
    private FileAccess() {}

    /** Creates a file, or replaces it if that was asked for. */
    static OutputStream create(Path file, boolean replace) throws IOException {
        try {
            return new FileOutput(file, replace
                    ? Files.newOutputStream(file)
                    : Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw problem("create", file, e);
        }
    }

    static InputStream open(Path file) throws IOException {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw problem("open", file, e);
        }
    }

    /** A file that is written. */
    private static final class FileOutput extends FilterOutputStream {
        private final Path file;

        FileOutput(Path file, OutputStream out) {
            super(out);
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw problem("write", file, e);
            }
        }
    }

    private static IOException problem(String what, Path file, IOException problem) {
        return new IOException("Cannot " + what + " \"" + file + "\": " + why(problem), problem);
    }

    private static String why(IOException problem) {
        if (problem instanceof NoSuchFileException) {
            return "there is no such file or folder.";
        }
        if (problem instanceof FileAlreadyExistsException) {
            return "it exists. Choose another file, or give --force to replace it.";
        }
        if (problem instanceof AccessDeniedException) {
            return "access is denied, or it is a folder.";
        }
        boolean more = problem instanceof FileSystemException known && known.getReason() != null;
        return (more ? ((FileSystemException) problem).getReason() : problem.getMessage()) + ".";
    }
}
