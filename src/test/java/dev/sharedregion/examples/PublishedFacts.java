package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import com.sun.jna.platform.linux.LibC;
import dev.sharedregion.TelemetryReader.Result;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import telemetry.Layout;
import telemetry.Readings;

/**
 * Where the programs of {@code examples/telemetry} keep what. The numbers stand here once more, from the programs' own
 * headers, so that a wrong one in a layout does not hide behind the same one in its producer.
 */
enum PublishedFacts {
    IRACING("iracing", 0, "IRSDKMemMapFileName", "IRSDKDataValidEvent") {
        @Override
        double check(Readings readings) {
            ByteBuffer session = copy(readings, 0);
            ByteBuffer values = readings.main().copy();
            assertEquals(1, session.getInt(4) & 1, "status");
            assertEquals(60, session.getInt(8), "tickRate");
            String yaml = text(session, session.getInt(20), session.getInt(16), StandardCharsets.UTF_8);
            assertTrue(yaml.contains("TrackDisplayName: Fake Ring"), yaml);
            float speed = values.getFloat(variable(session, "Speed"));
            checkCar(speed * 3.6, values.getFloat(variable(session, "RPM")), values.getInt(variable(session, "Gear")));
            return speed;
        }

        /** Where in a line of values this variable is. */
        private int variable(ByteBuffer session, String name) {
            for (int i = 0; i < session.getInt(24); i++) {
                int header = session.getInt(28) + 144 * i;
                if (text(session, header + 16, 32, StandardCharsets.UTF_8).equals(name)) {
                    return session.getInt(header + 4);
                }
            }
            throw new AssertionError("no variable " + name);
        }
    },

    RFACTOR2("rfactor2", 2000, "$rFactor2SMMP_Telemetry$", "$rFactor2SMMP_Scoring$") {
        @Override
        double check(Readings readings) {
            ByteBuffer scoring = copy(readings, 0);
            assertEquals(scoring.getInt(0), scoring.getInt(4), "scoring's versions");
            ByteBuffer telemetry = readings.main().copy();
            assertEquals(telemetry.getInt(0), telemetry.getInt(4), "versions");
            assertEquals(3, telemetry.getInt(12), "mNumVehicles");
            return checkVehicles(telemetry, 16, 3);
        }
    },

    LE_MANS_ULTIMATE(
            "lmu", 0, "LMU_Data", "LMU_Data_Event", "LMU_SharedMemoryLockData", "LMU_SharedMemoryLockEvent") {
        @Override
        double check(Readings readings) {
            ByteBuffer data = readings.main().copy();
            assertEquals(2, data.get(128464), "activeVehicles");
            assertEquals(1, data.get(128465), "playerIdx");
            assertEquals(1, data.get(128466), "playerHasVehicle");
            assertEquals("Fake Ring", text(data, 1632, 64, StandardCharsets.UTF_8));
            return checkVehicles(data, 128468, 2);
        }
    },

    PROJECT_CARS_2("pcars2", 2000, "$pcars2$") {
        @Override
        double check(Readings readings) {
            ByteBuffer data = readings.main().copy();
            assertEquals(13, data.getInt(0), "version");
            assertEquals(2, data.getInt(8), "gameState");
            assertEquals(1, data.getInt(24), "numParticipants");
            assertEquals("Fake Driver", text(data, 28 + 1, 64, StandardCharsets.UTF_8));
            assertEquals(0, data.getInt(7320) % 2, "sequence");
            checkCar(data.getFloat(6848) * 3.6, data.getFloat(6852), data.getInt(6876));
            return data.getFloat(6848);
        }
    },

    ASSETTO_CORSA("assettocorsa", 0, "acpmf_physics", "acpmf_graphics", "acpmf_static") {
        @Override
        double check(Readings readings) {
            ByteBuffer physics = readings.main().copy();
            assertEquals("1.9", text(copy(readings, 0), 0, 30, StandardCharsets.UTF_16LE));
            assertEquals(2, copy(readings, 1).getInt(4), "status");
            checkCar(physics.getFloat(28), physics.getInt(20), physics.getInt(16) - 1);
            return physics.getInt(0);
        }
    },

