package dev.sharedregion.kills;

import dev.sharedregion.LatestReader;
import dev.sharedregion.helpers.Whole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the values of {@link LatestWorker}s: each is whole, is that of its version, and never gets older. */
final class LatestChecks {
    private final LatestReader reader;
    private final ByteBuffer copy;
    private final long[] versions;

    LatestChecks(LatestReader reader) {
        this.reader = reader;
        copy = ByteBuffer.allocateDirect(reader.size()).order(ByteOrder.nativeOrder());
        versions = new long[reader.count()];
    }

    /** Reads each value once, and returns the highest version. */
    long readAll() {
        long highest = 0;
        for (int index = 0; index < versions.length; index++) {
            long version = reader.read(index, copy);
            long number = version == 0 ? 0 : Whole.number(copy);
            if (number != version || version < versions[index]) {
                throw new IllegalStateException("value " + index + " of version " + version + " is that of " + number
                        + ", after version " + versions[index]);
            }
            versions[index] = version;
            highest = Math.max(highest, version);
        }
        return highest;
    }
}
