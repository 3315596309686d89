package telemetry;

import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import telemetry.ProgramRegion.Publication;

/**
 * RivaTuner Statistics Server, which measures frame rates, and MSI Afterburner, whose sensors are shown too if it runs.
 * Nothing synchronizes. Both structures grow from version to version: their headers say how large an entry is.
 */
final class Rtss implements Layout {
    private static final String RTSS_NAME = "RTSSSharedMemoryV2";
    private static final String AFTERBURNER_NAME = "MAHMSharedMemory";

    // Both regions. The characters of a signature are in the order of a number, not of a text.
    private static final int SIGNATURE = 0;
    private static final int VERSION = 4;
    private static final int RTSS = 0x5254_5353;
    private static final int MAHM = 0x4D41_484D;
    private static final int DEAD = 0xDEAD;

    // RTSS.
    private static final int APP_SIZE = 8;
    private static final int APPS_OFFSET = 12;
    private static final int APPS = 16;
    private static final int OSD_SIZE = 20;
    private static final int OSDS_OFFSET = 24;
    private static final int OSDS = 28;

    // In an application of RTSS.
    private static final int PROCESS_ID = 0;
    private static final int APP_NAME = 4;
    private static final int TIME_BEGIN = 268;
    private static final int TIME_END = 272;
    private static final int FRAMES = 276;
    private static final int FRAME_TIME = 280;

    // Afterburner.
    private static final int HEADER_SIZE = 8;
    private static final int ENTRIES = 12;
    private static final int ENTRY_SIZE = 16;
    private static final int TIME = 20;

    // In an entry of Afterburner, which begins with its name.
    private static final int UNITS = 260;
    private static final int DATA = 1300;

    private static final int PATH_LENGTH = 260;

    /** With room for more than the known versions have. */
    private static final int MOST_RTSS = 8 << 20;

    private static final int MOST_AFTERBURNER = 1 << 20;

    private static final ProgramRegion RATES =
            new ProgramRegion(RTSS_NAME, MOST_RTSS, Sync.twice(), Publication.last(SIGNATURE));

    private static final ProgramRegion SENSORS =
            new ProgramRegion(AFTERBURNER_NAME, MOST_AFTERBURNER, Sync.twice(), Publication.last(SIGNATURE));

    @Override
    public String name() {
        return "rtss";
    }

    @Override
    public String program() {
        return "RivaTuner Statistics Server, MSI Afterburner";
    }

    @Override
    public Duration staleAfter() {
        return Duration.ofSeconds(5);
    }

    @Override
    public List<ProgramRegion> regions() {
        return List.of(RATES, SENSORS);
    }

    @Override
    public Readings open(String name, Duration staleAfter) {
        // Each look compares all of the memory, and the program writes once a second.
        TelemetryOptions options =
                TelemetryOptions.defaults().staleAfter(staleAfter).pollEvery(Duration.ofMillis(100));
        Part sensors = SENSORS.open(
                AFTERBURNER_NAME, options.aliveWhile(memory -> memory.getInt(SIGNATURE) == MAHM));
        Part frames = RATES.open(name, options.aliveWhile(memory -> memory.getInt(SIGNATURE) == RTSS));
        return new Readings(() -> rows(sensors, frames.copy), frames, sensors);
    }

    private static List<Row> rows(Part sensors, ByteBuffer frames) {
        List<Row> rows = new ArrayList<>();
        int app = frames.getInt(APPS_OFFSET);
        for (int i = 0; i < frames.getInt(APPS); i++, app += frames.getInt(APP_SIZE)) {
            int period = frames.getInt(app + TIME_END) - frames.getInt(app + TIME_BEGIN);
            if (frames.getInt(app + PROCESS_ID) != 0 && period > 0) {
                double rate = 1000.0 * frames.getInt(app + FRAMES) / period;
                rows.add(Row.of(Text.get(frames, app + APP_NAME, PATH_LENGTH), "%.1f FPS", rate));
            }
        }
        if (sensors.isFilled()) {
            addSensors(rows, sensors.copy);
        }
        return rows;
    }

