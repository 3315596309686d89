package telemetry;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import telemetry.ProgramRegion.Publication;

/**
 * HWiNFO, whose readings change every 2 seconds. A mutex guards them. Where it cannot be opened, which is often so if
 * HWiNFO runs elevated, the time of the last poll is compared before and after the copy.
 */
final class HwInfo implements Layout {
    private static final String NAME = "Global\\HWiNFO_SENS_SM2";
    private static final String MUTEX = "Global\\HWiNFO_SM2_MUTEX";

    private static final int SIGNATURE = 0;
    private static final int VERSION = 4;
    private static final int REVISION = 8;
    private static final int POLL_TIME = 12;
    private static final int SENSORS_OFFSET = 20;
    private static final int SENSOR_SIZE = 24;
    private static final int SENSORS = 28;
    private static final int READINGS_OFFSET = 32;
    private static final int READING_SIZE = 36;
    private static final int READINGS = 40;
    private static final int POLLING_PERIOD = 44;
    private static final int HEADER_SIZE = 48;

    // A reading.
    private static final int SENSOR_INDEX = 4;
    private static final int VALUE = 284;
    private static final int LABEL = 316;
    private static final int LABEL_LENGTH = 128;
    private static final int UNIT = 444;
    private static final int UNIT_LENGTH = 16;

    // A sensor.
    private static final int SENSOR_NAME = 264;

    /** The first version with texts in UTF-8, that of HWiNFO 7.33. */
    private static final int UTF_8_VERSION = 2;

    /** The characters HWiS. */
    private static final int ACTIVE = 0x5369_5748;

    /** The characters DEAD. */
    private static final int DEAD = 0x4441_4544;

    /** More than HWiNFO needs on a large machine. */
    private static final int MOST = 1 << 20;

    private static final ProgramRegion REGION = new ProgramRegion(
            NAME, MOST, Sync.mutex(MUTEX, Sync.counter64(POLL_TIME)), Publication.last(POLL_TIME, SIGNATURE));

    @Override
    public String name() {
        return "hwinfo";
    }

    @Override
    public String program() {
        return "HWiNFO";
    }

    /** The free version stops after 12 hours, and leaves its memory as it is. */
    @Override
    public Duration staleAfter() {
        return Duration.ofSeconds(60);
    }

    @Override
    public List<ProgramRegion> regions() {
        return List.of(REGION);
    }

    @Override
    public Readings open(String name, Duration staleAfter) {
        TelemetryOptions options = TelemetryOptions.defaults()
                .staleAfter(staleAfter)
                .pollEvery(Duration.ofMillis(100))
                .aliveWhile(memory -> memory.getInt(SIGNATURE) == ACTIVE);
        Part part = REGION.open(name, options);
        return new Readings(() -> rows(part.copy), part);
    }

    private static List<Row> rows(ByteBuffer data) {
        List<Row> rows = new ArrayList<>();
        if (data.getInt(VERSION) < UTF_8_VERSION) {
            return List.of(Row.of("version", "%d, which is too old", data.getInt(VERSION)));
        }
        rows.add(new Row("polled", Instant.ofEpochSecond(data.getLong(POLL_TIME)).toString()));
        int reading = data.getInt(READINGS_OFFSET);
        for (int i = 0; i < data.getInt(READINGS); i++, reading += data.getInt(READING_SIZE)) {
            int sensor = data.getInt(SENSORS_OFFSET) + data.getInt(reading + SENSOR_INDEX) * data.getInt(SENSOR_SIZE);
            String label = Text.get(data, sensor + SENSOR_NAME, LABEL_LENGTH) + ": "
                    + Text.get(data, reading + LABEL, LABEL_LENGTH);
            String unit = Text.get(data, reading + UNIT, UNIT_LENGTH);
            rows.add(Row.of(label, "%.1f %s", data.getDouble(reading + VALUE), unit));
        }
        return rows;
    }

    @Override
    public Producer produce() {
        return new Monitor();
    }

