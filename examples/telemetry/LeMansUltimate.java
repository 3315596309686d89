package telemetry;

import dev.sharedregion.NamedEvent;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import telemetry.ProgramRegion.Publication;

/**
 * Le Mans Ultimate. The game writes under a lock of its own, in a second region, and then sets an auto-reset event.
 * This reader uses neither: a reader that holds the lock stalls the game, and a reader that waits for the event
 * takes the wake-up from another tool. It copies twice instead.
 */
final class LeMansUltimate implements Layout {
    private static final String NAME = "LMU_Data";
    private static final String DATA_EVENT = "LMU_Data_Event";
    private static final String LOCK_NAME = "LMU_SharedMemoryLockData";
    private static final String LOCK_EVENT = "LMU_SharedMemoryLockEvent";
    private static final int SIZE = 324_820;
    private static final int LOCK_SIZE = 8;

    /** 16 numbers. A number says that the event of its place has happened. */
    private static final int EVENTS = 0;

    private static final int UPDATE_SCORING = 10;
    private static final int UPDATE_TELEMETRY = 11;

    private static final int GAME_VERSION = 64;
    private static final int SCORING = 1632;
    private static final int ACTIVE_VEHICLES = 128_464;
    private static final int PLAYER_INDEX = 128_465;
    private static final int PLAYER_HAS_VEHICLE = 128_466;
    private static final int FIRST_VEHICLE = 128_468;

    private static final ProgramRegion REGION =
            new ProgramRegion(NAME, SIZE, Sync.twice(), Publication.last(GAME_VERSION));

    // In the lock.
    private static final int WAITERS = 0;
    private static final int BUSY = 4;

    @Override
    public String name() {
        return "lmu";
    }

    @Override
    public String program() {
        return "Le Mans Ultimate";
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
    public List<String> events() {
        return List.of(DATA_EVENT);
    }

    @Override
    public Readings open(String name, Duration staleAfter) {
        TelemetryOptions options = TelemetryOptions.defaults()
                .size(SIZE)
                .staleAfter(staleAfter)
                .aliveWhile(memory -> memory.getInt(GAME_VERSION) != 0);
        Part data = REGION.open(name, options);
        return new Readings(() -> rows(data.copy), data);
    }

    private static List<Row> rows(ByteBuffer data) {
        int player = Byte.toUnsignedInt(data.get(PLAYER_INDEX));
        if (data.get(PLAYER_HAS_VEHICLE) == 0 || player >= Byte.toUnsignedInt(data.get(ACTIVE_VEHICLES))) {
            return List.of(new Row("vehicle", "none"));
        }
        return IsiVehicle.rows(data, FIRST_VEHICLE + player * IsiVehicle.SIZE);
    }

    @Override
    public Producer produce() {
        return new Game();
    }

    private static final class Game implements Producer {
        private static final VarHandle WORD =
                MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

        private static final int VEHICLE_COUNT = 2;
        private static final int PLAYER = 1;

        /** The game's own state, of which each update copies all: what takes long happens here. */
        private final ByteBuffer state = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

        private final Block block = new Block(NAME, SIZE);
        private final Block lock = new Block(LOCK_NAME, LOCK_SIZE);
        private final NamedEvent lockFree = NamedEvent.openOrCreate(LOCK_EVENT);
        private final NamedEvent dataChanged = NamedEvent.openOrCreate(DATA_EVENT);

        @Override
        public double rate() {
            return 50;
        }

        @Override
        public void write(Lap lap) {
            fill(state, lap);
            while (!WORD.compareAndSet(lock.memory, BUSY, 0, 1)) {
                Thread.onSpinWait();
            }
            Publisher.publish(state, block.memory, GAME_VERSION);
            WORD.setVolatile(lock.memory, BUSY, 0);
            if ((int) WORD.getVolatile(lock.memory, WAITERS) > 0) {
                lockFree.set();
            }
            dataChanged.set();
        }

        private static void fill(ByteBuffer memory, Lap lap) {
            memory.putInt(EVENTS + UPDATE_SCORING * Integer.BYTES, 1);
            memory.putInt(EVENTS + UPDATE_TELEMETRY * Integer.BYTES, 1);
            memory.putInt(GAME_VERSION, 130);
            Text.put(memory, SCORING, Lap.TRACK);
            memory.put(ACTIVE_VEHICLES, (byte) VEHICLE_COUNT);
            memory.put(PLAYER_INDEX, (byte) PLAYER);
            memory.put(PLAYER_HAS_VEHICLE, (byte) 1);
            for (int i = 0; i < VEHICLE_COUNT; i++) {
                IsiVehicle.put(memory, FIRST_VEHICLE + i * IsiVehicle.SIZE, i, lap);
            }
        }

        @Override
        public void close() {
            dataChanged.close();
            lockFree.close();
            lock.close();
            block.close();
        }
    }
}