    RACEROOM("raceroom", 0, "$R3E") {
        @Override
        double check(Readings readings) {
            ByteBuffer data = readings.main().copy();
            assertEquals(3, data.getInt(0), "versionMajor");
            assertEquals(5, data.getInt(4), "versionMinor");
            assertEquals(1, data.getInt(2008), "numCars");
            assertEquals("Fake Driver", text(data, 2012, 64, StandardCharsets.UTF_8));
            double rpm = data.getFloat(1396) * 60 / (2 * Math.PI);
            checkCar(data.getFloat(1392) * 3.6, rpm, data.getInt(1408));
            return data.getInt(44);
        }
    },

    TRUCKS("trucks", 0, "SCSTelemetry") {
        @Override
        double check(Readings readings) {
            ByteBuffer data = readings.main().copy();
            assertEquals(1, data.get(0), "sdkActive");
            assertEquals(10, data.getInt(40), "revision");
            assertEquals(1, data.getInt(52), "game");
            checkCar(data.getFloat(948) * 3.6, data.getFloat(952), data.getInt(504));
            return data.getLong(8);
        }
    },

    HWINFO("hwinfo", 1, "HWiNFO_SENS_SM2") {
        @Override
        double check(Readings readings) {
            ByteBuffer data = readings.main().copy();
            assertEquals("HWiS", text(data, 0, 4, StandardCharsets.US_ASCII));
            assertEquals(2, data.getInt(4), "version");
            assertEquals(2, data.getInt(28), "sensors");
            assertEquals(4, data.getInt(40), "readings");
            assertEquals(2000, data.getInt(44), "polling period");
            assertEquals("Fake GPU", text(data, data.getInt(20) + data.getInt(24) + 264, 128, StandardCharsets.UTF_8));
            IntToDoubleFunction reading = i -> data.getDouble(data.getInt(32) + i * data.getInt(36) + 284);
            checkSpeed((reading.applyAsDouble(0) - 40) * 10, reading.applyAsDouble(1) * 2);
            checkSpeed((reading.applyAsDouble(2) - 30) * 10, reading.applyAsDouble(3) * 4);
            return data.getLong(12);
        }
    },

    GPUZ("gpuz", 2000, "GPUZShMem") {
        @Override
        double check(Readings readings) {
            ByteBuffer data = readings.main().copy();
            assertEquals(1, data.getInt(0), "version");
            assertEquals(0, data.getInt(4), "busy");
            assertEquals("CardName", text(data, 12, 512, StandardCharsets.UTF_16LE));
            int sensors = 12 + 128 * 1024;
            int size = 512 + 16 + 4 + 8;
            double clock = data.getDouble(sensors + 532);
            double temperature = data.getDouble(sensors + size + 532);
            double fan = data.getDouble(sensors + 2 * size + 532);
            checkCar((temperature - 30) * 10, clock * 4, (int) fan / 500);
            return clock;
        }
    },

    RTSS("rtss", 20, "RTSSSharedMemoryV2", "MAHMSharedMemory") {
        @Override
        double check(Readings readings) {
            ByteBuffer data = readings.main().copy();
            assertEquals(('R' << 24) + ('T' << 16) + ('S' << 8) + 'S', data.getInt(0), "signature");
            assertEquals(2, data.getInt(4) >> 16, "version");
            int app = data.getInt(12);
            assertEquals("fake-game.exe", text(data, app + 4, 260, StandardCharsets.UTF_8));
            assertEquals(1000, data.getInt(app + 272) - data.getInt(app + 268), "time");
            return data.getInt(app + 272);
        }
    },

    MUMBLE("mumble", 0, Platform.isWindows() ? "MumbleLink" : "MumbleLink." + LibC.INSTANCE.getuid()) {
        @Override
        double check(Readings readings) {
            ByteBuffer data = readings.main().copy();
            boolean windows = Platform.isWindows();
            Charset wide = windows ? StandardCharsets.UTF_16LE : Charset.forName("UTF-32LE");
            int more = windows ? 0 : 512;
            assertEquals(windows ? 5460 : 10580, data.capacity());
            assertEquals(2, data.getInt(0), "uiVersion");
            assertEquals("Fake Game", text(data, 44, 512 + more, wide));
            assertEquals("Fake Driver", text(data, 592 + more, 512 + more, wide));
            assertEquals(10, data.getInt(1104 + 2 * more), "context_len");
            assertEquals("fake-match", text(data, 1108 + 2 * more, 256, StandardCharsets.US_ASCII));
            assertEquals(500, Math.hypot(data.getFloat(8), data.getFloat(16)), 0.01, "the distance from the centre");
            return data.getInt(4);
        }
    };

