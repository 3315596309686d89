package telemetry;

import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import telemetry.ProgramRegion.Publication;

/**
 * rFactor 2, by its shared memory map plugin: the telemetry of all vehicles 50 times a second, and the scoring, which
 * says which of them is the player's, 5 times a second. Each region begins with two versions. The plugin increments the
 * first before it writes, and the second after that.
 */
final class RFactor2 implements Layout {
    private static final String TELEMETRY_NAME = "$rFactor2SMMP_Telemetry$";
    private static final String SCORING_NAME = "$rFactor2SMMP_Scoring$";
    private static final int TELEMETRY_SIZE = 241_680;
    private static final int SCORING_SIZE = 75_312;

    // Both regions.
    private static final int VERSION_BEGIN = 0;
    private static final int VERSION_END = 4;

    // Telemetry.
    private static final int VEHICLES = 12;
    private static final int FIRST_VEHICLE = 16;

    // Scoring.
    private static final int INFO = 12;
    private static final int SCORED_VEHICLES = INFO + 104;
    private static final int FIRST_SCORED = 560;
    private static final int SCORED_SIZE = 584;

    /** In a scored vehicle, after its id. */
    private static final int DRIVER_NAME = 4;

    private static final int DRIVER_NAME_LENGTH = 32;
    private static final int IS_PLAYER = 196;
    private static final int PLACE = 199;

    private static final int MOST_VEHICLES = 128;

    private static final ProgramRegion TELEMETRY = region(TELEMETRY_NAME, TELEMETRY_SIZE);
    private static final ProgramRegion SCORING = region(SCORING_NAME, SCORING_SIZE);

    private static ProgramRegion region(String name, int size) {
        return new ProgramRegion(
                name, size, Sync.versions(VERSION_BEGIN, VERSION_END), Publication.between(VERSION_BEGIN, VERSION_END));
    }

    @Override
    public String name() {
        return "rfactor2";
    }

    @Override
    public String program() {
        return "rFactor 2";
    }

    @Override
    public Duration staleAfter() {
        return Duration.ofSeconds(5);
    }

    @Override
    public List<ProgramRegion> regions() {
        return List.of(TELEMETRY, SCORING);
    }

    @Override
    public Readings open(String name, Duration staleAfter) {
        TelemetryOptions options = TelemetryOptions.defaults().staleAfter(staleAfter);
        Part scoring = SCORING.open(SCORING_NAME, options.size(SCORING_SIZE));
        Part telemetry = TELEMETRY.open(name, options.size(TELEMETRY_SIZE));
        return new Readings(() -> rows(scoring.copy, telemetry.copy), telemetry, scoring);
    }

    private static List<Row> rows(ByteBuffer scoring, ByteBuffer telemetry) {
        int player = player(scoring);
        int vehicle = player < 0 ? -1 : vehicle(telemetry, IsiVehicle.id(scoring, player));
        if (vehicle < 0) {
            return List.of(new Row("vehicle", "none"));
        }
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("driver", Text.get(scoring, player + DRIVER_NAME, DRIVER_NAME_LENGTH)));
        rows.add(Row.of("place", "%d of %d", scoring.get(player + PLACE), scoring.getInt(SCORED_VEHICLES)));
        rows.addAll(IsiVehicle.rows(telemetry, vehicle));
        return rows;
    }

    /** Returns the offset of the player in the scoring, or -1. */
    private static int player(ByteBuffer scoring) {
        for (int i = 0; i < Math.min(scoring.getInt(SCORED_VEHICLES), MOST_VEHICLES); i++) {
            int vehicle = FIRST_SCORED + i * SCORED_SIZE;
            if (scoring.get(vehicle + IS_PLAYER) != 0) {
                return vehicle;
            }
        }
        return -1;
    }

    /** Returns the offset of the vehicle of this id in the telemetry, or -1. The order differs from the scoring's. */
    private static int vehicle(ByteBuffer telemetry, int id) {
        for (int i = 0; i < Math.min(telemetry.getInt(VEHICLES), MOST_VEHICLES); i++) {
            int vehicle = FIRST_VEHICLE + i * IsiVehicle.SIZE;
            if (IsiVehicle.id(telemetry, vehicle) == id) {
                return vehicle;
            }
        }
        return -1;
    }

    @Override
    public Producer produce() {
        return new Plugin();
    }

    private static final class Plugin implements Producer {
        /** The scoring is written with every tenth telemetry. */
        private static final int TELEMETRIES_PER_SCORING = 10;

        private static final int VEHICLE_COUNT = 3;
        private static final int PLAYER_ID = 7;

        private final Block telemetry = new Block(TELEMETRY_NAME, TELEMETRY_SIZE);
        private final Block scoring = new Block(SCORING_NAME, SCORING_SIZE);

        @Override
        public double rate() {
            return 50;
        }

        @Override
        public void write(Lap lap) {
            if (lap.update() % TELEMETRIES_PER_SCORING == 1) {
                update(scoring.memory, () -> score(scoring.memory, lap));
            }
            update(telemetry.memory, () -> {
                telemetry.memory.putInt(VEHICLES, VEHICLE_COUNT);
                for (int i = 0; i < VEHICLE_COUNT; i++) {
                    IsiVehicle.put(telemetry.memory, FIRST_VEHICLE + i * IsiVehicle.SIZE, PLAYER_ID - i, lap);
                }
            });
        }

        private static void update(ByteBuffer memory, Runnable write) {
            int version = memory.getInt(VERSION_END) + 1;
            memory.putInt(VERSION_BEGIN, version);
            VarHandle.fullFence();
            write.run();
            VarHandle.releaseFence();
            memory.putInt(VERSION_END, version);
        }

        private static void score(ByteBuffer memory, Lap lap) {
            Text.put(memory, INFO, Lap.TRACK);
            memory.putDouble(INFO + 68, lap.seconds());
            memory.putInt(SCORED_VEHICLES, VEHICLE_COUNT);
            for (int i = 0; i < VEHICLE_COUNT; i++) {
                int vehicle = FIRST_SCORED + i * SCORED_SIZE;
                int id = PLAYER_ID - VEHICLE_COUNT + 1 + i;
                memory.putInt(vehicle, id);
                Text.put(memory, vehicle + DRIVER_NAME, id == PLAYER_ID ? Lap.DRIVER : "Driver " + id);
                memory.put(vehicle + IS_PLAYER, (byte) (id == PLAYER_ID ? 1 : 0));
                memory.put(vehicle + PLACE, (byte) (i + 1));
            }
        }

        @Override
        public void close() {
            telemetry.close();
            scoring.close();
        }
    }
}