    private static final class Monitor implements Producer {
        private static final int SIZE = 64 * 1024;
        private static final Duration PERIOD = Duration.ofSeconds(2);

        // The sizes of layout version 2.
        private static final int SENSOR_BYTES = 392;
        private static final int READING_BYTES = 460;

        private static final int SENSOR_COUNT = 2;
        private static final int FIRST_READING = HEADER_SIZE + SENSOR_COUNT * SENSOR_BYTES;

        // The types of readings.
        private static final int TEMPERATURE = 1;
        private static final int FAN = 3;
        private static final int CLOCK = 6;

        private final Block block = new Block(NAME, SIZE);
        private final ByteBuffer memory = block.memory;
        private final WindowsMutex mutex = Platform.isWindows() ? new WindowsMutex(MUTEX) : null;
        private int readings;

        Monitor() {
            memory.putInt(VERSION, UTF_8_VERSION);
            memory.putInt(REVISION, 1);
            memory.putInt(SENSORS_OFFSET, HEADER_SIZE);
            memory.putInt(SENSOR_SIZE, SENSOR_BYTES);
            memory.putInt(SENSORS, SENSOR_COUNT);
            memory.putInt(READINGS_OFFSET, FIRST_READING);
            memory.putInt(READING_SIZE, READING_BYTES);
            memory.putInt(POLLING_PERIOD, (int) PERIOD.toMillis());
            Text.put(memory, HEADER_SIZE + SENSOR_NAME, "Fake CPU");
            Text.put(memory, HEADER_SIZE + SENSOR_BYTES + SENSOR_NAME, "Fake GPU");
        }

        @Override
        public double rate() {
            return 1.0 / PERIOD.toSeconds();
        }

        /** Counts the readings down to 0 and up again while it fills them in. */
        @Override
        public void write(Lap lap) {
            if (mutex != null) {
                mutex.acquire();
            }
            try {
                readings = 0;
                memory.putInt(READINGS, 0);
                add(0, TEMPERATURE, "CPU Package", "°C", 40 + lap.speed() / 10);
                add(0, CLOCK, "Core 0 Clock", "MHz", lap.rpm() / 2);
                add(1, TEMPERATURE, "GPU Temperature", "°C", 30 + lap.speed() / 10);
                add(1, FAN, "GPU Fan", "RPM", lap.rpm() / 4);
                VarHandle.releaseFence();
                memory.putLong(POLL_TIME, Instant.now().getEpochSecond());
                memory.putInt(SIGNATURE, ACTIVE);
            } finally {
                if (mutex != null) {
                    mutex.release();
                }
            }
        }

        private void add(int sensor, int type, String label, String unit, double value) {
            int reading = FIRST_READING + readings * READING_BYTES;
            memory.putInt(reading, type);
            memory.putInt(reading + SENSOR_INDEX, sensor);
            Text.put(memory, reading + LABEL, label);
            Text.put(memory, reading + UNIT, unit);
            memory.putDouble(reading + VALUE, value);
            memory.putInt(READINGS, ++readings);
        }

        @Override
        public void close() {
            memory.putInt(SIGNATURE, DEAD);
            if (mutex != null) {
                mutex.close();
            }
            block.close();
        }
    }

    /** A Win32 mutex that this process creates. It belongs to a thread, so one thread must do all this. */
    private static final class WindowsMutex implements AutoCloseable {
        private final HANDLE handle;

        WindowsMutex(String name) {
            handle = Kernel32.INSTANCE.CreateMutex(null, false, name);
            if (handle == null) {
                throw new IllegalStateException("Cannot create the mutex: error " + Native.getLastError() + ".");
            }
        }

        void acquire() {
            Kernel32.INSTANCE.WaitForSingleObject(handle, WinBase.INFINITE);
        }

        void release() {
            Kernel32.INSTANCE.ReleaseMutex(handle);
        }

        @Override
        public void close() {
            Kernel32.INSTANCE.CloseHandle(handle);
        }
    }
}