    /** How long to wait for a program on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final Layout layout;

    /** Updates a second: where a reader can tell a whole copy, many. Else the program's own number, or more. */
    final int rate;

    /** How many updates to look at. */
    final int updates;

    /** All objects that the program creates, without the prefixes of Windows. */
    final List<String> objects;

    PublishedFacts(String layout, int rate, String... objects) {
        this.layout = Layout.named(layout);
        this.rate = rate;
        this.updates = rate == 1 ? 3 : 10;
        this.objects = List.of(objects);
    }

    /** Checks the last copies. Returns a value that changes from one update to the next. */
    abstract double check(Readings readings);

    /**
     * Reads until there were enough copies, of several values. A reader finds the program's other regions some time
     * after the first, and the first copies may be of empty memory: so copies must be right from the first right one on.
     *
     * @param mayBeTorn whether copies may be of two states
     * @param problems what the program has said, for the message of a failure
     */
    void expectUpdates(Readings readings, boolean mayBeTorn, Supplier<String> problems) throws InterruptedException {
        Set<Double> values = new HashSet<>();
        int copies = 0;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        AssertionError wrong = null;
        while (copies < updates || values.size() < 2) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(copies + " copies, " + values + ": " + problems.get(), wrong);
            }
            awaitState(readings, EnumSet.of(Result.FRESH), problems);
            try {
                values.add(check(readings));
                assertFalse(readings.rows().isEmpty());
                copies++;
            } catch (AssertionError e) {
                if (copies > 0 && !mayBeTorn) {
                    throw e;
                }
                wrong = e;
            }
        }
    }

    /** Whether the program says when it is writing, so that no torn copy is FRESH. */
    boolean isTold() {
        return switch (this) {
            case IRACING, RFACTOR2, PROJECT_CARS_2, GPUZ -> true;
            default -> false;
        };
    }

    /** Reads until the program's state is one of these. */
    static void awaitState(Readings readings, Set<Result> wanted, Supplier<String> problems)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Result result = readings.read();
        while (!wanted.contains(result)) {
            Result last = result;
            assertTrue(System.nanoTime() < deadline, () -> last + " " + readings.problem() + problems.get());
            readings.await(Duration.ofMillis(20));
            result = readings.read();
        }
    }

    /** The command line of this program's producer. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(layout.name()));
        if (rate > 0) {
            arguments.add(Integer.toString(rate));
        }
        return arguments;
    }

    private static ByteBuffer copy(Readings readings, int other) {
        return readings.others().get(other).copy();
    }

    private static String text(ByteBuffer memory, int offset, int length, Charset charset) {
        byte[] bytes = new byte[length];
        memory.get(offset, bytes);
        String text = new String(bytes, charset);
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    /** The values are of one moment, as they fit together. */
    private static void checkCar(double speed, double rpm, int gear) {
        assertTrue(speed >= 59 && speed <= 291, "speed " + speed);
        assertTrue(gear >= 2 && gear <= 6, "gear " + gear);
        assertEquals(2000 + 120 * (speed - 50 * (gear - 1)), rpm, 2, "rpm at " + speed + " km/h in gear " + gear);
    }

    /** The same without the gear: that of some gear fits. */
    private static void checkSpeed(double speed, double rpm) {
        assertTrue(speed >= 59 && speed <= 291, "speed " + speed);
        double least = speed - (rpm - 2000) / 120;
        assertEquals(0, Math.IEEEremainder(least, 50), 0.02, rpm + " rpm at " + speed + " km/h");
    }

    /** Of rFactor 2 and Le Mans Ultimate. All vehicles have the same values. */
    private static double checkVehicles(ByteBuffer memory, int first, int count) {
        double rpm = memory.getDouble(first + 356);
        for (int i = 0; i < count; i++) {
            int vehicle = first + 1888 * i;
            assertEquals("Fake GT3", text(memory, vehicle + 32, 64, StandardCharsets.UTF_8));
            assertEquals(rpm, memory.getDouble(vehicle + 356), "the rpm of vehicle " + i);
            assertEquals(memory.getDouble(first + 160), memory.getDouble(vehicle + 160), "the place of vehicle " + i);
            assertEquals(memory.getDouble(first + 524), memory.getDouble(vehicle + 524), "the fuel of vehicle " + i);
            assertEquals(memory.getInt(first + 352), memory.getInt(vehicle + 352), "the gear of vehicle " + i);
        }
        assertTrue(rpm >= 2000 && rpm <= 8000, "rpm " + rpm);
        return rpm;
    }
}
