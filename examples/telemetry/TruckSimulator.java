package telemetry;

import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import telemetry.ProgramRegion.Publication;

/** Euro Truck Simulator 2 and American Truck Simulator, by RenCloud's telemetry plugin, without synchronization. */
final class TruckSimulator implements Layout {
    private static final String NAME = "Local\\SCSTelemetry";
    private static final int SIZE = 32 * 1024;

    /** A byte. */
    private static final int SDK_ACTIVE = 0;

    /** A byte. */
    private static final int PAUSED = 4;

    private static final int TIME = 8;
    private static final int REVISION = 40;
    private static final int GAME = 52;
    private static final int GEAR = 504;
    private static final int SPEED = 948;
    private static final int RPM = 952;
    private static final int FUEL = 1000;

    private static final int KNOWN_REVISION = 10;
    private static final ProgramRegion REGION =
            new ProgramRegion(NAME, SIZE, Sync.twice(), Publication.last(SDK_ACTIVE));

    private static final List<String> GAMES = List.of("unknown", "Euro Truck Simulator 2", "American Truck Simulator");

    @Override
    public String name() {
        return "trucks";
    }

    @Override
    public String program() {
        return "Euro Truck Simulator 2, American Truck Simulator";
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
                .aliveWhile(memory -> memory.getByte(SDK_ACTIVE) != 0)
                .pausedWhile(memory -> memory.getByte(PAUSED) != 0);
        Part part = REGION.open(name, options);
        return new Readings(() -> rows(part.copy), part);
    }

    private static List<Row> rows(ByteBuffer data) {
        int game = data.getInt(GAME);
        return List.of(
                new Row("game", GAMES.get(game < 0 || game >= GAMES.size() ? 0 : game)),
                Row.of("revision", "%d", data.getInt(REVISION)),
                Row.of("speed", "%.1f km/h", data.getFloat(SPEED) * 3.6),
                Row.of("engine", "%.0f rpm", data.getFloat(RPM)),
                Row.of("gear", "%d", data.getInt(GEAR)),
                Row.of("fuel", "%.2f l", data.getFloat(FUEL)));
    }

    @Override
    public Producer produce() {
        return new Plugin();
    }

    private static final class Plugin implements Producer {
        private final ByteBuffer state = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        private final Block block = new Block(NAME, SIZE);

        @Override
        public double rate() {
            return 60;
        }

        @Override
        public void write(Lap lap) {
            state.put(SDK_ACTIVE, (byte) 1);
            state.putLong(TIME, (long) (lap.seconds() * 1_000_000));
            state.putInt(REVISION, KNOWN_REVISION);
            state.putInt(GAME, 1);
            state.putInt(GEAR, lap.gear());
            state.putFloat(SPEED, (float) lap.metresPerSecond());
            state.putFloat(RPM, (float) lap.rpm());
            state.putFloat(FUEL, (float) lap.fuel());
            Publisher.publish(state, block.memory, SDK_ACTIVE);
        }

        @Override
        public void close() {
            block.memory.put(SDK_ACTIVE, (byte) 0);
            block.close();
        }
    }
}
