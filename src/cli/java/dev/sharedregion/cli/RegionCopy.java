package dev.sharedregion.cli;

import com.sun.jna.Memory;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedObject;
import dev.sharedregion.SharedObject.Kind;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import dev.sharedregion.TelemetryReader.Result;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import telemetry.ProgramRegion;

/**
 * The newest copy of all of a region, which may come and go. Nobody notices that it is copied: the region is mapped for
 * reading, and goes with its last user as if this process did not look at it.
 */
final class RegionCopy implements AutoCloseable {
    private static final int FIRST_ROOM = 1 << 20;
    private static final int MOST_ROOM = 1 << 30;

    /** Stands still for any time. */
    private static final TelemetryOptions OPTIONS = TelemetryOptions.defaults().staleAfter(Duration.ofDays(1));

    private static final byte[] NONE = {};

    private final String name;
    private final TelemetryReader reader;

    /** Whether nothing is known of the region: neither its size, nor how its writer synchronizes. */
    private final boolean unknown;

    private ByteBuffer room;
    private byte[] bytes = NONE;

    /**
     * Copies a region of which nothing but the name is known.
     *
     * @throws SharedMemoryException {@code NOT_FOUND} if no process uses the region any more: the first look would
     *     remove it
     */
    RegionCopy(String name) {
        this(refuseLeftover(name), TelemetryReader.open(name, Sync.twice(), OPTIONS), true, FIRST_ROOM);
    }

    private static String refuseLeftover(String name) {
        if (Leftover.of(name).isPresent()) {
            throw new SharedMemoryException(Reason.NOT_FOUND, "The region \"" + name + "\" has no users: a killed "
                    + "process has left it behind. 'dump' and 'diff' show it, and 'clean' removes it.");
        }
        return name;
    }

    /** Copies a region of a known program. */
    RegionCopy(ProgramRegion region) {
        this(region.name(), TelemetryReader.open(region.name(), region.sync(), OPTIONS), false, region.size());
    }

    private RegionCopy(String name, TelemetryReader reader, boolean unknown, int room) {
        this.name = name;
        this.reader = reader;
        this.unknown = unknown;
        this.room = ByteBuffer.allocate(room);
    }

    String name() {
        return name;
    }

    /** Returns the last copy. It is not changed later. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Copies the region if it has changed. After FRESH, {@link #bytes} are new. After TORN too, if nothing is known of
     * the region: then they are as they were at that moment, and may be half written.
     */
    Result read() {
        Result result = unknown ? readAll() : reader.read(room);
        if (result == Result.FRESH) {
            bytes = Arrays.copyOf(room.array(), Math.min(reader.length(), room.capacity()));
        } else if (result == Result.TORN && unknown) {
            return readTorn();
        } else if (result == Result.ABSENT) {
            bytes = NONE;
        }
        return result;
    }

    /** Makes room until all fits. */
    private Result readAll() {
        Result result = reader.read(room);
        while (result == Result.FRESH && reader.length() == room.capacity() && room.capacity() <= MOST_ROOM) {
            // One byte more than a copy may have tells that there is more.
            ByteBuffer larger = ByteBuffer.allocate((int) Math.min(2L * room.capacity(), MOST_ROOM + 1L));
            Result again = reader.read(larger);
            if (again == Result.UNCHANGED) {
                // All of it did fit.
                return Result.FRESH;
            }
            room = larger;
            result = again;
        }
        if (result == Result.FRESH && reader.length() > MOST_ROOM) {
            throw tooLarge(name);
        }
        return result;
    }

    private Result readTorn() {
        try {
            byte[] torn = window(name, 0, 0);
            if (Arrays.equals(torn, bytes)) {
                return Result.UNCHANGED;
            }
            bytes = torn;
            return Result.TORN;
        } catch (SharedMemoryException e) {
            return Result.UNCHANGED;
        }
    }

    /**
     * Copies a region once, also one that no process uses. If it is being written at every look, the copy is as it was
     * at that moment, and may be half written.
     *
     * @throws SharedMemoryException if the region cannot be opened
     */
    static byte[] of(String name) {
        Optional<Leftover> left = Leftover.of(name);
        if (left.isPresent()) {
            return left.get().bytes();
        }
        try (RegionCopy copy = new RegionCopy(name)) {
            Result result = copy.read();
            if (result == Result.ABSENT) {
                throw copy.problem();
            }
            return result == Result.FRESH ? copy.bytes : window(name, 0, 0);
        }
    }

    /**
     * Copies a part of a region as it is at this moment. Does not become a user of it, as a {@link SharedRegion} would:
     * another program that creates the region at that moment must not find it.
     *
     * @param length the number of bytes; 0 for all up to the end
     * @throws SharedMemoryException if the region cannot be opened, or does not have the part
     * @throws IllegalArgumentException if the part is larger than a copy can be
     */
    static byte[] window(String name, long offset, long length) {
        byte[][] part = {NONE};
        TelemetryOptions options = OPTIONS.aliveWhile(memory -> {
            long size = ((Memory) memory).size();
            checkPart(name, size, offset, length);
            long wanted = length == 0 ? size - offset : length;
            if (wanted > MOST_ROOM) {
                throw tooLarge(name);
            }
            part[0] = memory.getByteArray(offset, (int) wanted);
            // The reader is to make no copy.
            return false;
        });
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.twice(), options)) {
            if (reader.read(ByteBuffer.allocate(1)) == Result.ABSENT) {
                throw reader.problem().orElseThrow();
            }
            return part[0];
        }
    }

    /** Fails if a region of this size does not have the part. */
    static void checkPart(String name, long size, long offset, long length) {
        if (offset > size || length > size - offset) {
            throw new SharedMemoryException(Reason.TOO_SMALL, "The region \"" + name + "\" has " + size
                    + " bytes: it does not have " + length + " bytes at offset " + offset + ".");
        }
    }

    private static IllegalArgumentException tooLarge(String name) {
        return new IllegalArgumentException("The region \"" + name + "\" is larger than 1 GiB. 'dump' shows "
                + "a part of it by --offset and --length.");
    }

    /** Waits until the region has changed, has come, or the time has passed. */
    boolean await(Duration time) throws InterruptedException {
        return reader.await(time);
    }

    /**
     * Reads the region for the first time. One that does not exist may come. What is wrong with one that cannot be
     * opened will stay so.
     *
     * @return whether it does not exist
     * @throws SharedMemoryException if it cannot be opened
     */
    boolean refuseUnlessMissing() {
        boolean absent = read() == Result.ABSENT;
        if (absent && problem().reason() != Reason.NOT_FOUND) {
            throw problem();
        }
        return absent;
    }

    /** Returns why the region cannot be opened. */
    SharedMemoryException problem() {
        SharedMemoryException problem = reader.problem().orElseThrow();
        return problem.reason() == Reason.NOT_FOUND ? ofParts(problem) : problem;
    }

    /** The name may be that of a table, a channel or a pair, which consist of regions and events. */
    private SharedMemoryException ofParts(SharedMemoryException problem) {
        try {
            String parts = Names.find(name).stream()
                    .flatMap(object -> object.parts().stream())
                    .filter(part -> part.kind() == Kind.REGION)
                    .map(SharedObject::name)
                    .collect(Collectors.joining(", "));
            return parts.isEmpty() ? problem : new SharedMemoryException(
                    Reason.NOT_FOUND, "\"" + name + "\" is no region, but has some. Give one of them: " + parts);
        } catch (SharedMemoryException e) {
            return problem;
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
