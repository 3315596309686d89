package telemetry;

import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import telemetry.ProgramRegion.Publication;

/**
 * Project CARS 2 and Automobilista 2. The game writes once for each frame. A sequence number is odd while it does, and
 * stands still in menus.
 */
final class ProjectCars2 implements Layout {
    private static final String NAME = "$pcars2$";
    private static final int SIZE = 20_692;

    private static final int VERSION = 0;
    private static final int GAME_STATE = 8;
    private static final int VIEWED_PARTICIPANT = 20;
    private static final int PARTICIPANTS = 24;
    private static final int FIRST_PARTICIPANT = 28;
    private static final int PARTICIPANT_SIZE = 100;
    private static final int FUEL_LEVEL = 6840;
    private static final int FUEL_CAPACITY = 6844;
    private static final int SPEED = 6848;
    private static final int RPM = 6852;
    private static final int BRAKE = 6860;
    private static final int THROTTLE = 6864;
    private static final int GEAR = 6876;
    private static final int SEQUENCE = 7320;

    // In a participant.
    private static final int IS_ACTIVE = 0;
    private static final int NAME_FIELD = 1;
    private static final int NAME_LENGTH = 64;
    private static final int CURRENT_LAP = 92;

    /** Of Project CARS 2; that of Automobilista 2 is one more. */
    private static final int OLDEST_VERSION = 13;

    private static final int EXITED = 0;
    private static final int PLAYING = 2;

    private static final int MOST_PARTICIPANTS = 64;

    /** A sequence of 1 is odd, so it says that the game is writing. */
    private static final ProgramRegion REGION =
            new ProgramRegion(NAME, SIZE, Sync.sequence(SEQUENCE), Publication.marked(SEQUENCE, 1));

    @Override
    public String name() {
        return "pcars2";
    }

    @Override
    public String program() {
        return "Project CARS 2, Automobilista 2";
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
                .aliveWhile(memory -> memory.getInt(VERSION) >= OLDEST_VERSION && memory.getInt(GAME_STATE) != EXITED)
                .pausedWhile(memory -> memory.getInt(GAME_STATE) != PLAYING);
        Part part = REGION.open(name, options);
        return new Readings(() -> rows(part.copy), part);
    }

    private static List<Row> rows(ByteBuffer data) {
        int viewed = data.getInt(VIEWED_PARTICIPANT);
        if (viewed < 0 || viewed >= Math.min(data.getInt(PARTICIPANTS), MOST_PARTICIPANTS)) {
            return List.of(new Row("participant", "none"));
        }
        int participant = FIRST_PARTICIPANT + viewed * PARTICIPANT_SIZE;
        return List.of(
                new Row("driver", Text.get(data, participant + NAME_FIELD, NAME_LENGTH)),
                Row.of("lap", "%d", data.getInt(participant + CURRENT_LAP)),
                Row.of("speed", "%.1f km/h", data.getFloat(SPEED) * 3.6),
                Row.of("engine", "%.0f rpm", data.getFloat(RPM)),
                Row.of("gear", "%d", data.getInt(GEAR)),
                Row.of("fuel", "%.2f l", data.getFloat(FUEL_LEVEL) * data.getFloat(FUEL_CAPACITY)));
    }

    @Override
    public Producer produce() {
        return new Game();
    }

    private static final class Game implements Producer {
        private static final float TANK = 100;

        private final Block block = new Block(NAME, SIZE);
        private final ByteBuffer memory = block.memory;

        @Override
        public double rate() {
            return 60;
        }

        @Override
        public void write(Lap lap) {
            int sequence = memory.getInt(SEQUENCE);
            memory.putInt(SEQUENCE, sequence + 1);
            VarHandle.fullFence();
            memory.putInt(VERSION, OLDEST_VERSION);
            memory.putInt(GAME_STATE, PLAYING);
            memory.putInt(VIEWED_PARTICIPANT, 0);
            memory.putInt(PARTICIPANTS, 1);
            memory.put(FIRST_PARTICIPANT + IS_ACTIVE, (byte) 1);
            Text.put(memory, FIRST_PARTICIPANT + NAME_FIELD, Lap.DRIVER);
            memory.putInt(FIRST_PARTICIPANT + CURRENT_LAP, lap.number());
            memory.putFloat(FUEL_CAPACITY, TANK);
            memory.putFloat(FUEL_LEVEL, (float) lap.fuel() / TANK);
            memory.putFloat(SPEED, (float) lap.metresPerSecond());
            memory.putFloat(RPM, (float) lap.rpm());
            memory.putFloat(BRAKE, (float) lap.brake());
            memory.putFloat(THROTTLE, (float) lap.throttle());
            memory.putInt(GEAR, lap.gear());
            VarHandle.releaseFence();
            memory.putInt(SEQUENCE, sequence + 2);
        }

        @Override
        public void close() {
            memory.putInt(GAME_STATE, EXITED);
            block.close();
        }
    }
}
