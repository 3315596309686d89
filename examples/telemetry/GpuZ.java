package telemetry;

import com.sun.jna.Platform;
import com.sun.jna.platform.win32.Kernel32;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import telemetry.ProgramRegion.Publication;

/** GPU-Z: facts about the graphics card, and sensors once a second. A flag says that it is writing. */
final class GpuZ implements Layout {
    private static final String NAME = "GPUZShMem";
    private static final int SIZE = 200_204;

    private static final int VERSION = 0;
    private static final int BUSY = 4;
    private static final int LAST_UPDATE = 8;
    private static final int FACTS = 12;
    private static final int SENSORS = 131_084;

    private static final int MOST = 128;
    private static final int TEXT_LENGTH = 256;

    // A fact: a key and a value.
    private static final int FACT_VALUE = 512;
    private static final int FACT_SIZE = 1024;

    // A sensor begins with its name.
    private static final int UNIT = 512;
    private static final int UNIT_LENGTH = 8;
    private static final int DIGITS = 528;
    private static final int VALUE = 532;
    private static final int SENSOR_SIZE = 540;

    private static final int KNOWN_VERSION = 1;
    private static final int MOST_DIGITS = 9;

    private static final ProgramRegion REGION =
            new ProgramRegion(NAME, SIZE, Sync.busyFlag(BUSY), Publication.marked(BUSY, 1));

    @Override
    public String name() {
        return "gpuz";
    }

    @Override
    public String program() {
        return "GPU-Z";
    }

    @Override
    public Duration staleAfter() {
        return Duration.ofSeconds(10);
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
                .pollEvery(Duration.ofMillis(100))
                .aliveWhile(memory -> memory.getInt(VERSION) == KNOWN_VERSION);
        Part part = REGION.open(name, options);
        return new Readings(() -> rows(part.copy), part);
    }

    private static List<Row> rows(ByteBuffer data) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            int fact = FACTS + i * FACT_SIZE;
            String key = Text.get16(data, fact, TEXT_LENGTH);
            if (!key.isEmpty()) {
                rows.add(new Row(key, Text.get16(data, fact + FACT_VALUE, TEXT_LENGTH)));
            }
        }
        for (int i = 0; i < MOST; i++) {
            int sensor = SENSORS + i * SENSOR_SIZE;
            String name = Text.get16(data, sensor, TEXT_LENGTH);
            if (!name.isEmpty()) {
                int digits = Math.max(0, Math.min(data.getInt(sensor + DIGITS), MOST_DIGITS));
                String unit = Text.get16(data, sensor + UNIT, UNIT_LENGTH);
                rows.add(Row.of(name, "%." + digits + "f %s", data.getDouble(sensor + VALUE), unit));
            }
        }
        return rows;
    }

    @Override
    public Producer produce() {
        return new Monitor();
    }

    private static final class Monitor implements Producer {
        private final Block block = new Block(NAME, SIZE);
        private final ByteBuffer memory = block.memory;

        Monitor() {
            Text.put16(memory, FACTS, "CardName");
            Text.put16(memory, FACTS + FACT_VALUE, "Fake Graphics");
            putSensor(0, "GPU Clock", "MHz", 1);
            putSensor(1, "GPU Temperature", "°C", 1);
            putSensor(2, "Fan Speed (RPM)", "RPM", 0);
        }

        private void putSensor(int index, String name, String unit, int digits) {
            int sensor = SENSORS + index * SENSOR_SIZE;
            Text.put16(memory, sensor, name);
            Text.put16(memory, sensor + UNIT, unit);
            memory.putInt(sensor + DIGITS, digits);
        }

        @Override
        public double rate() {
            return 1;
        }

        @Override
        public void write(Lap lap) {
            memory.putInt(BUSY, 1);
            VarHandle.fullFence();
            memory.putDouble(SENSORS + VALUE, lap.rpm() / 4);
            memory.putDouble(SENSORS + SENSOR_SIZE + VALUE, 30 + lap.speed() / 10);
            memory.putDouble(SENSORS + 2 * SENSOR_SIZE + VALUE, 500 * lap.gear());
            memory.putInt(LAST_UPDATE, tickCount());
            memory.putInt(VERSION, KNOWN_VERSION);
            VarHandle.releaseFence();
            memory.putInt(BUSY, 0);
        }

        /** Milliseconds since the system's start. */
        private static int tickCount() {
            return Platform.isWindows()
                    ? Kernel32.INSTANCE.GetTickCount()
                    : (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        }

        @Override
        public void close() {
            block.close();
        }
    }
}
