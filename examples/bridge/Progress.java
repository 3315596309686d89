package bridge;

import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How far the messages of each lane have come to the channel of this machine: a file, which outlives the process. */
final class Progress {
    private static final int SIZE = 4096;
    private static final int IDENTITY = 0;
    private static final int LANES = 64;

    // Kept, as they would be closed if nothing had them.
    private final FileChannel lockFile;
    private final SharedRegion region;

    private final ByteBuffer words;

    private Progress(FileChannel lockFile, SharedRegion region) {
        this.lockFile = lockFile;
        this.region = region;
        words = region.buffer().order(ByteOrder.nativeOrder());
    }

    /** Opens the file, or makes it. Only one process at a time can have it. */
    static Progress open(Path file) throws IOException {
        FileChannel lockFile = FileChannel.open(
                Path.of(file + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lockFile.tryLock() == null) {
            throw new IOException("Another process has the file " + file + ". Is the bridge running already?");
        }
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        return new Progress(lockFile, SharedRegion.map(file, SIZE));
    }

    /** Forgets what belongs to another channel than this one. Returns whether it did. */
    boolean belongTo(long identity) {
        if (words.getLong(IDENTITY) == identity) {
            return false;
        }
        for (int at = LANES; at < SIZE; at += Long.BYTES) {
            words.putLong(at, 0);
        }
        words.putLong(IDENTITY, identity);
        return true;
    }

    /** The position after the last message of a lane that has come as a whole. */
    long of(int lane) {
        return words.getLong(LANES + lane * Long.BYTES);
    }

    void set(int lane, long position) {
        words.putLong(LANES + lane * Long.BYTES, position);
    }
}
