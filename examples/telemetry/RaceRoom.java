package telemetry;

import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import telemetry.ProgramRegion.Publication;

/** RaceRoom Racing Experience, without synchronization. The ticks of the simulation stand still while it is paused. */
final class RaceRoom implements Layout {
    private static final String NAME = "$R3E";
    private static final int SIZE = 43_996;

    private static final int VERSION_MAJOR = 0;
    private static final int VERSION_MINOR = 4;
    private static final int PAUSED = 20;
    private static final int IN_MENUS = 24;
    private static final int TICKS = 44;
    private static final int SPEED = 1392;
    private static final int ENGINE = 1396;
    private static final int GEAR = 1408;
    private static final int FUEL_LEFT = 1456;
    private static final int CARS = 2008;
    private static final int FIRST_DRIVER = 2012;
    private static final int DRIVER_NAME_LENGTH = 64;

    private static final int VERSION = 3;
    private static final int TICKS_PER_SECOND = 400;

    private static final ProgramRegion REGION =
            new ProgramRegion(NAME, SIZE, Sync.twice(), Publication.last(TICKS, VERSION_MAJOR));

    @Override
    public String name() {
        return "raceroom";
    }

    @Override
    public String program() {
        return "RaceRoom Racing Experience";
    }

    @Override
    public Duration staleAfter() {
        return Duration.ofSeconds(2);
    }

    @Override
    public List<ProgramRegion> regions() {
        return List.of(REGION);
    }

    @Override
    public Readings open(String name, Duration staleAfter) {
        TelemetryOptions options = TelemetryOptions.defaults()
                .staleAfter(staleAfter)
                .aliveWhile(memory -> memory.getInt(VERSION_MAJOR) == VERSION)
                .pausedWhile(memory -> memory.getInt(PAUSED) != 0 || memory.getInt(IN_MENUS) != 0);
        Part part = REGION.open(name, options);
        return new Readings(() -> rows(part.copy), part);
    }

    private static List<Row> rows(ByteBuffer data) {
        return List.of(
                Row.of("version", "%d.%d", data.getInt(VERSION_MAJOR), data.getInt(VERSION_MINOR)),
                new Row("first driver", Text.get(data, FIRST_DRIVER, DRIVER_NAME_LENGTH)),
                Row.of("cars", "%d", data.getInt(CARS)),
                Row.of("speed", "%.1f km/h", data.getFloat(SPEED) * 3.6),
                Row.of("engine", "%.0f rpm", data.getFloat(ENGINE) * 60 / (2 * Math.PI)),
                Row.of("gear", "%d", data.getInt(GEAR)),
                Row.of("fuel", "%.2f l", data.getFloat(FUEL_LEFT)));
    }

    @Override
    public Producer produce() {
        return new Game();
    }

    private static final class Game implements Producer {
        private final ByteBuffer state = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        private final Block block = new Block(NAME, SIZE);

        @Override
        public double rate() {
            return 60;
        }

        @Override
        public void write(Lap lap) {
            state.putInt(VERSION_MAJOR, VERSION);
            state.putInt(VERSION_MINOR, 5);
            state.putInt(TICKS, (int) (lap.seconds() * TICKS_PER_SECOND));
            state.putFloat(SPEED, (float) lap.metresPerSecond());
            state.putFloat(ENGINE, (float) lap.radiansPerSecond());
            state.putInt(GEAR, lap.gear());
            state.putFloat(FUEL_LEFT, (float) lap.fuel());
            state.putInt(CARS, 1);
            Text.put(state, FIRST_DRIVER, Lap.DRIVER);
            Publisher.publish(state, block.memory, TICKS, VERSION_MAJOR);
        }

        @Override
        public void close() {
            block.close();
        }
    }
}
