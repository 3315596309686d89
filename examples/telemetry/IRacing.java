package telemetry;

import dev.sharedregion.NamedEvent;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * iRacing. Its memory has two parts. One is the session's description with the list of the variables, and seldom
 * changes. The other is the values of the variables in up to four buffers, which the program fills in turn, 60 times a
 * second. Which variables there are, and where, depends on the car: look them up by their names.
 */
final class IRacing implements Layout {
    private static final String NAME = "Local\\IRSDKMemMapFileName";
    private static final String EVENT = "Local\\IRSDKDataValidEvent";
    private static final int SIZE = 1164 * 1024;

    // The header.
    private static final int VERSION = 0;
    private static final int STATUS = 4;
    private static final int TICK_RATE = 8;
    private static final int SESSION_INFO_UPDATE = 12;
    private static final int SESSION_INFO_LENGTH = 16;
    private static final int SESSION_INFO_OFFSET = 20;
    private static final int VARIABLES = 24;
    private static final int VARIABLES_OFFSET = 28;
    private static final int BUFFERS = 32;
    private static final int BUFFER_LENGTH = 36;
    private static final int BUFFER_TABLE = 48;
    private static final int BUFFER_STRIDE = 16;
    private static final int HEADER_SIZE = 112;

    /** In an entry of the table of buffers, after its tick. */
    private static final int BUFFER_OFFSET = 4;

    private static final int CONNECTED = 1;
    private static final int MOST_BUFFERS = 4;

    /** The longest line of values: it has room for 4096 variables. */
    private static final int LONGEST_LINE = 4096 * 8;

    /** The description of a variable. */
    private static final class Variable {
        static final int SIZE = 144;
        static final int TYPE = 0;
        static final int OFFSET = 4;
        static final int COUNT = 8;
        static final int NAME = 16;
        static final int NAME_LENGTH = 32;
        static final int DESCRIPTION = 48;
        static final int UNIT = 112;

        static final int INT = 2;
        static final int FLOAT = 4;
        static final int DOUBLE = 5;

        private Variable() {}
    }

    @Override
    public String name() {
        return "iracing";
    }

    @Override
    public String program() {
        return "iRacing";
    }

    @Override
    public Duration staleAfter() {
        return Duration.ofSeconds(30);
    }

    @Override
    public List<ProgramRegion> regions() {
        return List.of(new ProgramRegion(NAME, SIZE, Sync.twice(), IRacing::write));
    }

    @Override
    public List<String> events() {
        return List.of(EVENT);
    }

    /**
     * Writes a copy as the program does: the description, and then one buffer after the other, from the oldest to the
     * newest, with the tick of each last.
     */
    private static void write(ByteBuffer copy, ByteBuffer memory) {
        int length = copy.getInt(BUFFER_LENGTH);
        int[] entries = IntStream.range(0, Math.min(copy.getInt(BUFFERS), MOST_BUFFERS))
                .mapToObj(i -> BUFFER_TABLE + i * BUFFER_STRIDE)
                .sorted(Comparator.comparing(copy::getInt))
                .mapToInt(Integer::intValue)
                .toArray();
        int end = Arrays.stream(entries).map(entry -> copy.getInt(entry + BUFFER_OFFSET)).min().orElse(copy.capacity());
        // A copy that is made because of the number has the status, too.
        int[] last = {STATUS, SESSION_INFO_UPDATE};
        Publisher.copy(copy, memory, end, IntStream.concat(Arrays.stream(entries), Arrays.stream(last)).toArray());
        for (int entry : entries) {
            int offset = copy.getInt(entry + BUFFER_OFFSET);
            memory.put(offset, copy, offset, length);
            Publisher.putInOrder(copy, memory, entry);
        }
        Publisher.putInOrder(copy, memory, last);
    }

