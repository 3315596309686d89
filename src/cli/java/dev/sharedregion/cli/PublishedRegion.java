package dev.sharedregion.cli;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import telemetry.ProgramRegion.Publication;

/** A region to which recorded states are written. It exists while the recorded one existed. */
final class PublishedRegion implements AutoCloseable {
    private final String name;
    private final Publication publication;
    private final boolean mayExist;
    private SharedRegion region;
    private ByteBuffer memory;

    /**
     * Creates no region yet.
     *
     * @param publication how to write a state
     * @param mayExist whether to write to a region that exists
     */
    PublishedRegion(String name, Publication publication, boolean mayExist) {
        this.name = name;
        this.publication = publication;
        this.mayExist = mayExist;
    }

    String name() {
        return name;
    }

    /**
     * Writes a state; an empty one means that there is no region.
     *
     * @throws IOException if the recording has the name of a layout that the state does not have
     */
    void write(byte[] bytes) throws IOException {
        if (memory != null && memory.capacity() != bytes.length) {
            close();
        }
        if (bytes.length == 0) {
            return;
        }
        if (memory == null) {
            region = open(bytes.length);
            memory = region.buffer(0, bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        }
        try {
            publication.write(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), memory);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("The recording is damaged: a state of \"" + name + "\" has " + bytes.length
                    + " bytes, too few for its layout.", e);
        }
    }

    private SharedRegion open(long size) {
        if (mayExist) {
            return SharedRegion.openOrCreate(name, size);
        }
        try {
            return SharedRegion.create(name, size);
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.ALREADY_EXISTS) {
                throw e;
            }
            throw new SharedMemoryException(e.reason(), e.getMessage() + " Or give --force to write to its memory.");
        }
    }

    @Override
    public void close() {
        if (memory != null) {
            memory = null;
            region.close();
        }
    }
}
