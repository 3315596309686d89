package telemetry;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Structure;
import com.sun.jna.platform.linux.LibC;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import telemetry.ProgramRegion.Publication;

/**
 * Mumble's positional audio. Here the producer is a game, and Mumble reads where the player's head is. Either of them
 * creates the region, and both write to it, so it stays when one of them ends.
 */
final class Mumble implements Layout {
    /** 2 on Windows, 4 on Linux. */
    private static final int WIDE = Native.WCHAR_SIZE;

    private static final int NAME_CHARS = 256;
    private static final int IDENTITY_CHARS = 256;
    private static final int CONTEXT_BYTES = 256;
    private static final int DESCRIPTION_CHARS = 2048;

    // The numbers in front are the same on both systems, what follows a text is not.
    private static final int VERSION = 0;
    private static final int TICK = 4;
    private static final int AVATAR_POSITION = 8;
    private static final int GAME_NAME = 44;
    private static final int CAMERA = GAME_NAME + NAME_CHARS * WIDE;
    private static final int IDENTITY = CAMERA + 36;
    private static final int CONTEXT_LENGTH = IDENTITY + IDENTITY_CHARS * WIDE;
    private static final int CONTEXT = CONTEXT_LENGTH + 4;
    private static final int DESCRIPTION = CONTEXT + CONTEXT_BYTES;
    private static final int SIZE = DESCRIPTION + DESCRIPTION_CHARS * WIDE;

    private static final int LINKED = 2;

    /** On Linux all users share one namespace. */
    private static final String REGION_NAME =
            Platform.isWindows() ? "MumbleLink" : "MumbleLink." + LibC.INSTANCE.getuid();

    private static final ProgramRegion REGION =
            new ProgramRegion(REGION_NAME, SIZE, Sync.twice(), Publication.last(TICK, VERSION));

    @Override
    public String name() {
        return "mumble";
    }

    @Override
    public String program() {
        return "Mumble positional audio";
    }

    @Override
    public Duration staleAfter() {
        return Duration.ofSeconds(5);
    }

    @Override
    public List<ProgramRegion> regions() {
        return List.of(REGION);
    }

    @Override
    public Readings open(String name, Duration staleAfter) {
        TelemetryOptions options = TelemetryOptions.defaults()
                .size(SIZE)
                .staleAfter(staleAfter)
                .aliveWhile(memory -> memory.getInt(VERSION) == LINKED);
        Part part = REGION.open(name, options);
        return new Readings(() -> rows(part.copy), part);
    }

    private static List<Row> rows(ByteBuffer data) {
        return List.of(
                new Row("game", Text.getWide(data, GAME_NAME, NAME_CHARS, WIDE)),
                new Row("description", Text.getWide(data, DESCRIPTION, DESCRIPTION_CHARS, WIDE)),
                new Row("player", Text.getWide(data, IDENTITY, IDENTITY_CHARS, WIDE)),
                Row.of("tick", "%d", Integer.toUnsignedLong(data.getInt(TICK))),
                Row.of("position", "%.1f, %.1f, %.1f m", data.getFloat(AVATAR_POSITION),
                        data.getFloat(AVATAR_POSITION + 4), data.getFloat(AVATAR_POSITION + 8)));
    }

    /** The structure of Mumble's link plugin. */
    @Structure.FieldOrder({
        "version", "tick", "position", "front", "top", "name", "cameraPosition", "cameraFront", "cameraTop", "identity",
        "contextLength", "context", "description"
    })
    public static final class LinkedMemory extends Structure {
        public int version;
        public int tick;
        public float[] position = new float[3];
        public float[] front = {0, 0, 1};
        public float[] top = {0, 1, 0};
        public byte[] name = new byte[NAME_CHARS * WIDE];
        public float[] cameraPosition = new float[3];
        public float[] cameraFront = {0, 0, 1};
        public float[] cameraTop = {0, 1, 0};
        public byte[] identity = new byte[IDENTITY_CHARS * WIDE];
        public int contextLength;
        public byte[] context = new byte[CONTEXT_BYTES];
        public byte[] description = new byte[DESCRIPTION_CHARS * WIDE];
    }

    @Override
    public Producer produce() {
        return new Game();
    }

    private static final class Game implements Producer {
        /** Mumble does not count as a user of a region of this library. The name must stay, for it. */
        private final SharedRegion region =
                SharedRegion.openOrCreate(REGION_NAME, SIZE, RegionOptions.defaults().persistent());

        private final ByteBuffer memory = region.buffer().order(ByteOrder.LITTLE_ENDIAN);
        private final LinkedMemory state = new LinkedMemory();

        Game() {
            byte[] match = "fake-match".getBytes(StandardCharsets.UTF_8);
            state.version = LINKED;
            // Another game may have written before. A tick that stands still would mean a dead game.
            state.tick = memory.getInt(TICK);
            state.name = Text.wide("Fake Game", NAME_CHARS, WIDE);
            state.identity = Text.wide(Lap.DRIVER, IDENTITY_CHARS, WIDE);
            state.contextLength = match.length;
            System.arraycopy(match, 0, state.context, 0, match.length);
            state.description = Text.wide("A game that does not exist", DESCRIPTION_CHARS, WIDE);
        }

        @Override
        public double rate() {
            return 50;
        }

        @Override
        public void write(Lap lap) {
            state.position = new float[] {(float) lap.x(), 0, (float) lap.z()};
            state.cameraPosition = state.position;
            state.tick++;
            Publisher.publish(state, memory, TICK, VERSION);
        }

        @Override
        public void close() {
            region.close();
        }
    }
}