    @Override
    public Readings open(String name, Duration staleAfter) {
        TelemetryOptions options = TelemetryOptions.defaults()
                .staleAfter(staleAfter)
                .aliveWhile(memory -> (memory.getInt(STATUS) & CONNECTED) != 0);
        // The session's description may stay the same for the whole race.
        Part session = new Part(TelemetryReader.open(
                name, Sync.counter(SESSION_INFO_UPDATE), options.staleAfter(Duration.ofDays(1))), SIZE);
        Sync newestBuffer = Sync.rotating(BUFFERS, BUFFER_LENGTH, BUFFER_TABLE, BUFFER_STRIDE);
        Part values = new Part(TelemetryReader.open(name, newestBuffer, options), LONGEST_LINE);
        return new Readings(() -> rows(session.copy, values.copy), values, session);
    }

    private static List<Row> rows(ByteBuffer session, ByteBuffer values) {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("track", sessionInfo(session, "TrackDisplayName")));
        rows.add(new Row("driver", sessionInfo(session, "UserName")));
        for (String name : List.of("Lap", "Speed", "RPM", "Gear", "Throttle", "Brake", "FuelLevel")) {
            int variable = find(session, name);
            if (variable >= 0) {
                rows.add(row(session, variable, values));
            }
        }
        return rows;
    }

    /** The description is YAML; for a value that occurs once, its line is enough. */
    private static String sessionInfo(ByteBuffer session, String key) {
        String yaml = Text.get(session, session.getInt(SESSION_INFO_OFFSET), session.getInt(SESSION_INFO_LENGTH));
        return yaml.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Returns the offset of the description of a variable, or -1. */
    private static int find(ByteBuffer session, String name) {
        int variable = session.getInt(VARIABLES_OFFSET);
        for (int i = 0; i < session.getInt(VARIABLES); i++, variable += Variable.SIZE) {
            if (Text.get(session, variable + Variable.NAME, Variable.NAME_LENGTH).equals(name)) {
                return variable;
            }
        }
        return -1;
    }

    private static Row row(ByteBuffer session, int variable, ByteBuffer values) {
        String name = Text.get(session, variable + Variable.NAME, Variable.NAME_LENGTH);
        String unit = Text.get(session, variable + Variable.UNIT, Variable.NAME_LENGTH);
        int offset = session.getInt(variable + Variable.OFFSET);
        return switch (session.getInt(variable + Variable.TYPE)) {
            case Variable.INT -> Row.of(name, "%d %s", values.getInt(offset), unit);
            case Variable.FLOAT -> Row.of(name, "%.2f %s", values.getFloat(offset) * scale(unit), unit);
            case Variable.DOUBLE -> Row.of(name, "%.2f %s", values.getDouble(offset), unit);
            default -> new Row(name, "of another type");
        };
    }

    /** What the SDK calls a percentage goes from 0 to 1. */
    private static int scale(String unit) {
        return unit.equals("%") ? 100 : 1;
    }

    @Override
    public Producer produce() {
        return new Sim();
    }

    /** Describes the session once a lap, and writes the values to the oldest buffer. */
    private static final class Sim implements Producer {
        private static final int TICKS_PER_SECOND = 60;
        private static final int INFO_LENGTH = 512 * 1024;
        private static final int INFO_OFFSET = HEADER_SIZE;
        private static final int LIST_OFFSET = INFO_OFFSET + INFO_LENGTH;
        private static final int BUFFER_COUNT = 4;
        private static final int FIRST_BUFFER = LIST_OFFSET + 4096 * Variable.SIZE;
        private static final int BUFFER_SIZE = 16 * 1024;

        private final Block block = new Block(NAME, SIZE);
        private final ByteBuffer memory = block.memory;
        private final NamedEvent dataValid = NamedEvent.openOrCreate(EVENT);
        private int lineLength;
        private int variables;
        private int sessions;

        Sim() {
            addVariable("SessionTime", Variable.DOUBLE, "s", "Seconds since session start");
            addVariable("Lap", Variable.INT, "", "Laps started count");
            addVariable("Speed", Variable.FLOAT, "m/s", "GPS vehicle speed");
            addVariable("RPM", Variable.FLOAT, "revs/min", "Engine rpm");
            addVariable("Gear", Variable.INT, "", "-1=reverse, 0=neutral, 1..n=current gear");
            addVariable("Throttle", Variable.FLOAT, "%", "0=off throttle to 1=full throttle");
            addVariable("Brake", Variable.FLOAT, "%", "0=brake released to 1=max pedal force");
            addVariable("FuelLevel", Variable.FLOAT, "l", "Liters of fuel remaining");
            memory.putInt(VERSION, 2);
            memory.putInt(TICK_RATE, TICKS_PER_SECOND);
            memory.putInt(SESSION_INFO_LENGTH, INFO_LENGTH);
            memory.putInt(SESSION_INFO_OFFSET, INFO_OFFSET);
            memory.putInt(VARIABLES, variables);
            memory.putInt(VARIABLES_OFFSET, LIST_OFFSET);
            memory.putInt(BUFFERS, BUFFER_COUNT);
            memory.putInt(BUFFER_LENGTH, lineLength);
            for (int i = 0; i < BUFFER_COUNT; i++) {
                memory.putInt(BUFFER_TABLE + i * BUFFER_STRIDE, -1);
                memory.putInt(BUFFER_TABLE + i * BUFFER_STRIDE + BUFFER_OFFSET, FIRST_BUFFER + i * BUFFER_SIZE);
            }
        }

        private void addVariable(String name, int type, String unit, String description) {
            int variable = LIST_OFFSET + variables++ * Variable.SIZE;
            memory.putInt(variable + Variable.TYPE, type);
            memory.putInt(variable + Variable.OFFSET, lineLength);
            memory.putInt(variable + Variable.COUNT, 1);
            Text.put(memory, variable + Variable.NAME, name);
            Text.put(memory, variable + Variable.DESCRIPTION, description);
            Text.put(memory, variable + Variable.UNIT, unit);
            lineLength += type == Variable.DOUBLE ? Double.BYTES : Float.BYTES;
        }

        @Override
        public double rate() {
            return TICKS_PER_SECOND;
        }

        @Override
        public void write(Lap lap) {
            if (sessions < lap.number()) {
                describeSession(lap);
            }
            int entry = BUFFER_TABLE + lap.update() % BUFFER_COUNT * BUFFER_STRIDE;
            memory.position(memory.getInt(entry + BUFFER_OFFSET));
            memory.putDouble(lap.seconds());
            memory.putInt(lap.number());
            memory.putFloat((float) lap.metresPerSecond());
            memory.putFloat((float) lap.rpm());
            memory.putInt(lap.gear());
            memory.putFloat((float) lap.throttle());
            memory.putFloat((float) lap.brake());
            memory.putFloat((float) lap.fuel());
            VarHandle.releaseFence();
            memory.putInt(entry, lap.update());
            dataValid.set();
        }

        private void describeSession(Lap lap) {
            Text.put(memory, INFO_OFFSET, """
                    ---
                    WeekendInfo:
                     TrackDisplayName: %s
                    SessionInfo:
                     CurrentSessionNum: %d
                    DriverInfo:
                     DriverCarIdx: 0
                     Drivers:
                     - CarIdx: 0
                       UserName: %s
                    ...
                    """.formatted(Lap.TRACK, lap.number(), Lap.DRIVER));
            memory.putInt(STATUS, CONNECTED);
            // A reader copies the session when it sees a new number, and the copy is to have the status.
            VarHandle.releaseFence();
            memory.putInt(SESSION_INFO_UPDATE, ++sessions);
        }

        @Override
        public void close() {
            memory.putInt(STATUS, 0);
            dataValid.close();
            block.close();
        }
    }
}