    private static void addSensors(List<Row> rows, ByteBuffer data) {
        int entry = data.getInt(HEADER_SIZE);
        for (int i = 0; i < data.getInt(ENTRIES); i++, entry += data.getInt(ENTRY_SIZE)) {
            String name = Text.get(data, entry, PATH_LENGTH);
            String unit = Text.get(data, entry + UNITS, PATH_LENGTH);
            rows.add(Row.of(name, "%.1f %s", data.getFloat(entry + DATA), unit));
        }
    }

    @Override
    public Producer produce() {
        return new Monitors();
    }

    /** The structures of RTSS 2.13 and Afterburner 2.0. */
    private static final class Monitors implements Producer {
        private static final int RTSS_SIZE = 4_485_160;
        private static final int RTSS_HEADER = 40;
        private static final int OSD_BYTES = 266_752;
        private static final int OSD_COUNT = 8;
        private static final int FIRST_APP = RTSS_HEADER + OSD_COUNT * OSD_BYTES;
        private static final int APP_BYTES = 9184;
        private static final int APP_COUNT = 256;

        private static final int MAHM_HEADER = 32;
        private static final int ENTRY_BYTES = 1324;
        private static final int ENTRY_COUNT = 2;

        private final Block frames = new Block(RTSS_NAME, RTSS_SIZE);
        private final Block sensors = new Block(AFTERBURNER_NAME, MAHM_HEADER + 64 * ENTRY_BYTES);

        Monitors() {
            ByteBuffer rtss = frames.memory;
            rtss.putInt(VERSION, 0x0002_000D);
            rtss.putInt(APP_SIZE, APP_BYTES);
            rtss.putInt(APPS_OFFSET, FIRST_APP);
            rtss.putInt(APPS, APP_COUNT);
            rtss.putInt(OSD_SIZE, OSD_BYTES);
            rtss.putInt(OSDS_OFFSET, RTSS_HEADER);
            rtss.putInt(OSDS, OSD_COUNT);
            rtss.putInt(FIRST_APP + PROCESS_ID, (int) ProcessHandle.current().pid());
            Text.put(rtss, FIRST_APP + APP_NAME, "fake-game.exe");
            ByteBuffer mahm = sensors.memory;
            mahm.putInt(VERSION, 0x0002_0000);
            mahm.putInt(HEADER_SIZE, MAHM_HEADER);
            mahm.putInt(ENTRIES, ENTRY_COUNT);
            mahm.putInt(ENTRY_SIZE, ENTRY_BYTES);
            putEntry(0, "GPU temperature", "°C");
            putEntry(1, "Core clock", "MHz");
        }

        private void putEntry(int index, String name, String unit) {
            int entry = MAHM_HEADER + index * ENTRY_BYTES;
            Text.put(sensors.memory, entry, name);
            Text.put(sensors.memory, entry + UNITS, unit);
        }

        @Override
        public double rate() {
            return 1;
        }

        @Override
        public void write(Lap lap) {
            int fps = (int) (lap.rpm() / 50);
            int now = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            frames.memory.putInt(FIRST_APP + TIME_BEGIN, now - 1000);
            frames.memory.putInt(FIRST_APP + TIME_END, now);
            frames.memory.putInt(FIRST_APP + FRAMES, fps);
            frames.memory.putInt(FIRST_APP + FRAME_TIME, 1_000_000 / fps);
            sensors.memory.putFloat(MAHM_HEADER + DATA, (float) (40 + lap.speed() / 10));
            sensors.memory.putFloat(MAHM_HEADER + ENTRY_BYTES + DATA, (float) lap.rpm() / 4);
            sensors.memory.putInt(TIME, (int) Instant.now().getEpochSecond());
            VarHandle.releaseFence();
            frames.memory.putInt(SIGNATURE, RTSS);
            sensors.memory.putInt(SIGNATURE, MAHM);
        }

        @Override
        public void close() {
            frames.memory.putInt(SIGNATURE, DEAD);
            sensors.memory.putInt(SIGNATURE, DEAD);
            frames.close();
            sensors.close();
        }
    }
}
