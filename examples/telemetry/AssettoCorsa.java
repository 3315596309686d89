package telemetry;

import com.sun.jna.Structure;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import telemetry.ProgramRegion.Publication;

/**
 * Assetto Corsa and Assetto Corsa Competizione: three regions without any synchronization. The two games use the same
 * names for different structures. The fields in front, which this reads, are the same. The version in the region of
 * constants tells the games apart.
 */
final class AssettoCorsa implements Layout {
    private static final String PHYSICS_NAME = "Local\\acpmf_physics";
    private static final String GRAPHICS_NAME = "Local\\acpmf_graphics";
    private static final String STATIC_NAME = "Local\\acpmf_static";
    private static final int PHYSICS_SIZE = 800;
    private static final int GRAPHICS_SIZE = 1588;
    private static final int STATIC_SIZE = 784;

    /** Counts the updates, in physics and in graphics. */
    private static final int PACKET_ID = 0;

    // Physics.
    private static final int FUEL = 12;
    private static final int GEAR = 16;
    private static final int RPM = 20;
    private static final int SPEED_KMH = 28;

    // Graphics.
    private static final int STATUS = 4;
    private static final int COMPLETED_LAPS = 132;

    // Constants.
    private static final int VERSION = 0;
    private static final int VERSION_LENGTH = 15;
    private static final int CAR_MODEL = 68;
    private static final int TRACK = 134;
    private static final int NAME_LENGTH = 33;

    private static final int OFF = 0;
    private static final int LIVE = 2;

    /** In the physics, 0 is reverse and 1 is neutral. */
    private static final int FIRST_GEAR = 2;

    private static final ProgramRegion PHYSICS = region(PHYSICS_NAME, PHYSICS_SIZE);
    private static final ProgramRegion GRAPHICS = region(GRAPHICS_NAME, GRAPHICS_SIZE);

    /** Without a packet number, but any word may be the last one of constants. */
    private static final ProgramRegion CONSTANTS = region(STATIC_NAME, STATIC_SIZE);

    private static ProgramRegion region(String name, int size) {
        return new ProgramRegion(name, size, Sync.twice(), Publication.last(PACKET_ID));
    }

    @Override
    public String name() {
        return "assettocorsa";
    }

    @Override
    public String program() {
        return "Assetto Corsa, Assetto Corsa Competizione";
    }

    @Override
    public Duration staleAfter() {
        return Duration.ofSeconds(2);
    }

    @Override
    public List<ProgramRegion> regions() {
        return List.of(PHYSICS, GRAPHICS, CONSTANTS);
    }

    @Override
    public Readings open(String name, Duration staleAfter) {
        // Graphics and constants may stand still for any time.
        TelemetryOptions quiet = TelemetryOptions.defaults().staleAfter(Duration.ofDays(1));
        Part constants = CONSTANTS.open(STATIC_NAME, quiet);
        Part graphics = GRAPHICS.open(GRAPHICS_NAME, quiet);
        TelemetryOptions options = TelemetryOptions.defaults()
                .staleAfter(staleAfter)
                .aliveWhile(physics -> physics.getInt(PACKET_ID) != 0)
                .pausedWhile(physics -> graphics.copy.getInt(STATUS) != LIVE);
        Part physics = PHYSICS.open(name, options);
        return new Readings(
                () -> rows(constants.copy, graphics.copy, physics.copy), physics, constants, graphics);
    }

    private static List<Row> rows(ByteBuffer constants, ByteBuffer graphics, ByteBuffer physics) {
        return List.of(
                new Row("version", Text.get16(constants, VERSION, VERSION_LENGTH)),
                new Row("car", Text.get16(constants, CAR_MODEL, NAME_LENGTH)),
                new Row("track", Text.get16(constants, TRACK, NAME_LENGTH)),
                Row.of("lap", "%d", graphics.getInt(COMPLETED_LAPS) + 1),
                Row.of("speed", "%.1f km/h", physics.getFloat(SPEED_KMH)),
                Row.of("engine", "%d rpm", physics.getInt(RPM)),
                Row.of("gear", "%d", physics.getInt(GEAR) - FIRST_GEAR + 1),
                Row.of("fuel", "%.2f l", physics.getFloat(FUEL)));
    }

    /** The fields of the physics that this producer has. */
    @Structure.FieldOrder({"packetId", "gas", "brake", "fuel", "gear", "rpms", "steerAngle", "speedKmh"})
    public static final class Physics extends Structure {
        public int packetId;
        public float gas;
        public float brake;
        public float fuel;
        public int gear;
        public int rpms;
        public float steerAngle;
        public float speedKmh;
    }

    @Override
    public Producer produce() {
        return new Game();
    }

    private static final class Game implements Producer {
        private final Physics physics = new Physics();
        private final Block block = new Block(PHYSICS_NAME, PHYSICS_SIZE);
        private final Block graphics = new Block(GRAPHICS_NAME, GRAPHICS_SIZE);
        private final Block constants = new Block(STATIC_NAME, STATIC_SIZE);

        Game() {
            Text.put16(constants.memory, VERSION, "1.9");
            Text.put16(constants.memory, CAR_MODEL, Lap.CAR);
            Text.put16(constants.memory, TRACK, Lap.TRACK);
        }

        @Override
        public double rate() {
            return 60;
        }

        @Override
        public void write(Lap lap) {
            graphics.memory.putInt(STATUS, LIVE);
            graphics.memory.putInt(COMPLETED_LAPS, lap.number() - 1);
            VarHandle.releaseFence();
            graphics.memory.putInt(PACKET_ID, lap.update());
            physics.packetId = lap.update();
            physics.gas = (float) lap.throttle();
            physics.brake = (float) lap.brake();
            physics.fuel = (float) lap.fuel();
            physics.gear = lap.gear() + FIRST_GEAR - 1;
            physics.rpms = (int) lap.rpm();
            physics.speedKmh = (float) lap.speed();
            Publisher.publish(physics, block.memory, PACKET_ID);
        }

        @Override
        public void close() {
            graphics.memory.putInt(STATUS, OFF);
            constants.close();
            graphics.close();
            block.close();
        }
    }
}
